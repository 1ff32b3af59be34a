"""What is put right without asking when a table is read, counted, so that a person can see it."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from app.kernel.text import clean
from app.ledger.rules.recognition import Column, Tidied
from app.ledger.rules.values import is_nothing
from app.ledger.workbook.recognising.grid import Grid

_WIDE = re.compile(r"[\uff10-\uff19\uff0e\uff0c]")
_DIGITS = re.compile(r"\d+")


def tidied(
    grid: Grid, columns: Iterable[Column], rows: list[int], carried: Mapping[tuple[int, int], int],
    days: Collection[str], numbers: Collection[str],
) -> Iterator[Tidied]:  # fmt: skip
    """Digits of full width, spellings of dates, carried cells, signs for nothing, codes in small letters."""
    wide, small = 0, 0
    ways: Counter[str] = Counter()
    signs: Counter[str] = Counter()
    carried_under: Counter[str] = Counter()
    down = Counter(place for _, place in carried)
    for column in columns:
        values = [value for row in rows if (value := grid.at(row, column.place).value) is not None]
        texts = [value for value in values if isinstance(value, str)]
        signs.update(sign for value in texts if is_nothing(value) and (sign := clean(value)))
        if column.field in days:
            ways.update(_way(value) for value in values if not is_nothing(value))
        if column.field in numbers:
            wide += sum(bool(_WIDE.search(value)) for value in texts)
        if column.field == "统一社会信用代码":
            small += sum(value != value.upper() for value in texts)
        carried_under[column.field if column.sure else column.head] += down[column.place]
    yield from _said("全角数字转半角", wide)
    if ways.keys() - {"date"}:
        yield Tidied(f"日期 {len(ways)} 种写法统一为年-月-日", sum(ways.values()) - ways["date"])
    for head, cells in carried_under.items():
        yield from _said(f"{head}合并格按上一行补齐", cells)
    said = "".join(f"“{sign}”" for sign, _ in signs.most_common(4))
    yield from _said(f"{said}当作空", sum(signs.values()))
    yield from _said("信用代码小写转大写", small)


def _way(value: object) -> str:
    """The spelling of a date: 2024.5.8 and 2023.11.20 are of one."""
    return "date" if isinstance(value, dt.date) else _DIGITS.sub("0", str(value))


def _said(what: str, cells: int) -> Iterator[Tidied]:
    if cells:
        yield Tidied(what, cells)
