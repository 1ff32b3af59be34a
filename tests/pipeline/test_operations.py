"""Registering, correcting, handing over: what is kept, what is refused, what the log says."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.directory.models import Segment
from app.kernel.errors import ConflictError, DomainError, NotFoundError
from app.pipeline.models import Contract, Milestone, Responsibility
from app.pipeline.operations import (
    ContractData,
    Move,
    ProjectData,
    hand_over,
    register_project,
    save_project,
    sign_supplement,
)
from app.pipeline.queries import get_project, list_contracts, milestones_of, next_number, unit_on
from app.pipeline.rules import ContractKind, MilestoneKind, Stage
from tests.factories import (
    SIGNED_ON,
    WAN,
    YI,
    actor_of,
    make_chain,
    make_investor,
    make_project,
    make_unit,
    make_user,
    make_zone,
)

TODAY = dt.date(2024, 6, 30)
FORMAL = ContractData(ContractKind.formal, SIGNED_ON, YI, "HT-1")


@pytest.fixture
def zone(session):
    return make_zone(session)


@pytest.fixture
def unit(session, zone):
    return make_unit(session, zone)


@pytest.fixture
def actor(session, zone):
    return actor_of(make_user(session, zone))


@pytest.fixture
def register(session, zone, unit, actor):
    def make(**fields):
        data = ProjectData(**{"name": "电池项目", "number": "P-1", "unit_id": unit.id, **fields})
        investor = make_investor(session, zone)
        return register_project(session, actor, investor.id, data, today=TODAY, source="测试")

    return make


BY_FORM = Move()


@pytest.fixture
def save(session, actor):
    def change(project, version=None, move=BY_FORM, **fields):
        values = {"name": project.name, "number": project.number, "unit_id": project.unit_id, **fields}
        return save_project(
            session,
            actor,
            project,
            project.investor_id,
            ProjectData(**values),
            today=TODAY,
            source="测试",
            version=version,
            move=move,
        )

    return change


def log(session, project):
    session.commit()
    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.entity == "project", AuditEntry.entity_id == project.id)
    )
    return list(entries)


def test_a_registered_project_keeps_contract_milestones_and_what_lists_sort_by(session, zone, unit, register):
    project = register(
        contract=FORMAL, reached={MilestoneKind.started: TODAY}, planned={MilestoneKind.produced: TODAY}
    )
    stored = get_project(session, zone.id, project.id)
    assert (stored.stage, stored.signed_on, stored.total_fen) == (Stage.started, SIGNED_ON, YI)
    assert stored.name_pinyin.startswith("dian chi")
    milestones = milestones_of(session, zone.id, project.id)
    assert milestones[MilestoneKind.started].source == "测试"
    assert milestones[MilestoneKind.produced].planned_on == TODAY
    assert unit_on(session, zone.id, project.id, dt.date(1999, 1, 1)) == unit.id


def test_a_project_without_contract_is_in_talks_and_counts_its_plan(register):
    project = register(investment_fen=5 * WAN)
    assert (project.stage, project.signed_on, project.total_fen) == (Stage.talks, None, 5 * WAN)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "　"}, "name"),
        ({"name": "电池\u202e项目"}, "name"),
        ({"number": ""}, "number"),
        ({"investment_fen": WAN - 1}, "investment"),
        ({"investment_fen": WAN, "fixed_asset_fen": 2 * WAN}, "fixed_asset"),
        ({"contract": replace(FORMAL, signed_on=TODAY + dt.timedelta(1))}, "signed_on"),
        ({"contract": replace(FORMAL, amount_fen=1)}, "amount"),
        ({"contract": replace(FORMAL, kind=ContractKind.supplement)}, "contract_kind"),
        ({"contract": replace(FORMAL, fixed_asset_fen=YI + 1)}, "contract_fixed_asset"),
        ({"reached": {MilestoneKind.started: TODAY}}, "started"),
        ({"contract": FORMAL, "reached": {MilestoneKind.started: SIGNED_ON - dt.timedelta(1)}}, "started"),
        ({"stage": Stage.produced}, "stage"),
    ],
)
def test_what_no_project_can_be_is_refused_beside_its_field(register, fields, field):
    with pytest.raises(DomainError) as refusal:
        register(**fields)
    assert refusal.value.field == field


def test_numbers_are_unique_in_the_zone(session, zone, register, actor):
    register(contract=FORMAL)
    with pytest.raises(DomainError, match="已存在"):
        register()
    with pytest.raises(DomainError) as refusal:
        register(number="P-2", contract=FORMAL)
    assert refusal.value.field == "contract_number"


def test_a_segment_belongs_to_its_chain(session, zone, register):
    lithium = make_chain(session, zone, segments=("电池",))
    textile = make_chain(session, zone)
    segment = session.scalars(select(Segment).where(Segment.chain_id == lithium.id)).one()
    register(chain_id=lithium.id, segment_id=segment.id)
    for chain in (textile.id, None):
        with pytest.raises(DomainError) as refusal:
            register(number="P-2", chain_id=chain, segment_id=segment.id)
        assert refusal.value.field == "segment_id"


def test_a_save_that_changes_nothing_leaves_no_trace(session, register, save):
    project = register(contract=FORMAL)
    before, entries = (project.version, project.updated_at), len(log(session, project))
    assert save(project, contract=FORMAL) == {}
    assert (project.version, project.updated_at) == before
    assert len(log(session, project)) == entries


def test_the_second_of_two_writers_is_told(register, save):
    project = register()
    save(project, version=1, name="改名一")
    with pytest.raises(ConflictError):
        save(project, version=1, name="改名二")
    assert project.name == "改名一"


def test_the_log_holds_old_and_new(session, register, save):
    project = register(contract=FORMAL)
    save(project, contract=replace(FORMAL, amount_fen=2 * YI))
    last = log(session, project)[-1]
    assert (last.action, last.before, last.after) == (
        "change",
        {"contract_amount_fen": YI},
        {"contract_amount_fen": 2 * YI},
    )


def test_a_framework_that_becomes_a_contract_stays_on_record(session, zone, register, save):
    framework = ContractData(ContractKind.framework, SIGNED_ON, YI, "KJ-1")
    project = register(contract=framework)
    assert not project.signed_on
    save(project, contract=replace(FORMAL, signed_on=TODAY), move=Move(recording=True))
    kinds = [(c.kind, c.number) for c in list_contracts(session, zone.id, project.id)]
    assert kinds == [(ContractKind.framework, "KJ-1"), (ContractKind.formal, "HT-1")]
    assert (project.signed_on, project.stage) == (TODAY, Stage.signed)


def test_supplements_add_up_and_hold_their_contract(session, actor, register, save):
    project = register(contract=FORMAL)
    sign_supplement(session, actor, project, number="BC-1", signed_on=TODAY, amount_fen=YI, today=TODAY)
    assert (project.total_fen, project.version) == (2 * YI, 2)
    for contract, field in (
        (None, "contract_kind"),
        (replace(FORMAL, kind=ContractKind.intent), "contract_kind"),
    ):
        with pytest.raises(DomainError) as refusal:
            save(project, contract=contract)
        assert refusal.value.field == field
        session.refresh(project)
    save(project, contract=replace(FORMAL, amount_fen=3 * YI))
    assert project.total_fen == 4 * YI


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"signed_on": SIGNED_ON - dt.timedelta(1)}, "signed_on"),
        ({"signed_on": TODAY + dt.timedelta(1)}, "signed_on"),
        ({"amount_fen": 1}, "amount"),
        ({"number": "HT-1"}, "number"),
        ({"number": "BC\u200b1"}, "number"),
    ],
)
def test_supplements_that_cannot_be(session, actor, register, fields, field):
    project = register(contract=FORMAL)
    values = {"number": "BC-1", "signed_on": TODAY, "amount_fen": YI, "today": TODAY, **fields}
    with pytest.raises(DomainError) as refusal:
        sign_supplement(session, actor, project, **values)
    assert refusal.value.field == field


def test_a_supplement_needs_a_formal_contract(session, actor, register):
    with pytest.raises(DomainError, match="正式合同"):
        sign_supplement(session, actor, register(), number="", signed_on=TODAY, amount_fen=YI, today=TODAY)


def test_a_handover_leaves_old_credit_where_it_was(session, zone, unit, register, save):
    second = make_unit(session, zone)
    project = register(contract=FORMAL, reached={MilestoneKind.started: TODAY})
    old = {"contract": FORMAL, "reached": {MilestoneKind.started: TODAY}}
    save(project, unit_id=second.id, unit_from=dt.date(2024, 6, 1), **old)
    session.expire_all()
    assert session.scalars(select(Contract.unit_id)).one() == unit.id
    assert session.scalars(select(Milestone.unit_id)).one() == second.id
    assert project.unit_id == second.id
    assert unit_on(session, zone.id, project.id, dt.date(2024, 5, 31)) == unit.id
    assert unit_on(session, zone.id, project.id, dt.date(2024, 6, 1)) == second.id
    actions = [entry.action for entry in log(session, project)]
    assert actions == ["register", "hand_over"]
    assert project.version == 2


def test_an_earlier_handover_overrules_a_later_one(session, zone, unit, actor, register):
    second, third = make_unit(session, zone), make_unit(session, zone)
    project = register()
    hand_over(session, actor, project, second.id, from_on=dt.date(2024, 6, 1))
    hand_over(session, actor, project, third.id, from_on=dt.date(2024, 3, 1))
    assert unit_on(session, zone.id, project.id, dt.date(2024, 7, 1)) == third.id
    days = session.scalars(select(Responsibility.from_on).where(Responsibility.project_id == project.id))
    assert sorted(days) == [dt.date.min, dt.date(2024, 3, 1)]
    hand_over(session, actor, project, unit.id, from_on=dt.date(2024, 3, 1))
    assert unit_on(session, zone.id, project.id, TODAY) == unit.id


def test_a_handover_in_the_future_is_refused(session, zone, register, save):
    second = make_unit(session, zone)
    with pytest.raises(DomainError) as refusal:
        save(register(), unit_id=second.id, unit_from=TODAY + dt.timedelta(1))
    assert refusal.value.field == "unit_from"


def test_a_project_of_another_zone_is_not_found(session, register):
    project = register()
    with pytest.raises(NotFoundError):
        get_project(session, make_zone(session).id, project.id)


def test_the_next_number_is_one_above_the_highest_of_its_form(session, zone):
    assert next_number(session, zone.id, "6531", 2024) == "6531-2024-0001"
    for number in ("6531-2024-0007", "6531-2024-00009", "6531-2023-0100", "6531-2024-ABCD"):
        make_project(session, zone, number=number)
    assert next_number(session, zone.id, "6531", 2024) == "6531-2024-0008"
    assert next_number(session, make_zone(session).id, "", 2024) == "2024-0001"
