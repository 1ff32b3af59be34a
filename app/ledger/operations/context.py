"""What one taking-in of a ledger works with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.rules import Actor
from app.db.trial import is_trial
from app.journal.queries import closed_span
from app.journal.rules import ClosedSpan
from app.kernel import clock
from app.kernel.periods import Month
from app.ledger.operations.drafting import Drafting
from app.ledger.operations.entering import Entering
from app.ledger.operations.lists import Lists
from app.ledger.operations.memory import Memory
from app.ledger.queries import Names, StoredArrivals, StoredProjects
from app.ledger.rules import Change, Verdict
from app.ledger.rules.history import LONGEST_NAME, History
from app.pipeline.models import Project
from app.pipeline.operations import Move
from app.pipeline.rules import How


class Taken(NamedTuple):
    """What became of one record; ``record_id`` None while there is none."""

    label: str
    verdict: Verdict
    changes: tuple[Change, ...] = ()
    record_id: int | None = None


@dataclass
class Context:
    """One taking-in: where, in whose name, on which day, and what the zone holds."""

    session: Session
    zone: Zone
    actor: Actor
    today: dt.date
    source: str
    """Where dates come from, as milestones say it: 台账导入 文件名."""
    lists: Lists
    stored: StoredProjects
    closed: ClosedSpan
    memory: Memory = field(default_factory=Memory)
    history: History = field(default_factory=History)
    """What the row in hand tells of its own past."""

    def begin_row(self) -> None:
        """Forget what the row before told of its past."""
        self.history = History()
        self.entry.begin_row()

    @cached_property
    def arrivals(self) -> StoredArrivals:
        """What the zone holds of money."""
        return StoredArrivals(self.session, self.zone.id)

    @cached_property
    def entry(self) -> Entering:
        """How records are entered: in a trial they are only checked."""
        return Drafting(self) if is_trial(self.session) else Entering(self)

    @property
    def author(self) -> str:
        """Who put the row's history on record: whom the ledger names, else the ledger."""
        return self.history.author or self.source[:LONGEST_NAME]

    @property
    def recorded_at(self) -> dt.datetime | None:
        """When the ledger says that the record was entered."""
        day = self.history.recorded_on
        return clock.midnight(day) if day else None

    @property
    def as_it_was(self) -> Move:
        """A ledger tells what has happened: papers that are not in the system are owed, nothing is held back for them."""
        return Move(How.imported, recording=True, author=self.author, recorded_at=self.recorded_at)

    @property
    def names(self) -> Names:
        """The zone's lists."""
        return {**self.lists.names, "segment": self.lists.segment_names}

    def stored_project(self, record_id: int | None) -> Project | None:
        """The project of that id; None for none."""
        return None if record_id is None else self.entry.stored_project(record_id)

    def is_closed(self, day: dt.date | None) -> bool:
        """Whether the statistical month of ``day`` stands closed."""
        if day is None or self.closed.first is None:
            return False
        return self.closed.holds(Month.of(day, self.zone.cutoff_day))


def make_context(
    session: Session, zone: Zone, actor: Actor, *, file_name: str, today: dt.date, add_lists: bool
) -> Context:
    """What a ledger is taken in with."""
    memory = Memory()
    lists = Lists(session, actor, memory, may_add=add_lists)
    here = Context(
        session, zone, actor, today, f"台账导入 {file_name}"[:120], lists, StoredProjects(session, zone.id),
        closed_span(session, zone.id), memory,
    )  # fmt: skip
    lists.touch = here.entry.touch
    return here
