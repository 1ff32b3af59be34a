"""The list of arrivals: filters, sums and order against a slow, obvious reading."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.funds.queries import ArrivalFilter, ArrivalOrder, arrival_sums, iter_arrivals, list_arrivals
from app.funds.rules import FundSource, ReviewState
from app.kernel.text import name_key
from tests.factories import WAN, make_arrival, make_investor, make_project, make_unit, make_zone


@pytest.fixture
def world(session):
    """A zone with arrivals of every state, source and unit; another zone with the same."""
    zone, other = make_zone(session), make_zone(session)
    found = [_fill(session, each) for each in (other, zone)]
    return zone, found[1]


def _fill(session, zone):
    units = [make_unit(session, zone) for _ in range(2)]
    known = []
    for place in range(24):
        project = make_project(
            session,
            zone,
            name=("锂电池（二期）", "纺织100%")[place % 2],
            number=f"KS-{place:03d}",
            investor=make_investor(session, zone, ("达泰", "盛能")[place % 2]),
            unit=units[place % 2],
        )
        arrival = make_arrival(
            session,
            zone,
            project,
            (place % 7 + 1) * WAN,
            arrived_on=dt.date(2024, 4, 1) + dt.timedelta(place * 3),
            state=list(ReviewState)[place % 5],
            source=list(FundSource)[place % 3],
            voucher=f"PZ{place:03d}" if place % 4 else "",
            unit_id=units[(place // 3) % 2].id,
        )
        known.append((arrival, project, ("达泰", "盛能")[place % 2]))
    # Void, with the number of one that counts.
    void = make_arrival(session, zone, project, WAN, state=ReviewState.voided, voucher="PZ001")
    known.append((void, project, "盛能"))
    return known


def matches(one, wanted: ArrivalFilter) -> bool:
    arrival, project, investor = one
    text = wanted.text.strip().lower()
    key = name_key(text)
    said = (
        text in arrival.voucher.lower()
        or text in project.number.lower()
        or (key and (key in name_key(project.name) or key in investor))
    )
    return all(
        [
            arrival.state in wanted.states if wanted.states else arrival.state is not ReviewState.voided,
            not wanted.units or arrival.unit_id in wanted.units,
            not wanted.sources or arrival.source in wanted.sources,
            not wanted.since or arrival.arrived_on >= wanted.since,
            not wanted.until or arrival.arrived_on <= wanted.until,
            not text or said,
        ]
    )


days = st.none() | st.dates(dt.date(2024, 3, 20), dt.date(2024, 7, 1))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_rows_and_sums_are_those_of_the_arrivals_that_match(session, world, data):
    zone, known = world
    wanted = data.draw(
        st.builds(
            ArrivalFilter,
            states=st.lists(st.sampled_from(list(ReviewState)), max_size=2).map(tuple),
            units=st.lists(st.sampled_from([a.unit_id for a, _p, _i in known]), max_size=1).map(tuple),
            sources=st.lists(st.sampled_from(list(FundSource)), max_size=2).map(tuple),
            since=days,
            until=days,
            text=st.sampled_from(["", "锂电池(二期)", "100%", "达泰", "pz01", "KS-00", "_", "无"])
            | st.text("PZzks01-", min_size=2, max_size=4),
        )
    )
    expected = [one for one in known if matches(one, wanted)]
    rows = list_arrivals(session, zone.id, wanted)
    assert {row.id for row in rows} == {arrival.id for arrival, _p, _i in expected}
    assert all(row.project == project.name for row in rows for a, project, _i in expected if a.id == row.id)
    sums = arrival_sums(session, zone.id, wanted)
    assert (sums.arrivals, sums.amount_fen) == (len(expected), sum(a.amount_fen for a, _p, _i in expected))
    for state in ReviewState:
        of_state = [a.amount_fen for a, _p, _i in expected if a.state is state]
        assert sums.of(state) == (len(of_state), sum(of_state))
    assert sums.known == Counter(arrival.state for arrival, _p, _i in known)


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("order", list(ArrivalOrder))
def test_pages_follow_the_order_without_gap_or_overlap(session, world, order, descending):
    zone, known = world
    key = {
        ArrivalOrder.arrived: lambda a: a.arrived_on,
        ArrivalOrder.amount: lambda a: a.amount_fen,
        ArrivalOrder.waiting: lambda a: a.recorded_at,
    }[order]
    arrivals = [a for a, _p, _i in known if a.state is not ReviewState.voided]
    expected = [a.id for a in sorted(arrivals, key=lambda a: (key(a), a.id), reverse=descending)]
    found = [
        row.id
        for start in range(0, 30, 7)
        for row in list_arrivals(
            session, zone.id, ArrivalFilter(), order=order, descending=descending, offset=start, limit=7
        )
    ]
    assert found == expected
    exported = iter_arrivals(session, zone.id, ArrivalFilter(), order=order, descending=descending)
    assert [row.id for row in exported] == expected
