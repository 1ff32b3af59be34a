"""Kinds of activities (domain.md §7.6)."""

from __future__ import annotations

from enum import StrEnum


class ActivityKind(StrEnum):
    """What was done."""

    visit_out = "visit_out"
    visit_in = "visit_in"
    site = "site"
    talk = "talk"
    call = "call"
    meeting = "meeting"
    fair = "fair"
    note = "note"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {
            "visit_out": "外出考察",
            "visit_in": "来访接待",
            "site": "现场走访",
            "talk": "洽谈",
            "call": "电话回访",
            "meeting": "会议调度",
            "fair": "展会推介",
            "note": "进展记录",
        }[self.value]
