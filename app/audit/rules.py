"""Who acts, as the operations see it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Actor:
    """The person (or command) behind an operation, in one zone."""

    zone_id: int
    user_id: int | None
    name: str


SYSTEM_NAME = "系统命令"


def difference(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields whose values differ, as (old values, new values), fit for JSON."""
    changed = [key for key in after if before.get(key) != after[key]]
    return {k: as_json(before.get(k)) for k in changed}, {k: as_json(after[k]) for k in changed}


def as_json(value: Any) -> Any:
    """Dates as ISO text; other plain values as they are."""
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else value
