"""Rows of 年度目标."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from app.audit.operations import note
from app.figures.rules import CATALOGUE, TARGET_BY_LABEL, WHOLE_ZONE, Measure
from app.kernel.errors import DomainError
from app.kernel.money import FEN_PER_WAN, UNITS, cut_zeros
from app.kernel.periods import FIRST_YEAR, LAST_YEAR
from app.ledger.operations.cells import CellReader
from app.ledger.operations.context import Context, Taken
from app.ledger.rules import Change, Verdict
from app.targets.models import AnnualTarget

_UNITS = {unit: unit for unit in (*UNITS, "个")}


class TargetRows:
    """Takes the rows of 年度目标; 全区 is the whole zone."""

    def __init__(self, context: Context) -> None:
        self._here = context
        query = select(AnnualTarget).where(AnnualTarget.zone_id == context.zone.id)
        self._stored = {(t.year, t.unit_id, t.figure): t for t in context.session.scalars(query)}
        self._seen: dict[tuple[int, int | None, str], int] = {}

    @staticmethod
    def head_of(_field: str | None) -> str:
        """All objections concern the value."""
        return "目标值"

    @staticmethod
    def label_of(reader: CellReader) -> str:
        """Unit and figure as far as they can be read."""
        return f"{reader.peek('责任单位')}{reader.peek('指标')}"

    def take(self, reader: CellReader) -> Taken:
        """Set the row's target."""
        year = reader.number("年度", places=0, required=True)
        unit = reader.text("责任单位", longest=60, required=True)
        figure = reader.choice("指标", TARGET_BY_LABEL, required=True)
        measure = reader.choice("单位", _UNITS, required=True)
        number = reader.number("目标值", places=6, required=True)
        if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
            reader.refuse("年度", f"年度 {year} 不合常理，请核对")
        unit_id = self._unit(reader, unit) if unit and unit != WHOLE_ZONE else None
        if reader.problems or year is None or figure is None or measure is None or number is None:
            return Taken("", Verdict.refused)
        value = _value(figure, number, measure)
        key = (int(year), unit_id, figure)
        label = f"{int(year)}年 {unit} {CATALOGUE[figure].name}"
        first = self._seen.get(key)
        if first is None:
            self._here.memory.put(self._seen, key, reader.row)
        elif first != reader.row:
            raise DomainError(f"与本表第 {first} 行是同一目标，请删除重复行")
        return self._set(key, value, label)

    def _set(self, key: tuple[int, int | None, str], value: int, label: str) -> Taken:
        here, target = self._here, self._stored.get(key)
        if target is not None and target.value == value:
            return Taken(label, Verdict.same, (), target.id)
        old = target.value if target else None
        if target is None:
            year, unit_id, figure = key
            target = AnnualTarget(
                zone_id=here.zone.id, year=year, unit_id=unit_id, figure=figure, value=value
            )
            here.session.add(target)
            here.memory.put(self._stored, key, target)
        target.value = value
        here.session.flush()
        note(
            here.session, here.actor, action="set", entity="annual_target", entity_id=target.id,
            before={"value": old}, after={"value": value},
        )  # fmt: skip
        if old is None:
            return Taken(label, Verdict.new, (), target.id)
        change = Change("目标值", _text(key[2], old), _text(key[2], value))
        return Taken(label, Verdict.changed, (change,), target.id)

    def _unit(self, reader: CellReader, unit: str) -> int | None:
        try:
            return self._here.lists.find("unit", unit)
        except DomainError as error:
            reader.refuse("责任单位", error.message)
            return None


def _value(figure: str, number: Decimal, unit: str) -> int:
    """A count as it is, an amount in fen. Raises ``DomainError`` when unit and figure do not fit."""
    counted = CATALOGUE[figure].measure is Measure.count
    if counted != (unit == "个"):
        raise DomainError(f"指标“{CATALOGUE[figure].name}”的单位应为{'“个”' if counted else '万元或亿元'}")
    value = number if counted else number * UNITS[unit]
    if value != int(value) or value <= 0:
        raise DomainError("目标值应大于 0；个数应为整数，金额不能细于一分")
    return int(value)


def _text(figure: str, value: int) -> str:
    if CATALOGUE[figure].measure is Measure.count:
        return str(value)
    return cut_zeros(Decimal(value) / FEN_PER_WAN)
