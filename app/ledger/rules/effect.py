"""What new records add to the figures, told without writing them (figures.md §1, §3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from app.figures.rules import Figure, Measure
from app.journal.rules import FactKind
from app.kernel.money import BIG_FEN
from app.kernel.periods import Window
from app.pipeline.rules import MilestoneKind

_REACHED = {FactKind.started: MilestoneKind.started, FactKind.produced: MilestoneKind.produced}


class Fact(NamedTuple):
    """One thing that counts, on its day, until the day on which its contract is dissolved."""

    kind: FactKind
    on_day: dt.date
    amount_fen: int
    big: bool = False
    ended_on: dt.date | None = None
    counts: int = 1

    def taken_back(self) -> Fact:
        """What undoes it in a sum."""
        return self._replace(amount_fen=-self.amount_fen, counts=-self.counts)


@dataclass(frozen=True)
class Told:
    """A new project with a formal contract: its own amount, the increments of its 补充协议, what it has reached."""

    signed_on: dt.date
    amount_fen: int
    reached: Mapping[MilestoneKind, dt.date]
    supplements: tuple[tuple[dt.date, int], ...] = ()

    def total_on(self, day: dt.date) -> int:
        """The contract with the 补充协议 signed up to ``day``."""
        return self.amount_fen + sum(fen for signed_on, fen in self.supplements if signed_on <= day)

    def facts(self) -> Iterator[Fact]:
        """Signed, enlarged, and reached, each at the total of its day."""
        ended = self.reached.get(MilestoneKind.terminated)

        def fact(kind: FactKind, day: dt.date, fen: int, counts: int) -> Fact:
            return Fact(kind, day, fen, self.total_on(day) >= BIG_FEN, ended, counts)

        big = self.amount_fen >= BIG_FEN
        yield Fact(FactKind.signed, self.signed_on, self.amount_fen, big, ended)
        for day, fen in self.supplements:
            yield fact(FactKind.signed, day, fen, 0)
        for kind, milestone in _REACHED.items():
            if milestone in self.reached:
                on_day = self.reached[milestone]
                yield fact(kind, on_day, self.total_on(on_day), 1)


@dataclass
class Effect:
    """Facts added up as far as windows of days can tell them apart.

    ``unseen``: kinds that the zone counts on a day of recognition, which a new contract or milestone does not have.
    """

    unseen: Collection[FactKind] = ()
    _sums: dict[tuple[FactKind, bool, dt.date, dt.date | None], list[int]] = field(default_factory=dict)

    def add(self, facts: Iterable[Fact]) -> None:
        """Add what was not there before; what goes is added with ``counts`` and amount below zero."""
        for fact in facts:
            if fact.kind in self.unseen and fact.kind is not FactKind.funds:
                continue
            sums = self._sums.setdefault((fact.kind, fact.big, fact.on_day, fact.ended_on), [0, 0])
            sums[0] += fact.counts
            sums[1] += fact.amount_fen

    def of(self, figure: Figure, window: Window) -> int:
        """What is added to a figure in a window: projects, or fen."""
        place = 0 if figure.measure is Measure.count else 1
        return sum(
            sums[place]
            for (kind, big, day, ended), sums in self._sums.items()
            if kind is figure.kind
            and (big or not figure.big_only)
            and window.holds(day)
            and (ended is None or ended > window.end)
        )


NOTHING = Effect()
