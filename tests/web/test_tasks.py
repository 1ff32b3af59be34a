"""我的待办: done, done by mistake, put off, handed on; and what stands in the navigation."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.activities.models import Task
from app.audit.models import AuditEntry
from app.funds.rules import ReviewState
from app.kernel import clock
from tests.factories import NOW, make_arrival, make_project, make_task, make_user
from tests.web.conftest import statements

SCRIPT = "<img src=x onerror=alert(1)>"


@pytest.fixture
def tasks(cast, database):
    """Makes tasks for a person, due in so many days."""

    def make(text: str, days: int, owner=None) -> Task:
        with database() as session:
            person = owner or cast.wu
            due_on = clock.today() + dt.timedelta(days=days)
            task = make_task(session, cast.zone, person, text=text, due_on=due_on)
            session.commit()
            return task

    return make


def stored(database, task: Task) -> Task:
    with database() as session:
        return session.scalars(select(Task).where(Task.id == task.id)).one()


def actions(database) -> list[str]:
    with database() as session:
        query = select(AuditEntry.action).where(AuditEntry.entity == "task").order_by(AuditEntry.id)
        return list(session.scalars(query))


def test_done_and_not_done_after_all(sign_in, tasks, database):
    task, client = tasks("寄送用地方案", -2), sign_in("officer")
    assert "逾期 2 天" in client.get("/tasks").text
    done = client.send(f"/tasks/{task.id}/finish", {"version": "1", "next": "/tasks"})
    assert done.location == "/tasks"
    page = client.get("/tasks").text
    assert "逾期 2 天" not in page
    assert "撤销" in page
    assert client.send(f"/tasks/{task.id}/finish", {"version": "2"}).status_code == 422
    assert client.send(f"/tasks/{task.id}/reopen", {"version": "1"}).status_code == 409
    assert client.send(f"/tasks/{task.id}/reopen", {"version": "2"}).status_code == 303
    assert stored(database, task).done_at is None
    assert actions(database) == ["finish", "reopen"]


def test_put_off_with_a_reason(sign_in, tasks, database):
    task, client = tasks("回访", 0), sign_in("officer")
    day = clock.today() + dt.timedelta(days=7)
    sent = {"version": "1", "due_on": day.isoformat(), "reason": "对方出差"}
    for wrong, words in (
        ({"reason": ""}, "请写明原因"),
        ({"due_on": clock.today().isoformat()}, "晚于原定"),
        ({"due_on": "2020-01-01"}, "已过"),
        ({"due_on": "nie"}, "无法识别"),
    ):
        refused = client.send(f"/tasks/{task.id}/postpone", {**sent, **wrong})
        assert refused.status_code == 422
        assert words in refused.text
    assert client.send(f"/tasks/{task.id}/postpone", sent).status_code == 303
    assert stored(database, task).due_on == day
    with database() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "postpone")).one()
    assert entry.before == {"due_on": clock.today().isoformat()}
    assert entry.after == {"due_on": day.isoformat(), "reason": "对方出差"}


def test_handed_to_a_colleague_of_the_unit(sign_in, cast, tasks, database):
    task, client = tasks("回访", 0), sign_in("officer")
    with database() as session:
        colleague = make_user(session, cast.zone, Role.officer, name="周建军", unit_id=cast.unit.id)
        former = make_user(session, cast.zone, Role.officer, unit_id=cast.unit.id, active=False)
        session.commit()
    for wrong in (cast.second, cast.outside_reviewer, cast.leader, former):
        refused = client.send(f"/tasks/{task.id}/hand", {"version": "1", "owner_id": str(wrong.id)})
        assert refused.status_code == 422
    handed = client.send(f"/tasks/{task.id}/hand", {"version": "1", "owner_id": str(colleague.id)})
    assert handed.status_code == 303
    assert stored(database, task).owner_id == colleague.id
    assert client.send(f"/tasks/{task.id}/finish", {"version": "2"}).status_code == 404


@pytest.mark.parametrize("name", ["second", "reviewer", "outside_reviewer"])
def test_a_task_is_its_owners(sign_in, tasks, database, name):
    task, client = tasks("回访", 0), sign_in(name)
    assert "回访" not in client.get("/tasks").text
    for verb in ("finish", "reopen", "postpone", "hand"):
        data = {"version": "1", "due_on": "2030-01-01", "reason": "x", "owner_id": "1"}
        assert client.send(f"/tasks/{task.id}/{verb}", data).status_code == 404
    assert actions(database) == []


@pytest.mark.parametrize("name", ["leader", "administrator"])
def test_who_does_not_enter_has_no_tasks(sign_in, tasks, name):
    task, client = tasks("回访", 0), sign_in(name)
    assert client.get("/tasks").status_code == 403
    assert client.send(f"/tasks/{task.id}/finish", {"version": "1"}).status_code == 403


def test_the_navigation_counts_what_waits(sign_in, app, cast, tasks, database):
    for text, days in (("一", -1), ("二", 0), ("以后", 30)):
        tasks(text, days)
    tasks("别人的", 0, cast.second)
    with database() as session:
        project = make_project(session, cast.zone, unit=cast.unit)
        make_arrival(session, cast.zone, project, state=ReviewState.returned)
        make_arrival(session, cast.zone, project, state=ReviewState.pending)
        session.commit()
    assert 'title="待办 3 件">3</em>' in sign_in("officer").get("/projects").text
    reviewer = sign_in("reviewer").get("/projects").text
    assert 'title="待办 1 件">1</em>' in reviewer
    assert "件</em>" not in sign_in("leader").get("/projects").text
    officer = sign_in("officer")
    with statements(app.extensions["engine"]) as sent:
        officer.get("/projects")
    assert len([text for text in sent.reads if "task" in text]) == 1


def test_stale_projects_say_why(sign_in, cast, database):
    with database() as session:
        make_project(session, cast.zone, unit=cast.unit, name="棉纺织产业园", created_at=NOW)
        make_project(session, cast.zone, unit=cast.other_unit, name="别部项目", created_at=NOW)
        session.commit()
    page = sign_in("officer").get("/tasks?month=2024-06").text
    assert "棉纺织产业园" in page
    assert "签约阶段已 107 天没有进展，最近一次 2024-03-15" in page
    assert "项目看到 2024-06-30" in page
    assert "没有变化的不算" in page
    assert "别部项目" not in page


def test_scripts_in_a_task_stay_words(sign_in, tasks):
    tasks(SCRIPT, 0)
    page = sign_in("officer").get("/tasks").text
    assert SCRIPT not in page
    assert "&lt;img" in page
