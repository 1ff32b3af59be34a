"""The road: any sequence of moves keeps history and stage together, and every day equals a replay."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import DomainError
from app.pipeline.rules import (
    DEFAULT_GATES,
    ROAD,
    Course,
    GateKind,
    GateState,
    Item,
    Line,
    Stage,
    Step,
    between,
    course_of,
    first_steps,
    legal_moves,
    missing,
    next_steps,
    road_stage,
    skipped,
    stage_on,
    weave,
)

DAY = dt.date(2024, 1, 1)
days = st.integers(0, 400).map(lambda n: DAY + dt.timedelta(n))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30)), max_size=12), st.booleans())
def test_the_stage_on_any_day_is_that_of_a_replay(choices, signed):
    lines = [Line(Stage.talks, DAY)]
    stage, day, told = Stage.talks, DAY, [(Stage.talks, DAY)]
    for choice, wait in choices:
        base = stage if stage in ROAD else road_stage([line.stage for line in lines])
        moves = sorted(legal_moves(stage, base, signed=signed), key=lambda one: one.value)
        if not moves:
            break
        stage, day = moves[choice % len(moves)], day + dt.timedelta(wait)
        lines = weave(lines, {}, next_steps(base, stage, {}, day), was={}, strict=True)
        told.append((stage, day))
    assert lines[-1].stage is stage
    assert [line.day for line in lines] == sorted(line.day for line in lines)
    steps = [Step(line.stage, line.day) for line in lines]
    for offset in range(0, 400, 17):
        asked = DAY + dt.timedelta(offset)
        replay = [one for one, since in told if since <= asked]
        assert stage_on(steps, asked) is (replay[-1] if replay else None)


@given(st.sampled_from(list(Stage)), st.dictionaries(st.sampled_from(ROAD), days), days)
def test_a_registered_history_ends_in_its_stage_and_never_goes_back_in_time(stage, dated, today):
    steps = first_steps(stage, dated, today)
    assert steps[-1].stage is stage
    assert [step.day for step in steps] == sorted(step.day for step in steps)


@given(
    st.lists(st.tuples(st.sampled_from(ROAD), days), min_size=1, max_size=6, unique_by=lambda one: one[0]),
    st.dictionaries(st.sampled_from(ROAD), days, max_size=3),
)
def test_corrected_days_never_put_a_history_out_of_order(found, corrected):
    found.sort(key=lambda one: one[0].step)
    ordered = sorted(day for _stage, day in found)
    lines = [Line(stage, day, key) for key, ((stage, _), day) in enumerate(zip(found, ordered, strict=True))]
    woven = weave(lines, corrected, (), was={}, strict=False)
    assert [line.day for line in woven] == sorted(line.day for line in woven)
    assert [line.key for line in woven if line.key is not None] == [line.key for line in lines]
    assert weave(lines, {}, (), was={}, strict=True) == lines


def test_a_day_before_an_earlier_step_is_refused_beside_its_field():
    lines = [Line(Stage.signed, DAY), Line(Stage.suspended, DAY + dt.timedelta(30))]
    with pytest.raises(DomainError) as refusal:
        weave(lines, {}, (Step(Stage.landed, DAY),), was={}, strict=True)
    assert refusal.value.field == "landed"


@pytest.mark.parametrize(
    ("stage", "base", "to", "signed", "course"),
    [
        (Stage.talks, Stage.talks, Stage.signed, False, Course.forward),
        (Stage.talks, Stage.talks, Stage.started, False, Course.skip),
        (Stage.started, Stage.started, Stage.landed, True, Course.back),
        (Stage.suspended, Stage.landed, Stage.landed, True, Course.resume),
        (Stage.suspended, Stage.landed, Stage.started, True, Course.forward),
        (Stage.landed, Stage.landed, Stage.lost, True, None),
        (Stage.talks, Stage.talks, Stage.terminated, False, None),
        (Stage.terminated, Stage.landed, Stage.landed, True, Course.back),
        (Stage.lost, Stage.talks, Stage.suspended, False, None),
    ],
)
def test_courses(stage, base, to, signed, course):
    assert course_of(stage, base, to, signed=signed) is course


@given(st.sampled_from(ROAD), st.sampled_from(ROAD))
def test_skipping_stages_answers_for_their_gates(base, to):
    asked = {(item.kind, item.code) for item in between(DEFAULT_GATES, base, to)}
    passed = ROAD[ROAD.index(base) + 1 : ROAD.index(to) + 1]
    assert asked == {(item.kind, item.code) for item in DEFAULT_GATES if item.stage in passed}
    assert set(skipped(base, to, {})) == set(passed[:-1]) - {Stage.talks}


def test_files_count_by_paper_or_by_their_own_label_and_a_review_by_its_opinion():
    photos = Item(Stage.started, GateKind.paper, "site_photos", "开工现场照片", least=2)
    review = Item(Stage.signed, GateKind.review, "legality", "合法性审查")
    assert [lack.text for lack in missing([photos], GateState(papers={"site_photos": 1}))] == [
        "开工现场照片（还差 1 份）"
    ]
    assert not missing([photos], GateState(papers={"site_photos": 1}, labels={"开工现场照片": 1}))
    assert missing([review], GateState())
    assert not missing([review], GateState(reviews=frozenset({"legality"})))
    assert not missing([review], GateState(labels={"合法性审查": 1}))
    advice = Item(Stage.started, GateKind.paper, "energy", "节能审查意见", required=False)
    assert not missing([advice], GateState())
