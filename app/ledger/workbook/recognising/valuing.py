"""One cell in the words and units of the product's own form."""

from __future__ import annotations

import re
from decimal import Decimal

from app.directory.rules import provinces, read_origin
from app.kernel.errors import DomainError
from app.kernel.money import FEN_PER_WAN
from app.kernel.text import clean
from app.ledger.rules.heads import flat
from app.ledger.rules.recognition import Answers, Column
from app.ledger.rules.synonyms import ALIASES
from app.ledger.rules.values import is_nothing, read_count, read_day, read_fen, read_mu
from app.ledger.workbook.cells import EMPTY, Cell
from app.ledger.workbook.recognising.columns import DAYS, MONEY
from app.ledger.workbook.recognising.titles import stage_word

_WORDS = {
    field: {flat(word): label for label, words in aliases.items() for word in (label, *words.split())}
    for field, aliases in ALIASES.items()
}
_SHORT = {
    name.rstrip("省市")[: 3 if name.startswith(("内蒙古", "黑龙江")) else 2]: name for name in provinces()
}
_PHONE = re.compile(
    r"[\s,，:：、(（]*(?:电话|手机|联系方式)?[:：]?\s*(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})[)）]?"
)


def read_cell(column: Column, cell: Cell, year: int | None, answers: Answers) -> Cell:
    """What the cell means; with a problem in words where it means nothing that fits its field."""
    if cell.problem:
        return cell
    if is_nothing(cell.value):
        return EMPTY
    try:
        return _read(column, cell, year, answers)
    except DomainError as error:
        return Cell(None, error.message)


def _read(column: Column, cell: Cell, year: int | None, answers: Answers) -> Cell:
    field, value = column.field, cell.value
    if field in MONEY:
        return Cell(Decimal(read_fen(value, column.unit, answers.rates)) / FEN_PER_WAN)
    if field in DAYS:
        return Cell(read_day(value, year))
    if field == "用地面积":
        return Cell(read_mu(value, column.unit))
    if field == "带动就业":
        return Cell(read_count(value))
    if field in _WORDS:
        return Cell(_word(field, str(value), answers))
    if not isinstance(value, str):
        return cell
    if field == "投资方所在地":
        return Cell(place_of(value))
    if field in ("责任人", "包联领导"):
        return Cell(clean(_PHONE.sub("", value)) or None)
    return cell


def _word(field: str, text: str, answers: Answers) -> str:
    """Our word for one of others: told, known, or as it stands."""
    told = answers.values.get(field, {})
    word = flat(text)
    ours = told.get(text.strip()) or told.get(word)
    if ours is None:
        known = _WORDS[field]
        ours = (
            stage_word(word)
            if field == "当前阶段"
            else known.get(word) or known.get(word.removesuffix("资金").removesuffix("书"))
        )
    return ours or clean(text)


def place_of(text: str) -> str:
    """The province or country of a place as officials write it: 江苏南京, 广东省深圳市; as it stands when unknown."""
    try:
        return read_origin(text)
    except DomainError:
        plain = flat(text)
    if "深圳" in plain:
        return "深圳市"
    found = {name for short, name in _SHORT.items() if plain.startswith((short, f"中国{short}"))}
    return found.pop() if len(found) == 1 else clean(text)
