"""The lines of 预警 on the first page: what is wrong by the zone's rules, red first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import url_for

from app.figures.queries import StandingRow
from app.figures.queries.warnings import SLOW_BIG, STALLED, STALLED_BIG, UNFUNDED, Warned
from app.figures.rules import CATALOGUE, Measure, TargetProgress, share_percent
from app.kernel.money import BIG_FEN, amount_text
from app.kernel.periods import Month
from app.warnings.rules import Level, Thresholds, WarningKind, level_of, points_level


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


def value_text(value: int, unit: str) -> str:
    """A count, or an amount in ``unit``."""
    return f"{value:,}" if unit == "个" else amount_text(value, unit)


def waiting_since(row: StandingRow, day: dt.date, rules: Thresholds) -> Waiting:
    """A project that was signed and has not started; long by the rule's red threshold."""
    kind = WarningKind.unstarted
    long = level_of(kind, rules[kind], row.signed_on, day) is Level.red
    return Waiting(row, (day - row.signed_on).days, long)


def trouble_lines(
    problems: dict[str, list[StandingRow]],
    sums: dict[str, Warned],
    progress: list[TargetProgress],
    month: Month,
    day: dt.date,
    rules: Thresholds,
) -> list[Warning]:
    """By the zone's rules; red ones first: long stalled contracts and units far behind; then the groups."""
    stalled = [waiting_since(row, day, rules) for row in problems[STALLED_BIG]]
    late = [(p, points_level(rules[WarningKind.behind], p.ahead_points)) for p in progress]
    late.sort(key=lambda pair: pair[0].ahead_points)
    slow = [(row, _slow_level(row, day, rules)) for row in problems[SLOW_BIG]]
    single = [
        *(_stalled_line(w) for w in stalled if w.long),
        *(_late_line(p, level) for p, level in late if level),
        *(_slow_line(row, day, level) for row, level in slow if level),
    ]
    return [
        *sorted(single, key=lambda line: not line.red),
        *_group_line("签约半年以上未开工", sums[STALLED], "合同总投资", _rows(STALLED, month)),
        *_group_line("已开工、无到位资金", sums[UNFUNDED], "合同总投资", _rows(UNFUNDED, month)),
    ]


def _slow_level(row: StandingRow, day: dt.date, rules: Thresholds) -> Level | None:
    kind = WarningKind.slow_money
    if row.started_on is None:
        return None
    return level_of(kind, rules[kind], row.started_on, day)


def _stalled_line(waiting: Waiting) -> Warning:
    row = waiting.row
    text = f"{row.name}　签约 {waiting.days} 天未开工"
    return Warning(True, text, f"{amount_text(row.total_fen, '亿元')} 亿元，{row.unit}", _project(row))


def _late_line(progress: TargetProgress, level: Level) -> Warning:
    figure = CATALOGUE[progress.figure]
    unit = "个" if figure.measure is Measure.count else "亿元" if progress.target >= BIG_FEN else "万元"
    text = f"{progress.unit or '全区'}　{figure.name}欠进度 {-progress.ahead_points} 个百分点"
    detail = f"完成 {progress.done_percent}%，{value_text(progress.ytd, unit)} / {value_text(progress.target, unit)} {unit}"
    address = url_for(
        "figures.show_figure", code=progress.figure, month=str(progress.month), w="ytd", dept=progress.unit
    )
    return Warning(level is Level.red, text, detail, address)


def _slow_line(row: StandingRow, day: dt.date, level: Level) -> Warning:
    started = (day - row.started_on).days if row.started_on else 0
    text = f"{row.name}　开工 {started} 天，到位 {share_percent(row.arrived_fen, row.total_fen)}%"
    arrived, total = amount_text(row.arrived_fen, "亿元"), amount_text(row.total_fen, "亿元")
    return Warning(level is Level.red, text, f"{arrived} / {total} 亿元，{row.unit}", _project(row))


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
