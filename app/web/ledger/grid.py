"""The sheet on the page 识别表头 as it is: the columns shown or folded, and a window of rows with merged cells.

Plain values from what was recognised (``Recognition.as_json``) and the cells of the window.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.ledger.rules.synonyms import EXTRA, IGNORED, MONTHLY_FUNDS
from app.ledger.workbook import Cell, Sheet, cell_address

KEYS = frozenset(
    "项目名称 投资方名称 责任单位 当前阶段 合同签订日期 合同总投资 到账日期 折人民币（万元） 指标 目标值 到位资金（按月）".split()
)
"""Fields whose column is never folded, except months, of which the first stands for all."""
NARROW, WIDE, FOLDED = 64, 190, 44
SHORT = {"责任单位/责任人": "责任单位＋责任人", "产业链/链上环节": "产业链＋环节", MONTHLY_FUNDS: "到位资金"}
LONGEST = 80


@dataclass(frozen=True)
class Slot:
    """One column of the page: a column of the sheet, or a run of columns folded into one.

    ``look``: m recognised, q to be confirmed, x kept beside, no not taken in, fold.
    """

    first: int
    last: int
    look: str
    label: str
    width: int
    column: dict[str, Any] | None = None
    hidden: bool = False
    remembered: bool = False

    @property
    def letters(self) -> str:
        """``Q``, or ``D–F`` for a run."""
        first, last = letters_of(self.first), letters_of(self.last)
        return first if first == last else f"{first}–{last}"

    @property
    def count(self) -> int:
        """How many columns of the sheet it stands for."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class Shown:
    """One cell of the page."""

    text: str
    look: str = ""
    columns: int = 1
    rows: int = 1
    right: bool = False
    merged: bool = False
    """Several cells of the sheet are one."""


@dataclass(frozen=True)
class Row:
    """One row of the window; ``kind`` head, out or data, ``word`` why it is left out."""

    number: int
    kind: str
    word: str
    hidden: bool
    cells: tuple[Shown, ...]


def letters_of(place: int) -> str:
    """``AB`` for column 28."""
    return cell_address(1, place)[:-1]


def tables_of(found: dict[str, Any], sheet: str) -> list[dict[str, Any]]:
    """The recognised tables of a sheet."""
    return [table for table in found["tables"] if table["sheet"] == sheet]


def doubted(found: dict[str, Any], sheet: str) -> set[str]:
    """Letters of the columns of a sheet about which something is asked."""
    return {
        doubt["cell"].rstrip("0123456789")
        for doubt in found["doubts"]
        if doubt["sheet"] == sheet and doubt["cell"]
    }


def field_label(column: dict[str, Any]) -> str:
    """What stands above a column: its field, with the month for money of months."""
    field = column["field"]
    if field == MONTHLY_FUNDS:
        return f"到位 {column['head'].split('·')[-1]}"[:12]
    return SHORT.get(field, field)


def slots_of(sheet: Sheet, table: dict[str, Any] | None, asked: set[str], opened: set[str]) -> list[Slot]:
    """The columns as they are shown; runs of two and more that nobody need look at are folded unless ``opened``."""
    known = {column["place"]: column for column in table["columns"]} if table else {}
    width = max([len(sheet.rows[0]) if sheet.rows else 0, *known])
    slots: list[Slot] = []
    run: list[Slot] = []

    def close() -> None:
        if len(run) > 1 and not opened & {"all", letters_of(run[0].first)}:
            slots.append(Slot(run[0].first, run[-1].first, "fold", f"{len(run)} 列", FOLDED))
        else:
            slots.extend(run)
        run.clear()

    months = 0
    for place in range(1, width + 1):
        slot = _slot(sheet, place, known.get(place), asked)
        column = slot.column
        months += bool(column and column["field"] == MONTHLY_FUNDS)
        if table is not None and _is_plain(slot, months):
            run.append(slot)
        else:
            close()
            slots.append(slot)
    close()
    return slots


def _slot(sheet: Sheet, place: int, column: dict[str, Any] | None, asked: set[str]) -> Slot:
    letters = letters_of(place)
    if column is None:
        look, label = "no", "无表头"
    elif letters in asked:
        look, label = "q", field_label(column)
    elif column["field"] == IGNORED:
        look, label = "no", IGNORED
    elif column["field"] == EXTRA:
        look, label = "x", EXTRA
    else:
        look, label = "m", field_label(column)
    return Slot(
        place, place, look, label, _width(sheet, place, label), column,
        place in sheet.hidden_columns, bool(column and column["how"] == "上次"),
    )  # fmt: skip


def _is_plain(slot: Slot, months: int) -> bool:
    """Whether nobody need look at the column: recognised by its head for sure, or nothing at all."""
    column = slot.column
    if column is None or slot.look == "no":
        return True
    if slot.look != "m" or column["how"] in ("指定", "内容"):
        return False
    return column["sure"] >= 85 and (
        column["field"] not in KEYS or (column["field"] == MONTHLY_FUNDS and months > 1)
    )


def _width(sheet: Sheet, place: int, label: str) -> int:
    """Pixels: as wide as the common run of its texts, within bounds."""
    merged = {(top, left) for top, left, _, right in sheet.merged if right > left}
    sizes = sorted(
        _size(text_of(row[place - 1]))
        for number, row in enumerate(sheet.rows, sheet.first_row)
        if place <= len(row) and (number, place) not in merged and not row[place - 1].is_empty
    )
    usual = sizes[len(sizes) * 4 // 5] if sizes else 0
    return min(max(usual + 16, _size(label) + 40, NARROW), WIDE)


def _size(text: str) -> int:
    return sum(13 if ord(sign) > 0x2E7F else 7 for sign in text[:40])


def text_of(cell: Cell) -> str:
    """A value as the sheet shows it."""
    value = cell.value
    if value is None:
        return cell.problem or ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, dt.date):
        return value.isoformat()
    return " ".join(str(value).split())


def rows_of(sheet: Sheet, table: dict[str, Any] | None, slots: list[Slot]) -> list[Row]:
    """The window's rows with their merged cells, cut to the slots."""
    spans = {(top, left): (bottom, right) for top, left, bottom, right in sheet.merged}
    covered: set[tuple[int, int]] = set()
    last = sheet.first_row + len(sheet.rows) - 1
    skipped = {one["row"]: one["reason"] for one in table["skipped"]} if table else {}
    width = slots[-1].last if slots else 0
    found = []
    for number, row in enumerate(sheet.rows, sheet.first_row):
        cells = [*row, *[Cell()] * (width - len(row))]
        kind = _kind(number, table, skipped)
        shown = []
        for index, slot in enumerate(slots):
            if (number, index) in covered:
                continue
            place, cell = _first_said(cells, slot, spans, number)
            end_row, end = spans.get((number, place), (number, place))
            columns = 1 + sum(1 for later in slots[index + 1 :] if later.first <= end)
            rows = min(end_row, last) - number + 1
            merged = columns > 1 or rows > 1
            if kind == "out" and not merged:
                columns = _spill(cells, slots[index:], cell)
            covered |= {(r, c) for r in range(number, number + rows) for c in range(index, index + columns)}
            unit = bool(table) and cell_address(number, place) == (table or {})["unit_from"]
            shown.append(_shown(cell, "unit" if unit else _look(slot, kind), columns, rows, merged))
        found.append(Row(number, kind, skipped.get(number, ""), number in sheet.hidden_rows, tuple(shown)))
    return found


def _kind(number: int, table: dict[str, Any] | None, skipped: dict[int, str]) -> str:
    """Whether a row is of the heads, holds data, or is left out."""
    if table is None:
        return "data"
    top, bottom = table["head_rows"]
    first, _left, last, _right = table["region"] if any(table["region"]) else (top, 0, number, 0)
    if top <= number <= bottom:
        return "head"
    return "out" if number < top or number in skipped or not first <= number <= last else "data"


def _look(slot: Slot, kind: str) -> str:
    return slot.look if kind == "data" else "plain" if slot.look == "fold" else ""


def _spill(cells: list[Cell], slots: list[Slot], cell: Cell) -> int:
    """How many columns a long text of a title or note takes: empty ones at its right, as on a sheet."""
    needed, columns = _size(text_of(cell)) + 90, 1
    room = slots[0].width
    while room < needed and columns < len(slots):
        slot = slots[columns]
        if any(not cells[place - 1].is_empty for place in range(slot.first, slot.last + 1)):
            break
        room += slot.width
        columns += 1
    return columns if not cell.is_empty else 1


def _first_said(
    cells: list[Cell], slot: Slot, spans: dict[tuple[int, int], tuple[int, int]], number: int
) -> tuple[int, Cell]:
    """The cell that a slot shows: its own, or of a run the one that begins a merged range beyond it."""
    for place in range(slot.first, slot.last + 1):
        _, right = spans.get((number, place), (number, place))
        if right > slot.last or slot.count == 1:
            return place, cells[place - 1]
    return slot.first, Cell("✓") if any(
        not cells[p - 1].is_empty for p in range(slot.first, slot.last + 1)
    ) else Cell()


def _shown(cell: Cell, look: str, columns: int, rows: int, merged: bool) -> Shown:
    text = text_of(cell)
    if look == "plain":
        look, text = "", "" if text == "✓" else text
    return Shown(
        text if len(text) <= LONGEST else f"{text[:LONGEST]}…",
        look, columns, rows, isinstance(cell.value, Decimal), merged,
    )  # fmt: skip
