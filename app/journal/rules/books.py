"""The zone's books: which months stand closed, which may be closed next, and what a figure is read from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.journal.rules.facts import Basis, CloseAction
from app.kernel.errors import ConflictError, DomainError
from app.kernel.periods import Month

MAX_REASON = 200


@dataclass(frozen=True)
class Step:
    """One close or reopening, without its entries."""

    id: int
    seq: int
    action: CloseAction
    year: int
    month: int
    cutoff_day: int
    since: dt.date
    until: dt.date
    at: dt.datetime
    user_name: str
    reason: str
    entries: int
    posted: int
    reversed: int
    prev_hash: str
    hash: str

    @property
    def period(self) -> Month:
        """The month, as the zone cut it off then."""
        return Month(self.year, self.month, self.cutoff_day)


@dataclass(frozen=True)
class Books:
    """The steps of a zone, oldest first. Months close one after the other; only the last can be reopened."""

    steps: tuple[Step, ...] = ()
    standing: Mapping[tuple[int, int], Step] = field(init=False)
    """The close that each closed month stands on, oldest first."""

    def __post_init__(self) -> None:
        found: dict[tuple[int, int], Step] = {}
        for step in self.steps:
            if step.action is CloseAction.close:
                found[step.year, step.month] = step
            else:
                found.pop((step.year, step.month), None)
        object.__setattr__(self, "standing", found)

    @property
    def last(self) -> Step | None:
        """The close of the last month that stands."""
        return list(self.standing.values())[-1] if self.standing else None

    @property
    def first_until(self) -> dt.date | None:
        """The last day of what was taken over at the very first close; earlier facts were never anybody's news."""
        return self.steps[0].until if self.steps else None

    def find(self, month: Month) -> Step | None:
        """The close that ``month`` stands on, None while it is open."""
        return self.standing.get((month.year, month.month))

    def earlier_closes(self, step: Step) -> list[Step]:
        """Closes of the same month before ``step`` that posted something: it stays posted, whatever was reopened."""
        same = [s for s in self.steps if (s.year, s.month) == (step.year, step.month) and s.seq < step.seq]
        return [s for s in same if s.entries]

    def get(self, month: Month) -> Step:
        """The close that ``month`` stands on. Raises ``DomainError`` for one that never was, or is open again."""
        step = self.find(month)
        if step is None:
            reopened = [s for s in self.steps if (s.year, s.month) == (month.year, month.month)]
            if reopened:
                raise DomainError(f"{month.label}已重开，尚未再次关账，没有关账数")
            raise DomainError(f"{month.label}尚未关账，没有关账数；可改用实时数")
        return step

    def check_close(self, month: Month, today: dt.date) -> None:
        """Refuse a close out of order, of a month that stands closed, or of one that is not over.

        Raises ``ConflictError`` when somebody closed it already, ``DomainError`` otherwise.
        """
        standing = self.find(month)
        if standing is not None:
            raise ConflictError(f"{month.label}已由{standing.user_name}关账，不必再关")
        expected = self.following
        if expected is not None and (month.year, month.month) != expected:
            label = Month(*expected).label
            raise DomainError(f"月份要依次关账，现在应关{label}，不能关{month.label}")
        if today < month.last_day:
            raise DomainError(f"{month.label}尚未结束（统计截止{month.last_day.isoformat()}），不能关账")

    def check_reopen(self, month: Month) -> Step:
        """The close to take back. Raises ``DomainError`` unless ``month`` is the last that stands closed."""
        step, last = self.get(month), self.last
        if last is not None and step is not last:
            raise DomainError(f"只能重开最近关账的月份（{last.period.label}），{month.label}之后已有月份关账")
        return step

    @property
    def following(self) -> tuple[int, int] | None:
        """Year and month that must be closed next; None: the first close may be of any month."""
        last = self.last
        if last is not None:
            after = last.period.next()
        elif self.steps:
            after = self.steps[0].period
        else:
            return None
        return after.year, after.month


@dataclass(frozen=True)
class ClosedSpan:
    """The months that stand closed, first and last as (year, month): closing in order leaves no gap."""

    first: tuple[int, int] | None = None
    last: tuple[int, int] | None = None

    def holds(self, month: Month) -> bool:
        """Whether ``month`` stands closed."""
        if self.first is None or self.last is None:
            return False
        return self.first <= (month.year, month.month) <= self.last


@dataclass(frozen=True)
class Reading:
    """What figures are read from: today's records, or the entries up to step ``seq`` with the lists as they stood."""

    basis: Basis = Basis.live
    seq: int | None = None
    known_at: Month | None = None
    """The month whose close the entries are read up to."""
    cutoff: int | None = None
    issued: tuple[tuple[tuple[int, int], int], ...] = ()
    """As issued: the months of the year closed before this one as (year, month), oldest first, each with its step."""
    lists: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def of(self, month: Month) -> Month:
        """``month`` as it was cut off then, whatever the zone has chosen since."""
        return month if self.cutoff is None else Month(month.year, month.month, self.cutoff)

    def issued_before(self, month: Month) -> int | None:
        """The step that the month before ``month`` was issued with; what was posted since for earlier months of
        the year counts in ``month``, so that it is the year so far minus the year so far issued last.

        None in January, when that month was not closed, and on every basis but ``closed``.
        """
        return dict(self.issued).get((month.year, month.month - 1))

    def issued_by(self, month: Month) -> int | None:
        """The step up to which ``month`` was issued: of its own close, or the first one after it."""
        asked = month.year, month.month
        return next((seq for closed, seq in self.issued if closed >= asked), self.seq)

    def labels(self, name: str) -> dict[int, str]:
        """Keys and names of one list (unit, area, chain, segment) as they stood, in list order."""
        return {entry[0]: entry[1] for entry in self.lists.get(name, ())}

    @property
    def words(self) -> str:
        """The basis as a page names it."""
        if self.known_at is None:
            return "实时数"
        if self.basis is Basis.closed:
            return "关账数"
        return f"按{self.known_at.label}关账重述"


LIVE = Reading()


def check_reason(reason: str, field_name: str = "reason") -> str:
    """The reason, trimmed. Raises ``DomainError`` for none, or for one that is too long to print."""
    text = " ".join(reason.split())
    if not text:
        raise DomainError("请写明原因", field_name)
    if len(text) > MAX_REASON:
        raise DomainError(f"原因最多 {MAX_REASON} 个字", field_name)
    return text
