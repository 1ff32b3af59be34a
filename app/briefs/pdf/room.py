"""Room for the frames of deep calls, reserved at once.

Python 3.11 keeps frames in chunks of 16 kB. A call that needs a new chunk takes it from the system and gives
it back on return: where a loop of the engine happens to lie on such an edge, that is up to a fifth of a print.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any, TypeVar

SLOTS = 70_000
"""Of eight bytes: a frame above half a megabyte gets a chunk of one, whose rest is for what it calls."""

Work = TypeVar("Work", bound=Callable[..., Any])


def roomy(work: Work) -> Work:
    """``work``, with room below it."""
    if isinstance(work, FunctionType):
        work.__code__ = work.__code__.replace(co_stacksize=SLOTS)
    return work
