"""Who acts, as the operations see it; and what is hashed into the chain."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.kernel.errors import DomainError


@dataclass(frozen=True)
class Actor:
    """The person (or command) behind an operation, in one zone; from the web also where it came from."""

    zone_id: int
    user_id: int | None
    name: str
    session_id: int | None = None
    address: str = ""
    request_id: str = ""


SYSTEM_NAME = "系统命令"
"""What a command does."""
SYSTEM = "系统"
"""What is done by itself, on a day that the zone has set."""
GENESIS = "0" * 64
"""What stands before the first entry of a zone."""
ALG = "sha256"
HASHES: Mapping[str, Callable[[bytes], Any]] = {ALG: hashlib.sha256}
"""Each entry names its hash, so that another (SM3) may follow later without touching the old ones."""


def difference(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields whose values differ, as (old values, new values), fit for JSON."""
    changed = [key for key in after if before.get(key) != after[key]]
    return {k: as_json(before.get(k)) for k in changed}, {k: as_json(after[k]) for k in changed}


def as_json(value: Any) -> Any:
    """Dates as ISO text; other plain values as they are."""
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else value


def plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The values as they come back from the database. Raises ``TypeError`` for what JSON does not know."""
    if values is None:
        return None
    read: dict[str, Any] = json.loads(json.dumps({key: as_json(value) for key, value in values.items()}))
    return read


def instant(at: dt.datetime) -> str:
    """An instant in UTC, always written alike; one without a zone is UTC."""
    aware = at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)
    return f"{aware:%Y-%m-%dT%H:%M:%S.%f}Z"


def digest(prev_hash: str, content: Mapping[str, Any]) -> str:
    """The hash of an entry: over the hash before it and its own content as canonical JSON.

    Raises ``KeyError`` when ``content["alg"]`` is unknown, ``TypeError`` for a value that JSON does not know.
    """
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    found: str = HASHES[content["alg"]](f"{prev_hash}\n{text}".encode()).hexdigest()
    return found


@dataclass(frozen=True)
class Head:
    """The end of a zone's chain; noted elsewhere, it shows later whether the past was rewritten."""

    seq: int
    hash: str

    def __str__(self) -> str:
        """As it is printed and typed: ``1024:9f86d0…``"""
        return f"{self.seq}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> Head:
        """Read what was noted. Raises ``DomainError`` for anything else."""
        seq, _, mark = text.strip().partition(":")
        known = set("0123456789abcdef")
        if not (seq.isascii() and seq.isdigit() and len(seq) < 16 and len(mark) == 64 and set(mark) <= known):
            raise DomainError("链尾请写成“序号:64 位校验值”的形式，可从上一次校验结果中复制")
        return cls(int(seq), mark)


@dataclass(frozen=True)
class ChainReport:
    """What a check of a chain found: all is whole, or the first entry that is not, and why."""

    entries: int
    head: Head
    bad_seq: int | None = None
    reason: str = ""

    @property
    def whole(self) -> bool:
        """Whether nothing was altered, removed, added or moved."""
        return self.bad_seq is None
