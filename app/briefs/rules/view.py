"""The snapshot as the writing rules read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from app.briefs.rules.runs import Links, Text
from app.briefs.rules.sentences import NOTHING, Tokens, fill
from app.briefs.rules.words import end_label
from app.figures.rules import TargetProgress, Values
from app.kernel.periods import Month

Data = dict[str, Any]
FUNDS = "funds.amount"
XINJIANG = "新疆维吾尔自治区"


@dataclass(frozen=True)
class View:
    """One snapshot; amounts in fen."""

    snapshot: Data
    said: dict[str, Text] = field(default_factory=dict, compare=False)
    """What each case was first said as, for whoever words the sentences."""

    def say(self, key: str, tokens: Tokens = NOTHING) -> Text:
        """A case of a sentence (``opening.signed``) in the zone's words, ``tokens`` in its placeholders."""
        text = fill(key, self.own_words, {**self.everywhere, **tokens})
        self.said.setdefault(key, text)
        return text

    @property
    def own_words(self) -> Mapping[str, str]:
        """The zone's own words by case; those that are not there are the system's."""
        own: Mapping[str, str] = self.snapshot.get("words") or {}
        return own

    @cached_property
    def everywhere(self) -> dict[str, str]:
        """What may stand in any sentence."""
        month = self.month
        return {
            "期": self.period,
            "区": self.zone["name"],
            "年": str(month.year),
            "月": self.this,
            "月底": self.end,
        }

    @cached_property
    def month(self) -> Month:
        """The month of the brief."""
        return Month.parse(self.snapshot["month"], self.snapshot["cutoff"])

    @cached_property
    def links(self) -> Links:
        """Makes linked figures of this month."""
        return Links("", self.month, self.snapshot["basis"])

    @property
    def data(self) -> Data:
        """The numbers."""
        data: Data = self.snapshot["data"]
        return data

    @property
    def zone(self) -> Data:
        """The zone with its choices for the brief."""
        zone: Data = self.snapshot["zone"]
        return zone

    @property
    def issued_on(self) -> dt.date:
        """The day printed as the day of issue."""
        return dt.date.fromisoformat(self.snapshot["issued_on"])

    @property
    def corrected(self) -> bool:
        """Whether the month holds corrections of earlier months, so that its parts need not be below its year."""
        return bool(self.data.get("corrections"))

    @property
    def this(self) -> str:
        """6月"""
        return f"{self.month.month}月"

    @property
    def end(self) -> str:
        """6月底"""
        return end_label(self.month)

    @property
    def period(self) -> str:
        """上半年"""
        return self.month.period_label

    @property
    def in_january(self) -> bool:
        """Whether month and year so far are the same, so that nothing is said twice."""
        return self.month.month == 1

    @property
    def span(self) -> str:
        """2024年1—6月, for captions."""
        return f"{self.month.year}年1月" if self.in_january else f"{self.month.year}年1—{self.month.month}月"

    @property
    def aided(self) -> bool:
        """Whether the zone lies in Xinjiang, where the 援疆 provinces are set apart."""
        return bool(self.zone["province"] == XINJIANG)

    def values(self, code: str) -> Values:
        """A figure in its three windows."""
        return Values(**self.data["figures"][code])

    def target(self, code: str) -> TargetProgress | None:
        """The whole zone's target of a figure, or None."""
        return next((t for t in self.targets if t.figure == code), None)

    @cached_property
    def targets(self) -> list[TargetProgress]:
        """The whole zone's targets, in the order of the catalogue."""
        return [
            TargetProgress(None, t["figure"], t["target"], t["ytd"], self.month) for t in self.data["targets"]
        ]
