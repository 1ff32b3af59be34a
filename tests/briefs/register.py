"""The register of a day the slow and obvious way: one loop over the records, for what the brief says of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.directory.models import Area, Chain
from app.funds.models import FundArrival
from app.funds.rules import ReviewState
from app.pipeline.models import Contract, Milestone, Project
from app.pipeline.rules import ContractKind, MilestoneKind

NONE_LABEL = "未填"
BIG, SLOW_PERCENT = 100_000_000 * 100, 20
Number = tuple[Decimal, str]


@dataclass(frozen=True)
class Standing:
    """A project with a formal contract that is not dissolved; its total and its money by the day, in fen."""

    project: int
    area: str | None
    chain: str | None
    signed_on: dt.date
    started_on: dt.date | None
    goes_on: bool
    total: int
    arrived: int
    output: int


def register_of(session: Session, zone_id: int, day: dt.date) -> list[Standing]:
    names = {(row.id): row.name for row in session.scalars(select(Area).where(Area.zone_id == zone_id))}
    names |= {row.id: row.name for row in session.scalars(select(Chain).where(Chain.zone_id == zone_id))}
    found = []
    for project in session.scalars(select(Project).where(Project.zone_id == zone_id)):
        mine = [c for c in session.scalars(select(Contract)) if c.project_id == project.id and c.signed_on]
        signed = [c for c in mine if c.kind is ContractKind.formal and c.signed_on <= day]
        reached = {
            m.kind: m.reached_on
            for m in session.scalars(select(Milestone).where(Milestone.project_id == project.id))
            if m.reached_on and m.reached_on <= day
        }
        if not signed or MilestoneKind.terminated in reached:
            continue
        more = [c for c in mine if c.kind is ContractKind.supplement and c.signed_on <= day]
        money = [
            a.amount_fen
            for a in session.scalars(select(FundArrival).where(FundArrival.project_id == project.id))
            if a.state is ReviewState.recognised and a.arrived_on <= day
        ]
        found.append(
            Standing(
                project.id,
                names.get(project.area_id or 0),
                names.get(project.chain_id or 0),
                signed[0].signed_on,
                reached.get(MilestoneKind.started),
                bool(reached.keys() & {MilestoneKind.produced, MilestoneKind.full}),
                sum(c.amount_fen for c in [*signed, *more]),
                sum(money),
                project.output_fen or 0,
            )
        )
    return found


def value_in(
    rows: list[Standing], code: str, window: str, narrowed: dict[str, str], settled_by: dt.date
) -> Number | None:
    """What an address of the register means; None when it is none, or narrowed in another way."""
    if narrowed.keys() - {"area", "chain", "project", "stock"}:
        return None
    mine = [
        row
        for row in rows
        if all(
            str(getattr(row, key) or NONE_LABEL) == value for key, value in narrowed.items() if key != "stock"
        )
    ]
    family, _dot, what = code.partition(".")
    if code == "funds.amount" and window == "all":
        family, what = "stock", "arrived"
    elif code in ("funds.rate", "slow.rate"):
        return Decimal(sum(r.arrived for r in mine)) * 100 / sum(r.total for r in mine), "%"
    elif window:
        return None
    waits = [r for r in mine if not r.started_on and not r.goes_on and r.signed_on <= settled_by]
    begun = [r for r in mine if r.started_on]
    families: dict[str, list[Standing]] = {
        "stock": mine,
        "stock_big": [r for r in mine if r.total >= BIG],
        "stalled": waits,
        "stalled_big": [r for r in waits if r.total >= BIG],
        "unfunded": [r for r in begun if not r.arrived],
        "slow": [
            r
            for r in begun
            if r.total >= BIG and r.started_on and r.started_on <= settled_by
            and 0 < r.arrived * 100 < r.total * SLOW_PERCENT
        ],
    }  # fmt: skip
    if family not in families:
        return None
    fields: dict[str, Any] = {"amount": "total", "output": "output", "arrived": "arrived"}
    if what == "count":
        return Decimal(len(families[family])), "count"
    if what in fields:
        return Decimal(sum(getattr(row, fields[what]) for row in families[family])), "fen"
    return None
