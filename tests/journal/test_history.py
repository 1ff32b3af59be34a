"""Whatever happens to the records: closed months stay, restated ones follow, the books net to the facts."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.figures.queries.basis import recognition_kinds
from app.journal.facts import difference
from app.journal.operations import post_close, post_reopening
from app.journal.queries import find_reading, read_books, verify_books
from app.journal.rules import LIVE, Basis, Dimension, Reading
from app.kernel.periods import Month
from tests.figures.world import ProjectFacts, store, worlds
from tests.journal.history import actor_in, edit, picture

actions = st.lists(
    st.sampled_from(["edit", "edit", "edit", "close", "close", "reopen"]), min_size=4, max_size=9
)

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""Shrinking a history takes longer than reading it."""


class History:
    """One zone through its edits, closes and reopenings, with what was shown at each close."""

    def __init__(self, session: Session, zone: Zone, dice: random.Random, by: Dimension, code: str) -> None:
        self.by, self.code = by, code
        self.session, self.zone, self.dice = session, zone, dice
        self.next = Month(2024, 3, zone.cutoff_day)
        self.issued: dict[Month, dict[str, Any]] = {}
        self.known: dict[tuple[Month, Month], dict[str, Any]] = {}
        """Live pictures of (month, at the close of)."""

    def picture(self, month: Month, reading: Reading = LIVE) -> dict[str, Any]:
        """The month as it is shown on that basis."""
        return picture(self.session, self.zone, month, self.by, self.code, reading)

    def close(self) -> None:
        """Close the next month; what it knows equals what was live, and the year so far is issued so."""
        month = self.next
        post_close(self.session, actor_in(self.zone), zone=self.zone, month=month, checks=[])
        left = self.session.execute(difference(self.zone.id, month.last_day, recognition_kinds(self.zone)))
        assert left.all() == [], "the books net to the facts"
        live, reading = (
            self.picture(month),
            find_reading(self.session, self.zone.id, month, Basis.closed),
        )
        self.known[month, month] = live
        self.issued[month] = self.picture(month, reading)
        for code, values in self.issued[month]["whole"].items():
            now = live["whole"][code]
            assert (values.ytd, values.last_year_ytd) == (now.ytd, now.last_year_ytd)
        self.next = month.next()
        for earlier in (month.previous(), month.last_year):
            self.known[earlier, month] = self.picture(earlier)

    def reopen(self) -> None:
        """Open the last month again, if there is one."""
        if self.issued:
            month = max(self.issued)
            post_reopening(self.session, actor_in(self.zone), zone=self.zone, month=month, reason="更正")
            del self.issued[month]
            self.known = {key: shown for key, shown in self.known.items() if key[1] != month}
            self.next = month

    def check(self) -> None:
        """Nothing that was issued has moved; what was known at a close can be read again."""
        for month, shown in self.issued.items():
            reading = find_reading(self.session, self.zone.id, month, Basis.closed)
            assert self.picture(month, reading) == shown
        for (month, known_at), shown in self.known.items():
            reading = find_reading(self.session, self.zone.id, month, Basis.restated, known_at=known_at)
            assert self.picture(month, reading) == shown
        report = verify_books(self.session, self.zone.id)
        assert report.whole, report.fault


@settings(max_examples=15, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    world=worlds,
    actions=actions,
    seed=st.integers(0, 10**6),
    by=st.sampled_from(Dimension),
    code=st.sampled_from(["signed.count", "started_big.amount", "funds.amount"]),
    cutoff=st.sampled_from([0, 25]),
    by_recognition=st.sampled_from(["", "funds"]),
)
def test_closed_months_stay_and_restated_ones_follow(
    session: Session,
    world: list[ProjectFacts],
    actions: list[str],
    seed: int,
    by: Dimension,
    code: str,
    cutoff: int,
    by_recognition: str,
) -> None:
    savepoint = session.begin_nested()
    zone = store(session, world, cutoff_day=cutoff, by_recognition=by_recognition)
    history = History(session, zone, random.Random(seed), by, code)  # noqa: S311
    history.close()
    for action in actions:
        if action == "edit":
            edit(session, zone, history.dice)
        elif action == "close":
            history.close()
        else:
            history.reopen()
    edit(session, zone, history.dice)
    history.check()
    books = read_books(session, zone.id)
    assert {(step.year, step.month) for step in books.standing.values()} == {
        (month.year, month.month) for month in history.issued
    }
    savepoint.rollback()
    session.expunge_all()
