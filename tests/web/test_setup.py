"""The first run happens once."""

from __future__ import annotations

import re
import threading

import pytest
from sqlalchemy import func, select

from app.accounts.models import UserAccount, Zone

FORM = {
    "zone_name": "喀什经济开发区",
    "province": "新疆维吾尔自治区",
    "name": "陈志明",
    "login": "guanli",
    "password": "Kashi-2024-x",
    "again": "Kashi-2024-x",
}


def token_of(client) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/setup").text)
    assert found
    return found[1]


def test_an_empty_installation_leads_to_the_first_run(client):
    assert client.get("/sign-in").location == "/setup"
    answer = client.post("/setup", data={"csrf_token": token_of(client), **FORM})
    assert answer.location == "/sign-in"


def test_it_can_not_be_reached_again(client, database):
    token = token_of(client)
    client.post("/setup", data={"csrf_token": token, **FORM})
    assert client.get("/setup").status_code == 404
    assert client.post("/setup", data={"csrf_token": token, **FORM, "zone_name": "另一个"}).status_code == 404
    with database() as session:
        assert session.scalars(select(Zone.name)).all() == ["喀什经济开发区"]
        assert session.scalars(select(UserAccount.login)).all() == ["guanli"]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("zone_name", " ", "请填写开发区全称"),
        ("province", "火星", "请从列表中选择"),
        ("login", "管理员", "小写字母"),
        ("password", "short", "密码至少 10 位"),
        ("again", "Kashi-2024-y", "两次输入的密码不一致"),
    ],
)
def test_what_is_missing_is_said_beside_the_field(client, database, field, value, message):
    data = FORM | {field: value}
    if field == "password":
        data["again"] = value
    answer = client.post("/setup", data={"csrf_token": token_of(client), **data})
    assert answer.status_code == 422
    assert message in answer.text
    with database() as session:
        assert session.scalar(select(func.count()).select_from(Zone)) == 0


def test_of_two_first_runs_at_the_same_moment_one_wins(app, client, database):
    clients = [app.test_client() for _ in range(2)]
    tokens = [token_of(each) for each in clients]
    barrier, answers = threading.Barrier(2), []

    def run(number: int) -> None:
        data = FORM | {"zone_name": f"开发区{number}", "login": f"guanli{number}"}
        barrier.wait()
        answers.append(
            clients[number].post("/setup", data={"csrf_token": tokens[number], **data}).status_code
        )

    threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 404]
    with database() as session:
        assert session.scalar(select(func.count()).select_from(Zone)) == 1
