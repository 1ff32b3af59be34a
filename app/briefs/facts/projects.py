"""Projects of the brief: what moved in the month, what stands at its end, what does not move."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.figures.queries import StandingRow, list_rows, standing_sums
from app.figures.queries.warnings import (
    SLOW_BIG,
    STALLED_BIG,
    UNFUNDED,
    list_warned,
    review_backlog,
    warning_sums,
)
from app.figures.rules import CATALOGUE, WindowName, settled_by
from app.journal.rules import FactKind
from app.kernel.periods import Month

Data = dict[str, Any]


def as_data(row: Any) -> Data:
    """A row as plain values: days as ISO text."""
    return {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in asdict(row).items()}


def stages(session: Session, zone: Zone, day: dt.date) -> list[Data]:
    """Standing projects by the stage they are in, signed to full."""
    found = {sums.member: sums for sums in standing_sums(session, zone.id, day, "stage")}
    rows = []
    for stage in ("signed", "landed", "started", "produced", "full"):
        sums = found.get(stage)
        rows.append(
            {
                "stage": stage,
                "projects": sums.projects if sums else 0,
                "total_fen": sums.total_fen if sums else 0,
            }
        )
    return rows


def stock(session: Session, zone: Zone, day: dt.date, *, big_only: bool = False) -> Data:
    """Sums over the register: projects, totals, expected output and money so far."""
    sums = as_data(standing_sums(session, zone.id, day, big_only=big_only)[0])
    del sums["member"]
    return sums


def changes(
    session: Session, zone: Zone, month: Month, kind: FactKind, ledger: list[StandingRow]
) -> list[Data]:
    """The 亿元以上 projects that took this step in the month, largest first; ``ledger`` has their money."""
    known = {row.project_id: row for row in ledger}
    rows, _number, _total = list_rows(session, zone, month, CATALOGUE[f"{kind}_big.count"], WindowName.month)
    found = [
        as_data(known[r.project_id]) | {"amount_fen": r.amount_fen, "unit": r.unit}
        for r in rows
        if r.value and r.project_id in known
    ]
    return sorted(found, key=lambda row: (-row["amount_fen"], row["number"]))


def largest(session: Session, zone: Zone, month: Month, kind: FactKind) -> Data | None:
    """The largest project that took this step in the month, of any size."""
    rows, _number, _total = list_rows(session, zone, month, CATALOGUE[f"{kind}.count"], WindowName.month)
    row = max((r for r in rows if r.value), key=lambda r: (r.amount_fen, r.number), default=None)
    if row is None:
        return None
    return {"id": row.project_id, "name": row.project, "investor": row.investor, "amount_fen": row.amount_fen}


def warnings(session: Session, zone: Zone, day: dt.date) -> Data:
    """Sums of each warning, the projects that are named, and the arrivals not recognised."""
    since = settled_by(day)
    sums = warning_sums(session, zone.id, day, settled_by=since)
    return {
        "settled_by": since.isoformat(),
        "sums": {name: asdict(warned) for name, warned in sums.items()},
        "rows": {
            name: [as_data(row) for row in list_warned(session, zone.id, day, name, settled_by=since)]
            for name in (STALLED_BIG, UNFUNDED, SLOW_BIG)
        },
        "backlog": [asdict(backlog) for backlog in review_backlog(session, zone.id, day)],
    }
