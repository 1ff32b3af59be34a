"""Moving projects: one gate for every way, and a history that any day can be read from."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.kernel.errors import DomainError
from app.pipeline.models import Project, StageChange
from app.pipeline.operations import (
    ContractData,
    Move,
    approve_request,
    as_it_stands,
    ask,
    move_stage,
    save_project,
)  # fmt: skip
from app.pipeline.queries import in_stage_since, lacks_of, list_changes, owed_papers, stages_as_of
from app.pipeline.rules import ContractKind, GateError, How, MilestoneKind, Stage
from tests.factories import SIGNED_ON, YI, actor_of, make_project, make_user, make_zone, open_gates

TODAY = dt.date(2024, 9, 1)
LANDED = dt.date(2024, 6, 14)
STARTED = dt.date(2024, 8, 1)


@pytest.fixture
def zone(session):
    return make_zone(session)


@pytest.fixture
def actor(session, zone):
    return actor_of(make_user(session, zone))


@pytest.fixture
def landed(session, zone):
    return make_project(session, zone, reached={MilestoneKind.landed: LANDED})


def move(session, actor, project, to, day, **fields):
    return move_stage(
        session,
        actor,
        project,
        to,
        effective_on=day,
        today=TODAY,
        source=fields.pop("source", How.board),
        **fields,
    )


def as_form(session, project):
    """The record as its form sends it: the stage follows from the dates."""
    return replace(as_it_stands(session, project), stage=None)


def test_board_form_and_batch_meet_the_same_gate(session, zone, actor, landed):
    wanted = {lack.code for lack in lacks_of(session, zone.id, [landed.id], Stage.started)[landed.id]}
    assert {"permit", "site_photos"} <= wanted
    with pytest.raises(GateError) as board, session.begin_nested():
        move(session, actor, landed, Stage.started, STARTED)
    data = as_form(session, landed)
    data.reached[MilestoneKind.started] = STARTED
    with pytest.raises(GateError) as form, session.begin_nested():
        save_project(
            session, actor, landed, landed.investor_id, data, today=TODAY, source="", version=landed.version
        )
    for refusal in (board, form):
        assert {lack.code for lack in refusal.value.missing} == wanted
    assert landed.stage is Stage.landed
    assert len(list_changes(session, zone.id, landed.id)) == 2


def test_an_import_records_what_is_owed(session, zone, actor, landed):
    change = move(session, actor, landed, Stage.started, STARTED, source=How.imported, recording=True)
    assert (change.to_stage, change.effective_on, change.owes) == (Stage.started, STARTED, 6)
    assert {lack.code for lack in owed_papers(session, zone.id)[landed.id]} >= {"permit", "filing"}


def test_signing_needs_the_contract_and_going_back_somebody_else(session, zone, actor):
    open_gates(session, zone)
    project = make_project(session, zone, signed_on=None)
    with pytest.raises(DomainError):
        move(session, actor, project, Stage.signed, SIGNED_ON)
    contract = ContractData(ContractKind.formal, SIGNED_ON, YI)
    move(session, actor, project, Stage.signed, SIGNED_ON, contract=contract)
    assert (project.stage, project.signed_on) == (Stage.signed, SIGNED_ON)
    with pytest.raises(DomainError, match="先申请"):
        move(session, actor, project, Stage.talks, TODAY)
    request = ask(
        session, actor, project, Stage.talks,
        effective_on=TODAY, today=TODAY, reason_code="contract_void", remark="合同解除",
    )  # fmt: skip
    with pytest.raises(DomainError, match="另一位"):
        approve_request(session, actor, request, project, today=TODAY)
    reviewer = actor_of(make_user(session, zone, Role.reviewer))
    approve_request(session, reviewer, request, project, today=TODAY)
    assert (project.stage, project.signed_on) == (Stage.talks, None)
    days = [SIGNED_ON, TODAY - dt.timedelta(1), TODAY]
    found = [
        {row.project_id: row.stage for row in session.execute(stages_as_of(zone.id, day))} for day in days
    ]
    assert [each[project.id] for each in found] == [Stage.signed, Stage.signed, Stage.talks]
    assert in_stage_since(session, zone.id, [project.id]) == {project.id: TODAY}


def test_a_corrected_day_corrects_the_history_and_a_cleared_one_is_refused(session, zone, actor, landed):
    data = as_form(session, landed)
    data.reached[MilestoneKind.landed] = dt.date(2024, 6, 20)
    save_project(session, actor, landed, landed.investor_id, data, today=TODAY, source="")
    assert [(c.to_stage, c.effective_on) for c in list_changes(session, zone.id, landed.id)] == [
        (Stage.signed, SIGNED_ON),
        (Stage.landed, dt.date(2024, 6, 20)),
    ]
    data = as_form(session, landed)
    del data.reached[MilestoneKind.landed]
    with pytest.raises(DomainError, match=r"退回|清除"):
        save_project(session, actor, landed, landed.investor_id, data, today=TODAY, source="", move=Move())


def test_another_zone_has_no_lacks_and_no_history(session, landed):
    other = make_zone(session)
    assert lacks_of(session, other.id, [landed.id], Stage.started) == {}
    assert session.scalars(select(StageChange).where(StageChange.zone_id == other.id)).all() == []
    assert session.scalars(select(Project).where(Project.zone_id == other.id)).all() == []
