"""Projects of the brief: what moved in the month, what stands at its end, what does not move."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.figures.queries import FactRow, StandingRow, list_rows, standing_sums
from app.figures.queries.kept import kept_backlog
from app.figures.queries.warnings import (
    SLOW_BIG,
    STALLED_BIG,
    UNFUNDED,
    list_warned,
    warning_sums,
)
from app.figures.rules import CATALOGUE, WindowName, settled_by
from app.journal.rules import FactKind, Reading
from app.kernel.periods import Month

Data = dict[str, Any]


def as_data(row: Any) -> Data:
    """A row as plain values: days as ISO text."""
    return {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in asdict(row).items()}


def stages(session: Session, zone: Zone, day: dt.date, reading: Reading) -> list[Data]:
    """Standing projects by the stage they are in, signed to full."""
    found = {sums.member: sums for sums in standing_sums(session, zone.id, day, "stage", reading=reading)}
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


def stock(session: Session, zone: Zone, day: dt.date, reading: Reading, *, big_only: bool = False) -> Data:
    """Sums over the register: projects, totals, expected output and money so far."""
    sums = as_data(standing_sums(session, zone.id, day, big_only=big_only, reading=reading)[0])
    del sums["member"]
    return sums


def changes(
    session: Session, zone: Zone, month: Month, kind: FactKind, standing: list[StandingRow], reading: Reading
) -> list[Data]:
    """The 亿元以上 projects that took this step in the month, largest first; ``standing`` has their money.

    ``value`` is 1, or -1 for one that a correction of an earlier month took back.
    """
    known = {row.project_id: row for row in standing}
    code = f"{kind}_big.count"
    found: dict[int, Data] = {}
    for row in list_rows(session, zone, month, CATALOGUE[code], WindowName.month, reading=reading)[0]:
        if row.value:
            own, earlier = known.get(row.project_id), found.get(row.project_id)
            fen = abs(row.amount_fen) * row.value
            found[row.project_id] = {
                **_change(row, own),
                "value": row.value + (earlier["value"] if earlier else 0),
                "amount_fen": fen + (earlier["amount_fen"] if earlier else 0),
            }
    rows = [row for row in found.values() if row["value"]]
    return sorted(rows, key=lambda row: (-row["amount_fen"], row["number"]))


def _change(row: FactRow, own: StandingRow | None) -> Data:
    return {
        "project_id": row.project_id,
        "number": row.number,
        "name": row.project,
        "investor": row.investor,
        "chain": row.chain,
        "segment": own.segment if own else None,
        "area": row.area,
        "unit": row.unit,
        "arrived_fen": own.arrived_fen if own else 0,
    }


def largest(session: Session, zone: Zone, month: Month, kind: FactKind, reading: Reading) -> Data | None:
    """The largest project that took this step in the month, of any size; None when none is left of them."""
    figure = CATALOGUE[f"{kind}.count"]
    rows, _number, total = list_rows(session, zone, month, figure, WindowName.month, reading=reading)
    values: dict[int, int] = {}
    for row in rows:
        values[row.project_id] = values.get(row.project_id, 0) + row.value
    stepped = [row for row in rows if row.value > 0 and values[row.project_id] > 0]
    first = max(stepped, key=lambda r: (r.amount_fen, r.number), default=None)
    if first is None or total <= 0:
        return None
    return {
        "id": first.project_id,
        "name": first.project,
        "investor": first.investor,
        "amount_fen": first.amount_fen,
        "alone": sum(1 for value in values.values() if value) == 1,
    }


def warnings(session: Session, zone: Zone, day: dt.date, reading: Reading) -> Data:
    """Sums of each warning, the projects that are named, and the arrivals not recognised."""
    since = settled_by(day)
    sums = warning_sums(session, zone.id, day, settled_by=since, reading=reading)
    return {
        "settled_by": since.isoformat(),
        "sums": {name: asdict(warned) for name, warned in sums.items()},
        "rows": {
            name: [
                as_data(row)
                for row in list_warned(session, zone.id, day, name, settled_by=since, reading=reading)
            ]
            for name in (STALLED_BIG, UNFUNDED, SLOW_BIG)
        },
        "backlog": [asdict(backlog) for backlog in kept_backlog(session, zone.id, day, reading)],
    }
