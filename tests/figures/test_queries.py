"""The figures of the database equal those of the oracle, on both engines, whatever the data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.figures.queries import breakdown, chain_pictures, headline, list_rows
from app.figures.rules import CATALOGUE, NONE_LABEL, WindowName
from app.journal.rules import Dimension
from app.kernel.periods import Month
from app.pipeline.rules import ContractKind
from tests.figures import oracle
from tests.figures.world import CHAINS, ProjectFacts, store, worlds

months = st.builds(Month, st.sampled_from([2023, 2024]), st.integers(1, 12), st.sampled_from([0, 0, 25]))
random_data = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@contextmanager
def stored(session: Session, world: list[ProjectFacts], month: Month, by_recognition: bool) -> Iterator[Zone]:
    """The world in the database for one example."""
    savepoint = session.begin_nested()
    yield store(session, world, cutoff_day=month.cutoff, by_recognition="funds" if by_recognition else "")
    savepoint.rollback()
    session.expunge_all()


def windows(month: Month) -> dict[str, tuple[dt.date, dt.date]]:
    """Start and end of the three windows, from the definition."""
    first, last = dt.date(month.year, 1, 1), month.last_day
    start = first if month.month == 1 else month.previous().last_day + dt.timedelta(days=1)
    year_ago = Month(month.year - 1, month.month, month.cutoff).last_day
    return {
        "month": (start, last),
        "ytd": (first, last),
        "last_year_ytd": (dt.date(month.year - 1, 1, 1), year_ago),
    }


@random_data
@given(world=worlds, month=months, by_recognition=st.booleans())
def test_every_figure_equals_the_oracle(
    session: Session, world: list[ProjectFacts], month: Month, by_recognition: bool
) -> None:
    facts = list(oracle.facts(world, funds_by_recognition=by_recognition))
    with stored(session, world, month, by_recognition) as zone:
        found = headline(session, zone, month)
    assert set(found) == set(CATALOGUE)
    for code, values in found.items():
        for name, (start, end) in windows(month).items():
            assert getattr(values, name) == oracle.figure(facts, code, start, end), (code, name)


@random_data
@given(world=worlds, month=months, dimension=st.sampled_from(Dimension))
def test_every_breakdown_equals_the_oracle(
    session: Session, world: list[ProjectFacts], month: Month, dimension: Dimension
) -> None:
    facts = list(oracle.facts(world, funds_by_recognition=False))
    with stored(session, world, month, False) as zone:
        found = breakdown(session, zone, month, dimension)
    for code, members in found.items():
        start, end = windows(month)["ytd"]
        for member, values in members.items():
            label = member.split(" ")[0] if dimension is Dimension.industry else member
            of_member = [f for f in facts if (f.members[dimension] or NONE_LABEL) == label]
            assert values.ytd == oracle.figure(of_member, code, start, end), (code, member)
        assert sum(values.ytd for values in members.values()) == oracle.figure(facts, code, start, end), code


@random_data
@given(world=worlds, month=months, code=st.sampled_from(list(CATALOGUE)), window=st.sampled_from(WindowName))
def test_the_rows_behind_a_figure_add_up_to_it(
    session: Session, world: list[ProjectFacts], month: Month, code: str, window: WindowName
) -> None:
    with stored(session, world, month, False) as zone:
        rows, number, total = list_rows(session, zone, month, CATALOGUE[code], window)
        few, number_again, total_again = list_rows(session, zone, month, CATALOGUE[code], window, limit=1)
        value = getattr(headline(session, zone, month)[code], window.value)
    assert sum(row.value for row in rows) == total == total_again == value
    assert len(rows) == number == number_again
    assert few == rows[:1]


@random_data
@given(world=worlds, month=months)
def test_the_chain_picture_equals_the_oracle(
    session: Session, world: list[ProjectFacts], month: Month
) -> None:
    with stored(session, world, month, False) as zone:
        pictures = chain_pictures(session, zone.id, month.last_day)
    end = month.last_day
    standing = [
        p
        for p in world
        if p.kind is ContractKind.formal
        and p.signed_on <= end
        and not (p.terminated_on is not None and p.terminated_on <= end)
    ]
    assert [picture.chain for picture in pictures] == list(CHAINS)
    for picture in pictures:
        own = [p for p in standing if p.segment and p.segment[0] == picture.chain]
        assert picture.projects == len(own)
        assert picture.total_fen == sum(oracle.total_on(p, end) for p in own)
        assert picture.output_fen == sum(p.output_fen or 0 for p in own)
        for name, projects in picture.segments.items():
            assert projects == sum(1 for p in own if p.segment == (picture.chain, name))
