"""What each row below the heads is: a record, a group title, a subtotal, a total, a note, heads printed again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.ledger.rules.heads import flat
from app.ledger.rules.recognition import RowKind
from app.ledger.rules.synonyms import NOTE_WORDS, SUBTOTAL_WORDS, TOTAL_WORDS
from app.ledger.workbook.recognising.grid import Grid
from app.ledger.workbook.recognising.titles import bare_title, field_of_title, is_number, level_of

_SIGNATURE = re.compile(rf"^(?:{'|'.join(NOTE_WORDS)})[^:：]{{0,8}}[:：]")
_NOTE = re.compile(r"^(?:注|备注|说明|填表说明)\s*\d?[:：.、\s]|^[(]?注[)]?$|^※|^\*")
_LABEL = re.compile(r"^[^\d:：]{2,8}[:：]")
_CONTINUED = re.compile(r"[(]?(?:续表?|第\d+页|续表?[一二三四五六七八九十\d]+)[)]?$")
"""What the title of a further page says more than that of the first."""
_COUNT = re.compile(r"(?:共|合计)?\d+(?:个|家|项)?")
_COUNT_AT_END = re.compile(r"[(]?(?:共|合计)?\d+(?:个|家|项)[)]?$")
LABEL_COLUMNS = 6
"""A total names itself in one of the first columns."""


@dataclass(frozen=True)
class Places:
    """Where the columns stand that tell rows apart, and the last words of all heads."""

    name: int | None
    serial: int | None
    about: frozenset[int]
    """Columns of text about one project: investor, stage, dates."""
    heads: Mapping[int, str]
    above: frozenset[str]
    """The title lines above the heads, which a printed page repeats."""


def row_kinds(
    grid: Grid, bottom: int, places: Places
) -> tuple[dict[int, RowKind], dict[int, tuple[str, ...]]]:
    """The kind of every row below ``bottom``, and the group titles that hold for a row, the outer ones first."""
    kinds: dict[int, RowKind] = {}
    groups: dict[int, tuple[str, ...]] = {}
    open_groups: list[tuple[int, str]] = []
    for row in range(bottom + 1, grid.last + 1):
        kind, title = _kind(grid, row, places)
        kinds[row] = kind
        if title and bare_title(title):
            level = level_of(title)
            while open_groups and open_groups[-1][0] >= level:
                open_groups.pop()
            open_groups.append((level, bare_title(title)))
        elif kind is RowKind.total:
            open_groups.clear()
        elif kind is RowKind.data and open_groups:
            groups[row] = tuple(title for _, title in open_groups)
    return kinds, groups


def _kind(grid: Grid, row: int, places: Places) -> tuple[RowKind, str]:
    """What the row is, and the group title that it begins."""
    texts = grid.texts(row)
    filled = list(texts)
    if not filled:
        return RowKind.empty, ""
    first = flat(texts[filled[0]])
    if len(filled) <= 2 and _CONTINUED.sub("", first) in places.above:
        return RowKind.titled, ""
    if filled == [places.serial]:
        return _lonely_serial(grid, row, filled)
    total = _total(texts, filled, places.serial, grid, row)
    if total is not None:
        return total, ""
    if _NOTE.match(first) or _SIGNATURE.match(first) or _is_signed(texts):
        return RowKind.note, ""
    if len(filled) >= 3 and sum(flat(texts[p]) == places.heads.get(p) for p in filled) * 2 > len(filled):
        return RowKind.head, ""
    if len(filled) == 1:
        return _single(grid, row, filled[0], places.name, first)
    title = _title_with_sums(grid, row, texts, places)
    return (RowKind.subtotal, title) if title else (RowKind.data, "")


def _is_signed(texts: Mapping[int, str]) -> bool:
    """Whether most cells are labels of who signs: 主管领导：, 填表人：张三, 报送日期：…"""
    marked = [text for text in texts.values() if ":" in text or "：" in text]
    return len(texts) > 1 and sum(bool(_LABEL.match(flat(text))) for text in marked) * 2 > len(texts)


def _title_with_sums(grid: Grid, row: int, texts: dict[int, str], places: Places) -> str:
    """A group title that has its sums in its own row: 一 | 招商一部（3个） | … | 45000."""
    if places.about & texts.keys():
        return ""
    words = [
        (place, text)
        for place, text in texts.items()
        if isinstance(grid.at(row, place).value, str)
        and not _COUNT.fullmatch(flat(text))
        and not _is_amount(text)
    ]
    numbered = bool(words) and (is_number(words[0][1]) or level_of(words[0][1]) in (1, 2))
    rest = [(place, text) for place, text in words if not is_number(text)]
    if len(rest) != 1 or len(texts) < 2:
        return ""
    place, title = rest[0]
    lacks_serial = places.serial is not None and places.serial not in texts
    if not numbered and not (lacks_serial and place == (places.name or 0) and places.about):
        return ""
    return f"{words[0][1]}、{title}" if is_number(words[0][1]) and words[0][0] != place else title


def _is_amount(text: str) -> bool:
    return bool(re.fullmatch(r"[-+]?[\d,.]+(?:万|亿)?元?", flat(text)))


def _lonely_serial(grid: Grid, row: int, filled: list[int]) -> tuple[RowKind, str]:
    """A row with nothing but its serial number is empty; words in that column are a title or a note."""
    if isinstance(grid.at(row, filled[0]).value, Decimal):
        return RowKind.empty, ""
    text = flat(grid.text(row, filled[0]))
    if text.isdigit():
        return RowKind.empty, ""
    if any(text.strip("(（)）:：") == word for word in (*TOTAL_WORDS, *SUBTOTAL_WORDS)):
        return RowKind.total, ""
    if _NOTE.match(text) or _SIGNATURE.match(text) or len(text) > 40:
        return RowKind.note, ""
    return RowKind.group, text


def _total(
    texts: dict[int, str], filled: list[int], serial: int | None, grid: Grid, row: int
) -> RowKind | None:
    """Whether one of the first cells names the row a total; a record has a serial number of its own."""
    if serial is not None and serial in texts and texts[serial].replace(".", "").isdigit():
        return None
    for place in filled:
        if place > max(LABEL_COLUMNS, filled[0]):
            break
        if not isinstance(grid.at(row, place).value, str):
            continue
        word = re.sub(r"[(].*?[)]$", "", flat(texts[place])).strip(":：、")
        word = re.sub(r"\d+(?:个|家|项)?(?:项目)?$", "", word)
        if len(word) > 14:
            continue
        if word in TOTAL_WORDS:
            return RowKind.total
        if (
            word.endswith(SUBTOTAL_WORDS)
            or word.startswith(SUBTOTAL_WORDS)
            or word.endswith(("合计", "总计"))
        ):
            return RowKind.subtotal
    return None


def _is_title(text: str) -> bool:
    """Whether words alone under the project's name are a title all the same: a stage, a unit, or with a count."""
    meaning = field_of_title(text, {})
    told = meaning is not None and meaning[0] in ("当前阶段", "合同类型", "责任单位")
    return told or bool(_COUNT_AT_END.search(text))


def _single(grid: Grid, row: int, place: int, name: int | None, text: str) -> tuple[RowKind, str]:
    """A row with one filled cell: a group title, or a note; under the name it may be a bare record."""
    _, width = grid.span(row, place)
    if len(text) > 40 or text.endswith("。"):
        return RowKind.note, ""
    if place == name and width == 1 and not level_of(text) and not _is_title(text):
        return RowKind.data, ""
    if isinstance(grid.at(row, place).value, str):
        return RowKind.group, text
    return RowKind.data, ""
