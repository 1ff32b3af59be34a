"""The frozen facts of a brief: every number of one month, read once from ``app.figures``."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.briefs.facts import places, progress, projects
from app.briefs.facts.rows import rows_of_year
from app.briefs.rules import FORM, write_brief
from app.figures.queries import headline, list_standing, target_progress
from app.figures.queries.warnings import reserve_on
from app.figures.queries.year import left_out, list_dissolved
from app.journal.rules import FactKind
from app.kernel.periods import Month

Data = dict[str, Any]
STEPS = (FactKind.signed, FactKind.started, FactKind.produced)


def take_snapshot(
    session: Session, zone: Zone, month: Month, *, issued_on: dt.date, public_url: str, rows: bool = True
) -> Data:
    """Everything the brief of ``month`` says, as plain values fit for JSON: amounts in fen, days as ISO text.

    ``data`` holds the numbers, ``rows`` the facts behind them, unless not wanted, ``content`` the words and
    tables made of them; nothing is looked up later.
    """
    snapshot = {
        "form": FORM,
        "zone": _zone(zone, month),
        "month": str(month),
        "cutoff": month.cutoff,
        "issued_on": issued_on.isoformat(),
        "public_url": public_url,
        "basis": "live",
        "data": _data(session, zone, month),
    }
    if rows:
        snapshot["rows"] = rows_of_year(session, zone, month)
    return snapshot | {"content": write_brief(snapshot)}


def _zone(zone: Zone, month: Month) -> Data:
    total = None
    if zone.brief_total_before is not None and zone.brief_total_year is not None:
        total = zone.brief_total_before + 12 * (month.year - zone.brief_total_year) + month.month
    return {
        "name": zone.name,
        "province": zone.province,
        "office": zone.brief_office or f"{zone.name}管理委员会",
        "masthead": zone.brief_masthead,
        "number": month.month,
        "total": total if total and total > 0 else None,
        "report_to": zone.brief_report_to,
        "send_to": zone.brief_send_to,
        "issue_to": zone.brief_issue_to,
        "copies": zone.brief_copies,
        "by_recognition": sorted(part for part in zone.by_recognition.split(",") if part),
    }


def _data(session: Session, zone: Zone, month: Month) -> Data:
    day = month.last_day
    whole = headline(session, zone, month)
    targets = target_progress(session, zone, month, whole=whole)
    ledger = list_standing(session, zone.id, day, big_only=True)
    return {
        "figures": progress.figures_of(whole),
        "before": progress.figures_before(session, zone, month),
        "printed_before": progress.printed_before(session, zone, month),
        "months": progress.months_of_year(session, zone, month),
        "dissolved": [projects.as_data(row) for row in list_dissolved(session, zone, month)],
        "left_out": {kind.value: list(pair) for kind, pair in left_out(session, zone, month).items()},
        "targets": progress.whole_targets(targets),
        "units": progress.unit_progress(session, zone, month, targets),
        "stock": projects.stock(session, zone, day),
        "stock_big": projects.stock(session, zone, day, big_only=True),
        "stages": projects.stages(session, zone, day),
        "reserve": projects.as_data(reserve_on(session, zone.id, day)),
        "changes": {kind.value: projects.changes(session, zone, month, kind, ledger) for kind in STEPS},
        "largest": {kind.value: projects.largest(session, zone, month, kind) for kind in STEPS},
        "chains": places.chains(session, zone, month),
        "origins": places.origins(session, zone, month),
        "areas": places.areas(session, zone, month),
        "warnings": projects.warnings(session, zone, day),
        "ledger": [projects.as_data(row) for row in ledger],
    }
