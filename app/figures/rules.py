"""The catalogue of figures and the arithmetic on them (figures.md §2, §3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.journal.rules import FUNDS_ONLY, Dimension, FactKind
from app.kernel.errors import NotFoundError
from app.kernel.money import round_half_up
from app.kernel.periods import Month, months_later
from app.pipeline.rules import Stage


class Measure(StrEnum):
    """What is added up."""

    count = "count"  # type: ignore[assignment]  # hides str.count, which nobody needs here
    amount = "amount"


@dataclass(frozen=True)
class Figure:
    """One figure: its code, Chinese name, printable definition (口径说明), and the facts it adds up."""

    code: str
    name: str
    definition: str
    kind: FactKind
    measure: Measure
    big_only: bool = False

    @property
    def unit(self) -> str:
        """The unit in which it is printed: 个 or 万元."""
        return "个" if self.measure is Measure.count else "万元"

    def applies(self, dimension: Dimension) -> bool:
        """Whether it can be broken down by ``dimension``."""
        return self.kind is FactKind.funds or dimension not in FUNDS_ONLY


_SIGNED = "正式合同签订之日在统计期内的项目，框架协议、意向协议不计；升格为正式合同的，按合同签订日计一次。合同终止的，自终止之日起剔除。"
_SIGNED_AMOUNT = (
    "新签约项目的合同总投资；补充协议的增资按其签订日计入金额，不重复计个数。合同终止的，自终止之日起剔除。"
)
_BIG = "合同总投资1亿元（含）以上的，以合同原值为准，不以四舍五入后的数为准。"
_FUNDS = "到账之日在统计期内且经审核认定的资金；待审核、退回的不计。外币按到账时记录的汇率折合人民币，已印发月份不重算。"


def _pair(kind: FactKind, name: str, count_text: str, amount_text: str) -> list[Figure]:
    return [
        Figure(f"{kind}.count", f"{name}项目数", count_text, kind, Measure.count),
        Figure(f"{kind}.amount", f"{name}总投资", amount_text, kind, Measure.amount),
        Figure(f"{kind}_big.count", f"{name}亿元以上项目数", count_text + _BIG, kind, Measure.count, True),
        Figure(f"{kind}_big.amount", f"{name}亿元以上总投资", amount_text + _BIG, kind, Measure.amount, True),
    ]


def _reached(event: str) -> tuple[str, str]:
    return (
        f"签有正式合同、实际{event}之日在统计期内的项目。合同终止的，自终止之日起剔除。",
        f"新{event}项目{event}当日的总投资。",
    )


CATALOGUE: dict[str, Figure] = {
    figure.code: figure
    for figure in (
        *_pair(FactKind.signed, "新签约合同", _SIGNED, _SIGNED_AMOUNT),
        *_pair(FactKind.started, "新开工", *_reached("开工")),
        *_pair(FactKind.produced, "新投产", *_reached("投产")),
        Figure("funds.amount", "到位资金", _FUNDS, FactKind.funds, Measure.amount),
    )
}

TARGET_BY_LABEL = {
    "到位资金": "funds.amount",
    "新签约合同项目数": "signed.count",
    "新签约合同总投资": "signed.amount",
    "新签约亿元以上合同项目数": "signed_big.count",
    "新签约亿元以上项目数": "signed_big.count",
    "新签约亿元以上合同总投资": "signed_big.amount",
    "新开工项目数": "started.count",
    "新开工总投资": "started.amount",
    "新开工亿元以上项目数": "started_big.count",
    "新开工亿元以上总投资": "started_big.amount",
    "新投产项目数": "produced.count",
    "新投产总投资": "produced.amount",
    "新投产亿元以上项目数": "produced_big.count",
    "新投产亿元以上总投资": "produced_big.amount",
}
"""指标 as targets name them in a ledger."""


class WindowName(StrEnum):
    """The three windows of a month (figures.md §2)."""

    month = "month"
    ytd = "ytd"
    last_year_ytd = "last_year_ytd"


def get_figure(code: str) -> Figure:
    """The figure of that code. Raises ``NotFoundError`` with the codes that exist."""
    if code not in CATALOGUE:
        raise NotFoundError(f"没有代码为“{code}”的指标，可用的有：{'、'.join(CATALOGUE)}")
    return CATALOGUE[code]


@dataclass(frozen=True)
class Values:
    """One figure of one month: counts, or whole fen."""

    month: int
    ytd: int
    last_year_ytd: int

    @property
    def yoy_percent(self) -> Decimal | None:
        """同比 in percent, one decimal, half up; None without a base (figures.md §2)."""
        return growth_percent(self.ytd, self.last_year_ytd)


ZERO = Values(0, 0, 0)


def beside_issued(now: Mapping[str, Values], then: Mapping[str, Values]) -> dict[str, Values]:
    """The values of ``now``, compared with last year's ytd as it was issued ``then``; a member not there had nothing."""
    return {name: Values(values.month, values.ytd, then.get(name, ZERO).ytd) for name, values in now.items()}


def total_of(members: Iterable[Values]) -> Values:
    """The sum over all members of a dimension; every fact has a unit, so over the units it is the zone's."""
    found = list(members)
    return Values(sum(v.month for v in found), sum(v.ytd for v in found), sum(v.last_year_ytd for v in found))


def growth_percent(now: int, base: int) -> Decimal | None:
    """(now − base) ÷ base × 100, one decimal, half up; None when the base is 0."""
    return ratio(100 * (now - base), base, 1)


def ratio(part: int | Decimal, whole: int | Decimal, places: int) -> Decimal | None:
    """part ÷ whole rounded half up once, from exact values; None when the whole is 0."""
    return round_half_up(Decimal(part) / Decimal(whole), places) if whole else None


def share_percent(part: int, whole: int, places: int = 1) -> Decimal | None:
    """part ÷ whole × 100, half up; None when the whole is 0."""
    return ratio(100 * part, whole, places)


@dataclass(frozen=True)
class TargetProgress:
    """A figure against its annual target; ``unit`` None is the whole zone."""

    unit: str | None
    figure: str
    target: int
    ytd: int
    month: Month

    @property
    def done_percent(self) -> Decimal:
        """完成率: ytd ÷ target × 100, two decimals."""
        return round_half_up(self._done, 2)

    @property
    def ahead_points(self) -> Decimal:
        """超(欠)进度: exact 完成率 − months elapsed ÷ 12 × 100, in points, rounded once."""
        return round_half_up(
            (Decimal(self.ytd) * 1200 - Decimal(self.target) * 100 * self.month.month)
            / (Decimal(self.target) * 12),
            2,
        )

    @property
    def _done(self) -> Decimal:
        return Decimal(100 * self.ytd) / Decimal(self.target)


NO_MONEY_DAYS = 90
"""A contract older than this without any recognised money is warned about (domain.md §1.3: three months)."""


def project_warnings(
    stage: Stage, signed_on: dt.date | None, recognised_fen: int, *, day: dt.date, settled_by: dt.date
) -> list[str]:
    """What is wrong with a project on ``day``, in words; ``settled_by`` is the day half a year before.

    Not started half a year after signing (停滞), or no recognised money 90 days after signing.
    """
    if signed_on is None or stage.step < Stage.signed.step:
        return []
    found = []
    days = (day - signed_on).days
    if stage in (Stage.signed, Stage.landed) and signed_on <= settled_by:
        found.append(f"签约已 {days} 天，尚未开工")
    if recognised_fen == 0 and days > NO_MONEY_DAYS:
        found.append(f"签约已 {days} 天，尚无到位资金")
    return found


WHOLE_ZONE = "全区"
NONE_LABEL = "未填"
"""Printed where a dimension is empty; its rows count in the total all the same."""

BEHIND_POINTS = 10
"""Units this many points behind the calendar are named as a problem."""


def settled_by(day: dt.date) -> dt.date:
    """The last day from which half a year has passed on ``day``; month ends answer to month ends."""
    tomorrow = day + dt.timedelta(days=1)
    if tomorrow.day == 1:
        return months_later(tomorrow, -6) - dt.timedelta(days=1)
    return months_later(day, -6)
