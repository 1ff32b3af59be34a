"""One value of a project is brought back from its history, by the form's own rules."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.audit.operations import note
from app.audit.rules import Actor
from app.pipeline.models import Project
from app.pipeline.rules import MilestoneKind, Stage
from tests.browser import accessibility_faults, follow, serve
from tests.factories import make_milestone, make_project


@pytest.fixture
def changed(cast, database):
    """A project whose officer, plan and unit were changed; the number of the entry and of the project."""
    with database() as session:
        project = make_project(
            session, session.merge(cast.zone), unit=session.merge(cast.unit), name="锂电项目", officer="王五",
            investment_fen=6_000_000_000_00, jobs=300,
        )  # fmt: skip
        note(session, Actor(cast.zone.id, cast.wu.id, "吴建军"), action="change", entity="project", entity_id=project.id,
             before={"officer": "<i>李四</i>", "jobs": None, "stage": "talks", "investment_fen": 1},
             after={"officer": "王五", "jobs": 300, "stage": "signed", "investment_fen": 6_000_000_000_00})  # fmt: skip
        session.commit()
        seq = session.scalars(select(AuditEntry.seq)).one()
    return project.id, seq


def restore(client, changed, **other):
    project_id, seq = changed
    form = {"entry": str(seq), "field": "officer", "version": "1", **other}
    return client.send(f"/projects/{project_id}/restore", form)


def stored(database, changed):
    with database() as session:
        return session.scalars(select(Project).where(Project.id == changed[0])).one()


def test_a_value_comes_back_and_that_is_on_record(sign_in, database, changed):
    client = sign_in("officer")
    answer = restore(client, changed)
    assert answer.status_code == 303
    assert stored(database, changed).officer == "<i>李四</i>"
    assert stored(database, changed).version == 2
    page = client.get(f"/projects/{changed[0]}").text
    assert "恢复旧值" in page
    assert "<i>李四" not in page
    with database() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "restore")).one()
    assert (entry.before, entry.after) == ({"officer": "王五"}, {"officer": "<i>李四</i>"})
    assert restore(client, changed, version="2").status_code == 422, "it is there already"


def test_an_empty_value_comes_back_too(sign_in, database, changed):
    assert restore(sign_in("reviewer"), changed, field="jobs").status_code == 303
    assert stored(database, changed).jobs is None


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({"field": "stage"}, 422, "不能单独恢复"),
        ({"field": "name"}, 422, "不能单独恢复"),
        ({"field": "zone_id"}, 422, "不能单独恢复"),
        ({"field": ""}, 422, "不能单独恢复"),
        ({"field": "investment_fen"}, 422, "总投资不足"),
        ({"version": "7"}, 409, "刚刚被其他人修改"),
        ({"version": "x"}, 422, "历史"),
        ({"entry": "x"}, 422, "历史"),
        ({"entry": "999"}, 404, "没有这条操作记录"),
    ],
)
def test_what_can_not_be_brought_back_is_refused(sign_in, database, changed, form, status, words):
    answer = restore(sign_in("officer"), changed, **form)
    assert answer.status_code == status
    assert words in answer.text
    assert stored(database, changed).version == 1


def test_an_ended_project_keeps_its_values(sign_in, database, changed, cast):
    with database() as session:
        project = session.scalars(select(Project)).one()
        project.stage = Stage.terminated
        make_milestone(session, cast.zone, project, MilestoneKind.terminated, dt.date(2024, 5, 1))
        session.commit()
    client = sign_in("officer")
    assert "把责任人恢复为" not in client.get(f"/projects/{changed[0]}").text
    answer = restore(client, changed)
    assert answer.status_code == 422
    assert "项目已终止" in answer.text


@pytest.mark.parametrize(
    ("who", "status"), [("second", 403), ("leader", 403), ("administrator", 403), ("outside_reviewer", 404)]
)
def test_others_restore_nothing(sign_in, database, changed, who, status):
    client = sign_in(who)
    assert restore(client, changed).status_code == status
    assert "把责任人恢复为" not in client.get(f"/projects/{changed[0]}").text
    assert stored(database, changed).officer == "王五"


def test_an_entry_about_another_project_is_not_taken(sign_in, database, changed, cast):
    with database() as session:
        other = make_project(session, session.merge(cast.zone), unit=session.merge(cast.unit))
        session.commit()
    assert restore(sign_in("officer"), (other.id, changed[1])).status_code == 404


def test_restoring_in_a_browser(app, sign_in, changed, page, phone):
    cookie = sign_in("officer").get_cookie("zhaoshang")
    with serve(app) as address:
        page.context.add_cookies([{"name": "zhaoshang", "value": cookie.value, "url": address}])
        phone.context.add_cookies([{"name": "zhaoshang", "value": cookie.value, "url": address}])
        page.goto(f"{address}/projects/{changed[0]}")
        assert accessibility_faults(page) == []
        follow(page.get_by_role("button", name=re.compile("把责任人恢复为")))
        page.get_by_text("已恢复，历史中留有记录").wait_for()
        phone.goto(f"{address}/projects/{changed[0]}")
        assert accessibility_faults(phone) == []
        follow(phone.get_by_role("button", name="把责任人恢复为 王五"))
        phone.get_by_text("已恢复，历史中留有记录").wait_for()
