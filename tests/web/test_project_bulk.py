"""Changing many projects at once: the preview changes nothing, one confirmation changes what passes."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.funds.models import FundArrival
from app.kernel import clock
from app.pipeline.models import Project, Responsibility
from app.pipeline.rules import MilestoneKind, Stage
from tests.factories import WAN, make_area, make_arrival, make_chain, make_project, open_gates
from tests.web.conftest import XSS


@pytest.fixture
def projects(database, cast):
    """Two of the officer's unit, one of the other, one that was terminated, one of another zone."""
    with database() as session:
        chain = make_chain(session, cast.zone, "锂电", segments=("正极",))
        made = {
            "own": make_project(session, cast.zone, unit=cast.unit, name="自己的", officer="旧人", chain_id=chain.id),
            "same": make_project(session, cast.zone, unit=cast.unit, name="已是新人", officer="新人"),
            "others": make_project(session, cast.zone, unit=cast.other_unit, name="别单位的", officer="旧人"),
            "ended": make_project(
                session, cast.zone, unit=cast.unit, name="终止的", officer="旧人",
                reached={MilestoneKind.terminated: dt.date(2024, 5, 1)},
            ),
            "foreign": make_project(session, cast.other_zone, name="外区的", officer="旧人"),
        }  # fmt: skip
        session.commit()
    return made


def picks(projects, *names: str) -> str:
    return ",".join(f"{projects[name].id}:1" for name in names)


def stored(database, cast, project) -> Project:
    with database() as session:
        return session.get_one(Project, (project.zone_id, project.id))


def confirm(page: str) -> dict[str, str]:
    """What the form at the foot of the preview sends."""
    form = page[page.index('class="bulkend"') :]
    return dict(re.findall(r'name="(pick|what|value|from_on)" value="([^"]*)"', form))


def preview(client, **form):
    return client.send("/projects/bulk?stage=signed&stage=terminated", form)


def test_the_preview_tells_old_new_and_why_not_and_changes_nothing(sign_in, projects, database, cast):
    client = sign_in("officer")
    chosen = picks(projects, "own", "same", "others", "ended", "foreign")
    page = preview(client, pick=chosen, what="officer")
    assert page.status_code == 200
    assert "预览后才能确认" in page.text
    page = preview(client, pick=chosen, what="officer", value=" 新人 ")
    text = re.sub(r"(?:<[^>]+>|\s)+", " ", page.text)
    assert re.search(r"自己的 招商一部 旧人 → 新人 可改", text)
    assert re.search(r"已是新人 招商一部 新人 不变 不改 现在就是这个值", text)
    assert re.search(r"别单位的 招商二部 旧人 不变 不改 由其他单位负责", text)
    assert re.search(r"终止的 招商一部 旧人 不变 不改 项目已终止", text)
    assert "外区的" not in text
    assert "确认修改 1 个项目" in text
    assert confirm(page.text)["pick"] == picks(projects, "own")
    for name in ("own", "others", "ended"):
        assert stored(database, cast, projects[name]).officer == "旧人"
        assert stored(database, cast, projects[name]).version == 1
    with database() as session:
        assert not session.scalars(select(AuditEntry).where(AuditEntry.entity == "project")).all()


def test_one_confirmation_changes_what_passes_and_says_what_stays(sign_in, projects, database, cast):
    client = sign_in("reviewer")
    form = {"pick": picks(projects, "own", "others", "ended"), "what": "officer", "value": "新人"}
    answer = client.send("/projects/bulk/apply?stage=signed", form)
    assert (answer.status_code, answer.location) == (303, "/projects?stage=signed")
    page = client.get(answer.location).text
    assert "已修改 2 个项目的责任人" in page
    assert "没有修改：终止的（项目已终止，不再修改）" in page
    assert stored(database, cast, projects["own"]).officer == "新人"
    assert stored(database, cast, projects["others"]).version == 2
    assert stored(database, cast, projects["ended"]).officer == "旧人"
    with database() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "change")).all()
        assert {(one.before["officer"], one.after["officer"]) for one in entries} == {("旧人", "新人")}
        assert len(entries) == 2


def test_what_somebody_changed_between_preview_and_confirmation_stays(sign_in, projects, database, cast):
    client = sign_in("officer")
    page = preview(client, pick=picks(projects, "own"), what="sponsor", value="李文涛")
    with database() as session:
        session.get_one(Project, (cast.zone.id, projects["own"].id)).version = 2
        session.commit()
    client.send("/projects/bulk/apply", confirm(page.text))
    assert "刚刚被其他人修改" in client.get("/projects").text
    assert stored(database, cast, projects["own"]).sponsor == ""


def test_a_handover_has_its_day_and_takes_later_money_with_it(sign_in, projects, database, cast):
    with database() as session:
        own = session.merge(projects["own"])
        early = make_arrival(session, cast.zone, own, WAN, arrived_on=dt.date(2024, 5, 1)).id
        late = make_arrival(session, cast.zone, own, WAN, arrived_on=dt.date(2024, 7, 1)).id
        session.commit()
    client = sign_in("reviewer")
    chosen = {"pick": picks(projects, "own", "others"), "what": "unit", "value": str(cast.other_unit.id)}
    page = preview(client, **chosen, from_on=f"{clock.today() + dt.timedelta(days=1)}")
    assert "晚于今天" in page.text
    page = preview(client, **chosen, from_on="nie")
    assert page.status_code == 422
    assert 'id="bulk-from-error"' in page.text
    page = preview(client, **chosen, from_on="2024-06-01")
    assert "不需要移交" in page.text
    client.send("/projects/bulk/apply", confirm(page.text))
    assert stored(database, cast, projects["own"]).unit_id == cast.other_unit.id
    with database() as session:
        days = {
            row.from_on: row.unit_id
            for row in session.scalars(
                select(Responsibility).where(Responsibility.project_id == projects["own"].id)
            )
        }
        assert days == {dt.date.min: cast.unit.id, dt.date(2024, 6, 1): cast.other_unit.id}
        assert session.get_one(FundArrival, (cast.zone.id, early)).unit_id == cast.unit.id
        assert session.get_one(FundArrival, (cast.zone.id, late)).unit_id == cast.other_unit.id


def test_an_officer_gives_projects_to_no_other_unit(sign_in, projects, database, cast):
    form = {"pick": picks(projects, "own"), "what": "unit", "value": str(cast.other_unit.id), "from_on": ""}
    client = sign_in("officer")
    assert (
        f'value="{cast.other_unit.id}"'
        not in preview(client, pick=form["pick"], what="unit").text.split("bulk-value")[1]
    )
    client.send("/projects/bulk/apply", form)
    assert stored(database, cast, projects["own"]).unit_id == cast.unit.id


def test_another_chain_opens_the_segment_again(sign_in, projects, database, cast):
    with database() as session:
        area, chain = make_area(session, cast.zone, "综保区"), make_chain(session, cast.zone, "纺织")
        session.commit()
    client = sign_in("officer")
    for what, value in (("area", area.id), ("chain", chain.id)):
        version = stored(database, cast, projects["own"]).version
        form = {"pick": f"{projects['own'].id}:{version}", "what": what, "value": str(value)}
        client.send("/projects/bulk/apply", form)
    found = stored(database, cast, projects["own"])
    assert (found.area_id, found.chain_id, found.segment_id, found.version) == (area.id, chain.id, None, 3)


def test_stages_move_by_the_gate_row_by_row(sign_in, projects, database, cast):
    client = sign_in("reviewer")
    chosen = {"pick": picks(projects, "own", "ended"), "what": "stage", "value": "landed"}
    page = preview(client, **chosen)
    assert "营业执照" in page.text
    assert "所选项目都不能这样改" in page.text
    with database() as session:
        open_gates(session, session.merge(cast.zone))
        session.commit()
    page = preview(client, **chosen)
    assert "终止的项目不能批量推进到落地" in page.text
    assert stored(database, cast, projects["own"]).stage is Stage.signed
    client.send("/projects/bulk/apply", confirm(page.text))
    assert stored(database, cast, projects["own"]).stage is Stage.landed
    assert stored(database, cast, projects["ended"]).stage is Stage.terminated


def test_all_of_the_filter_and_not_more_than_can_be_looked_through(sign_in, projects, monkeypatch, cast):
    client = sign_in("reviewer")
    page = preview(client, all="1", what="officer")
    assert len(re.findall(r"<tr data-row", page.text)) == 4
    monkeypatch.setattr("app.web.pipeline.bulk.MOST_PROJECTS", 3)
    page = preview(client, all="1", what="officer")
    assert page.status_code == 422
    assert "一次最多修改 3 个项目" in page.text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"what": "officer"}, "没有选中项目"),
        ({"pick": "x", "what": "officer"}, "无法识别"),
        ({"pick": "99999999999999999999:1", "what": "officer"}, "无法识别"),
        ({"pick": "1:1", "what": "name"}, "请选择要修改什么"),
        ({"pick": "OWN", "what": "area", "value": "12"}, "请从列表中选择落地片区"),
        ({"pick": "OWN", "what": "officer", "value": " "}, "请填写或选择新的责任人"),
        ({"pick": "OWN", "what": "stage", "value": "lost"}, "请选择要推进到的阶段"),
    ],
)
def test_what_cannot_be_is_told(sign_in, projects, form, said):
    form = {key: value.replace("OWN", picks(projects, "own")) for key, value in form.items()}
    answer = preview(sign_in("officer"), **form)
    assert answer.status_code == 422
    assert said in answer.text


def test_long_and_hostile_text(sign_in, projects, database, cast):
    client = sign_in("officer")
    assert (
        "最多 40 个字" in preview(client, pick=picks(projects, "own"), what="officer", value="长" * 41).text
    )
    page = preview(client, pick=picks(projects, "own"), what="officer", value=XSS[:40]).text
    assert "<script>alert" not in page


def test_who_may_not_enter_has_no_boxes_and_is_refused(sign_in, projects, cast, database):
    assert 'name="pick"' not in sign_in("leader").get("/projects").text
    form = {"pick": picks(projects, "own"), "what": "officer", "value": "新人"}
    for who in ("leader", "administrator"):
        assert sign_in(who).send("/projects/bulk", form).status_code == 403
        assert sign_in(who).send("/projects/bulk/apply", form).status_code == 403
    for who in ("second", "outside_reviewer"):
        sign_in(who).send("/projects/bulk/apply", form)
    assert stored(database, cast, projects["own"]).officer == "旧人"
