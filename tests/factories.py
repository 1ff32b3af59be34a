"""Makes records with valid defaults; a test names only what it is about. Money is given in fen.

Each function adds to the session, flushes and returns the record. The first argument after the session
is the zone (``make_zone`` has none). Nothing is committed.
"""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from app.accounts.models import UserAccount, Zone
from app.accounts.rules import Role
from app.activities.models import Activity, Task
from app.activities.rules import ActivityKind
from app.audit.rules import Actor
from app.directory.models import Area, Chain, ResponsibleUnit, Segment
from app.directory.rules import pinyin_key
from app.funds.models import FundArrival
from app.funds.rules import FundSource, ReviewState
from app.investors.models import Contact, Investor
from app.kernel.text import name_key
from app.leads.models import Lead
from app.leads.rules import LeadSource, company_key
from app.pipeline.models import (
    Commitment,
    Contract,
    ContractReview,
    GateItem,
    Milestone,
    Project,
    Responsibility,
    StageChange,
    StageRequest,
)
from app.pipeline.rules import (
    ContractKind,
    GateKind,
    How,
    MilestoneKind,
    ReviewKind,
    ReviewResult,
    Side,
    Stage,
    first_steps,
    stage_days,
)
from app.targets.models import AnnualTarget
from app.warnings.models import WarningExcuse
from app.warnings.rules import Level, WarningKind

NOW = dt.datetime(2024, 6, 30, 8, 0, tzinfo=dt.UTC)
SIGNED_ON = dt.date(2024, 3, 15)
YI = 10_000_000_000
"""1亿元 in fen."""
WAN = 1_000_000
"""1万元 in fen."""
PASSWORD = "Correct-Horse-7"
# Weak on purpose: a hash as strong as the real ones takes a sixth of a second each.
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)

_numbers = itertools.count(1)


def _number() -> int:
    return next(_numbers)


def _add(session: Session, record: Any) -> Any:
    session.add(record)
    session.flush()
    return record


def make_zone(session: Session, name: str = "", **fields: Any) -> Zone:
    """A zone with empty lists."""
    values: dict[str, Any] = {"name": name or f"试验{_number()}开发区", "created_at": NOW, **fields}
    return _add(session, Zone(**values))


def make_user(session: Session, zone: Zone, role: Role = Role.officer, **fields: Any) -> UserAccount:
    """A person who has chosen the password ``PASSWORD``."""
    number = _number()
    values: dict[str, Any] = {
        "login": f"user{number}",
        "name": f"用户{number}",
        "role": role,
        "password_hash": PASSWORD_HASH,
        "password_changed_at": NOW,
        "created_at": NOW,
        **fields,
    }
    return _add(session, UserAccount(zone_id=zone.id, **values))


def actor_of(user: UserAccount) -> Actor:
    """The person as operations see it."""
    return Actor(user.zone_id, user.id, user.name)


def make_unit(session: Session, zone: Zone, name: str = "", **fields: Any) -> ResponsibleUnit:
    """A responsible unit; units stand in the order in which they were made."""
    number = _number()
    fields.setdefault("position", number)
    return _add(session, ResponsibleUnit(zone_id=zone.id, name=name or f"招商{number}部", **fields))


def make_area(session: Session, zone: Zone, name: str = "", **fields: Any) -> Area:
    """A functional area."""
    number = _number()
    fields.setdefault("position", number)
    return _add(session, Area(zone_id=zone.id, name=name or f"片区{number}", **fields))


def make_chain(
    session: Session, zone: Zone, name: str = "", segments: tuple[str, ...] = (), **fields: Any
) -> Chain:
    """A chain with its segments."""
    number = _number()
    fields.setdefault("position", number)
    chain = _add(session, Chain(zone_id=zone.id, name=name or f"产业链{number}", **fields))
    for position, segment in enumerate(segments):
        _add(session, Segment(zone_id=zone.id, chain_id=chain.id, name=segment, position=position))
    return chain


def make_investor(session: Session, zone: Zone, name: str = "", **fields: Any) -> Investor:
    """A company without USCC."""
    name = name or f"投资{_number()}有限公司"
    values: dict[str, Any] = {"name": name, "name_key": name_key(name), "created_at": NOW, "updated_at": NOW}
    return _add(session, Investor(zone_id=zone.id, **{**values, **fields}))


def make_contact(session: Session, zone: Zone, investor: Investor, **fields: Any) -> Contact:
    """Somebody at a company, with a number that nobody may see unasked."""
    values: dict[str, Any] = {"name": f"联系人{_number()}", "phone": "13812345678", "recorded_name": "导入"}
    values |= {"title": "经理", "recorded_at": NOW, **fields}
    return _add(session, Contact(zone_id=zone.id, investor_id=investor.id, **values))


def make_project(
    session: Session,
    zone: Zone,
    *,
    unit: ResponsibleUnit | None = None,
    investor: Investor | None = None,
    total_fen: int | None = YI,
    signed_on: dt.date | None = SIGNED_ON,
    reached: dict[MilestoneKind, dt.date] | None = None,
    **fields: Any,
) -> Project:
    """A project with a formal contract of ``total_fen`` signed on ``signed_on`` (None: in talks, no contract).

    ``reached`` are its milestones; the stage follows from them unless given.
    """
    number = _number()
    unit = unit or make_unit(session, zone)
    investor = investor or make_investor(session, zone)
    name = fields.pop("name", f"示例{number}生产线项目")
    values: dict[str, Any] = {
        "number": f"T{number:07d}",
        "name_key": name_key(name),
        "name_pinyin": pinyin_key(name),
        "stage": _stage(reached or {}, signed_on),
        "investment_fen": total_fen,
        "created_at": NOW,
        "updated_at": NOW,
        **fields,
    }
    project = Project(
        zone_id=zone.id,
        name=name,
        unit_id=unit.id,
        investor_id=investor.id,
        total_fen=total_fen,
        signed_on=signed_on,
        **values,
    )
    _add(session, project)
    ids = {"zone_id": zone.id, "project_id": project.id, "unit_id": unit.id}
    _add(session, Responsibility(from_on=dt.date.min, **ids))
    if signed_on is not None:
        make_contract(session, zone, project, signed_on=signed_on, amount_fen=total_fen)
    for kind, day in (reached or {}).items():
        make_milestone(session, zone, project, kind, day)
    make_history(session, zone, project, reached or {})
    return project


def make_history(
    session: Session, zone: Zone, project: Project, reached: dict[MilestoneKind, dt.date]
) -> None:
    """The history of stages that the project's own dates tell, with nothing owed."""
    days = stage_days(reached, project.signed_on)
    before = None
    for seq, step in enumerate(first_steps(project.stage, days, NOW.date()), 1):
        make_change(
            session, zone, project, step.stage, step.day, seq=seq, from_stage=before, how=How.register
        )
        before = step.stage


def make_change(
    session: Session, zone: Zone, project: Project, to: Stage, day: dt.date, **fields: Any
) -> StageChange:
    """A line of a project's history; ``project.stage`` stays as it is."""
    values: dict[str, Any] = {
        "how": How.form,
        "person_name": "登记人",
        "recorded_at": NOW,
        "effective_on": day,
        **fields,
    }
    return _add(session, StageChange(zone_id=zone.id, project_id=project.id, to_stage=to, **values))


def make_request(
    session: Session, zone: Zone, project: Project, by: UserAccount, to: Stage, **fields: Any
) -> StageRequest:
    """``by`` asks to take the project back to ``to``; it waits."""
    values: dict[str, Any] = {
        "from_stage": project.stage,
        "to_stage": to,
        "effective_on": NOW.date(),
        "reason_code": "mistaken",
        "reason": "登记有误",
        "remark": "填早了",
        "asked_name": by.name,
        "asked_at": NOW,
        **fields,
    }
    return _add(session, StageRequest(zone_id=zone.id, project_id=project.id, asked_by=by.id, **values))


def open_gates(session: Session, zone: Zone) -> None:
    """Let the zone's gates ask for nothing, for tests that are about something else."""
    values = {"stage": Stage.signed, "kind": GateKind.paper, "code": "none", "label": "不需要"}
    _add(session, GateItem(zone_id=zone.id, active=False, **values))


def _stage(reached: dict[MilestoneKind, dt.date], signed_on: dt.date | None) -> Stage:
    """The furthest stage among what was reached."""
    for stage in ("terminated", "full", "produced", "started", "landed"):
        if stage in reached:
            return Stage(stage)
    return Stage.signed if signed_on else Stage.talks


def make_contract(session: Session, zone: Zone, project: Project, **fields: Any) -> Contract:
    """A formal contract, or another kind; the project's own ``signed_on`` and ``total_fen`` stay as they are."""
    values: dict[str, Any] = {
        "kind": ContractKind.formal,
        "signed_on": SIGNED_ON,
        "amount_fen": YI,
        "unit_id": project.unit_id,
        **fields,
    }
    values.setdefault("recognised_on", values["signed_on"])
    return _add(session, Contract(zone_id=zone.id, project_id=project.id, **values))


def make_review(session: Session, zone: Zone, project: Project, **fields: Any) -> ContractReview:
    """A 合法性审查 that passed, of the draft."""
    values: dict[str, Any] = {
        "kind": ReviewKind.legality,
        "result": ReviewResult.passed,
        "opined_on": SIGNED_ON,
        "body": "司法局",
        **fields,
    }
    return _add(session, ContractReview(zone_id=zone.id, project_id=project.id, **values))


def make_commitment(session: Session, zone: Zone, project: Project, **fields: Any) -> Commitment:
    """A promise of the company that waits, beside the contracts."""
    values: dict[str, Any] = {
        "side": Side.investor,
        "what": "建成投产",
        "due_on": dt.date(2024, 12, 31),
        **fields,
    }
    return _add(session, Commitment(zone_id=zone.id, project_id=project.id, **values))


def make_terms(session: Session, zone: Zone, project: Project, text: str) -> dict[str, int]:
    """A framework, an opinion and a commitment that say ``text``, by the route arguments that ask for them."""
    contract = make_contract(
        session, zone, project, kind=ContractKind.framework, number=text[:60], note=text[:500]
    )
    review = make_review(session, zone, project, contract_id=contract.id, body=text[:60], remark=text[:500])
    commitment = make_commitment(session, zone, project, what=text[:500], condition=text[:200])
    return {"contract_id": contract.id, "review_id": review.id, "commitment_id": commitment.id}


def make_milestone(
    session: Session, zone: Zone, project: Project, kind: MilestoneKind, day: dt.date | None, **fields: Any
) -> Milestone:
    """A milestone reached on ``day``."""
    values: dict[str, Any] = {"unit_id": project.unit_id, "recognised_on": day, **fields}
    return _add(
        session, Milestone(zone_id=zone.id, project_id=project.id, kind=kind, reached_on=day, **values)
    )


def make_arrival(
    session: Session, zone: Zone, project: Project, amount_fen: int = 1000 * WAN, **fields: Any
) -> FundArrival:
    """Money in yuan from outside the province, recognised on the day after it arrived."""
    values: dict[str, Any] = {
        "arrived_on": dt.date(2024, 5, 20),
        "source": FundSource.outside,
        "state": ReviewState.recognised,
        "original_minor": amount_fen,
        "recorded_name": "导入",
        "recorded_at": NOW,
        "unit_id": project.unit_id,
        **fields,
    }
    if values["state"] is ReviewState.recognised:
        values.setdefault("recognised_on", values["arrived_on"] + dt.timedelta(days=1))
    return _add(session, FundArrival(zone_id=zone.id, project_id=project.id, amount_fen=amount_fen, **values))


def make_activity(
    session: Session, zone: Zone, by: UserAccount, *, project: Project | None = None, **fields: Any
) -> Activity:
    """An activity that ``by`` logged for the own unit."""
    values: dict[str, Any] = {
        "kind": ActivityKind.note,
        "on_day": NOW.date(),
        "text": "谈用地",
        "project_id": project.id if project else None,
        "unit_id": by.unit_id,
        "logged_at": NOW,
        **fields,
    }
    return _add(session, Activity(zone_id=zone.id, logged_by=by.id, logged_name=by.name, **values))


def make_task(
    session: Session, zone: Zone, owner: UserAccount, after: Activity | None = None, **fields: Any
) -> Task:
    """What ``owner`` has to do on the day of ``NOW``, as the next step of an activity."""
    after = after or make_activity(session, zone, owner)
    values: dict[str, Any] = {
        "text": "回访",
        "due_on": NOW.date(),
        "activity_id": after.id,
        "project_id": after.project_id,
        "made_at": NOW,
        **fields,
    }
    return _add(session, Task(zone_id=zone.id, owner_id=owner.id, **values))


def make_excuse(session: Session, zone: Zone, project: Project, user: UserAccount) -> WarningExcuse:
    """An excuse of ``user`` for a project that has not started, not decided yet."""
    values: dict[str, Any] = {
        "kind": WarningKind.unstarted,
        "level": Level.red,
        "until_on": dt.date(2099, 1, 1),
    }
    asked: dict[str, Any] = {"asked_by": user.id, "asked_name": user.name, "asked_at": NOW}
    return _add(
        session, WarningExcuse(zone_id=zone.id, project_id=project.id, reason="等环评批复", **values, **asked)
    )


def make_target(
    session: Session,
    zone: Zone,
    value: int,
    *,
    figure: str = "funds.amount",
    year: int = 2024,
    unit: ResponsibleUnit | None = None,
) -> AnnualTarget:
    """An annual target of a unit, or of the whole zone; fen for an amount, a number for a count."""
    unit_id = unit.id if unit else None
    return _add(
        session, AnnualTarget(zone_id=zone.id, year=year, figure=figure, unit_id=unit_id, value=value)
    )


def make_lead(session: Session, zone: Zone, unit: ResponsibleUnit, **fields: Any) -> Lead:
    """A lead that ``unit`` reported first, at ``NOW``, and has not assessed yet."""
    number = _number()
    name = fields.pop("name", f"意向{number}项目")
    investor = fields.pop("investor_name", f"意向{number}投资有限公司")
    at = fields.get("reported_at", NOW)
    values: dict[str, Any] = {
        "number": f"XS-{number:05d}",
        "name_key": name_key(name),
        "name_pinyin": pinyin_key(name),
        "investor_key": company_key(investor),
        "investor_pinyin": pinyin_key(investor),
        "source": LeadSource.visit_out,
        "first_unit_id": unit.id,
        "reported_name": "首报人",
        "reported_at": at,
        "unit_id": unit.id,
        "received_at": at,
        "progressed_at": at,
        "protected_until": at.date() + dt.timedelta(days=180),
        **fields,
    }
    return _add(session, Lead(zone_id=zone.id, name=name, investor_name=investor, **values))
