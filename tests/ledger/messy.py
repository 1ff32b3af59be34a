"""Ledgers as messy as committees keep them, made from plain records: for tests of the recogniser."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from app.ledger.rules.synonyms import FIELD_WORDS, NOTHING, STAGE_WORDS
from app.ledger.workbook import EMPTY, Cell, Sheet, Workbook

FIRST, LAST = dt.date.fromisoformat("2019-01-01"), dt.date.fromisoformat("2024-06-30")
YEAR = 2024
FULL = {ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789.,-/()"}
_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True)
class Record:
    """One project as it is meant; money in 万元."""

    name: str
    investor: str
    unit: str
    stage: str
    total: Decimal
    signed: dt.date | None
    funds: tuple[Decimal, ...]


@dataclass(frozen=True)
class Ledger:
    """What is meant, and the workbook that says so."""

    records: list[Record]
    workbook: Workbook
    head_rows: tuple[int, int]


def chinese(number: int) -> str:
    """1 to 31 as 一 to 三十一."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + (
        "" if ones == 0 else _DIGITS[ones]
    )


WAYS_OF_DATES: tuple[Callable[[dt.date], Any], ...] = (
    lambda d: d,
    lambda d: dt.datetime(d.year, d.month, d.day, 9, 30),  # noqa: DTZ001  # a cell has no zone
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"{d.year}-{d.month:02}-{d.day:02}",
    lambda d: f"{d.year}/{d.month}/{d.day}".translate(FULL),
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f" {d.year} 年 {d.month} 月 {d.day} 日 ",
    lambda d: f"{d:%Y%m%d}",
    lambda d: Decimal(f"{d:%Y%m%d}"),
    lambda d: Decimal((d - dt.date(1899, 12, 30)).days),
    lambda d: f"{d.year % 100:02}.{d.month}.{d.day}",
    lambda d: f"{d.year}-{d.month}-{d.day} 00:00:00",
    lambda d: "".join(_DIGITS[int(c)] for c in str(d.year)) + f"年{chinese(d.month)}月{chinese(d.day)}日",
    lambda d: f"{d.month}月{d.day}日" if d.year == YEAR else f"{d.year}.{d.month}.{d.day}",
)
WAYS_OF_AMOUNTS: tuple[Callable[[Decimal], Any], ...] = (
    lambda n: n,
    lambda n: f"{n:f}",
    lambda n: f"{n:,f}",
    lambda n: f"{n:f}".translate(FULL),
    lambda n: f"{n:f}万元",
    lambda n: f"{n / 10000:f}亿元",
    lambda n: f"{n / 10000:f} 亿",
    lambda n: f"{n * 10000:f}元",
    lambda n: f"约{n:f}万",
)
UNITS = {"元": Decimal(10000), "万元": Decimal(1), "亿元": Decimal("0.0001")}
PLACES = ("title", "head", "line")
names = st.text("电池纺织物流数字算力新材料", min_size=2, max_size=8)
amounts = st.integers(1, 9_999_999).map(lambda n: Decimal(n) / 10)
blanks = st.sampled_from(["", *sorted(NOTHING - {""})])


@st.composite
def records(draw: st.DrawFn, months: int) -> list[Record]:
    """Some projects of some units, in the order of their units."""
    units = draw(
        st.lists(
            st.sampled_from(["招商一部", "招商二部", "驻深圳招商组"]), min_size=1, max_size=3, unique=True
        )
    )
    found: list[Record] = []
    for unit in units:
        for _ in range(draw(st.integers(1, 4))):
            number = len(found) + 1
            found.append(
                Record(
                    f"{draw(names)}项目{number}", f"{draw(names)}{number}有限公司", unit,
                    draw(st.sampled_from(sorted(STAGE_WORDS))), draw(amounts),
                    draw(st.none() | st.dates(FIRST, LAST)),
                    tuple(draw(st.just(Decimal(0)) | amounts) for _ in range(months)),
                )
            )  # fmt: skip
    return found


def _head(draw: st.DrawFn, field: str) -> str:
    """One of the words for a field, with spaces or a line break in it."""
    word = draw(
        st.sampled_from([w for w in FIELD_WORDS[field].split() if w not in ("项目", "企业", "状态", "公司")])
    )
    clutter = draw(st.sampled_from(["", " ", "\n", "\u3000"]))
    return f"{word[0]}{clutter}{word[1:]}"


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """A ledger: title rows, one or two rows of heads, merged units or not, subtotals, totals, notes, odd spellings."""
    months = draw(st.sampled_from([0, 3, 12]))
    wanted = draw(records(months))
    unit, place = draw(st.sampled_from(sorted(UNITS))), draw(st.sampled_from(PLACES))
    said = f"（{unit}）"
    rows: list[list[Any]] = [[f"某开发区{YEAR}年招商引资项目台账{said if place == 'title' else ''}"]]
    rows += [[]] * draw(st.integers(0, 1))
    rows += [["填报单位：招商局", "", "", f"单位：{unit}"]] if place == "line" else []
    total_head = _head(draw, "合同总投资") + (said if place == "head" else "")
    heads: list[Any] = ["序号", _head(draw, "责任单位"), _head(draw, "项目名称"), _head(draw, "投资方名称"),
                        _head(draw, "当前阶段"), _head(draw, "合同签订日期"), total_head]  # fmt: skip
    top = len(rows) + 1
    merged: list[tuple[int, int, int, int]] = []
    group = f"{YEAR}年到位资金" + (said if place == "head" else "")
    if months and draw(st.booleans()):
        rows.append([*heads, group])
        rows.append([""] * 7 + [f"{m}月" for m in range(1, months + 1)] + ["累计"])
        if draw(st.booleans()):
            merged += [(top, c, top + 1, c) for c in range(1, 8)] + [(top, 8, top, 8 + months)]
    elif months:
        tail = said if place == "head" else ""
        rows.append(
            [
                *heads,
                *(f"{YEAR}年{m}月到位资金{tail}" for m in range(1, months + 1)),
                f"{YEAR}年累计到位资金{tail}",
            ]
        )
    else:
        rows.append(heads)
    bottom = len(rows)
    rows += _body(draw, wanted, months, UNITS[unit], bottom, merged)
    rows += [["注：以审核数为准。"]] * draw(st.integers(0, 1)) + [
        ["填表人：某某", "", "审核人：某某"]
    ] * draw(st.integers(0, 1))
    width = max(map(len, rows))
    cells = [
        [EMPTY if v in ("", None) else Cell(v) for v in [*row, *[""] * (width - len(row))]] for row in rows
    ]
    sheet = Sheet(name="台账", first_row=1, rows=cells, merged=tuple(merged))
    return Ledger(wanted, Workbook([sheet]), (top, bottom))


def _body(
    draw: st.DrawFn, wanted: list[Record], months: int, factor: Decimal, bottom: int,
    merged: list[tuple[int, int, int, int]],
) -> list[list[Any]]:  # fmt: skip
    """The records in one of many spellings, with subtotals and a total."""
    merge, subtotals = draw(st.booleans()), draw(st.booleans())
    rows: list[list[Any]] = []
    for unit in dict.fromkeys(record.unit for record in wanted):
        own = [record for record in wanted if record.unit == unit]
        first = bottom + len(rows) + 1
        for index, record in enumerate(own):
            rows.append(_line(draw, record, len(rows) + 1, "" if merge and index else unit, factor))
        if merge and len(own) > 1:
            merged.append((first, 2, first + len(own) - 1, 2))
        if subtotals:
            rows.append(_sum(own, months, factor, "小计"))
    if draw(st.booleans()):
        rows.append(_sum(wanted, months, factor, "合  计"))
    return rows


def _line(draw: st.DrawFn, record: Record, number: int, unit: str, factor: Decimal) -> list[Any]:
    stage = draw(st.sampled_from(STAGE_WORDS[record.stage].split()))
    day = draw(st.sampled_from(WAYS_OF_DATES))(record.signed) if record.signed else draw(blanks)
    funds = [_amount(draw, n, factor) if n else draw(blanks) for n in record.funds]
    sums = [sum(record.funds, Decimal(0)) * factor] if record.funds else []
    return [Decimal(number), unit, record.name, f"{record.investor}{draw(st.sampled_from(['', ' ', '　']))}", stage, day,
            _amount(draw, record.total, factor), *funds, *sums]  # fmt: skip


def _amount(draw: st.DrawFn, amount: Decimal, factor: Decimal) -> Any:
    """In the ledger's unit, or with a unit of its own."""
    way = draw(st.integers(0, len(WAYS_OF_AMOUNTS) - 1))
    return WAYS_OF_AMOUNTS[way](amount * factor if way < 4 else amount)


def _sum(own: list[Record], months: int, factor: Decimal, word: str) -> list[Any]:
    funds = [sum((record.funds[m] for record in own), Decimal(0)) * factor for m in range(months)]
    total = sum((record.total for record in own), Decimal(0)) * factor
    return [
        "",
        word,
        f"{len(own)}个",
        "",
        "",
        "",
        total,
        *funds,
        *([sum(funds, Decimal(0))] if months else []),
    ]
