"""Statistical months and their windows (figures.md §2)."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from app.kernel.errors import DomainError
from app.kernel.text import narrow

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1990, 2100


def parse_day(text: str) -> dt.date:
    """The day written 2024-06-28, 2024/6/28, 2024.6.28, 2024年6月28日 or 20240628.

    Raises ``DomainError`` for other forms and for days that do not exist.
    """
    match = _DAY.fullmatch(narrow(text).replace(" ", ""))
    if not match:
        raise DomainError(f"日期“{text[:20]}”无法识别，请写成 2024-06-28 的形式")
    year, month, day = int(match[1]), int(match[2] or match[4]), int(match[3] or match[5])
    try:
        found = dt.date(year, month, day)
    except ValueError as error:
        raise DomainError(f"日期“{text[:20]}”不存在，请核对月和日") from error
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DomainError(f"日期“{text[:20]}”不合常理，请核对年份")
    return found


def months_later(day: dt.date, months: int) -> dt.date:
    """The day ``months`` later (or earlier), at most the last of its month."""
    count = day.year * 12 + day.month - 1 + months
    first = dt.date(count // 12, count % 12 + 1, 1)
    following = dt.date(first.year + first.month // 12, first.month % 12 + 1, 1)
    length = (following - first).days
    return first.replace(day=min(day.day, length))


@dataclass(frozen=True)
class Window:
    """Days from ``start`` to ``end``, both included."""

    start: dt.date
    end: dt.date

    def holds(self, day: dt.date) -> bool:
        """Whether ``day`` lies in the window."""
        return self.start <= day <= self.end


@dataclass(frozen=True, order=True)
class Month:
    """A statistical month. ``cutoff`` is its last day (0: the last of the calendar month).

    A zone that cuts off on the 25th counts the 26th of the month before to the 25th; January starts
    on the 1st and December ends on the 31st, so that twelve months make exactly one year.
    """

    year: int
    month: int
    cutoff: int = 0

    @classmethod
    def parse(cls, text: str, cutoff: int = 0) -> Month:
        """The month written ``2024-06``. Raises ``DomainError`` for anything else."""
        match = _MONTH.fullmatch(text)
        if not match or not 1 <= int(match[2]) <= 12 or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
            raise DomainError(f"月份“{text[:20]}”无法识别，请写成 2024-06 的形式")
        return cls(int(match[1]), int(match[2]), cutoff)

    @classmethod
    def of(cls, day: dt.date, cutoff: int = 0) -> Month:
        """The statistical month that holds ``day``."""
        return _month_of(day, cutoff)

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d}"

    @property
    def label(self) -> str:
        """2024年6月"""
        return f"{self.year}年{self.month}月"

    @property
    def last_day(self) -> dt.date:
        """The last day that counts for this month."""
        length = calendar.monthrange(self.year, self.month)[1]
        if self.cutoff and self.month < 12:
            length = min(self.cutoff, length)
        return dt.date(self.year, self.month, length)

    @property
    def window(self) -> Window:
        """The month itself."""
        if self.month == 1:
            return Window(dt.date(self.year, 1, 1), self.last_day)
        return Window(self.previous().last_day + dt.timedelta(days=1), self.last_day)

    @property
    def ytd(self) -> Window:
        """1 January to the month's last day (累计)."""
        return Window(dt.date(self.year, 1, 1), self.last_day)

    @property
    def last_year(self) -> Month:
        """The same month a year earlier; its ``ytd`` is the base of 同比."""
        return Month(self.year - 1, self.month, self.cutoff)

    def previous(self) -> Month:
        """The month before."""
        return (
            Month(self.year, self.month - 1, self.cutoff)
            if self.month > 1
            else Month(self.year - 1, 12, self.cutoff)
        )

    def next(self) -> Month:
        """The month after."""
        return (
            Month(self.year, self.month + 1, self.cutoff)
            if self.month < 12
            else Month(self.year + 1, 1, self.cutoff)
        )

    def so_far(self) -> list[Month]:
        """The months of this year up to this one."""
        return [Month(self.year, month, self.cutoff) for month in range(1, self.month + 1)]

    @property
    def elapsed_percent(self) -> Decimal:
        """时间进度: months elapsed ÷ 12 × 100, exact to 28 digits."""
        return Decimal(self.month) * 100 / 12

    @property
    def period_label(self) -> str:
        """The year so far in the words of a brief: 1月, 1—2月, 一季度, 上半年, 前三季度, 全年."""
        named = {1: "1月", 3: "一季度", 6: "上半年", 9: "前三季度", 12: "全年"}
        return named.get(self.month, f"1—{self.month}月")


@lru_cache(maxsize=20_000)
def _month_of(day: dt.date, cutoff: int) -> Month:
    """Remembered: ledgers of hundreds of thousands of arrivals ask for the same few days."""
    month = Month(day.year, day.month, cutoff)
    return month if day <= month.last_day else month.next()
