"""What each row below the heads is: a record, a group title, a subtotal, a total, a note, heads printed again."""

from __future__ import annotations

import re
from decimal import Decimal

from app.ledger.rules.heads import flat
from app.ledger.rules.recognition import RowKind
from app.ledger.rules.synonyms import NOTE_WORDS, SUBTOTAL_WORDS, TOTAL_WORDS
from app.ledger.workbook.recognising.grid import Grid

_NUMBERED = re.compile(r"^(?:[(]?[一二三四五六七八九十]+[)]?[、.]?|[(]?\d{1,2}[)、.](?!\d))\s*")
_COUNTED = re.compile(r"[(](?:共|合计)?\d+(?:个|家|项)[)]?$|(?:共)?\d+(?:个|家|项)[)]?$|[:：]$")
_SIGNATURE = re.compile(rf"^(?:{'|'.join(NOTE_WORDS)})[^:：]{{0,8}}[:：]")
_NOTE = re.compile(r"^(?:注|备注|说明|填表说明)\s*\d?[:：.、\s]|^[(]?注[)]?$|^※|^\*")
LABEL_COLUMNS = 6
"""A total names itself in one of the first columns."""


def row_kinds(
    grid: Grid, bottom: int, name: int | None, serial: int | None, heads: dict[int, tuple[str, ...]]
) -> tuple[dict[int, RowKind], dict[int, str]]:
    """The kind of every row below ``bottom``, and the group title that holds for a row."""
    kinds: dict[int, RowKind] = {}
    groups: dict[int, str] = {}
    group = ""
    last_words = {place: flat(path[-1]) for place, path in heads.items()}
    for row in range(bottom + 1, grid.last + 1):
        kind = _kind(grid, row, name, serial, last_words)
        kinds[row] = kind
        if kind is RowKind.group:
            group = group_title(grid.text(row, grid.filled(row)[0]))
        elif kind is RowKind.total:
            group = ""
        elif kind is RowKind.data and group:
            groups[row] = group
    return kinds, groups


def group_title(text: str) -> str:
    """The words of a group title: 一、签约项目（20个） is 签约项目."""
    return _COUNTED.sub("", _NUMBERED.sub("", flat(text))).strip("、:： ")


def _kind(grid: Grid, row: int, name: int | None, serial: int | None, last_words: dict[int, str]) -> RowKind:
    places = grid.filled(row)
    if not places or places == [serial]:
        return _lonely_serial(grid, row, places)
    texts = {place: grid.text(row, place) for place in places}
    first = flat(texts[places[0]])
    total = _total(texts, places, serial, grid, row)
    if total is not None:
        return total
    if _NOTE.match(first) or _SIGNATURE.match(first):
        return RowKind.note
    if len(places) >= 3 and sum(flat(texts[p]) == last_words.get(p) for p in places) * 2 > len(places):
        return RowKind.head
    if len(places) == 1:
        return _single(grid, row, places[0], name, first)
    return RowKind.data


def _lonely_serial(grid: Grid, row: int, places: list[int]) -> RowKind:
    """A row with nothing but its serial number is empty; words in that column are a title or a note."""
    if not places or isinstance(grid.at(row, places[0]).value, Decimal):
        return RowKind.empty
    text = flat(grid.text(row, places[0]))
    if text.isdigit():
        return RowKind.empty
    if any(text.strip("(（)）:：") == word for word in (*TOTAL_WORDS, *SUBTOTAL_WORDS)):
        return RowKind.total
    if _NOTE.match(text) or _SIGNATURE.match(text) or len(text) > 40:
        return RowKind.note
    return RowKind.group


def _total(
    texts: dict[int, str], places: list[int], serial: int | None, grid: Grid, row: int
) -> RowKind | None:
    """Whether one of the first cells names the row a total; a record has a serial number of its own."""
    if serial is not None and serial in texts and texts[serial].replace(".", "").isdigit():
        return None
    for place in places:
        if place > max(LABEL_COLUMNS, places[0]):
            break
        if not isinstance(grid.at(row, place).value, str):
            continue
        word = re.sub(r"[(].*?[)]$", "", flat(texts[place])).strip(":：、")
        word = re.sub(r"\d+(?:个|家|项)?$", "", word)
        if len(word) > 14:
            continue
        if word in TOTAL_WORDS:
            return RowKind.total
        if word.endswith(SUBTOTAL_WORDS) or word.startswith(SUBTOTAL_WORDS) or word.endswith("合计"):
            return RowKind.subtotal
    return None


def _single(grid: Grid, row: int, place: int, name: int | None, text: str) -> RowKind:
    """A row with one filled cell: a group title, or a note; under the name it may be a bare record."""
    _, width = grid.span(row, place)
    if len(text) > 40 or text.endswith("。"):
        return RowKind.note
    if place == name and width == 1:
        return RowKind.data
    if isinstance(grid.at(row, place).value, str):
        return RowKind.group
    return RowKind.data
