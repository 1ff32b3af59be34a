"""A zone with a history: records are edited in every way that officers and reviewers can, months are closed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.rules import Actor
from app.directory.models import Area, Chain, ResponsibleUnit, Segment
from app.figures.queries import (
    StandingRow,
    breakdown,
    chain_pictures,
    headline,
    list_rows,
    list_standing,
    list_warned,
    standing_sums,
    target_progress,
)
from app.figures.queries.basis import recognition_kinds
from app.figures.queries.warnings import SLOW_BIG, STALLED_BIG, UNFUNDED, Warned, warning_sums
from app.figures.rules import CATALOGUE, WindowName, settled_by
from app.funds.models import ArrivalShare, FundArrival
from app.funds.rules import FundSource, ReviewState
from app.investors.models import Investor
from app.journal.rules import LIVE, Dimension, Reading
from app.kernel.periods import Month
from app.pipeline.models import Contract, Milestone, Project
from app.pipeline.rules import ContractKind, MilestoneKind
from app.targets.models import AnnualTarget


def actor_in(zone: Zone) -> Actor:
    """Who closes and reopens."""
    return Actor(zone.id, None, "审核人")


def picture(
    session: Session, zone: Zone, month: Month, by: Dimension, code: str, reading: Reading = LIVE
) -> dict[str, Any]:
    """Every figure of a month, by one dimension, chains, targets, and the rows of one figure, on one basis."""
    rows = {code: list_rows(session, zone, month, CATALOGUE[code], WindowName.ytd, reading=reading)}
    return {
        "whole": headline(session, zone, month, reading=reading),
        "by": breakdown(session, zone, month, by, reading=reading),
        "chains": chain_pictures(session, zone.id, month.last_day, reading=reading),
        "targets": target_progress(session, zone, month, reading=reading),
        "register": register(session, zone, month.last_day, reading),
        # Names of projects and companies are those of the posting, so that they may be older than today's.
        "rows": {
            code: (
                sorted((r.on_day, r.project_id, r.unit, r.area or "", r.chain or "", r.value) for r in found),
                number,
                total,
            )
            for code, (found, number, total) in rows.items()
        },
    }


def register(session: Session, zone: Zone, day: dt.date, reading: Reading) -> dict[str, Any]:
    """在册 on a day: its rows, sums and warnings; without names, which may be older than today's in the books.

    A zone that counts money on the day of recognition has none in the register's books on the day it arrived.
    """
    dated = not recognition_kinds(zone)
    since, name = settled_by(day), (SLOW_BIG if dated else STALLED_BIG)
    warned = list_warned(session, zone.id, day, name, settled_by=since, reading=reading)
    sums = warning_sums(session, zone.id, day, settled_by=since, reading=reading)
    assert sums[name] == Warned(len(warned), sum(row.total_fen for row in warned))
    held = list_standing(session, zone.id, day, reading=reading)
    groups = standing_sums(session, zone.id, day, "segment", reading=reading)
    assert sum(one.projects for one in groups) == len(held)
    for value in ("total_fen", "output_fen", "arrived_fen"):
        assert sum(getattr(one, value) for one in groups) == sum(getattr(row, value) or 0 for row in held)
    shown = {one.member: (one.projects, one.total_fen, one.output_fen) for one in groups}
    unfunded = {name: sums[name] for name in (STALLED_BIG, *((UNFUNDED,) if dated else ()))}
    return {"rows": _bare(held, dated), "groups": shown, "warned": _bare(warned, dated), "sums": unfunded}


def _bare(rows: list[StandingRow], dated: bool) -> dict[int, StandingRow]:
    changed: dict[str, Any] = {} if dated else {"arrived_fen": 0}
    return {row.project_id: replace(row, name="", investor="", number="", **changed) for row in rows}


def edit(session: Session, zone: Zone, dice: random.Random) -> str:
    """Change something of the zone's records; returns what, for a failing example."""
    session.flush()
    name = dice.choice(list(EDITS))
    EDITS[name](session, zone, dice)
    session.flush()
    return name


def _any(session: Session, zone: Zone, kind: Any, dice: random.Random, *conditions: Any) -> Any:
    found = session.scalars(select(kind).where(kind.zone_id == zone.id, *conditions).order_by(kind.id)).all()
    return dice.choice(found) if found else None


def _day(dice: random.Random) -> dt.date:
    return dt.date(2023, 1, 1) + dt.timedelta(days=dice.randrange(700))


def _arrival_amount(session: Session, zone: Zone, dice: random.Random) -> None:
    arrival = _any(session, zone, FundArrival, dice)
    if arrival is not None:
        fen = dice.randrange(1, 10**12)
        session.execute(delete(ArrivalShare).where(ArrivalShare.arrival_id == arrival.id))
        arrival.amount_fen = arrival.claimed_fen = arrival.original_minor = fen
        arrival.cut_reason = ""


def _arrival_state(session: Session, zone: Zone, dice: random.Random) -> None:
    arrival = _any(session, zone, FundArrival, dice)
    if arrival is not None:
        arrival.amount_fen, arrival.cut_reason = arrival.claimed_fen, ""
        session.execute(delete(ArrivalShare).where(ArrivalShare.arrival_id == arrival.id))
        known = arrival.state is ReviewState.recognised
        arrival.state = ReviewState.returned if known else ReviewState.recognised
        arrival.recognised_on = None if known else _day(dice)


def _arrival_day(session: Session, zone: Zone, dice: random.Random) -> None:
    arrival = _any(session, zone, FundArrival, dice)
    if arrival is not None:
        arrival.arrived_on, arrival.source = _day(dice), dice.choice(list(FundSource))


def _arrival_gone(session: Session, zone: Zone, dice: random.Random) -> None:
    arrival = _any(session, zone, FundArrival, dice)
    if arrival is not None:
        session.execute(delete(ArrivalShare).where(ArrivalShare.arrival_id == arrival.id))
        session.delete(arrival)


def _arrival_shared(session: Session, zone: Zone, dice: random.Random) -> None:
    arrival = _any(session, zone, FundArrival, dice)
    if arrival is None:
        return
    session.execute(delete(ArrivalShare).where(ArrivalShare.arrival_id == arrival.id))
    units = session.scalars(select(ResponsibleUnit.id).where(ResponsibleUnit.zone_id == zone.id)).all()
    part = dice.randrange(arrival.amount_fen + 1)
    for unit, fen in zip(dice.sample(units, 2), (part, arrival.amount_fen - part), strict=True):
        key = {"zone_id": zone.id, "arrival_id": arrival.id, "unit_id": unit}
        session.add(ArrivalShare(**key, percent_hundredths=5000, amount_fen=fen))


def _contract(session: Session, zone: Zone, dice: random.Random) -> None:
    contract = _any(session, zone, Contract, dice)
    if contract is not None:
        contract.signed_on, contract.amount_fen = _day(dice), dice.randrange(1, 10**13)


def _supplement(session: Session, zone: Zone, dice: random.Random) -> None:
    formal = _any(session, zone, Contract, dice, Contract.kind == ContractKind.formal)
    if formal is not None:
        values = {"signed_on": _day(dice), "amount_fen": dice.randrange(10**11), "unit_id": formal.unit_id}
        kind = ContractKind.supplement
        session.add(Contract(zone_id=zone.id, project_id=formal.project_id, kind=kind, **values))


def _handed_over(session: Session, zone: Zone, dice: random.Random) -> None:
    project = _any(session, zone, Project, dice)
    if project is not None:
        project.unit_id = _any(session, zone, ResponsibleUnit, dice).id


def _dissolved(session: Session, zone: Zone, dice: random.Random) -> None:
    project = _any(session, zone, Project, dice)
    if project is None:
        return
    own = Milestone.project_id == project.id, Milestone.kind == MilestoneKind.terminated
    found = session.scalars(select(Milestone).where(Milestone.zone_id == zone.id, *own)).one_or_none()
    if found is not None and dice.random() < 0.5:
        session.delete(found)
    elif found is not None:
        found.reached_on = _day(dice)
    else:
        key = {"zone_id": zone.id, "project_id": project.id, "unit_id": project.unit_id}
        session.add(Milestone(**key, kind=MilestoneKind.terminated, reached_on=_day(dice)))


def _milestone(session: Session, zone: Zone, dice: random.Random) -> None:
    milestone = _any(session, zone, Milestone, dice)
    if milestone is not None:
        milestone.reached_on = _day(dice)
        milestone.unit_id = _any(session, zone, ResponsibleUnit, dice).id


def _reclassified(session: Session, zone: Zone, dice: random.Random) -> None:
    project = _any(session, zone, Project, dice)
    if project is not None:
        segment = _any(session, zone, Segment, dice)
        project.chain_id, project.segment_id = segment.chain_id, segment.id
        project.area_id = dice.choice([None, _any(session, zone, Area, dice).id])
        project.industry = dice.choice([None, "C3985", "F5179"])
        project.output_fen = dice.choice([None, dice.randrange(10**12)])


def _moved_company(session: Session, zone: Zone, dice: random.Random) -> None:
    investor = _any(session, zone, Investor, dice)
    if investor is not None:
        investor.origin = dice.choice([None, "广东省", "浙江省"])


def _renamed(session: Session, zone: Zone, dice: random.Random) -> None:
    for kind in (ResponsibleUnit, Area, Chain, Segment, Project, Investor):
        record = _any(session, zone, kind, dice)
        if record is not None:
            record.name = f"{record.name[:20]}{dice.randrange(10**6)}"


def _target(session: Session, zone: Zone, dice: random.Random) -> None:
    unit = dice.choice([None, _any(session, zone, ResponsibleUnit, dice).id])
    own = AnnualTarget.figure == "funds.amount", AnnualTarget.unit_id == unit
    found = session.scalars(select(AnnualTarget).where(AnnualTarget.zone_id == zone.id, *own)).one_or_none()
    if found is None:
        key = {"zone_id": zone.id, "year": 2024, "figure": "funds.amount", "unit_id": unit}
        session.add(AnnualTarget(**key, value=dice.randrange(1, 10**13)))
    else:
        found.value += 1


EDITS: dict[str, Callable[[Session, Zone, random.Random], None]] = {
    "amount of an arrival": _arrival_amount,
    "state of an arrival": _arrival_state,
    "day and source of an arrival": _arrival_day,
    "arrival gone": _arrival_gone,
    "arrival divided": _arrival_shared,
    "contract": _contract,
    "supplement": _supplement,
    "handed over": _handed_over,
    "dissolved or not": _dissolved,
    "milestone and unit": _milestone,
    "reclassified": _reclassified,
    "company moved": _moved_company,
    "renamed": _renamed,
    "target": _target,
}
