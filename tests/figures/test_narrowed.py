"""Figures narrowed to members, and month by month, equal the sums of their rows on every basis and both engines."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.audit.rules import Actor
from app.figures.queries import breakdown, find_members, headline, list_rows, month_series
from app.figures.rules import CATALOGUE, WindowName
from app.journal.operations import post_close
from app.journal.queries import find_reading
from app.journal.rules import LIVE, Basis, Dimension
from app.kernel.periods import Month
from tests.figures.world import ProjectFacts, store, worlds
from tests.journal.history import edit

JUNE = Month(2024, 6)
random_data = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.parametrize("basis", list(Basis))
@random_data
@given(
    world=worlds,
    seed=st.integers(0, 2**20),
    by=st.sampled_from(list(Dimension)),
    other=st.sampled_from(list(Dimension)),
)
def test_cells_and_months_are_the_sums_of_their_rows(
    session: Session, basis: Basis, world: list[ProjectFacts], seed: int, by: Dimension, other: Dimension
) -> None:
    dice = random.Random(seed)  # noqa: S311 - chooses examples
    savepoint = session.begin_nested()
    zone = store(session, world, cutoff_day=0, by_recognition="")
    reading = LIVE
    if basis is not Basis.live:
        actor = Actor(zone.id, None, "审核人")
        post_close(session, actor, zone=zone, month=JUNE, checks=[])
        edit(session, zone, dice)
        if basis is Basis.restated:
            post_close(session, actor, zone=zone, month=JUNE.next(), checks=[])
            edit(session, zone, dice)
        reading = find_reading(session, zone.id, JUNE, basis)
    names = sorted(
        {name for parts in breakdown(session, zone, JUNE, other, reading=reading).values() for name in parts}
    )
    members: dict[Dimension, Any] = {}
    if names and other is not by:
        name = dice.choice(names)
        members = {other: find_members(session, zone, other, name, reading=reading)}
    codes = [code for code in CATALOGUE if CATALOGUE[code].applies(other)]
    whole = headline(session, zone, JUNE, codes, members=members, reading=reading)
    parts = breakdown(session, zone, JUNE, by, codes, members=members, reading=reading)
    for code in dice.sample(sorted(parts), min(3, len(parts))):
        assert sum(v.ytd for v in parts[code].values()) == whole[code].ytd
        for member in parts[code]:
            window = dice.choice(list(WindowName))
            narrowed = members | {by: find_members(session, zone, by, member, reading=reading)}
            rows, _number, total = list_rows(
                session, zone, JUNE, CATALOGUE[code], window, members=narrowed, reading=reading
            )
            assert getattr(parts[code][member], window) == total == sum(row.value for row in rows)
    code = dice.choice(codes)
    now, before = month_series(session, zone, JUNE, CATALOGUE[code], members=members, reading=reading)
    assert (len(now), len(before)) == (6, 12)
    for each in (*now, *before):
        found = headline(session, zone, each.month, [code], members=members, reading=reading)[code]
        assert (each.within, each.ytd) == (found.month, found.ytd), each
    assert now[-1].ytd == whole[code].ytd
    assert before[5].ytd == whole[code].last_year_ytd
    savepoint.rollback()
    session.expunge_all()
