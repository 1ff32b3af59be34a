"""The pages of activities: who sees, logs, corrects, takes back and links what."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from PIL import Image
from sqlalchemy import select

from app.activities.models import Activity, Task
from app.audit.models import AuditEntry
from app.kernel import clock
from app.leads.rules import LeadState
from tests.factories import make_investor, make_lead, make_project
from tests.web.conftest import statements
from tests.web.tables import exported

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def world(cast, database):
    """A project of the officer's unit, one of the other unit, a company, one project of the other zone."""
    with database() as session:
        company = make_investor(session, cast.zone, "湖北达泰高端科技有限公司")
        own = make_project(session, cast.zone, unit=cast.unit, investor=company, name="高端装备零部件项目")
        other = make_project(session, cast.zone, unit=cast.other_unit, name="棉纺织产业园项目")
        far = make_project(session, cast.other_zone, name="外区项目")
        session.commit()
        return {"own": own.id, "other": other.id, "far": far.id, "company": company.id}


def form(**fields) -> dict:
    return {
        "kind": "visit_out",
        "on_day": clock.today().isoformat(),
        "text": "赴武汉走访达泰，谈二期用地",
        **fields,
    }


def stored(database) -> list[Activity]:
    with database() as session:
        return list(session.scalars(select(Activity).order_by(Activity.id)))


def log(client, database, **fields) -> Activity:
    answer = client.send("/activities/new", form(**fields))
    assert answer.status_code == 303, answer.text
    return stored(database)[-1]


def test_an_officer_logs_an_outing_with_its_next_step(sign_in, cast, world, database) -> None:
    client = sign_in("officer")
    due = clock.today() + dt.timedelta(days=3)
    answer = client.send(
        "/activities/new",
        form(
            about="高端装备零部件项目",
            about_ref=f"project:{world['own']}",
            place="武汉",
            participants="吴建军、周建军",
            people="2",
            days="3",
            next_text="寄送用地方案",
            next_on=due.isoformat(),
            owner_id=str(cast.wu.id),
        ),
    )
    assert answer.status_code == 303
    assert answer.location == f"/projects/{world['own']}#news"
    [activity] = stored(database)
    assert (activity.project_id, activity.unit_id, activity.people, activity.days) == (
        world["own"],
        cast.unit.id,
        2,
        3,
    )
    with database() as session:
        [task] = session.scalars(select(Task))
        assert (task.text, task.due_on, task.owner_id) == ("寄送用地方案", due, cast.wu.id)
        assert (task.project_id, task.activity_id) == (world["own"], activity.id)
        actions = session.execute(select(AuditEntry.entity, AuditEntry.action).order_by(AuditEntry.id)).all()
    assert ("activity", "log") in actions
    assert ("task", "make") in actions
    page = client.get("/activities").text
    assert "赴武汉走访达泰" in page
    assert "合计 1 次" in page


def test_a_sentence_from_the_project_page(sign_in, cast, world, database) -> None:
    client = sign_in("officer")
    answer = client.send(
        "/activities/quick", {"about_ref": f"project:{world['own']}", "text": " 场地平整完成七成 "}
    )
    assert answer.location == f"/projects/{world['own']}#news"
    [activity] = stored(database)
    assert (activity.kind, activity.text, activity.on_day) == ("note", "场地平整完成七成", clock.today())


@pytest.mark.parametrize("which", ["other", "far"])
def test_no_activity_on_a_project_of_others(sign_in, world, database, which) -> None:
    client = sign_in("officer")
    about = f"project:{world[which]}"
    assert client.send("/activities/quick", {"about_ref": about, "text": "x"}).status_code == 404
    assert client.get(f"/activities/new?about={about}").status_code == 404
    refused = client.send("/activities/new", form(about="棉纺织产业园项目", about_ref=about))
    assert refused.status_code == 422
    assert stored(database) == []


def test_what_was_typed_is_looked_up_without_scripts(sign_in, cast, world, database) -> None:
    client = sign_in("officer")
    assert log(client, database, about="零部件").project_id == world["own"]
    with database() as session:
        make_project(session, cast.zone, unit=cast.unit, name="零部件二期项目")
        session.commit()
    refused = client.send("/activities/new", form(about="零部件"))
    assert refused.status_code == 422
    assert "请在下面选择一个" in refused.text
    assert f'value="project:{world["own"]}"' in refused.text
    chosen = client.send("/activities/new", form(about="零部件", choose=f"project:{world['own']}"))
    assert chosen.status_code == 303
    missing = client.send("/activities/new", form(about="没有这个企业"))
    assert missing.status_code == 422
    assert "没有找到" in missing.text
    assert len(stored(database)) == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "  "}, "请写一句做了什么"),
        ({"on_day": "2999-01-01"}, "不合常理"),
        ({"on_day": (clock.today() + dt.timedelta(days=1)).isoformat()}, "晚于今天"),
        ({"people": "0"}, "外出人数请填"),
        ({"days": "1.5"}, "请填整数"),
        ({"kind": "nonsense"}, "请从列表中选择"),
        ({"next_text": "回访"}, "请填写下一步的日期"),
        ({"next_on": "2020-01-01", "next_text": "回访"}, "已过"),
        ({"text": "一\u202e二"}, "看不见的控制字符"),
        ({"people": "99999999999999999999"}, "太大"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(sign_in, world, database, cast, fields, words) -> None:
    refused = sign_in("officer").send("/activities/new", form(owner_id=str(cast.wu.id), **fields))
    assert refused.status_code == 422
    assert words in refused.text
    assert stored(database) == []


def test_the_next_step_goes_to_colleagues_of_the_unit_only(sign_in, world, database, cast) -> None:
    refused = sign_in("officer").send(
        "/activities/new",
        form(next_text="回访", next_on=clock.today().isoformat(), owner_id=str(cast.second.id)),
    )
    assert refused.status_code == 422
    assert stored(database) == []


@pytest.mark.parametrize("name", ["leader", "administrator"])
def test_only_who_enters_logs(sign_in, name) -> None:
    client = sign_in(name)
    assert client.get("/activities").status_code == 200
    for address in ("/activities/new", "/activities/entry", "/activities/about?q=项目"):
        assert client.get(address).status_code == 403
    assert client.send("/activities/quick", {"text": "x"}).status_code == 403


def test_a_visitor_signs_in_first(client, cast) -> None:
    for address in ("/activities", "/activities/new", "/activities/1", "/tasks", "/activities/export.xlsx"):
        assert client.get(address).status_code == 303


def test_what_hangs_on_no_project_is_for_the_own_unit(sign_in, world, database) -> None:
    loose = log(sign_in("officer"), database)
    linked = log(sign_in("officer"), database, about="高端装备零部件项目", text="谈用地指标")
    second = sign_in("second")
    assert second.get(f"/activities/{loose.id}").status_code == 404
    assert second.get(f"/activities/{linked.id}").status_code == 200
    page = second.get("/activities").text
    assert "谈用地指标" in page
    assert "赴武汉走访达泰" not in page
    for name in ("reviewer", "leader"):
        assert "赴武汉走访达泰" in sign_in(name).get("/activities").text
    assert sign_in("outsider").get(f"/activities/{linked.id}").status_code == 404
    assert "合计" not in sign_in("outsider").get("/activities").text


def test_correcting_and_taking_back_are_for_who_logged_it(sign_in, cast, world, database) -> None:
    officer = sign_in("officer")
    activity = log(officer, database, about="高端装备零部件项目")
    for name in ("second", "reviewer"):
        client = sign_in(name)
        assert client.get(f"/activities/{activity.id}/edit").location == f"/activities/{activity.id}"
        assert client.send(f"/activities/{activity.id}/edit", form(version="1")).status_code == 403
        assert client.send(f"/activities/{activity.id}/withdraw", {"reason": "x"}).status_code == 403
    changed = officer.send(
        f"/activities/{activity.id}/edit", form(text="赴宜昌走访", version="1", people="4", days="2")
    )
    assert changed.status_code == 303
    assert (stored(database)[0].text, stored(database)[0].version) == ("赴宜昌走访", 2)
    page = officer.get(f"/activities/{activity.id}").text
    assert "赴武汉走访达泰，谈二期用地" in page  # the old words stay in the history
    empty = officer.send(f"/activities/{activity.id}/withdraw", {"reason": " ", "version": "2"})
    assert empty.status_code == 422
    assert (
        officer.send(
            f"/activities/{activity.id}/withdraw", {"reason": "重复登记", "version": "2"}
        ).status_code
        == 303
    )
    assert "赴宜昌走访" not in officer.get("/activities").text
    assert "赴宜昌走访" in officer.get("/activities?withdrawn=1").text
    page = officer.get(f"/activities/{activity.id}").text
    assert "重复登记" in page
    assert "更正 <kbd>" not in page
    again = officer.send(f"/activities/{activity.id}/edit", form(text="再改", version="3"))
    assert again.status_code == 422


def test_taking_back_takes_the_open_next_step_along(sign_in, cast, world, database) -> None:
    officer = sign_in("officer")
    day = clock.today().isoformat()
    activity = log(officer, database, next_text="回访达泰", next_on=day, owner_id=str(cast.wu.id))
    assert "回访达泰" in officer.get("/tasks").text
    officer.send(f"/activities/{activity.id}/withdraw", {"reason": "记错", "version": "1"})
    assert "回访达泰" not in officer.get("/tasks").text


def test_two_who_correct_at_once_see_both_versions(sign_in, world, database) -> None:
    officer = sign_in("officer")
    activity = log(officer, database)
    officer.send(f"/activities/{activity.id}/edit", form(text="第一次更正", version="1"))
    both = officer.send(f"/activities/{activity.id}/edit", form(text="第二次更正", version="1"))
    assert both.status_code == 409
    assert "第一次更正" in both.text
    assert "第二次更正" in both.text
    settled = officer.send(
        f"/activities/{activity.id}/edit", form(text="第二次更正", version="2", **{"pick-text": "mine"})
    )
    assert settled.status_code == 303
    assert stored(database)[0].text == "第二次更正"
    theirs = officer.send(
        f"/activities/{activity.id}/edit", form(text="第三次", version="3", **{"pick-text": "theirs"})
    )
    assert theirs.status_code == 303
    assert stored(database)[0].text == "第二次更正"


def test_linking_later_and_taking_the_link_off_again(sign_in, cast, world, database) -> None:
    officer = sign_in("officer")
    activity = log(
        officer, database, next_text="寄方案", next_on=clock.today().isoformat(), owner_id=str(cast.wu.id)
    )
    address = f"/activities/{activity.id}"
    assert sign_in("second").send(f"{address}/link", {"about": "棉纺织产业园项目"}).status_code == 404
    assert sign_in("leader").send(f"{address}/link", {"about": "棉纺织"}).status_code == 403
    foreign = officer.send(f"{address}/link", {"about": "棉纺织产业园项目", "version": "1"})
    assert foreign.status_code == 422
    assert officer.send(f"{address}/link", {"about": "零部件", "version": "1"}).status_code == 303
    assert stored(database)[0].project_id == world["own"]
    with database() as session:
        assert session.scalars(select(Task.project_id)).one() == world["own"]
    assert officer.send(f"{address}/link", {"about": "湖北达泰", "version": "2"}).status_code == 422
    assert officer.send(f"{address}/unlink", {"version": "1"}).status_code == 409
    assert officer.send(f"{address}/unlink", {"version": "2"}).status_code == 303
    assert stored(database)[0].project_id is None
    assert (
        officer.send(f"{address}/link", {"about": "湖北达泰高端科技有限公司", "version": "3"}).status_code
        == 303
    )
    assert stored(database)[0].investor_id == world["company"]
    with database() as session:
        said = session.execute(
            select(AuditEntry.entity, AuditEntry.action).where(AuditEntry.action.like("%link%"))
        ).all()
    assert sorted(said) == [
        ("activity", "link"),
        ("activity", "link"),
        ("activity", "unlink"),
        ("project", "unlink_activity"),
    ]


def test_the_list_is_filtered_counted_and_exported_alike(sign_in, cast, world, database) -> None:
    officer, second = sign_in("officer"), sign_in("second")
    log(officer, database, people="2", days="3", about="高端装备零部件项目")
    log(officer, database, people="4", days="1", text="参加亚欧博览会", kind="fair")
    log(officer, database, kind="call", text="电话回访设备进场")
    log(second, database, people="5", days="2", text="赴绍兴考察印染", about="棉纺织产业园项目")
    page = sign_in("reviewer").get("/activities?kind=visit_out&kind=fair").text
    assert "合计 3 次" in page
    assert '<td class="n c-people">11</td><td class="n c-days">6</td>' in page
    assert "电话回访设备进场" not in page
    unit = f"/activities?kind=visit_out&kind=fair&dept={cast.unit.id}"
    assert "合计 2 次" in sign_in("reviewer").get(unit).text
    assert "参加亚欧博览会" in officer.get("/activities?linked=unlinked").text
    assert "赴绍兴" in officer.get("/activities?q=棉纺织").text
    assert "赴武汉" not in officer.get("/activities?q=绍兴").text
    assert officer.get("/activities?dept=7").status_code == 422
    rows = exported(sign_in("reviewer").get("/activities/export.xlsx?kind=visit_out&kind=fair"))
    texts = {row[2] for row in rows}
    assert {"赴武汉走访达泰，谈二期用地", "参加亚欧博览会", "赴绍兴考察印染"} <= texts
    assert "电话回访设备进场" not in texts
    assert rows[-1][7:9] == (11, 6)


def test_the_list_asks_the_database_six_times(sign_in, app, cast, world, database) -> None:
    officer = sign_in("officer")
    for number in range(3):
        log(officer, database, text=f"第{number}次", about="高端装备零部件项目")
    with statements(app.extensions["engine"]) as sent:
        assert officer.get("/activities?kind=visit_out&q=次").status_code == 200
    assert len(sent.reads) <= 6, sent.reads
    assert sent.writes == []


def test_scripts_in_what_was_typed_stay_words(sign_in, world, database) -> None:
    officer = sign_in("officer")
    activity = log(officer, database, text=SCRIPT, place=SCRIPT, participants=SCRIPT)
    for address in ("/activities", f"/activities/{activity.id}", f"/activities/{activity.id}/edit"):
        page = officer.get(address).text
        assert SCRIPT not in page
        assert "&lt;script&gt;" in page
    assert SCRIPT not in officer.get(f"/activities?q={SCRIPT}").text


def test_suggestions_are_what_one_may_work_on(sign_in, world) -> None:
    found = sign_in("officer").get("/activities/about?q=项目").json
    assert [one["ref"] for one in found] == [f"project:{world['own']}"]
    assert len(sign_in("reviewer").get("/activities/about?q=项目").json) == 2
    assert sign_in("officer").get("/activities/about?q=达泰").json[-1]["kind"] == "企业"
    assert sign_in("officer").get("/activities/about?q=项").json == []


def photo(colour: str = "red") -> tuple[io.BytesIO, str]:
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(stream, "JPEG")
    stream.seek(0)
    return stream, "现场.jpg"


def test_photos_come_with_the_form(sign_in, world, database) -> None:
    officer = sign_in("officer")
    activity = log(officer, database, files=[photo(), photo("blue")], about="高端装备零部件项目")
    page = officer.get(f"/activities/{activity.id}").text
    assert page.count("现场照片</span>") == 2
    assert 'title="2 个附件"' in officer.get("/activities").text
    assert "2 个附件" in officer.get(f"/projects/{world['own']}").text
    refused = officer.send("/activities/new", form(files=[(io.BytesIO(b"MZ\0"), "照片.jpg")]))
    assert refused.status_code == 422
    assert "照片.jpg" in refused.text
    assert len(stored(database)) == 1


def test_photos_are_seen_by_who_sees_the_activity(sign_in, world, database) -> None:
    activity = log(sign_in("officer"), database, files=[photo()])
    address = f"/files/activity/{activity.id}"
    assert sign_in("officer").get(address).status_code == 200
    assert sign_in("reviewer").get(address).status_code == 200
    assert sign_in("second").get(address).status_code == 404
    assert sign_in("outsider").get(address).status_code == 404


def test_the_project_page_tells_activities_and_changes_in_one_order(sign_in, world, database) -> None:
    officer, address = sign_in("officer"), f"/projects/{world['own']}"
    first = log(officer, database, about="高端装备零部件项目", text="第一次走访" + SCRIPT)
    officer.send(f"/activities/{first.id}/edit", form(text="更正后的走访", version="1"))
    long_ago = (clock.today() - dt.timedelta(days=90)).isoformat()
    log(officer, database, about="高端装备零部件项目", text="早先的洽谈", on_day=long_ago)
    page = officer.get(address).text
    news = page[page.index('id="news"') :]
    assert news.index("更正活动") < news.index("早先的洽谈")
    assert "写一句进展，回车保存" in news
    assert SCRIPT not in page
    only = officer.get(f"{address}?news=activity").text
    assert "更正活动" not in only[only.index('id="news"') :]
    system = officer.get(f"{address}?news=system").text
    assert "早先的洽谈" not in system[system.index('id="news"') :]
    assert "写一句进展" not in sign_in("second").get(address).text
    officer.send(f"/activities/{first.id}/withdraw", {"reason": "记错了人", "version": "2"})
    page = officer.get(address).text
    history = page[page.index('<section id="history">') :]
    assert "记错了人" in history
    assert "更正后的走访" in history
    assert (
        "更正后的走访"
        not in page[page.index('<section id="activities">') : page.index('<section id="history">')]
    )


def test_a_leads_activities_go_along_to_its_project(sign_in, cast, world, database) -> None:
    with database() as session:
        lead = make_lead(session, cast.zone, cast.unit, name="锂电正极线索", state=LeadState.followed)
        session.commit()
    officer = sign_in("officer")
    activity = log(
        officer,
        database,
        about="锂电正极线索",
        next_text="寄送方案",
        next_on=clock.today().isoformat(),
        owner_id=str(cast.wu.id),
    )
    assert activity.lead_id == lead.id
    for name in ("second", "administrator"):
        assert sign_in(name).get(f"/activities/{activity.id}").status_code == 404
        assert "赴武汉走访达泰" not in sign_in(name).get("/activities").text
    fields = {"number": "KS-1", "name": "锂电正极项目", "investor": "新达公司", "content": "正极材料"}
    answer = officer.send(f"/leads/{lead.id}/convert", fields)
    assert answer.status_code == 303, answer.text
    assert "赴武汉走访达泰" in officer.get(answer.location).text
    [carried] = stored(database)
    assert carried.lead_id == lead.id
    with database() as session:
        assert session.scalars(select(Task.project_id)).one() == carried.project_id
    assert sign_in("second").get(f"/activities/{activity.id}").status_code == 200
