"""The garbage collector, out of the way while a great many values come to stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_off() -> Iterator[None]:
    """No collection in the block: a ledger's million cells hang in no cycles, and looking through them again and
    again takes a third of the time. What does hang in one is collected afterwards.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
