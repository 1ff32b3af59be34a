"""核对差异: the rows of an import as lines, one for each change, question or refused cell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from app.ledger.models import ImportRow
from app.ledger.rules import Verdict
from app.ledger.rules.synonyms import MONTHLY_FUNDS
from app.ledger.workbook import Cell, cell_place
from app.web.ledger.grid import letters_of, text_of

LOOKS = {
    Verdict.new: "o", Verdict.changed: "a", Verdict.same: "", Verdict.question: "w", Verdict.refused: "b",
}  # fmt: skip
MONEY = frozenset(
    "合同总投资 其中：固定资产投资 预计年产值 预计年税收 折人民币（万元） 原币金额（万） 目标值".split()
)
TELLING = ("当前阶段", "合同类型", "合同总投资", "折人民币（万元）", "到账日期", "目标值")
"""What tells most about a new record, in this order."""
FIELDS = {"折人民币（万元）": "到账金额", "其中：固定资产投资": "固定资产投资", "原币金额（万）": "原币金额"}
YEAR = re.compile(r"\d{4}年")
CHOICES = {"use": "用表内值", "keep": "留现值", "skip": "这格不要"}
"""Short words for the answers that most questions have."""
SHOWN_CHANGES = 6
"""A row with more changes shows the first ones and says how many follow."""


@dataclass(frozen=True)
class Line:
    """One line. ``first``: the row's first line, with its number and what is done with it."""

    row: ImportRow
    first: bool
    field: str
    old: str = ""
    new: str = ""
    why: str = ""
    cell: str = ""
    question: dict[str, Any] | None = None
    head: str = ""
    """The field's head in our own form."""
    written: str = ""
    """What the cell says in the file, or has been put right to."""
    answer: str = ""
    """The value chosen for the question."""
    editable: bool = False
    details: tuple[tuple[str, str], ...] = ()
    rest: bool = False
    """It stands for further questions of the row."""

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The answers to its question, as buttons say them."""
        offered = (self.question or {}).get("choices", [])
        return [(one["value"], CHOICES.get(one["value"], one["label"].partition("，")[0])) for one in offered]

    @property
    def look(self) -> str:
        """The badge's colour."""
        return LOOKS[self.row.verdict]


Heads = Mapping[str, str]
"""Of columns that hold money of a month: ``Sheet!K`` and what to call it."""


def month_heads(recognition: dict[str, Any] | None) -> Heads:
    """What to call the columns of months: 到位 2024年3月."""
    return {
        f"{table['sheet']}!{letters_of(column['place'])}": f"到位 {_month(column['head'], table['year'])}"
        for table in (recognition or {}).get("tables", [])
        for column in table["columns"]
        if column["field"] == MONTHLY_FUNDS
    }


def _month(head: str, year: int | None) -> str:
    said = YEAR.search(head)
    last = head.rpartition("·")[2]
    return last if YEAR.search(last) else f"{said[0] if said else f'{year}年' if year else ''}{last}"


def lines_of(rows: list[ImportRow], heads: Heads, cells: Mapping[tuple[str, int], list[Cell]]) -> list[Line]:
    """All lines of the rows of one page; ``cells`` are the rows as they stand in the file."""
    return [_complete(line, heads, cells) for row in rows for line in _lines(row)]


def _complete(line: Line, heads: Heads, cells: Mapping[tuple[str, int], list[Cell]]) -> Line:
    written = ""
    if line.cell:
        place, row = cell_place(line.cell)[1], cells.get((line.row.sheet, line.row.row), [])
        written = text_of(row[place - 1]) if place <= len(row) else ""
    new = line.new or (written if line.row.verdict is Verdict.refused else "")
    return replace(line, head=line.field, field=_field(line, heads), written=written, new=new)


def _field(line: Line, heads: Heads) -> str:
    letters = line.cell.rstrip("0123456789")
    return heads.get(f"{line.row.sheet}!{letters}") or FIELDS.get(line.field, line.field)


def _lines(row: ImportRow) -> Iterator[Line]:
    """Problems first, then questions, then changes; a new record is one line."""
    first = True
    for problem in row.problems:
        yield Line(
            row, first, problem["head"] or "整行", why=problem["message"],
            cell=problem["cell"], editable=bool(problem["cell"]),
        )  # fmt: skip
        first = False
    if row.verdict is Verdict.refused:
        return
    chosen = row.choice if isinstance(row.choice, dict) else {}
    for question in row.questions[:SHOWN_CHANGES]:
        answer = chosen.get(question.get("key", "")) or chosen.get(question["code"], "")
        yield Line(
            row, first, question["head"] or "整行", _shown(question["head"], question["old"]),
            _shown(question["head"], question["new"]), question["message"], question["cell"], question, answer,
            editable=bool(question["cell"]),
        )  # fmt: skip
        first = False
    if len(row.questions) > SHOWN_CHANGES:
        rest = row.questions[SHOWN_CHANGES:]
        details = tuple((one["head"], one["message"]) for one in rest)
        open_ones = sum(not (chosen.get(one["key"]) or chosen.get(one["code"])) for one in rest)
        yield Line(
            row,
            False,
            f"另 {len(rest)} 处",
            details=details,
            rest=True,
            why=f"还有 {open_ones} 处没有答" if open_ones else "都已答",
        )
    if _is_new(row):
        if first or row.verdict is Verdict.new:
            yield _whole(row, first)
        return
    asked = {question["cell"] for question in row.questions if question["cell"]}
    changes = [change for change in row.changes if not change.get("cell") or change["cell"] not in asked]
    for change in changes[:SHOWN_CHANGES]:
        head, old, new = change["head"], change["old"], change["new"]
        yield Line(
            row, first, head, _shown(head, old), _shown(head, new), difference(head, old, new),
            change.get("cell", ""), editable=bool(change.get("cell")),
        )  # fmt: skip
        first = False
    if len(changes) > SHOWN_CHANGES:
        others = tuple((c["head"], f"{c['old'] or '空'} → {c['new']}") for c in changes[SHOWN_CHANGES:])
        yield Line(row, False, f"另 {len(others)} 项", details=others)
    if first:
        yield Line(row, True, "整行", why="与系统一致" if row.verdict is Verdict.same else "")


def _is_new(row: ImportRow) -> bool:
    return row.record_id is None and all(not change["old"] for change in row.changes)


def _whole(row: ImportRow, first: bool) -> Line:
    said = {change["head"]: change["new"] for change in row.changes if change["new"]}
    telling = [_tell(head, said[head]) for head in TELLING if head in said]
    details = tuple((head, _shown(head, value)) for head, value in said.items())
    return Line(row, first, "整行", new=f"{len(said)} 个字段", why="，".join(telling), details=details)


def _tell(head: str, value: str) -> str:
    words = {"合同总投资": "总投资 ", "折人民币（万元）": "到账 ", "目标值": "目标 "}
    return (
        f"{words.get(head, '')}{_shown(head, value)}{' 万元' if head in MONEY and head != '目标值' else ''}"
    )


def _shown(head: str, value: str) -> str:
    number = _number(value) if head in MONEY or head.startswith("到位") else None
    return value if number is None else f"{number:,.2f}"


def difference(head: str, old: str, new: str) -> str:
    """What a change means: 增加 2,000.00, 晚 92 天; nothing for words."""
    if not old:
        return "原来是空的，补填"
    if not new:
        return "清空"
    days = _day(old), _day(new)
    if days[0] and days[1]:
        apart = (days[1] - days[0]).days
        return f"{'晚' if apart > 0 else '早'} {abs(apart)} 天"
    before, after = _number(old), _number(new)
    if before is None or after is None or head not in MONEY | {"用地面积", "带动就业"}:
        return ""
    apart_by = after - before
    words = f"{'增加' if apart_by > 0 else '减少'} {abs(apart_by):,.2f}"
    return words if not before else f"{words}（{apart_by / before * 100:+.1f}%）".replace("-", "−")


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
