"""The project ledger: every filter, sort and sum against a slow, obvious reading of the same records."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.funds.queries import ProjectOrder, ProjectSums, iter_projects, list_projects, project_sums
from app.funds.rules import ReviewState
from app.kernel.money import BIG_FEN
from app.kernel.text import name_key, narrow
from app.pipeline.models import Project
from app.pipeline.queries import ProjectFilter, Standing
from app.pipeline.rules import ENDED, MilestoneKind, Stage
from tests.factories import (
    WAN,
    YI,
    make_area,
    make_arrival,
    make_chain,
    make_investor,
    make_project,
    make_unit,
    make_zone,
)

NAMES = ("锂电池（二期）", "ＬＥＤ 显示", "led背光", "纺织100%", "纺织_二", "a'b")
INVESTORS = ("湖北达泰（集团）", "哈萨盛能")
days = st.dates(dt.date(2023, 12, 1), dt.date(2024, 7, 31))


@dataclass
class Known:
    """One stored project as plain values."""

    project: Project
    investor: str
    recognised: int


@pytest.fixture
def world(session):
    """A zone with every stage, amounts around the threshold, and a second zone with the same."""
    zone, other = make_zone(session), make_zone(session)
    known = [_fill(session, each) for each in (other, zone)][1]
    return zone, known


def _fill(session, zone) -> list[Known]:
    units = [make_unit(session, zone) for _ in range(2)]
    areas, chains = [make_area(session, zone)], [make_chain(session, zone)]
    owners = [make_investor(session, zone, name) for name in INVESTORS]
    found = []
    for place, stage in enumerate((*Stage, *Stage)):
        signed = stage.step >= Stage.signed.step or stage is Stage.terminated
        reached = (
            {MilestoneKind(stage.value): dt.date(2024, 5, 1 + place)}
            if stage.value in set(MilestoneKind)
            else {}
        )
        project = make_project(
            session,
            zone,
            name=NAMES[place % len(NAMES)],
            number=f"KS-2024-{place:04d}",
            unit=units[place % 2],
            investor=owners[place % 2],
            total_fen=(BIG_FEN - 1, BIG_FEN, 3 * YI, None)[place % 4]
            if not signed
            else (BIG_FEN - 1, BIG_FEN)[place % 2],
            signed_on=dt.date(2024, 1, 1) + dt.timedelta(17 * (place % 9)) if signed else None,
            reached=reached,
            stage=stage,
            area_id=areas[0].id if place % 3 else None,
            chain_id=chains[0].id if place % 5 else None,
        )
        for number, state in enumerate(ReviewState):
            if signed:
                make_arrival(session, zone, project, (place + 1) * WAN + number, state=state)
        found.append(Known(project, owners[place % 2].name, (place + 1) * WAN + 1 if signed else 0))
    return found


def wanted_filters(known: list[Known]) -> st.SearchStrategy[ProjectFilter]:
    projects = [k.project for k in known]
    return st.builds(
        ProjectFilter,
        stages=st.lists(st.sampled_from(list(Stage)), max_size=2).map(tuple),
        units=st.lists(st.sampled_from([p.unit_id for p in projects]), max_size=1).map(tuple),
        areas=st.lists(st.sampled_from([p.area_id for p in projects if p.area_id]), max_size=1).map(tuple),
        chains=st.lists(st.sampled_from([p.chain_id for p in projects if p.chain_id]), max_size=1).map(tuple),
        big=st.booleans(),
        contracted=st.booleans(),
        signed_from=st.none() | days,
        signed_to=st.none() | days,
        text=st.sampled_from(
            ["", " ", "led", "LED显示", "达泰(集团)", "ks-2024-000", "100%", "_", "'", "（", "没有的"]
        ),
        standing=st.none() | st.sampled_from(list(Standing)),
    )


def matches(one: Known, wanted: ProjectFilter) -> bool:
    """The filter read by a patient person."""
    project = one.project
    text = wanted.text.strip()
    key = name_key(text)
    said = text and (
        narrow(text).lower() in project.number.lower()
        or (key and (key in name_key(project.name) or key in name_key(one.investor)))
    )
    return all(
        [
            not wanted.stages or project.stage in wanted.stages,
            not wanted.units or project.unit_id in wanted.units,
            not wanted.areas or project.area_id in wanted.areas,
            not wanted.chains or project.chain_id in wanted.chains,
            not wanted.big or (project.total_fen or 0) >= BIG_FEN,
            not wanted.contracted or project.signed_on is not None,
            not wanted.signed_from or (project.signed_on and project.signed_on >= wanted.signed_from),
            not wanted.signed_to or (project.signed_on and project.signed_on <= wanted.signed_to),
            wanted.standing is None or (project.stage in ENDED) is (wanted.standing is Standing.ended),
            not text or said,
        ]
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_rows_and_sums_are_those_of_the_projects_that_match(session, world, data):
    zone, known = world
    wanted = data.draw(wanted_filters(known))
    expected = [k for k in known if matches(k, wanted)]
    rows = list_projects(session, zone.id, wanted)
    assert {row.id for row in rows} == {k.project.id for k in expected}
    assert {row.id: row.recognised_fen for row in rows} == {k.project.id: k.recognised for k in expected}
    big = [k.project.total_fen for k in expected if (k.project.total_fen or 0) >= BIG_FEN]
    sums, counts = project_sums(session, zone.id, wanted, {"same": wanted, "big": ProjectFilter(big=True)})
    assert sums == ProjectSums(
        projects=len(expected),
        total_fen=sum(k.project.total_fen or 0 for k in expected),
        recognised_fen=sum(k.recognised for k in expected),
        big=len(big),
        big_fen=sum(big),
    )
    assert counts["same"] == len(expected)
    assert counts["big"] == sum((k.project.total_fen or 0) >= BIG_FEN for k in known)


KEYS: dict[ProjectOrder, Any] = {
    ProjectOrder.name: lambda k: k.project.name_pinyin,
    ProjectOrder.signed: lambda k: k.project.signed_on,
    ProjectOrder.total: lambda k: k.project.total_fen,
    ProjectOrder.recognised: lambda k: k.recognised,
    ProjectOrder.stage: lambda k: list(Stage).index(k.project.stage),
}


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("order", list(ProjectOrder))
def test_pages_follow_the_order_without_gap_or_overlap(session, world, order, descending):
    zone, known = world
    key = KEYS[order]
    with_value = [k for k in known if key(k) is not None]
    ordered = sorted(with_value, key=lambda k: (key(k), k.project.id), reverse=descending)
    without = sorted((k for k in known if key(k) is None), key=lambda k: k.project.id, reverse=descending)
    expected = [k.project.id for k in [*ordered, *without]]
    pages = [
        list_projects(
            session, zone.id, ProjectFilter(), order=order, descending=descending, offset=start, limit=5
        )
        for start in range(0, len(expected) + 5, 5)
    ]
    found = [row.id for page in pages for row in page]
    if order is ProjectOrder.name:  # names are ordered as the engine collates them; pages must only agree
        assert sorted(found) == sorted(expected)
    else:
        assert found == expected
    exported = iter_projects(session, zone.id, ProjectFilter(), order=order, descending=descending)
    assert [row.id for row in exported] == found


def test_the_days_in_a_stage_begin_with_its_own_date(session):
    zone = make_zone(session)
    day = dt.date(2024, 6, 30)
    cases = [
        (make_project(session, zone, signed_on=dt.date(2024, 6, 20)), 10),
        (make_project(session, zone, reached={MilestoneKind.started: dt.date(2024, 6, 25)}), 5),
        (
            make_project(
                session, zone, signed_on=None, reached={MilestoneKind.first_contact: dt.date(2024, 6, 1)}
            ),
            29,
        ),
        (make_project(session, zone, signed_on=None), 0),  # its history begins with its registration
        (make_project(session, zone, reached={MilestoneKind.terminated: dt.date(2024, 6, 1)}), None),
        (make_project(session, zone, signed_on=dt.date(2024, 7, 1)), None),
    ]
    rows = {row.id: row for row in list_projects(session, zone.id, ProjectFilter())}
    assert [rows[project.id].days_in_stage(day) for project, _days in cases] == [days for _p, days in cases]
