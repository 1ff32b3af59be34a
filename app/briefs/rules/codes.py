"""The document's own number: short enough to be typed from paper, made from everything that is printed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, which are misread."""
GROUPS, LETTERS = 3, 4
"""Three groups of four letters: 60 bits."""


def digest_of(snapshot: dict[str, Any]) -> str:
    """SHA-256 of a snapshot in canonical JSON (sorted keys, no blanks, UTF-8), as hexadecimal digits."""
    text = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def document_code(digest: str, year: int, month: int) -> str:
    """``202406-7K3M-9QXD-04TZ``: the month, then the first 60 bits of the snapshot's digest."""
    bits = int(digest, 16) >> (256 - 5 * GROUPS * LETTERS)
    letters = ""
    for _ in range(GROUPS * LETTERS):
        letters, bits = ALPHABET[bits & 31] + letters, bits >> 5
    groups = [letters[n : n + LETTERS] for n in range(0, len(letters), LETTERS)]
    return "-".join([f"{year}{month:02d}", *groups])
