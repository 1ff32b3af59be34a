"""What single cells show: figures of the zone or of one member of a dimension, and texts with the month in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.figures.queries import breakdown, headline, target_progress
from app.figures.rules import CATALOGUE, Measure, TargetProgress, Values
from app.journal.rules import LIVE, Dimension, Reading
from app.kernel.errors import DomainError
from app.kernel.periods import Month
from app.reporting.rules import BLANK, Single, Value, amount, number, text

PLACEHOLDERS: Mapping[str, str] = {
    "{园区}": "开发区名称",
    "{年}": "2024",
    "{月}": "6",
    "{年月}": "2024年6月",
    "{期间}": "上半年、1—8月",
    "{起}": "2024.1.1",
    "{止}": "2024.6.30",
    "{填报日期}": "2024年7月3日",
    "{填报人}": "填报人姓名",
}


def read_singles(
    session: Session,
    zone: Zone,
    month: Month,
    singles: Mapping[str, Single],
    *,
    today: dt.date,
    person: str,
    reading: Reading = LIVE,
) -> dict[str, Value]:
    """The value of each single cell. One query for each dimension that is asked for, and one for the zone.

    Raises ``DomainError`` naming the cell whose member the zone no longer has.
    """
    board = _Board(session, zone, month, singles, reading)
    words = _words(zone, month, today, person)
    found: dict[str, Value] = {}
    for cell, single in singles.items():
        found[cell] = board.value(cell, single) if single.figure else text(_fill(single.text, words))
    return found


def _words(zone: Zone, month: Month, today: dt.date, person: str) -> dict[str, str]:
    start, end = month.ytd.start, month.last_day
    values = (
        zone.name,
        f"{month.year}",
        f"{month.month}",
        month.label,
        month.period_label,
        f"{start.year}.{start.month}.{start.day}",
        f"{end.year}.{end.month}.{end.day}",
        f"{today.year}年{today.month}月{today.day}日",
        person,
    )
    return dict(zip(PLACEHOLDERS, values, strict=True))


def _fill(pattern: str, words: Mapping[str, str]) -> str:
    for placeholder, value in words.items():
        pattern = pattern.replace(placeholder, value)
    return pattern


class _Board:
    """Figures of the month, read once for all cells."""

    def __init__(
        self, session: Session, zone: Zone, month: Month, singles: Mapping[str, Single], reading: Reading
    ) -> None:
        asked = [single for single in singles.values() if single.figure]
        dimensions = {Dimension(single.dimension) for single in asked if single.dimension}
        self._whole = headline(session, zone, month, reading=reading) if asked else {}
        self._parts = {
            dimension: breakdown(session, zone, month, dimension, reading=reading) for dimension in dimensions
        }
        targets = any(single.window in ("target", "done", "ahead") for single in asked)
        self._targets: dict[tuple[str | None, str], TargetProgress] = {}
        if targets:
            by_unit = self._parts.get(Dimension.unit)
            progress = target_progress(
                session, zone, month, whole=self._whole, by_unit=by_unit, reading=reading
            )
            self._targets = {(target.unit, target.figure): target for target in progress}

    def value(self, cell: str, single: Single) -> Value:
        """What stands in ``cell``."""
        values = self._values(cell, single)
        if single.window in ("target", "done", "ahead"):
            return self._against_target(cell, single)
        if single.window == "yoy":
            return _percent(values.yoy_percent)
        return _measured(single, getattr(values, single.window))

    def _values(self, cell: str, single: Single) -> Values:
        if not single.dimension:
            return self._whole[single.figure]
        dimension = Dimension(single.dimension)
        found = self._parts[dimension][single.figure]
        if single.member in found:
            return found[single.member]
        if dimension in (
            Dimension.unit,
            Dimension.area,
            Dimension.chain,
            Dimension.segment,
            Dimension.source,
        ):
            raise DomainError(
                f"单元格 {cell}：名单里没有名为“{single.member}”的{dimension.label}，请在上报表设置中改正"
            )
        return Values(0, 0, 0)  # of these only members that count have a line

    def _against_target(self, cell: str, single: Single) -> Value:
        if single.dimension not in ("", "unit"):
            raise DomainError(f"单元格 {cell}：目标只按责任单位或全区下达，请在上报表设置中改正")
        target = self._targets.get((single.member or None, single.figure))
        if target is None:
            return BLANK
        if single.window == "target":
            return _measured(single, target.target)
        return (
            _percent(target.done_percent) if single.window == "done" else number(target.ahead_points, "0.00")
        )


def _measured(single: Single, found: int) -> Value:
    if CATALOGUE[single.figure].measure is Measure.count:
        return number(found, "#,##0")
    return amount(found, single.unit, single.places)


def _percent(points: Decimal | None) -> Value:
    """In points, since the head of such a column says %; — without a base."""
    return text("—") if points is None else number(points, "0.0#")
