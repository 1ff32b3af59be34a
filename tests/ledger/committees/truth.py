"""What is meant: projects with their dates and money, and the figures that follow, added up the plain way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.ledger.workbook import EMPTY, Cell, Sheet, Workbook

Pick = Callable[["Truth", dt.date, dt.date], tuple[int, Decimal]]
Merged = tuple[int, int, int, int]
MONTHS = tuple((2024, month) for month in range(1, 7))


@dataclass(frozen=True)
class Truth:
    """One project; money in 万元, funds by year and month."""

    name: str
    investor: str
    origin: str
    unit: str
    area: str
    chain: str
    segment: str
    stage: str
    kind: str
    total: Decimal
    signed: dt.date | None = None
    started: dt.date | None = None
    produced: dt.date | None = None
    ended: dt.date | None = None
    land: int = 30
    funds: dict[tuple[int, int], Decimal] = field(default_factory=dict)

    @property
    def formal(self) -> bool:
        """Whether it counts as signed."""
        return self.kind == "正式合同" and self.signed is not None

    def paid(self, year: int, first: int, last: int) -> Decimal:
        """What came in from the first to the last of these months."""
        return sum((n for (y, m), n in self.funds.items() if y == year and first <= m <= last), Decimal(0))


def _d(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _funds(text: str) -> dict[tuple[int, int], Decimal]:
    """``2301:1106.7`` is 1,106.7 万元 in January 2023."""
    parts = (item.split(":") for item in text.split())
    return {(2000 + int(when[:2]), int(when[2:])): Decimal(amount) for when, amount in parts}


_ROWS = """
盛源锂电池正极材料项目|江苏盛源锂电有限公司|江苏省|招商一部|综合保税区|锂电新能源|上游材料|投产|正式合同|26350|2022-05-20|2023-03-04|2023-08-24||2301:1106.7 2302:3689 2306:158.1 2401:790.5
恒科跨境仓储物流项目（二期）|浙江恒科商贸有限公司|浙江省|招商一部|综合保税区|商贸物流|仓储|签约|正式合同|19140|2024-05-29|||||2406:3636.6
瑞信锂电池扩建项目|山东瑞信新能源有限公司|山东省|招商一部|空港产业园|锂电新能源|电池|开工|正式合同|28190|2023-11-07|2024-01-18|||2312:3946.6 2402:500
天源纺织服装产业园项目|哈萨克斯坦天源纺织集团|哈萨克斯坦|招商二部|空港产业园|纺织服装|织造|开工|正式合同|5620|2023-05-28|2023-11-26|||2306:674.4 2307:1798.4 2402:505.8 2405:1573.6
智云算力中心项目|新疆智云数字科技有限公司|新疆维吾尔自治区|招商二部|深圳产业园|数字经济|算力|签约|正式合同|10000|2024-03-15|||||2404:1200
联创装备零部件项目|广东联创装备制造有限公司|广东省|招商二部|深圳产业园|高端装备|零部件|终止|正式合同|8880|2024-01-10|||2024-04-20|2402:300
丝路冷链产业合作项目|河南丝路冷链有限公司|河南省|驻深圳招商组|综合保税区|商贸物流|冷链|在谈|框架协议|50000|2024-04-01|||||
博远电子终端项目|深圳博远电子股份有限公司|深圳市|驻深圳招商组|深圳产业园|电子信息|智能终端|投产|正式合同|12000|2023-02-14|2023-05-06|2024-06-18||2303:2400 2305:960.5 2401:1000 2403:250.25
昆仑果蔬精深加工项目|北京昆仑食品有限公司|北京市|驻深圳招商组|空港产业园|农产品加工|果蔬|在谈||9000|||||
""".strip()


def _read(line: str) -> Truth:
    parts = line.split("|")
    (
        name,
        investor,
        origin,
        unit,
        area,
        chain,
        segment,
        stage,
        kind,
        total,
        signed,
        started,
        produced,
        ended,
    ) = parts[:14]
    return Truth(
        name, investor, origin, unit, area, chain, segment, stage, kind, Decimal(total), _d(signed), _d(started),
        _d(produced), _d(ended), 20 + len(name), _funds(parts[-1] if ":" in parts[-1] else ""),
    )  # fmt: skip


TRUTH = [_read(line) for line in _ROWS.splitlines()]
UNITS = list(dict.fromkeys(p.unit for p in TRUTH))
TARGETS = {"招商一部": (9000, 4), "招商二部": (6000, 3), "驻深圳招商组": (5000, 2), "全区": (20000, 9)}
"""到位资金 in 万元 and 新签约合同项目数 of 2024."""


@dataclass
class Book:
    """A ledger of one committee: its sheets, and what of the truth it does not say."""

    sheets: list[Sheet] = field(default_factory=list)
    silent: frozenset[str] = frozenset()
    """Dimensions, or figures, that the ledger has nothing about."""
    months: tuple[tuple[int, int], ...] = MONTHS
    this_year_alone: bool = False
    """Whether the ledger has no months of last year."""

    def add(
        self, name: str, rows: Iterable[Iterable[Any]], merged: Iterable[Merged] = (), **places: Any
    ) -> Book:
        """One more sheet with these rows from row 1 on."""
        lines = [list(row) for row in rows]
        width = max((len(row) for row in lines), default=0)
        cells = [[_cell(value) for value in [*row, *[None] * (width - len(row))]] for row in lines]
        self.sheets.append(Sheet(name=name, first_row=1, rows=cells, merged=tuple(merged), **places))
        return self

    @property
    def workbook(self) -> Workbook:
        """As the reader would give it."""
        return Workbook(self.sheets)


def _cell(value: Any) -> Cell:
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return Cell(value)
    return Cell(Decimal(str(value)))


def figures(year: int, month: int, book: Book) -> dict[str, Any]:
    """The truth's figures of a month in the shape of ``flask figures --json``, in 万元."""

    spans = {"month": (year, month, month), "ytd": (year, 1, month), "last_year_ytd": (year - 1, 1, month)}

    def windows(measure: str, pick: Pick, dimension: str = "", member: str = "") -> dict[str, str]:
        counted = {}
        for name, (y, first, last) in spans.items():
            if name == "last_year_ytd" and book.this_year_alone:
                continue
            own = [p for p in TRUTH if not dimension or _of(p, dimension) == member]
            found = [pick(p, dt.date(y, first, 1), _end(y, last)) for p in own]
            counted[name] = str(sum((pair[measure == "amount"] for pair in found), Decimal(0)))
        return counted

    totals = {"funds.amount": windows("amount", _funds_of)}
    for what in ("signed", "started", "produced"):
        for big, code in ((False, what), (True, f"{what}_big")):
            for measure in ("count", "amount"):
                totals[f"{code}.{measure}"] = windows(measure, _happened(what, big=big))
    by: dict[str, dict[str, Any]] = {}
    for dimension, code in (
        ("unit", "funds.amount"), ("source", "funds.amount"), ("unit", "signed.count"), ("chain", "signed.amount"), ("area", "started.count"),
    ):  # fmt: skip
        what, measure = code.split(".")
        pick = _funds_of if what == "funds" else _happened(what)
        members = dict.fromkeys(_of(p, dimension) for p in TRUTH)
        by.setdefault(dimension, {})[code] = {m: windows(measure, pick, dimension, m) for m in members}
    return {"figures": totals, "by": {d: v for d, v in by.items() if d not in book.silent}}


def _end(year: int, month: int) -> dt.date:
    return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(1)


def _of(p: Truth, dimension: str) -> str:
    if dimension == "source":
        return "境外" if p.origin == "哈萨克斯坦" else "区内" if p.origin.startswith("新疆") else "区外境内"
    return str(getattr(p, dimension))


def _happened(what: str, *, big: bool = False) -> Pick:
    """Counts projects of which ``what`` happened in a window and which are not dissolved by its end."""

    def pick(p: Truth, begin: dt.date, end: dt.date) -> tuple[int, Decimal]:
        day = getattr(p, what)
        if not p.formal or day is None or not begin <= day <= end or (p.ended and p.ended <= end):
            return 0, Decimal(0)
        return (1, p.total) if not big or p.total >= 10000 else (0, Decimal(0))

    return pick


def _funds_of(p: Truth, begin: dt.date, end: dt.date) -> tuple[int, Decimal]:
    amount = sum((n for (y, m), n in p.funds.items() if begin <= dt.date(y, m, 1) <= end), Decimal(0))
    return 0, amount
