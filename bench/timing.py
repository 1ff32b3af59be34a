"""Medians of several runs, and the queries counted."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event

WARM_UP = 2


@dataclass(frozen=True)
class Timing:
    """Milliseconds of wall time: the median and the fastest of the runs; and what was returned."""

    median: float
    fastest: float
    result: Any


def measure(function: Callable[[], Any], runs: int) -> Timing:
    """Run ``function`` a few times unmeasured, then ``runs`` times."""
    for _ in range(WARM_UP):
        result = function()
    spent = []
    for _ in range(runs):
        start = time.perf_counter()
        result = function()
        spent.append((time.perf_counter() - start) * 1000)
    return Timing(statistics.median(spent), min(spent), result)


class QueryCount:
    """How many statements an engine has sent; BEGIN is none."""

    def __init__(self, engine: Engine) -> None:
        self.sent = 0
        event.listen(engine, "before_cursor_execute", self._count)

    def _count(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            self.sent += 1

    def of(self, function: Callable[[], Any]) -> int:
        """The number of statements of one run."""
        before = self.sent
        function()
        return self.sent - before
