"""What the first page shows, put together from the figures: every number comes from ``app.figures``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.figures.queries import (
    Change,
    breakdown,
    funds_two_years,
    list_big_changes,
    list_big_problems,
    target_progress,
)
from app.figures.queries.changes import CHANGES
from app.figures.queries.warnings import BIG, STALLED_BIG, Warned, warning_sums
from app.figures.rules import (
    CATALOGUE,
    Figure,
    Measure,
    TargetProgress,
    Values,
    WindowName,
    settled_by,
    total_of,
)
from app.journal.rules import Dimension, FactKind
from app.kernel.money import BIG_FEN, amount_text
from app.kernel.periods import Month
from app.warnings.rules import Threshold, Thresholds, WarningKind, points_level
from app.web.filters import ahead, growth
from app.web.home.curve import NARROW, WIDE, Curve, draw_curve
from app.web.home.troubles import Waiting, Warning, trouble_lines, value_text, waiting_since

SHOWN = ("signed.count", "signed.amount", "started_big.count", "produced.count", "funds.amount")
SHORT_NAMES = {
    "signed.count": "新签约项目",
    "signed.amount": "合同总投资",
    "started_big.count": "亿元以上新开工",
    "produced.count": "新投产项目",
    "funds.amount": "到位资金",
}
FUNDS = "funds.amount"
CHANGE_NAMES = {FactKind.signed: "新签约", FactKind.started: "新开工", FactKind.produced: "新投产"}
LISTED = 6


@dataclass(frozen=True)
class Headline:
    """One of the five numbers at the top; texts are ready for print, percentages for the bar."""

    code: str
    name: str
    value: str
    unit: str
    target: str | None
    base: str
    growth: str
    other: str
    done: Decimal | None
    ahead: str
    late: bool


@dataclass(frozen=True)
class ChangeGroup:
    """亿元以上 projects of one kind of change; ``count`` and ``total_fen`` are the figures, rows may be fewer."""

    name: str
    code: str
    count: int
    total_fen: int
    rows: list[Change]


@dataclass(frozen=True)
class Overview:
    """The first page."""

    month: Month
    window: WindowName
    day: dt.date
    headlines: list[Headline]
    by_unit: dict[str, dict[str, Values]]
    progress: list[TargetProgress]
    thresholds: Thresholds


@dataclass(frozen=True)
class Outlook:
    """What only those see who look at the whole zone: the curve, the large projects, the warnings."""

    curves: list[Curve]
    curve_months: list[int]
    changes: list[ChangeGroup]
    stalled: list[Waiting]
    stalled_count: int
    register: Warned
    warnings: list[Warning]


def look(
    session: Session,
    zone: Zone,
    month: Month,
    window: WindowName,
    today: dt.date,
    *,
    thresholds: Thresholds,
) -> Overview:
    """What all roles see on the first page. Two queries."""
    by_unit = breakdown(session, zone, month, Dimension.unit)
    whole = {code: total_of(members.values()) for code, members in by_unit.items()}
    progress = target_progress(session, zone, month, whole=whole, by_unit=by_unit)
    zone_targets = {p.figure: p for p in progress if p.unit is None}
    behind = thresholds[WarningKind.behind]
    return Overview(
        month=month,
        window=window,
        day=min(month.last_day, today),
        headlines=[
            _headline(CATALOGUE[code], whole, zone_targets.get(code), window, behind) for code in SHOWN
        ],
        by_unit=by_unit,
        progress=progress,
        thresholds=thresholds,
    )


def look_out(session: Session, zone: Zone, overview: Overview) -> Outlook:
    """The curve, the large projects and the warnings of ``overview``'s day. Four queries."""
    month, day, progress = overview.month, overview.day, overview.progress
    since = settled_by(day)
    whole = {code: total_of(members.values()) for code, members in overview.by_unit.items()}
    now, before = funds_two_years(session, zone, month)
    targets = [p.target for p in progress if p.unit is None and p.figure == FUNDS]
    funds_target = targets[0] if targets else None
    problems = list_big_problems(session, zone.id, day, settled_by=since)
    sums = warning_sums(session, zone.id, day, settled_by=since)
    return Outlook(
        curves=[draw_curve(now, before, funds_target, size) for size in (WIDE, NARROW)],
        curve_months=now,
        changes=_changes(list_big_changes(session, zone, month.window), whole),
        stalled=[waiting_since(row, day, overview.thresholds) for row in problems[STALLED_BIG][:LISTED]],
        stalled_count=sums[STALLED_BIG].projects,
        register=sums[BIG],
        warnings=trouble_lines(problems, sums, progress, month, day, overview.thresholds),
    )


def _headline(
    figure: Figure,
    whole: dict[str, Values],
    target: TargetProgress | None,
    window: WindowName,
    behind: Threshold,
) -> Headline:
    values = whole[figure.code]
    value = values.month if window is WindowName.month else values.ytd
    highest = max(value, values.ytd, values.last_year_ytd, target.target if target else 0)
    unit = "个" if figure.measure is Measure.count else "亿元" if highest >= BIG_FEN else "万元"
    if window is WindowName.month:
        other = f"累计 {value_text(values.ytd, unit)} {unit}"
    elif figure.code == "produced.count":
        big = whole["produced_big.count"].ytd, whole["produced_big.amount"].ytd
        other = f"其中亿元以上 {big[0]} 个，{amount_text(big[1], '亿元')} 亿元"
    else:
        other = ""
    return Headline(
        code=figure.code,
        name=SHORT_NAMES[figure.code],
        value=value_text(value, unit),
        unit=unit,
        target=value_text(target.target, unit) if target else None,
        base=f"上年同期 {value_text(values.last_year_ytd, unit)}" + (" 个" if unit == "个" else ""),
        growth=growth(values.yoy_percent),
        other=other,
        done=target.done_percent if target else None,
        ahead=ahead(target.ahead_points) if target else "",
        late=bool(target and points_level(behind, target.ahead_points)),
    )


def _changes(rows: Iterable[Change], whole: dict[str, Values]) -> list[ChangeGroup]:
    found = list(rows)
    return [
        ChangeGroup(
            name=CHANGE_NAMES[kind],
            code=f"{kind}_big.amount",
            count=whole[f"{kind}_big.count"].month,
            total_fen=whole[f"{kind}_big.amount"].month,
            rows=[row for row in found if row.kind is kind][:LISTED],
        )
        for kind in CHANGES
    ]
