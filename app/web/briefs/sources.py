"""Where each number of a brief comes from: its name, code, window, basis and the rows behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from app.briefs.rules import Moved, numbers
from app.figures.rules import CATALOGUE, NONE_LABEL
from app.kernel.periods import Month
from app.web.figures.register import REGISTER

Data = dict[str, Any]
WINDOWS = {
    "month": "本月",
    "ytd": "累计",
    "last_year_ytd": "上年同期",
    "yoy": "同比",
    "target": "年度目标",
    "done": "完成率",
    "ahead": "超（欠）进度",
    "all": "历年累计",
    "rate": "占比",
    "month_delta": "比上月",
    "delta": "比上年同期",
    "gap": "与时间进度相差",
    "need": "后几个月平均每月须完成",
    "last": "原位次",
    "sum_of_months": "各月当月数之和",
}
OTHERS = {
    "signed.average": "新签约单个项目平均总投资",
    "signed_big.share": "新签约亿元以上项目占合同总投资",
    "funds.share": "到位资金占比",
    "stock.share": "在册项目占比",
    "stage.rate": "在册项目比率",
    "units.ahead": "超进度责任单位",
    "units.behind": "欠进度责任单位",
    "funds.rate": "资金到位率",
    "slow.rate": "资金到位率",
    "funds.rank": "到位资金位次",
}


OF_A_MONTH = ("month", "month_delta")
NARROWED = ("unit", "area", "chain")
"""What the rows in a snapshot can be narrowed by."""


@dataclass(frozen=True)
class Number:
    """One number of the paper: its text, the page of its rows, what it is, where it comes from, what it is now."""

    address: str
    text: str
    name: str
    code: str
    window: str
    """本月, 累计 …, with its days."""
    basis: str
    rows: int | None
    """How many rows the draft counted; None: the page of its rows says it."""
    places: int
    moved: Moved | None


def numbers_of(shown: Any, changed: list[Moved], snapshot: Data) -> list[Number]:
    """Every number once, moved ones first, in the order of the pages."""
    by_text = {(m.address, m.before): m for m in changed}
    places: dict[tuple[str, str], int] = {}
    for run in numbers(shown):
        key = (run["u"], run["t"])
        places[key] = places.get(key, 0) + 1
    counted = _Counted(snapshot)
    found = [
        counted.number(address, text, count, by_text.get((address, text)))
        for (address, text), count in places.items()
        if address.startswith("/figures/")
    ]
    return sorted(found, key=lambda number: number.moved is None)


class _Counted:
    """Reads addresses against the rows that a snapshot carries."""

    def __init__(self, snapshot: Data) -> None:
        self.month = Month.parse(snapshot["month"], snapshot["cutoff"])
        self.rows: dict[str, list[Data]] = snapshot.get("rows", {})
        self.basis = "关账" if snapshot["basis"] == "closed" else "实时"

    def number(self, address: str, text: str, places: int, moved: Moved | None) -> Number:
        parts = urlsplit(address)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        code, window = parts.path.removeprefix("/figures/"), query.pop("w", "")
        known = CATALOGUE.get(code) or REGISTER.get(code)
        named = [known.name if known else OTHERS.get(code, "明细")]
        named += [WINDOWS[window]] if window in WINDOWS else []
        narrowed = {key: value for key, value in query.items() if key not in ("month", "basis")}
        named += [value for key, value in narrowed.items() if key not in ("project", "stock")]
        return Number(
            address,
            text,
            name="　".join(named),
            code=code,
            window=self._days(code, window),
            basis=self.basis if code in CATALOGUE and window != "all" else "当日在册资料",
            rows=self._rows(code, window, narrowed),
            places=places,
            moved=moved,
        )

    def _days(self, code: str, window: str) -> str:
        month = self.month
        if code not in CATALOGUE or window == "all":
            return f"截至 {month.last_day}"
        days = month.window if window in OF_A_MONTH else month.ytd
        if window == "last_year_ytd":
            days = month.last_year.ytd
        return f"{days.start} 至 {days.end}"

    def _rows(self, code: str, window: str, narrowed: dict[str, str]) -> int | None:
        if code not in self.rows or window in ("all", "last_year_ytd") or narrowed.keys() - set(NARROWED):
            return None
        first = str(self.month.window.start) if window in OF_A_MONTH else ""
        return sum(
            row["on_day"] >= first
            and all((row[key] or NONE_LABEL) == value for key, value in narrowed.items())
            for row in self.rows[code]
        )
