"""Identities made by the application, so that no sequence is shared between databases."""

from __future__ import annotations

import secrets
import threading
import time

_EPOCH_MS = 1_704_067_200_000  # 2024-01-01T00:00:00Z
_lock = threading.Lock()
_last = 0


def new_id() -> int:
    """A positive 63-bit integer: 41 bits of milliseconds, then 22 bits, random at first, then counting.

    Later ids are larger within a process, and about ordered by time between processes.
    """
    global _last
    with _lock:
        now = ((time.time_ns() // 1_000_000 - _EPOCH_MS) << 22) | secrets.randbits(21)
        _last = max(_last + 1, now)
        return _last
