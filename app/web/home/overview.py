"""What the first page shows, put together from the figures: every number comes from ``app.figures``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from flask import url_for
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.figures.queries import (
    Change,
    StandingRow,
    breakdown,
    funds_two_years,
    list_big_changes,
    list_big_problems,
    target_progress,
)
from app.figures.queries.changes import CHANGES
from app.figures.queries.warnings import BIG, SLOW_BIG, STALLED, STALLED_BIG, UNFUNDED, Warned, warning_sums
from app.figures.rules import (
    BEHIND_POINTS,
    CATALOGUE,
    Figure,
    Measure,
    TargetProgress,
    Values,
    WindowName,
    settled_by,
    share_percent,
    total_of,
)
from app.journal.rules import Dimension, FactKind
from app.kernel.money import BIG_FEN, amount_text
from app.kernel.periods import Month
from app.web.filters import ahead, growth
from app.web.home.curve import NARROW, WIDE, Curve, draw_curve

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
LONG_DAYS = 365
"""A contract waiting longer than this for its start is marked red."""
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
class Waiting:
    """A project that stands still: how many days since its contract."""

    row: StandingRow
    days: int
    long: bool


@dataclass(frozen=True)
class Warning:
    """One line of 预警: red or amber, what is wrong, the numbers, and where to look."""

    red: bool
    text: str
    detail: str
    address: str


@dataclass(frozen=True)
class Overview:
    """The first page."""

    month: Month
    window: WindowName
    day: dt.date
    headlines: list[Headline]
    curves: list[Curve]
    curve_months: list[int]
    changes: list[ChangeGroup]
    stalled: list[Waiting]
    stalled_count: int
    register: Warned
    warnings: list[Warning]
    by_unit: dict[str, dict[str, Values]]
    progress: list[TargetProgress]


def look(session: Session, zone: Zone, month: Month, window: WindowName, today: dt.date) -> Overview:
    """Everything of the first page that all roles see. Eight queries."""
    day = min(month.last_day, today)
    since = settled_by(day)
    by_unit = breakdown(session, zone, month, Dimension.unit)
    whole = {code: total_of(members.values()) for code, members in by_unit.items()}
    progress = target_progress(session, zone, month, whole=whole, by_unit=by_unit)
    zone_targets = {p.figure: p for p in progress if p.unit is None}
    now, before = funds_two_years(session, zone, month)
    funds_target = zone_targets[FUNDS].target if FUNDS in zone_targets else None
    problems = list_big_problems(session, zone.id, day, settled_by=since)
    sums = warning_sums(session, zone.id, day, settled_by=since)
    return Overview(
        month=month,
        window=window,
        day=day,
        headlines=[_headline(CATALOGUE[code], whole, zone_targets.get(code), window) for code in SHOWN],
        curves=[draw_curve(now, before, funds_target, size) for size in (WIDE, NARROW)],
        curve_months=now,
        changes=_changes(list_big_changes(session, zone, month.window), whole),
        stalled=[_waiting(row, day) for row in problems[STALLED_BIG][:LISTED]],
        stalled_count=sums[STALLED_BIG].projects,
        register=sums[BIG],
        warnings=_warnings(problems, sums, progress, month, day),
        by_unit=by_unit,
        progress=progress,
    )


def _headline(
    figure: Figure, whole: dict[str, Values], target: TargetProgress | None, window: WindowName
) -> Headline:
    values = whole[figure.code]
    value = values.month if window is WindowName.month else values.ytd
    highest = max(value, values.ytd, values.last_year_ytd, target.target if target else 0)
    unit = "个" if figure.measure is Measure.count else "亿元" if highest >= BIG_FEN else "万元"
    if window is WindowName.month:
        other = f"累计 {_text(values.ytd, unit)} {unit}"
    elif figure.code == "produced.count":
        big = whole["produced_big.count"].ytd, whole["produced_big.amount"].ytd
        other = f"其中亿元以上 {big[0]} 个，{amount_text(big[1], '亿元')} 亿元"
    else:
        other = ""
    return Headline(
        code=figure.code,
        name=SHORT_NAMES[figure.code],
        value=_text(value, unit),
        unit=unit,
        target=_text(target.target, unit) if target else None,
        base=f"上年同期 {_text(values.last_year_ytd, unit)}" + (" 个" if unit == "个" else ""),
        growth=growth(values.yoy_percent),
        other=other,
        done=target.done_percent if target else None,
        ahead=ahead(target.ahead_points) if target else "",
        late=bool(target and target.ahead_points <= -BEHIND_POINTS),
    )


def _text(value: int, unit: str) -> str:
    """A count, or an amount in ``unit``."""
    return f"{value:,}" if unit == "个" else amount_text(value, unit)


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


def _waiting(row: StandingRow, day: dt.date) -> Waiting:
    days = (day - row.signed_on).days
    return Waiting(row, days, days > LONG_DAYS)


def _warnings(
    problems: dict[str, list[StandingRow]],
    sums: dict[str, Warned],
    progress: list[TargetProgress],
    month: Month,
    day: dt.date,
) -> list[Warning]:
    """Red ones first: long stalled contracts, then units behind, then slow money, then the groups."""
    stalled = [_waiting(row, day) for row in problems[STALLED_BIG]]
    late = sorted((p for p in progress if p.ahead_points <= -BEHIND_POINTS), key=lambda p: p.ahead_points)
    return [
        *(_stalled_line(w) for w in stalled if w.long),
        *(_late_line(p) for p in late),
        *(_slow_line(row, day) for row in problems[SLOW_BIG]),
        *_group_line("签约半年以上未开工", sums[STALLED], "合同总投资", _rows(STALLED, month)),
        *_group_line("已开工、无到位资金", sums[UNFUNDED], "合同总投资", _rows(UNFUNDED, month)),
    ]


def _stalled_line(waiting: Waiting) -> Warning:
    row = waiting.row
    text = f"{row.name}　签约 {waiting.days} 天未开工"
    return Warning(True, text, f"{amount_text(row.total_fen, '亿元')} 亿元，{row.unit}", _project(row))


def _late_line(progress: TargetProgress) -> Warning:
    figure = CATALOGUE[progress.figure]
    unit = "个" if figure.measure is Measure.count else "亿元" if progress.target >= BIG_FEN else "万元"
    text = f"{progress.unit or '全区'}　{figure.name}欠进度 {-progress.ahead_points} 个百分点"
    detail = (
        f"完成 {progress.done_percent}%，{_text(progress.ytd, unit)} / {_text(progress.target, unit)} {unit}"
    )
    address = url_for(
        "figures.show_figure", code=progress.figure, month=str(progress.month), w="ytd", dept=progress.unit
    )
    return Warning(False, text, detail, address)


def _slow_line(row: StandingRow, day: dt.date) -> Warning:
    started = (day - row.started_on).days if row.started_on else 0
    text = f"{row.name}　开工 {started} 天，到位 {share_percent(row.arrived_fen, row.total_fen)}%"
    arrived, total = amount_text(row.arrived_fen, "亿元"), amount_text(row.total_fen, "亿元")
    return Warning(False, text, f"{arrived} / {total} 亿元，{row.unit}", _project(row))


def _group_line(text: str, warned: Warned, what: str, address: str) -> list[Warning]:
    if not warned.projects:
        return []
    detail = f"{what} {amount_text(warned.total_fen, '亿元')} 亿元"
    return [Warning(False, f"{text}　{warned.projects} 个项目", detail, address)]


def _rows(warning: str, month: Month) -> str:
    """The projects behind a warning that names no single one."""
    return url_for("figures.show_figure", code=f"{warning}.count", month=str(month))


def _project(row: StandingRow) -> str:
    return url_for("pipeline.show_project", project_id=row.project_id)
