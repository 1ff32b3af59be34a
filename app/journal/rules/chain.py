"""What is hashed, byte for byte (docs/decisions/0009): whoever has a copy of the rows can check it anywhere."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.audit.rules import ALG, GENESIS, HASHES, digest, instant

MARK = 8
"""Bytes kept of each entry's own hash."""


def entry_line(values: Sequence[Any]) -> bytes:
    """An entry as one line: a JSON array of its columns in their order, days as 2024-06-30, no spaces."""
    plain = [value.isoformat() if isinstance(value, dt.date) else value for value in values]
    return json.dumps(plain, separators=(",", ":")).encode() + b"\n"


def mark(line: bytes) -> bytes:
    """The first bytes of an entry's own hash."""
    return hashlib.sha256(line).digest()[:MARK]


@dataclass(frozen=True)
class JournalReport:
    """What a check of the books found: all is whole, or the first thing that is not, in Chinese."""

    steps: int
    entries: int
    hash: str
    fault: str = ""
    seq: int | None = None
    line: int | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing was altered, removed, added or moved."""
        return not self.fault


__all__ = ["ALG", "GENESIS", "HASHES", "MARK", "JournalReport", "digest", "entry_line", "instant", "mark"]
