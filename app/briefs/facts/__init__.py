"""The frozen facts of a brief: every number of one month, read once from ``app.figures`` on one basis."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.briefs.facts import places, progress, projects
from app.briefs.facts.basis import Ground, closed_as, corrections, find_ground
from app.briefs.facts.rows import rows_of_year
from app.briefs.rules import FORM, write_brief
from app.figures.queries import headline, list_standing, target_progress
from app.figures.queries.kept import kept_reserve_sums
from app.figures.queries.year import left_out, list_dissolved
from app.journal.rules import LIVE, FactKind, Reading
from app.kernel.money import BIG_FEN
from app.kernel.periods import Month

Data = dict[str, Any]
STEPS = (FactKind.signed, FactKind.started, FactKind.produced)


def take_snapshot(
    session: Session,
    zone: Zone,
    month: Month,
    *,
    issued_on: dt.date,
    public_url: str,
    rows: bool = True,
    reading: Reading = LIVE,
) -> Data:
    """Everything the brief of ``month`` says, as plain values fit for JSON: amounts in fen, days as ISO text.

    ``data`` holds the numbers, ``rows`` the facts behind them, unless not wanted, ``content`` the words and
    tables made of them; nothing is looked up later. All of it is read from ``reading``: figures, the register at the
    end of the month and its warnings from the facts, the reserve and what waits for review as the close kept them.
    """
    month = reading.of(month)
    ground = find_ground(session, zone, month, reading)
    snapshot = {
        "form": FORM,
        "zone": _zone(zone, month, ground),
        "month": str(month),
        "cutoff": month.cutoff,
        "issued_on": issued_on.isoformat(),
        "public_url": public_url,
        "basis": reading.basis.value,
        **closed_as(ground),
        **({"words": zone.brief_words} if zone.brief_words else {}),
        "data": _data(session, zone, month, ground),
    }
    if rows:
        snapshot["rows"] = rows_of_year(session, zone, month, reading)
    return snapshot | {"content": write_brief(snapshot)}


def _zone(zone: Zone, month: Month, ground: Ground) -> Data:
    total = None
    if zone.brief_total_before is not None and zone.brief_total_year is not None:
        total = zone.brief_total_before + 12 * (month.year - zone.brief_total_year) + month.month
    by_recognition = zone.by_recognition if ground.close is None else ground.close.by_recognition
    return {
        "name": zone.name,
        "province": zone.province,
        "office": zone.brief_office or f"{zone.name}管理委员会",
        "masthead": zone.brief_masthead,
        "prefix": zone.brief_prefix,
        "number": month.month,
        "total": total if total and total > 0 else None,
        "report_to": zone.brief_report_to,
        "send_to": zone.brief_send_to,
        "issue_to": zone.brief_issue_to,
        "copies": zone.brief_copies,
        "by_recognition": sorted(part for part in by_recognition.split(",") if part),
    }


def _data(session: Session, zone: Zone, month: Month, ground: Ground) -> Data:
    day, reading = month.last_day, ground.reading
    whole = headline(session, zone, month, reading=reading)
    targets = target_progress(session, zone, month, whole=whole, reading=reading)
    dissolved = list_dissolved(session, zone, month, reading=reading)
    left = left_out(session, zone, month, reading=reading)
    standing = list_standing(session, zone.id, day, reading=reading)
    return {
        "figures": progress.figures_of(whole),
        "before": progress.figures_before(session, zone, month, ground),
        "corrections": corrections(session, zone, ground),
        "months": progress.months_of_year(session, zone, month, reading),
        "dissolved": [projects.as_data(row) for row in dissolved],
        "left_out": {kind.value: list(pair) for kind, pair in left.items()},
        "targets": progress.whole_targets(targets),
        "units": progress.unit_progress(session, zone, month, targets, ground),
        "stock": projects.stock(session, zone, day, reading),
        "stock_big": projects.stock(session, zone, day, reading, big_only=True),
        "stages": projects.stages(session, zone, day, reading),
        "reserve": projects.as_data(kept_reserve_sums(session, zone.id, day, reading)),
        "changes": {
            kind.value: projects.changes(session, zone, month, kind, standing, reading) for kind in STEPS
        },
        "largest": {kind.value: projects.largest(session, zone, month, kind, reading) for kind in STEPS},
        "chains": places.chains(session, zone, month, reading),
        "origins": places.origins(session, zone, month, reading),
        "areas": places.areas(session, zone, month, reading),
        "warnings": projects.warnings(session, zone, day, reading),
        "ledger": [projects.as_data(row) for row in standing if row.total_fen >= BIG_FEN],
    }
