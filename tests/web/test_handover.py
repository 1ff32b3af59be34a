"""One person's work goes to another in one step: what was shown and nothing else, each on record."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import func, select

from app.accounts.models import UserAccount, UserSession
from app.accounts.rules import Role
from app.activities.models import Task
from app.audit.models import AuditEntry
from app.funds.models import FundArrival
from app.funds.rules import ReviewState
from app.leads.models import Lead
from app.pipeline.models import Project
from app.pipeline.rules import Stage
from tests.browser import accessibility_faults, follow, serve
from tests.factories import NOW, make_arrival, make_lead, make_project, make_user
from tests.web.conftest import statements


@pytest.fixture
def work(cast, database):
    """吴建军 has two projects, a lead, a task and an arrival that was sent back; beside it what is not his."""
    with database() as session:
        zone, unit, other = (session.merge(one) for one in (cast.zone, cast.unit, cast.other_unit))
        colleague = make_user(session, zone, name="阿依古丽", unit_id=unit.id)
        far = make_user(session, session.merge(cast.other_zone), name="外区人")
        mine = [make_project(session, zone, unit=unit, name=f"我的<b>{n}", officer="吴建军") for n in (1, 2)]
        make_project(session, zone, unit=unit, name="同事的", officer="阿依古丽")
        make_project(session, zone, unit=other, name="同名的", officer="吴建军")
        make_project(
            session, zone, unit=unit, name="已流失的", officer="吴建军", stage=Stage.lost, signed_on=None
        )
        lead = make_lead(session, zone, unit, officer_id=cast.wu.id, name="我的线索")
        who = {"recorded_by": cast.wu.id, "recorded_name": "吴建军"}
        make_arrival(session, zone, mine[0], state=ReviewState.returned, return_reason="缺回单", **who)
        make_arrival(session, zone, mine[0], state=ReviewState.pending, **who)
        done = {"zone_id": zone.id, "due_on": NOW.date(), "owner_id": cast.wu.id, "made_at": NOW}
        session.add_all([Task(text="要办的", **done), Task(text="办完的", done_at=NOW, **done)])
        session.commit()
        return {"to": colleague.id, "far": far.id, "lead": lead.id, "project": mine[0].id}


def confirm(client, cast, work, **other):
    page = client.get(f"/handover?from={cast.wu.id}&to={work['to']}").text
    seen = re.search(r'name="seen" value="(\w+)"', page)
    form = {"from": str(cast.wu.id), "to": str(work["to"]), "seen": seen[1] if seen else ""}
    return client.send("/handover", {**form, **other})


@pytest.mark.parametrize("who", ["reviewer", "administrator"])
def test_all_of_it_goes_over_and_nothing_else(sign_in, cast, database, work, who):
    client = sign_in(who)
    page = client.get(f"/handover?from={cast.wu.id}").text
    counts = re.findall(r"<dt>(\S+) <b>(\d+)</b>", page)
    assert counts == [("项目", "2"), ("线索", "1"), ("待办", "1"), ("退回的到账", "1")]
    assert "我的&lt;b&gt;1" in page
    assert ("我的线索" in page) is (who == "reviewer")
    assert "同名的" not in page
    answer = confirm(client, cast, work)
    assert answer.status_code == 303
    assert "2 个项目、1 条线索、1 件待办、1 笔退回的到账交给 阿依古丽" in client.get("/handover").text
    with database() as session:
        officers = dict(session.execute(select(Project.name, Project.officer)).all())
        assert officers == {
            "我的<b>1": "阿依古丽", "我的<b>2": "阿依古丽", "同事的": "阿依古丽", "同名的": "吴建军", "已流失的": "吴建军"
        }  # fmt: skip
        assert {
            unit for (unit,) in session.execute(select(Project.unit_id).where(Project.name.like("我的%")))
        } == {cast.unit.id}
        assert session.scalars(select(Lead.officer_id)).all() == [work["to"]]
        owners = dict(session.execute(select(Task.text, Task.owner_id)).all())
        assert owners.pop("办完的") == cast.wu.id
        assert set(owners.values()) == {work["to"]}
        assert any("改正退回的到账" in text and "缺回单" in text for text in owners)
        assert set(session.scalars(select(FundArrival.recorded_by))) == {cast.wu.id}
        assert session.scalars(select(UserAccount.active).where(UserAccount.id == cast.wu.id)).one()
        noted = session.execute(
            select(AuditEntry.entity, AuditEntry.action).where(AuditEntry.actor_id == cast.of(who).id, AuditEntry.action != "sign_in")
        ).all()  # fmt: skip
    assert sorted(map(tuple, noted)) == sorted(
        [
            ("project", "change"), ("project", "change"), ("lead", "hand_over"), ("task", "hand"), ("task", "make"),
            ("fund_arrival", "hand_over"), ("user_account", "hand_over_work"),
        ]
    )  # fmt: skip
    assert confirm(client, cast, work).status_code == 422, "there is nothing left"


def test_the_administrator_closes_the_account_in_the_same_breath(sign_in, cast, database, work):
    officer, client = sign_in("officer"), sign_in("administrator")
    assert confirm(client, cast, work, disable="1").status_code == 303
    with database() as session:
        assert not session.scalars(select(UserAccount.active).where(UserAccount.id == cast.wu.id)).one()
        assert session.scalar(select(func.count()).where(UserSession.user_id == cast.wu.id)) == 0
    assert officer.get("/").status_code == 303


def test_a_reviewer_closes_no_account(sign_in, cast, database, work):
    answer = confirm(sign_in("reviewer"), cast, work, disable="1")
    assert answer.status_code == 422
    with database() as session:
        assert session.scalars(select(Lead.officer_id)).all() == [cast.wu.id]


def test_what_changed_since_the_preview_is_looked_at_again(sign_in, cast, database, work):
    answer = confirm(sign_in("reviewer"), cast, work, seen="0" * 16)
    assert answer.status_code == 409
    assert "请重新核对" in answer.text
    with database() as session:
        assert session.scalars(select(Lead.officer_id)).all() == [cast.wu.id]


@pytest.mark.parametrize("taker", ["second", "leader", "administrator", "wu"])
def test_nobody_takes_over_who_could_not_work_on_it(sign_in, cast, database, work, taker):
    client = sign_in("reviewer")
    answer = confirm(client, cast, work, to=str(cast.of(taker).id))
    assert answer.status_code == 422
    assert "接手人须是" in answer.text
    with database() as session:
        session.get_one(UserAccount, (cast.zone.id, work["to"])).active = False
        session.commit()
    assert confirm(client, cast, work).status_code == 422, "an account that is closed takes nothing"


def test_somebody_without_a_unit_and_a_reviewer_can_take_over(sign_in, cast, database, work):
    page = sign_in("reviewer").get(f"/handover?from={cast.wu.id}").text
    takers = page.split('id="to"')[1].split("</select>")[0]
    assert re.findall(r">([^<（]+)（", takers) == ["阿依古丽", "马晓琳"]
    with database() as session:
        make_user(session, session.merge(cast.zone), Role.officer, name="综合岗")
        session.commit()
    page = sign_in("reviewer").get(f"/handover?from={cast.wu.id}").text
    assert "综合岗" in page.split('id="to"')[1].split("</select>")[0]


@pytest.mark.parametrize("who", ["officer", "leader"])
def test_others_hand_nothing_over(sign_in, cast, work, who):
    client = sign_in(who)
    assert client.get("/handover").status_code == 403
    assert client.send("/handover", {"from": str(cast.wu.id), "to": str(work["to"])}).status_code == 403


@pytest.mark.parametrize("who", ["outsider", "outside_reviewer"])
def test_people_of_another_zone_are_not_known(sign_in, cast, work, who):
    client = sign_in(who)
    assert client.get(f"/handover?from={cast.wu.id}").status_code == 404
    form = {"from": str(cast.wu.id), "to": str(work["to"]), "seen": "0"}
    assert client.send("/handover", form).status_code == 404
    assert client.send("/handover", {**form, "from": str(cast.of(who).id)}).status_code == 404


def test_nobody_of_another_zone_takes_over(sign_in, cast, work):
    client = sign_in("administrator")
    assert client.get(f"/handover?from={cast.wu.id}&to={work['far']}").status_code == 404
    assert confirm(client, cast, work, to=str(work["far"])).status_code == 404
    assert client.get("/handover?from=x").status_code == 404
    assert client.send("/handover", {"from": "", "to": ""}).status_code == 422


def test_the_preview_takes_few_queries(app, sign_in, cast, work):
    client = sign_in("reviewer")
    client.get("/handover?month=2024-06")
    with statements(app.extensions["engine"]) as sent:
        client.get(f"/handover?from={cast.wu.id}&to={work['to']}")
    assert len(sent.reads) <= 12, sent.reads


def test_an_open_form_of_a_project_is_told(sign_in, cast, database, work):
    """Handing over counts as a change: a form opened before shows both versions."""
    with database() as session:
        before = session.scalars(select(Project.version).where(Project.id == work["project"])).one()
    confirm(sign_in("reviewer"), cast, work)
    with database() as session:
        project = session.scalars(select(Project).where(Project.id == work["project"])).one()
        assert project.version == before + 1
        assert project.updated_at.date() >= dt.date(2024, 6, 30)


def test_handing_over_in_a_browser(app, sign_in, cast, work, page, phone):
    cookie = sign_in("administrator").get_cookie("zhaoshang")
    with serve(app) as address:
        for view in (page, phone):
            view.context.add_cookies([{"name": "zhaoshang", "value": cookie.value, "url": address}])
            view.goto(f"{address}/handover")
            assert accessibility_faults(view) == []
            view.get_by_label("交出人").select_option(label="吴建军（招商一部）")
            follow(view.get_by_role("button", name="查看名下工作"))
            view.get_by_label("接手人").select_option(label="阿依古丽（招商一部）")
            follow(view.get_by_role("button", name="核对"))
            view.get_by_role("button", name="全部交给 阿依古丽").wait_for()
            assert accessibility_faults(view) == []
        follow(phone.get_by_role("button", name="全部交给 阿依古丽"))
        phone.get_by_text("交给 阿依古丽").first.wait_for()
        follow(page.get_by_role("button", name="全部交给 阿依古丽"))
        page.get_by_text("没有需要交接的工作").first.wait_for()
