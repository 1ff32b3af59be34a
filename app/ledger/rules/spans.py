"""The month, or the sum of months, that a column, a sheet or a title stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from app.ledger.rules.heads import flat

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)\s*(?:年度?)?")
_SHORT_YEAR = re.compile(r"(?<!\d)(1[5-9]|2\d|3[0-5])年(?=度|\d|[一二三四上下前全到累合])")
"""23年5月, 24年累计."""
_MONTH = re.compile(r"(?<![\d\-—–~至.])(1[0-2]|0?[1-9])月(?:份|底|末)?(?![\d\-—–~至])")
_RANGE = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月?(?:份)?[-—–~～至到](1[0-2]|0?[1-9])月")
_YEAR_MONTH = re.compile(r"(?<!\d)((?:19|20)\d{2})[-./年](1[0-2]|0?[1-9])(?:月(?:份)?|(?![\d.\-/年月]))")
_COMPACT = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])")
_CHINESE_MONTH = re.compile(r"(十[一二]?|[一二三四五六七八九])月")
_CHINESE = {word: number for number, word in enumerate("一 二 三 四 五 六 七 八 九 十 十一 十二".split(), 1)}
_SPANS = {"前三季度": (1, 9), "一季度": (1, 3), "二季度": (4, 6), "三季度": (7, 9), "四季度": (10, 12), "上半年": (1, 6), "下半年": (7, 12),
          "1季度": (1, 3), "2季度": (4, 6), "3季度": (7, 9), "4季度": (10, 12)}  # fmt: skip
_BARE_SUMS = frozenset(
    "累计 合计 小计 全年 总计 全年合计 全年累计 年累计 本年合计 年度合计 年度累计 年合计".split()
)
_SUM_WORDS = ("累计", "合计", "小计", "全年", "总计", "年计")
_THIS_MONTH = ("本月", "当月")
_THIS_YEAR = (
    "本年累计",
    "当年累计",
    "年初至今",
    "本年度累计",
    "今年累计",
    "年初累计",
    "本年到位",
    "当年到位",
    "本年实际",
    "自年初累计",
    "自年初",
)
_UP_TO = ("累计", "截至", "截止", "至")
_NOT_PERIODS = ("时间", "日期", "计划", "目标", "任务", "同比", "完成率", "上年", "去年")


@dataclass(frozen=True)
class Period:
    """The months of ``year`` (None: not said) from ``first`` to ``last``; a sum when ``is_sum``.

    ``last`` is 0 for the month in which the sheet was drawn up (本月, 本年累计), which its title says.
    """

    year: int | None
    first: int
    last: int
    is_sum: bool

    @property
    def is_open(self) -> bool:
        """Whether its last month is the sheet's own."""
        return self.last == 0


def year_of(text: str) -> int | None:
    """The one year that a text names; None for none, or for several."""
    plain = flat(text)
    years = {int(y) for y in _YEAR.findall(plain)} | {2000 + int(y) for y in _SHORT_YEAR.findall(plain)}
    return years.pop() if len(years) == 1 else None


def month_said(text: str) -> tuple[int | None, int] | None:
    """The month up to which a title or a sheet's name says that it goes: 2024年1—6月, 6月, 202406."""
    plain = flat(text)
    year = year_of(plain)
    if match := _RANGE.search(plain):
        return year, int(match[2])
    if match := _YEAR_MONTH.search(plain) or _COMPACT.fullmatch(plain):
        return int(match[1]), int(match[2])
    months = {int(m) for m in _MONTH.findall(plain)} | {_CHINESE[m] for m in _CHINESE_MONTH.findall(plain)}
    if len(months) == 1:
        return year, months.pop()
    for word, (_, last) in _SPANS.items():
        if word in plain:
            return year, last
    return None


def period_of(path: tuple[str, ...]) -> Period | None:
    """The month, or the sum of months, that a column stands for; None when it is neither."""
    year = next((found for part in reversed(path) if (found := year_of(part)) is not None), None)
    whole = flat(" ".join(path))
    periods = (_period(flat(part), year, whole) for part in reversed(path))
    said = [period for period in periods if period is not None]
    if len(said) > 1 and flat(path[-1]) in _BARE_SUMS:
        return said[
            1
        ]  # 小计 below 一季度 sums the quarter, not the year; 合计 below 1月 is all of the month's
    if len(said) > 1 and said[0].is_open and not (said[1].is_sum or said[1].is_open):
        return replace(said[1], first=said[0].first or said[1].first, is_sum=said[0].is_sum)  # 当月 below 6月
    return said[0] if said else None


def _period(text: str, year: int | None, whole: str) -> Period | None:
    if any(word in text for word in _NOT_PERIODS):
        return None
    return _counted(text, year) or _named(text, year, whole)


def _counted(text: str, year: int | None) -> Period | None:
    """A period in numbers: 202403, 1—3月, 2024.3, 3月, 上半年."""
    if match := _COMPACT.fullmatch(text):
        return Period(int(match[1]), int(match[2]), int(match[2]), False)
    if match := _RANGE.search(text):
        return Period(year, int(match[1]), int(match[2]), True)
    if (span := next((span for word, span in _SPANS.items() if word in text), None)) is not None:
        return Period(year, *span, True)
    if match := _YEAR_MONTH.search(text):
        return _month(int(match[1]), int(match[2]), text)
    months = {int(m) for m in _MONTH.findall(text)} or {_CHINESE[m] for m in _CHINESE_MONTH.findall(text)}
    return _month(year, months.pop(), text) if len(months) == 1 else None


def _named(text: str, year: int | None, whole: str) -> Period | None:
    """A period by its name: 本月, 本年累计, 2024年合计."""
    if any(word in text for word in _THIS_YEAR):
        return Period(year, 1, 0, True)
    if any(word in text for word in _THIS_MONTH):
        return Period(year, 0, 0, False)
    summed = year is not None and any(word in text for word in _SUM_WORDS) and "历年" not in whole
    return Period(year, 1, 12, True) if summed or text in _BARE_SUMS else None


def _month(year: int | None, month: int, text: str) -> Period:
    """One month, or all up to it: 截至3月, 3月累计."""
    if any(word in text for word in _UP_TO):
        return Period(year, 1, month, True)
    return Period(year, month, month, False)
