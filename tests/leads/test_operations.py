"""What is done with a lead, on both engines: the first report is for good, every step is on record."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.investors.operations import InvestorData
from app.kernel.clock import BEIJING
from app.kernel.errors import ConflictError, DomainError
from app.leads import operations
from app.leads.models import Lead
from app.leads.operations import LeadData
from app.leads.queries import (
    Attention,
    LeadFilter,
    Sight,
    clocks_and_units,
    find_alike,
    find_for_project,
    lead_sums,
    list_decisions,
    list_leads,
)
from app.leads.rules import Clocks, LeadSource, LeadState, Level, Verdict, Wanted
from app.pipeline.operations import ProjectData
from app.pipeline.rules import Stage
from tests.factories import WAN, YI, actor_of, make_lead, make_project, make_unit, make_user, make_zone

NOW = dt.datetime(2026, 11, 2, 10, 0, tzinfo=BEIJING)
TODAY = NOW.date()
DATA = LeadData("锂电池正极材料项目", "湖北达泰高端科技有限公司", LeadSource.fair, amount_fen=YI)


class World:
    """A zone with two units, an officer and a reviewer, and a lead."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.zone = make_zone(session)
        self.unit, self.other = make_unit(session, self.zone), make_unit(session, self.zone)
        self.officer = make_user(session, self.zone, unit_id=self.unit.id)
        self.colleague = make_user(session, self.zone, unit_id=self.unit.id)
        self.actor = actor_of(self.officer)
        self.reviewer = actor_of(make_user(session, self.zone, Role.reviewer))

    def register(self, data: LeadData = DATA, *, now: dt.datetime = NOW, unit_id: int | None = None) -> Lead:
        return operations.register_lead(
            self.session, self.actor, data,
            unit_id=unit_id or self.unit.id, officer_id=self.officer.id, prefix="KS", now=now,
        )  # fmt: skip


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def convert(world: World, lead: Lead) -> None:
    operations.convert_lead(
        world.session, world.actor, lead,
        investor=InvestorData(lead.investor_name),
        project=ProjectData(lead.name, lead.unit_id, number="P-1", stage=Stage.talks, investment_fen=lead.amount_fen),
        today=TODAY,
    )  # fmt: skip


STAMP = ("number", "first_unit_id", "reported_by", "reported_name", "reported_at")


def test_no_operation_changes_the_first_report(world: World) -> None:
    session, later = world.session, NOW + dt.timedelta(days=1)
    lead = world.register()
    stamp = {name: getattr(lead, name) for name in STAMP}
    assert stamp["first_unit_id"] == world.unit.id
    assert stamp["reported_at"] == NOW
    to: dict[str, Any] = {"to_unit_id": world.other.id}
    why: dict[str, Any] = {"reason": "按产业分工", "now": later}

    def take_up_and_convert() -> None:
        operations.transfer_lead(session, world.reviewer, lead, **to, **why)
        operations.assess_lead(session, world.actor, lead, verdict=Verdict.follow, text="可行", now=later)
        convert(world, lead)

    steps: dict[str, Callable[[], object]] = {
        "change_lead": lambda: operations.change_lead(
            session, world.actor, lead, LeadData("新名称", "新公司", LeadSource.aid), version=1, today=TODAY
        ),
        "answer_lead": lambda: operations.answer_lead(session, world.actor, lead, text="已联系", now=later),
        "assess_lead": lambda: operations.assess_lead(
            session, world.actor, lead, verdict=Verdict.follow, text="可行", now=later
        ),
        "report_progress": lambda: operations.report_progress(
            session, world.actor, lead, text="来访", now=later
        ),
        "follow_activity": lambda: operations.follow_activity(session, world.zone.id, lead.id, now=later),
        "hand_to_officer": lambda: operations.hand_to_officer(
            session, world.actor, lead, officer_id=world.colleague.id
        ),
        "read_phone": lambda: operations.read_phone(session, world.reviewer, lead),
        "extend_protection": lambda: operations.extend_protection(
            session, world.reviewer, lead, until=TODAY + dt.timedelta(days=300), **why
        ),
        "transfer_lead": lambda: operations.transfer_lead(session, world.reviewer, lead, **to, **why),
        "settle_dispute": lambda: operations.settle_dispute(
            session, world.reviewer, lead, to_unit_id=world.unit.id, **why
        ),
        "lapse_lead": lambda: operations.lapse_lead(session, world.reviewer, lead, **why),
        "set_clocks": lambda: operations.set_clocks(session, world.reviewer, Clocks(protect_days=5)),
        "convert_lead": take_up_and_convert,
    }
    assert set(steps) | {"register_lead", "LeadData"} == set(operations.__all__)
    for name, step in steps.items():
        step()
        session.flush()
        session.refresh(lead)
        assert {field: getattr(lead, field) for field in STAMP} == stamp, name
    assert lead.state is LeadState.converted


def test_only_the_registration_writes_the_stamp() -> None:
    """No code assigns to these columns but the call that makes the record."""
    for path in (Path(operations.__file__).parents[2]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            for target in targets:
                for part in ast.walk(target):
                    assert not (isinstance(part, ast.Attribute) and part.attr in STAMP[1:]), path


def test_numbers_count_up_in_the_year(world: World) -> None:
    numbers = [
        world.register(LeadData(f"{letter}意向", f"{letter}厂", LeadSource.fair)).number
        for letter in ("石油", "棉花", "光伏")
    ]
    assert numbers == ["KS-XS-2026-0001", "KS-XS-2026-0002", "KS-XS-2026-0003"]
    other = World(world.session)
    assert other.register().number == "KS-XS-2026-0001"


def test_a_twin_is_free_again_when_protection_has_run_out_or_the_lead_lapsed(world: World) -> None:
    lead = world.register()
    reason = LeadData(**{**DATA.__dict__, "likeness_reason": "原线索已无进展"})
    with pytest.raises(DomainError, match="首报同一线索"):
        world.register(reason, unit_id=world.other.id)
    after = NOW + dt.timedelta(days=181)
    with pytest.raises(DomainError, match="写明理由"):
        world.register(now=after, unit_id=world.other.id)
    taken = world.register(reason, now=after, unit_id=world.other.id)
    assert taken.first_unit_id == world.other.id
    operations.lapse_lead(world.session, world.reviewer, taken, reason="企业放弃", now=after)
    operations.lapse_lead(world.session, world.reviewer, lead, reason="企业放弃", now=after)
    world.register(now=after)


def test_another_zones_twin_is_no_twin(world: World) -> None:
    world.register()
    assert World(world.session).register().state is LeadState.open


def test_the_wrong_unit_is_refused(world: World) -> None:
    far = World(world.session)
    with pytest.raises(DomainError):
        world.register(unit_id=far.unit.id)
    lead = world.register()
    for unit_id in (far.unit.id, world.unit.id, None):
        with pytest.raises(DomainError):
            operations.transfer_lead(
                world.session, world.reviewer, lead, to_unit_id=unit_id, reason="按分工", now=NOW
            )


def test_a_change_is_no_progress_and_meets_the_version(world: World) -> None:
    lead = world.register()
    changed = LeadData(**{**DATA.__dict__, "content": "改", "amount_fen": 2 * YI})
    old = operations.change_lead(world.session, world.actor, lead, changed, version=1, today=TODAY)
    assert old == {"content": "", "amount_fen": YI}
    assert (lead.version, lead.progressed_at) == (2, NOW)
    assert operations.change_lead(world.session, world.actor, lead, changed, version=2, today=TODAY) == {}
    assert lead.version == 2
    with pytest.raises(ConflictError):
        operations.change_lead(world.session, world.actor, lead, DATA, version=1, today=TODAY)
    world.register(LeadData("风电叶片项目", "江苏恒能风电", LeadSource.fair))
    twin = LeadData("风电叶片", "江苏恒能风电有限公司", LeadSource.fair)
    with pytest.raises(DomainError, match="首报同一线索"):
        operations.change_lead(world.session, world.actor, lead, twin, version=2, today=TODAY)


def test_a_transferred_lead_begins_anew_in_its_unit(world: World) -> None:
    lead, later = world.register(), NOW + dt.timedelta(days=10)
    operations.assess_lead(world.session, world.actor, lead, verdict=Verdict.refer, text="建议二部", now=NOW)
    decision = operations.transfer_lead(
        world.session, world.reviewer, lead, to_unit_id=world.other.id, reason="按分工", now=later
    )
    assert (lead.state, lead.unit_id, lead.officer_id) == (LeadState.open, world.other.id, None)
    assert (lead.received_at, lead.answered_at, lead.assessment) == (later, None, "")
    assert (decision.from_unit_id, decision.to_unit_id) == (world.unit.id, world.other.id)
    assert list_decisions(world.session, world.zone.id, lead.id) == [decision]


def test_a_converted_lead_is_settled(world: World) -> None:
    lead = world.register()
    with pytest.raises(DomainError, match="先研判"):
        convert(world, lead)
    operations.assess_lead(world.session, world.actor, lead, verdict=Verdict.follow, text="可行", now=NOW)
    convert(world, lead)
    assert lead.project_id is not None
    assert lead.investor_id is not None
    assert find_for_project(world.session, world.zone.id, lead.project_id) is lead
    for step in (
        lambda: operations.report_progress(world.session, world.actor, lead, text="再来", now=NOW),
        lambda: operations.assess_lead(
            world.session, world.actor, lead, verdict=Verdict.decline, text="再来", now=NOW
        ),
        lambda: operations.lapse_lead(world.session, world.reviewer, lead, reason="再来", now=NOW),
        lambda: operations.transfer_lead(
            world.session, world.reviewer, lead, to_unit_id=world.other.id, reason="再来", now=NOW
        ),
        lambda: convert(world, lead),
    ):
        with pytest.raises(DomainError):
            step()


def test_the_list_says_the_same_as_the_rules(world: World) -> None:
    """Overdue and lapsed are decided by the rules for a row and by SQL for a list; both agree."""
    days = (0, 1, 2, 3, 4, 13, 14, 15, 179, 180, 181, 400)
    for state in (LeadState.open, LeadState.followed, LeadState.declined):
        for passed in days:
            at = NOW - dt.timedelta(days=passed)
            for answered in (None, at):
                make_lead(
                    world.session, world.zone, world.unit, state=state, reported_at=at, received_at=at,
                    progressed_at=at, answered_at=answered, amount_fen=WAN,
                    protected_until=at.date() + dt.timedelta(days=90),
                )  # fmt: skip
    clocks, units = clocks_and_units(world.session, world.zone.id)
    assert list(units) == [world.unit.id, world.other.id]
    sight = Sight(world.zone.id, world.unit.id, clocks, TODAY)
    every = list_leads(world.session, sight, LeadFilter())
    assert len(every) == 72
    wants = {a.value: LeadFilter(attention=a) for a in Attention}
    sums, counts = lead_sums(world.session, sight, LeadFilter(), wants)
    assert (sums.leads, sums.amount_fen, sums.with_amount) == (72, 72 * WAN, 72)
    for name, says in (
        ("overdue", lambda row: bool(row.lates(clocks, TODAY))),
        ("lapsed", lambda row: row.has_lapsed(clocks, TODAY)),
    ):
        rows = list_leads(world.session, sight, wants[name])
        assert {row.id for row in rows} == {row.id for row in every if says(row)}
        assert counts[name] == len(rows) > 0
    nothing = Sight(world.zone.id, world.other.id, clocks, TODAY)
    assert list_leads(world.session, nothing, LeadFilter()) == []


@pytest.mark.parametrize("text", ["%", "_", "'", "\\", "%%", "' OR 1=1 --", "正极", "dtgd", "DATAI"])
def test_any_text_can_be_searched_and_compared(world: World, text: str) -> None:
    make_lead(
        world.session, world.zone, world.unit, name="锂电池正极材料", investor_name="湖北达泰高端科技有限公司"
    )
    clocks = Clocks()
    sight = Sight(world.zone.id, None, clocks, TODAY)
    found = list_leads(world.session, sight, LeadFilter(text=text))
    assert len(found) == (text in ("正极", "dtgd", "DATAI"))
    find_alike(world.session, world.zone.id, Wanted(text, text), clocks=clocks, today=TODAY)


def test_one_slip_does_not_hide_a_look_alike_among_many(world: World) -> None:
    for number in range(150):
        make_lead(
            world.session, world.zone, world.unit, name=f"喀什{number}号光伏材料生产线项目",
            investor_name=f"新疆第{number}投资有限公司",
        )  # fmt: skip
    make_project(world.session, world.zone, name="锂电池正极材料生产线项目")
    found = find_alike(
        world.session, world.zone.id, Wanted("锂电池正级材料生产线", ""), clocks=Clocks(), today=TODAY
    )
    assert (found[0].name, found[0].level) == ("锂电池正极材料生产线项目", Level.near)
