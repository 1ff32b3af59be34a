"""核对差异: the rows of an import as lines, one for each change, question or refused cell."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from app.ledger.models import ImportRow
from app.ledger.rules import Verdict
from app.ledger.rules.synonyms import EXTRA, IGNORED, MONTHLY_FUNDS
from app.ledger.rules.values import is_nothing
from app.ledger.workbook import Cell, cell_place
from app.web.ledger.grid import letters_of, text_of

LOOKS = {
    Verdict.new: "o", Verdict.changed: "a", Verdict.same: "", Verdict.question: "w", Verdict.refused: "b",
}  # fmt: skip
MONEY = frozenset(
    "合同总投资 其中：固定资产投资 预计年产值 预计年税收 折人民币（万元） 原币金额（万） 目标值".split()
)
TELLING = {
    "当前阶段": "",
    "合同类型": "",
    "合同总投资": "总投资 ",
    "到账日期": "",
    "折人民币（万元）": "到账 ",
    "指标": "",
    "目标值": "目标 ",
}
"""What tells most about a new record, in this order."""
FIELDS = {
    "统一社会信用代码": "信用代码",
    "折人民币（万元）": "到账金额",
    "其中：固定资产投资": "固定资产投资",
    "原币金额（万）": "原币金额",
}
YEAR = re.compile(r"\d{4}年")
CHOICES = {"use": "用表内值", "keep": "留现值", "skip": "这格不要"}
"""Short words for the answers that most questions have."""
SAME = "就是“"
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
    whole: bool = False
    """It stands for a new record."""
    rest: bool = False
    """It stands for further questions of the row."""

    @property
    def choices(self) -> list[tuple[str, str, str]]:
        """The answers to its question: value, short words for a button, all words."""
        offered = (self.question or {}).get("choices", [])
        alone = sum(one["label"].startswith(SAME) for one in offered) == 1
        return [(one["value"], _short(one["value"], one["label"], alone), one["label"]) for one in offered]

    @property
    def look(self) -> str:
        """The badge's colour."""
        return LOOKS[self.row.verdict]


Heads = Mapping[str, str]
"""What stands in a column, by ``Sheet!K``."""


def _short(value: str, label: str, alone: bool) -> str:
    """用表内值, 新项目, 是同一个; of several look-alikes the beginning of the name."""
    if label.startswith(SAME):
        name = label.removeprefix(SAME).partition("”")[0]
        return "是同一个" if alone else f"是{name if len(name) <= 8 else name[:7] + '…'}"
    return CHOICES.get(value, label.partition("，")[0].removeprefix("登记为"))


def column_heads(recognition: dict[str, Any] | None) -> Heads:
    """What each column that is taken in holds: its field, 到位 2024年3月 for money of a month."""
    return {
        f"{table['sheet']}!{letters_of(column['place'])}": f"到位 {_month(column['head'], table['year'])}"
        if column["field"] == MONTHLY_FUNDS
        else column["head"]
        if column["field"] == EXTRA
        else column["field"]
        for table in (recognition or {}).get("tables", [])
        for column in table["columns"]
        if column["field"] not in (IGNORED, "序号")
    }


def _month(head: str, year: int | None) -> str:
    said = YEAR.search(head)
    last = head.rpartition("·")[2]
    return last if YEAR.search(last) else f"{said[0] if said else f'{year}年' if year else ''}{last}"


def lines_of(rows: list[ImportRow], heads: Heads, cells: Mapping[tuple[str, int], list[Cell]]) -> list[Line]:
    """All lines of the rows of one page; ``cells`` are the rows as they stand in the file."""
    return [_complete(line, heads, cells) for row in rows for line in _lines(row)]


def _complete(line: Line, heads: Heads, cells: Mapping[tuple[str, int], list[Cell]]) -> Line:
    written, row = "", cells.get((line.row.sheet, line.row.row), [])
    if line.whole:
        said = _said(line.row, heads, row)
        line = replace(line, details=said, new=f"{len(said)} 个字段", why=_told(said))
    if line.cell:
        place = cell_place(line.cell)[1]
        written = text_of(row[place - 1]) if place <= len(row) else ""
    new = line.new or (written if line.row.verdict is Verdict.refused else "")
    return replace(line, head=line.field, field=_field(line, heads), written=written, new=new)


def _said(row: ImportRow, heads: Heads, cells: list[Cell]) -> tuple[tuple[str, str], ...]:
    """What a row says, by field, as it stands in the file."""
    named = (
        (heads.get(f"{row.sheet}!{letters_of(place)}"), text_of(cell)) for place, cell in enumerate(cells, 1)
    )
    return tuple((head, text) for head, text in named if head and not is_nothing(text))


def _told(said: tuple[tuple[str, str], ...]) -> str:
    """A new record in a few words: its stage and amount."""
    known = dict(said)
    return "，".join(
        f"{words}{_shown(head, known[head])}" for head, words in TELLING.items() if head in known
    )


def _field(line: Line, heads: Heads) -> str:
    letters = line.cell.rstrip("0123456789")
    said = heads.get(f"{line.row.sheet}!{letters}", "")
    return said if said.startswith("到位 ") else FIELDS.get(line.field, line.field)


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
            _shown(question["head"], question["new"]), question["message"], question["cell"], question, answer=answer,
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
    if row.verdict is Verdict.new:
        yield Line(row, first, "整行", whole=True)
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


def _shown(head: str, value: str) -> str:
    number = _number(value) if head in MONEY or head.startswith("到位") else None
    return value if number is None else f"{number:,.2f}"


def difference(head: str, old: str, new: str) -> str:
    """What a change means: 增加 2,000.00, 晚 92 天; nothing for words."""
    if not old:
        return "原来是空的，补填"
    if not new:
        return "清空"
    if unicodedata.normalize("NFKC", old) == unicodedata.normalize("NFKC", new):
        return "只是全角、半角写法不同"
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
