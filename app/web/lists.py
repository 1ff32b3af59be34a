"""What the addresses of lists have in common: days, members of the zone's lists, text, pages, conditions as chips."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from app.kernel.errors import DomainError
from app.kernel.periods import parse_day
from app.kernel.text import clean, has_control

Lists = Mapping[str, Mapping[int, str]]
LONGEST_TEXT = 60
PAGE = 50


@dataclass(frozen=True)
class Chip:
    """One condition in words, and the address without it."""

    name: str
    value: str
    without: str


def read_members(
    args: MultiDict[str, str], name: str, members: Mapping[int, str], label: str
) -> tuple[int, ...]:
    """The ids of ``name`` in the address, in the order of the list ``members``."""
    asked = {text for text in args.getlist(name) if text}
    if not asked <= {str(key) for key in members}:
        raise DomainError(f"筛选条件中的{label}不在本区的列表里，请清空条件后重新选择")
    return tuple(key for key in members if str(key) in asked)


def read_day(args: MultiDict[str, str], name: str) -> dt.date | None:
    """The day of ``name`` in the address."""
    text = args.get(name, "")
    return parse_day(text) if text.strip() else None


def read_text(args: MultiDict[str, str]) -> str:
    """What was typed to search for; control characters cannot occur in a record."""
    text = "".join(character for character in args.get("q", "") if not has_control(character))
    return clean(text)[:LONGEST_TEXT]


def read_page(args: MultiDict[str, str], records: int, size: int = PAGE) -> tuple[int, int]:
    """The page asked for, kept between the first and the last, and the number of pages."""
    pages = max(1, -(-records // size))
    text = args.get("page", "1")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    return min(max(asked, 1), pages), pages


def in_words(conditions: Iterable[Chip]) -> str:
    """The conditions of a list in one line, as they stand below its export: 阶段 签约；责任单位 招商一部."""
    return "；".join(f"{chip.name} {chip.value}" for chip in conditions) or "不限"


def in_days(since: dt.date | None, until: dt.date | None) -> str:
    """2024-01-01 至 2024-06-30, 2024-01-01 起, 2024-06-30 止; nothing without either."""
    if since and until:
        return f"{since} 至 {until}"
    if since:
        return f"{since} 起"
    return f"{until} 止" if until else ""
