"""The checklist of a close as data, and the checks of figures against each other (figures.md §4.5, §6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from zlib import crc32

from app.figures.rules import CATALOGUE, Values, WindowName, total_of
from app.journal.rules import Dimension, FactKind, instant
from app.kernel.errors import DomainError
from app.kernel.periods import Month


class ItemCode(StrEnum):
    """What is looked at before a month is closed."""

    pending = "pending"
    gates = "gates"
    over_total = "over_total"
    evidence = "evidence"
    imports = "imports"
    selfcheck = "selfcheck"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {
            "pending": "待审核到账",
            "gates": "过关缺要件",
            "over_total": "到账超过合同总投资",
            "evidence": "已认定到账缺凭证",
            "imports": "导入未完成",
            "selfcheck": "数字自检",
        }[self.value]

    @property
    def counter(self) -> str:
        """The measure word of its rows."""
        return {"pending": "笔", "evidence": "笔", "gates": "个项目", "over_total": "个项目"}.get(
            self.value, "项"
        )


@dataclass(frozen=True)
class Waiver:
    """Who takes a row, or all that was open, upon himself, why and since when."""

    reason: str
    by: str
    at: dt.datetime
    rows: int = 1

    def as_json(self) -> dict[str, Any]:
        """As the record of the close keeps it."""
        return {"reason": self.reason, "by": self.by, "at": instant(self.at), "rows": self.rows}


@dataclass(frozen=True)
class OpenRow:
    """One thing that would make the month wrong: the record it is about, in words, and its waiver if it has one."""

    subject_id: int
    subject: str
    note: str = ""
    amount_fen: int | None = None
    on_day: dt.date | None = None
    waiver: Waiver | None = None


@dataclass(frozen=True)
class Item:
    """One item of the checklist; it passes when every row is waived or there is none."""

    code: ItemCode
    rows: tuple[OpenRow, ...]
    rest: Waiver | None = None
    """Given at the close for all that was open."""

    @property
    def open(self) -> tuple[OpenRow, ...]:
        """The rows nobody has waived."""
        return () if self.rest else tuple(row for row in self.rows if row.waiver is None)

    @property
    def passes(self) -> bool:
        """Whether the month may be closed as far as this goes."""
        return not self.open

    def sentence(self) -> str:
        """What is open, in words."""
        named = "、".join(row.subject for row in self.open[:3])
        more = "等" if len(self.open) > 3 else ""
        return f"{self.code.label}：{len(self.open)}{self.code.counter}（{named}{more}）"

    def as_json(self) -> dict[str, Any]:
        """As the record of the close keeps it: how many rows there were, and what was waived."""
        waived = [
            {"subject": row.subject, "amount_fen": row.amount_fen, **row.waiver.as_json()}
            for row in self.rows
            if row.waiver is not None
        ]
        if self.rest is not None:
            waived.append(
                {
                    "subject": f"其余{self.rest.rows}{self.code.counter}",
                    "amount_fen": None,
                    **self.rest.as_json(),
                }
            )
        return {"code": self.code.value, "label": self.code.label, "rows": len(self.rows), "waived": waived}


def refuse_open(month: Month, items: list[Item]) -> None:
    """Raise ``DomainError`` naming every item that is open."""
    left = [item for item in items if not item.passes]
    if left:
        lines = "\n".join(f"· {item.sentence()}" for item in left)
        raise DomainError(f"{month.label}还不能关账，以下各项须处理或说明原因豁免：\n{lines}")


@dataclass(frozen=True)
class Numbers:
    """What is compared: the month's figures and their parts today, and the year so far as issued last month."""

    whole: Mapping[str, Values]
    by: Mapping[Dimension, Mapping[str, Mapping[str, Values]]]
    rows: Mapping[str, int]
    """The sum of the rows behind each figure's year so far."""
    issued: Mapping[str, int] | None
    """None: no month of this year was closed before."""
    corrected: frozenset[FactKind]
    """Kinds of which something is taken back by this close."""


def _whole_numbers(numbers: Numbers) -> Iterator[str]:
    for code, values in numbers.whole.items():
        for window in WindowName:
            if getattr(values, window) < 0:
                yield f"{CATALOGUE[code].name}（{window}）小于零"


def _subsets(numbers: Numbers) -> Iterator[str]:
    for code, figure in CATALOGUE.items():
        if figure.big_only:
            whole = numbers.whole[code.replace("_big", "")]
            for window in WindowName:
                if getattr(numbers.whole[code], window) > getattr(whole, window):
                    yield f"{figure.name}大于{CATALOGUE[code.replace('_big', '')].name}"


def _month_in_year(numbers: Numbers) -> Iterator[str]:
    for code, values in numbers.whole.items():
        if values.month > values.ytd:
            yield f"{CATALOGUE[code].name}本月数大于累计数"


def _parts(numbers: Numbers) -> Iterator[str]:
    for dimension, figures in numbers.by.items():
        for code, members in figures.items():
            if total_of(members.values()) != numbers.whole[code]:
                yield f"{CATALOGUE[code].name}按{dimension.label}的分项之和与合计不符"


def _rows(numbers: Numbers) -> Iterator[str]:
    for code, total in numbers.rows.items():
        if total != numbers.whole[code].ytd:
            yield f"{CATALOGUE[code].name}明细之和与累计数不符"


def _against_issued(numbers: Numbers) -> Iterator[str]:
    for code, issued in (numbers.issued or {}).items():
        figure = CATALOGUE[code]
        if numbers.whole[code].ytd < issued and figure.kind not in numbers.corrected:
            yield f"{figure.name}累计数小于上月关账数，而没有更正"


SELF_CHECKS: dict[str, Callable[[Numbers], Iterator[str]]] = {
    "各数不小于零": _whole_numbers,
    "亿元以上不大于全部": _subsets,
    "本月不大于累计": _month_in_year,
    "各分项之和等于合计": _parts,
    "明细之和等于累计": _rows,
    "累计不小于上月关账数": _against_issued,
}
"""Name and check; each yields what is wrong, in words."""


def self_check(numbers: Numbers) -> tuple[OpenRow, ...]:
    """What contradicts itself, one row a sentence."""
    found = [sentence for check in SELF_CHECKS.values() for sentence in check(numbers)]
    return tuple(OpenRow(crc32(sentence.encode()), sentence) for sentence in found)
