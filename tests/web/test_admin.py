"""Administration: people, lists, targets, the zone's settings."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.accounts.models import UserAccount, Zone
from app.directory.models import Area, Chain, ResponsibleUnit, Segment
from app.targets.models import AnnualTarget
from tests.factories import YI, make_chain, make_target, make_unit
from tests.web.test_accounts import sign_in_by_form

PERSON = {"name": "王新", "login": "wangxin", "role": "officer", "unit": "", "title": "专员"}


def secret_of(answer) -> str:
    """The password that is shown once."""
    found = re.search(r'class="mono secret">([^<]+)<', answer.text)
    assert found
    return found[1]


@pytest.fixture
def client(sign_in):
    """The administrator's browser."""
    return sign_in("administrator")


def test_a_new_person_signs_in_once_and_chooses_a_password(app, client, cast, database):
    answer = client.send("/admin/users/new", PERSON | {"unit": str(cast.unit.id)})
    assert answer.status_code == 200
    secret = secret_of(answer)
    assert secret not in client.get("/admin/users").text
    person = app.test_client()
    assert sign_in_by_form(person, "wangxin", secret).status_code == 303
    assert person.get("/").location == "/password"
    with database() as session:
        user = session.scalars(select(UserAccount).where(UserAccount.login == "wangxin")).one()
        assert (user.zone_id, user.unit_id, user.role) == (cast.zone.id, cast.unit.id, "officer")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "请填写姓名"),
        ("login", "吴", "登录名请用"),
        ("login", "wujianjun", "已被使用"),
        ("login", "wairen", "已被使用"),
        ("role", "emperor", "请从列表中选择"),
        ("role", "", "请选择岗位"),
        ("unit", "99", "请从列表中选择"),
        ("unit", "x", "请从列表中选择"),
    ],
)
def test_what_is_wrong_stands_beside_the_field(client, field, value, message):
    answer = client.send("/admin/users/new", PERSON | {field: value})
    assert answer.status_code == 422
    assert re.search(message, answer.text)
    assert 'value="专员"' in answer.text, "what was typed is kept"


def test_a_unit_of_another_zone_can_not_be_given(client, cast, database):
    with database() as session:
        far = session.scalars(
            select(ResponsibleUnit).where(ResponsibleUnit.zone_id == cast.other_zone.id)
        ).one()
    assert client.send("/admin/users/new", PERSON | {"unit": str(far.id)}).status_code == 422


def test_a_person_is_changed_disabled_enabled_and_reset(app, client, cast, database):
    address = f"/admin/users/{cast.second.id}"
    data = {"name": "古丽", "login": "guligena", "role": "reviewer", "unit": ""}
    assert client.send(address, data).status_code == 303
    assert "古丽" in client.get("/admin/users").text
    assert client.send(f"{address}/disable").status_code == 303
    assert "已停用" in client.get("/admin/users").text
    assert sign_in_by_form(app.test_client(), "guligena").status_code == 422
    client.send(f"{address}/enable")
    answer = client.send(f"{address}/reset")
    secret = secret_of(answer)
    assert sign_in_by_form(app.test_client(), "guligena", secret).status_code == 303


def test_nobody_shuts_the_door_behind_himself(client, cast, database):
    address = f"/admin/users/{cast.administrator.id}"
    for act in ("disable", "reset"):
        answer = client.send(f"{address}/{act}")
        assert answer.status_code == 422
    answer = client.send(address, {"name": "赵磊", "login": "zhaolei", "role": "leader", "unit": ""})
    assert answer.status_code == 422
    assert "唯一的系统管理员" in answer.text
    with database() as session:
        assert session.get_one(UserAccount, (cast.zone.id, cast.administrator.id)).active


def test_lists_are_kept(client, cast, database):
    assert client.send("/admin/lists/area", {"name": "综合保税区"}).location == "/admin/lists#area"
    assert client.send("/admin/lists/chain", {"name": "锂电新能源"}).status_code == 303
    with database() as session:
        chain = session.scalars(select(Chain)).one()
    client.send("/admin/lists/segment", {"name": "电池", "chain": str(chain.id)})
    client.send(f"/admin/lists/chain/{chain.id}/leading", {"leading": "1"})
    client.send(f"/admin/lists/chain/{chain.id}", {"name": "锂电"})
    client.send(f"/admin/lists/unit/{cast.other_unit.id}/move", {"to": "up"})
    page = client.get("/admin/lists").text
    assert page.index("招商二部") < page.index("招商一部")
    with database() as session:
        chain = session.scalars(select(Chain)).one()
        assert (chain.name, chain.leading) == ("锂电", True)
        assert session.scalars(select(Segment.name)).all() == ["电池"]


def test_an_entry_is_switched_off_stays_in_filters_and_leaves_the_forms(client, sign_in, cast, database):
    client.send("/admin/lists/area", {"name": "综合保税区"})
    with database() as session:
        area = session.scalars(select(Area)).one()
    address = f"/admin/lists/area/{area.id}/switch"
    assert client.send(address, {"to": "off"}).location == "/admin/lists#area"
    assert "已停用" in client.get("/admin/lists").text
    officer = sign_in("officer")
    assert officer.send(address, {"to": "on"}).status_code == 403
    assert sign_in("outside_reviewer").send(address, {"to": "on"}).status_code == 403
    assert "综合保税区" not in officer.get("/projects/new").text
    assert "综合保税区" in officer.get("/projects").text
    client.send(address, {"to": "on"})
    assert "综合保税区" in officer.get("/projects/new").text


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("unit", {"name": "招商一部"}, 422),
        ("unit", {"name": ""}, 422),
        ("planet", {"name": "x"}, 404),
        ("segment", {"name": "x"}, 404),
        ("segment", {"name": "x", "chain": str(2**64)}, 404),
        ("segment", {"name": "x", "chain": "one"}, 404),
    ],
)
def test_what_a_list_refuses(client, name, data, status):
    assert client.send(f"/admin/lists/{name}", data).status_code == status


def test_a_refused_name_is_shown_and_nothing_is_saved(client, cast, database):
    answer = client.send(f"/admin/lists/unit/{cast.unit.id}", {"name": "招商二部"})
    assert answer.status_code == 422
    assert "已有责任单位“招商二部”" in answer.text
    with database() as session:
        assert session.get_one(ResponsibleUnit, (cast.zone.id, cast.unit.id)).name == "招商一部"


def test_a_segment_of_another_zones_chain(client, cast, database):
    with database() as session:
        chain = make_chain(session, session.merge(cast.other_zone))
        session.commit()
    assert client.send("/admin/lists/segment", {"name": "x", "chain": str(chain.id)}).status_code == 404
    assert client.send(f"/admin/lists/chain/{chain.id}", {"name": "x"}).status_code == 404


ZONE = {
    "name": "喀什经济开发区",
    "province": "新疆维吾尔自治区",
    "number_prefix": "6531",
    "cutoff_day": "25",
    "brief_masthead": "tongbao",
    "brief_office": "管委会办公室",
    "brief_prefix": "喀经开",
    "brief_report_to": "地委、行署",
    "brief_copies": "60",
    "brief_total_before": "24",
    "brief_total_year": "2024",
}


def test_settings_of_the_zone(client, cast, database):
    assert client.send("/admin/zone", ZONE).status_code == 303
    assert 'value="25"' in client.get("/admin/zone").text
    with database() as session:
        zone = session.get_one(Zone, cast.zone.id)
        assert (zone.cutoff_day, zone.brief_masthead, zone.brief_copies) == (25, "tongbao", 60)
        assert zone.brief_prefix == "喀经开"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "请填写开发区全称"),
        ("name", "霍尔果斯经济开发区", "已经建立"),
        ("province", "火星", "请从列表中选择"),
        ("cutoff_day", "29", "1 至 28"),
        ("cutoff_day", "1.5", "请填整数"),
        ("cutoff_day", "-1", "不能为负数"),
        ("cutoff_day", "NaN", "不是数字"),
        ("brief_masthead", "poster", "不是有效的选择"),
        ("brief_copies", "9" * 20, "太大"),
        ("brief_total_year", "", "要么都填"),
        ("brief_prefix", "长" * 21, "最多 20 个字"),
        ("brief_office", "长" * 61, "最多 60 个字"),
    ],
)
def test_settings_that_can_not_be(client, field, value, message):
    answer = client.send("/admin/zone", ZONE | {field: value})
    assert answer.status_code == 422, answer.text[-500:]
    assert re.search(message, answer.text)


def test_targets_of_a_year(client, cast, database):
    unit = cast.unit.id
    data = {"0-funds.amount": "1,224,600", f"{unit}-funds.amount": "20.41亿元", "0-signed.count": "40"}
    answer = client.send("/admin/targets?year=2024", data)
    assert answer.location == "/admin/targets?year=2024"
    with database() as session:
        found = {(t.unit_id, t.figure): t.value for t in session.scalars(select(AnnualTarget))}
    assert found == {
        (None, "funds.amount"): 1_224_600 * 1_000_000,
        (unit, "funds.amount"): 2041 * YI // 100,
        (None, "signed.count"): 40,
    }
    assert 'value="1224600"' in client.get("/admin/targets?year=2024").text


@pytest.mark.parametrize("text", ["-5", "0", "many", "0.0000001", "NaN", "1e9", "99999999999"])
def test_a_target_that_is_none(client, cast, database, text):
    answer = client.send("/admin/targets?year=2024", {"0-funds.amount": text, "0-signed.count": "40"})
    assert answer.status_code == 422
    assert f'value="{text}"' in answer.text, "what was typed is kept"
    with database() as session:
        assert session.scalars(select(AnnualTarget)).all() == []


@pytest.mark.parametrize("text", ["1.5", "0", "-1", "1000000"])
def test_a_number_of_projects_is_whole(client, text):
    assert client.send("/admin/targets?year=2024", {"0-signed.count": text}).status_code == 422


@pytest.mark.parametrize("year", ["soon", "24", "٢٠٢٤", "9" * 30, ""])
def test_a_year_that_is_none(client, year):
    assert client.get("/admin/targets", query_string={"year": year}).status_code == 422


def test_a_figure_with_a_target_has_its_column(client, cast, database):
    with database() as session:
        zone = session.merge(cast.zone)
        make_target(session, zone, 7, figure="produced_big.count", unit=make_unit(session, zone, "招商三部"))
        session.commit()
    assert "新投产亿元以上项目数" in client.get("/admin/targets?year=2024").text
