"""The rows of one project in several tables, put together: a sheet for each stage, a sheet for each month."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from app.kernel.text import name_key
from app.ledger.workbook.cells import EMPTY, Cell, cell_address
from app.ledger.workbook.recognising.form_row import FormRow
from app.pipeline.rules import STAGE_BY_LABEL

FIRM = (
    "合同总投资", "合同签订日期", "开工日期", "投产日期", "落地日期", "达产日期", "终止日期", "合同类型", "责任单位", "产业链", "落地片区",
)  # fmt: skip
"""Where two tables differ in one of these, nobody but a person can say which is right."""


def merged(rows: Iterable[FormRow]) -> list[FormRow]:
    """One row for each project; a later month wins over an earlier one, else what contradicts is a problem."""
    found: list[FormRow] = []
    by_number: dict[str, FormRow] = {}
    by_name: dict[str, list[FormRow]] = {}
    for row in sorted(rows, key=lambda r: r.as_of or (0, 0)):
        number, name = _key(row, "项目编号"), _key(row, "项目名称")
        known = by_number.get(number) if number else None
        if known is None and name:
            known = _named(by_name.get(name, []), row)
        if known is not None and row.block not in {block for block, _ in known.places}:
            _join(known, row)
            continue
        found.append(row)
        if number:
            by_number.setdefault(number, row)
        if name:
            by_name.setdefault(name, []).append(row)
    return sorted(found, key=lambda row: (row.block, row.row))


def _key(row: FormRow, field: str) -> str:
    return name_key(str(row.cells.get(field, EMPTY).value or ""))


def _named(same: list[FormRow], row: FormRow) -> FormRow | None:
    """The one project of this name; of several the one with the same company."""
    investor = _key(row, "投资方名称")
    fitting = [other for other in same if not investor or _key(other, "投资方名称") in ("", investor)]
    return fitting[0] if len(fitting) == 1 else None


def _join(first: FormRow, row: FormRow) -> None:
    """Put what ``row`` says into ``first``."""
    later = first.as_of != row.as_of and row.as_of is not None
    for field, cell in row.cells.items():
        was = first.cells.get(field, EMPTY)
        if cell.is_empty:
            continue
        if was.is_empty or cell.problem:
            first.cells[field] = _placed(row, field, cell) if cell.problem else cell
        elif field == "当前阶段":
            first.cells[field] = cell if later or _step(cell) > _step(was) else was
        elif field not in FIRM or (later and field != "责任单位"):
            first.cells[field] = cell if later else was
        elif not _alike(was, cell):
            first.cells[field] = _contradiction(first, row, field, was, cell)
    if row.extra and first.extra is not None:
        first.extra.update(
            row.extra if later else {k: v for k, v in row.extra.items() if k not in first.extra}
        )
    first.also.append((row.block, row.row))


def _contradiction(first: FormRow, row: FormRow, field: str, was: Cell, cell: Cell) -> Cell:
    """The total of a signed contract wins over one that was only talked about; all else must be decided."""
    if field == "合同总投资":
        signed = first.cells.get("合同签订日期", EMPTY).value, row.cells.get("合同签订日期", EMPTY).value
        if bool(signed[0]) != bool(signed[1]) and "合同签订日期" not in row.no_column | first.no_column:
            return was if signed[0] else cell
        if "合同签订日期" in row.no_column and "合同签订日期" not in first.no_column and signed[0]:
            return was
    return _placed(
        row,
        field,
        Cell(
            None, f"写的是“{_said(cell)}”，与“{first.sheet}”第 {first.row} 行的“{_said(was)}”不一致，请统一"
        ),
    )


def _placed(row: FormRow, field: str, cell: Cell) -> Cell:
    column = row.columns.get(field)
    address = cell_address(row.row, column) if column else f"第 {row.row} 行"
    return Cell(None, f"工作表“{row.sheet}”{address}：{cell.problem}")


def _said(cell: Cell) -> str:
    return f"{cell.value:f}" if isinstance(cell.value, Decimal) else str(cell.value)


def _alike(one: Cell, other: Cell) -> bool:
    if isinstance(one.value, str) and isinstance(other.value, str):
        return name_key(one.value) == name_key(other.value)
    return one.value == other.value


def _step(cell: Cell) -> int:
    stage = STAGE_BY_LABEL.get(str(cell.value))
    return (stage.step or 99) if stage is not None else -1
