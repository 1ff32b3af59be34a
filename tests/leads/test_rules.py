"""Clocks, protection, look-alikes and states of a lead; no database."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.rules import Role, Scope
from app.kernel.clock import BEIJING
from app.kernel.errors import DomainError
from app.kernel.text import masked_phone
from app.leads.rules import (
    Clocks,
    Course,
    Kind,
    LeadState,
    Level,
    Other,
    Verdict,
    Wanted,
    check_assessable,
    check_clocks,
    check_convertible,
    check_extension,
    check_likeness,
    company_core,
    company_key,
    has_lapsed,
    is_protected,
    judge,
    late_before,
    lates,
    masked_name,
    next_due,
    protected_to,
    similarity,
    sounds_like,
    unit_in_sight,
)

DAY = dt.date(2026, 11, 2)
AT = dt.datetime(2026, 11, 2, 23, 59, tzinfo=BEIJING)
CLOCKS = Clocks()


def course(state: LeadState = LeadState.open, **fields: object) -> Course:
    values = {
        "received_at": AT,
        "answered_at": None,
        "progressed_at": AT,
        "protected_until": DAY + dt.timedelta(days=180),
    }
    return Course(state, **{**values, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, []),
        (1, []),
        (2, ["响应超时 1 天"]),
        (3, ["响应超时 2 天"]),
        (4, ["响应超时 3 天", "研判超时 1 天"]),
    ],
)
def test_an_open_lead_is_answered_and_assessed_in_time(days: int, said: list[str]) -> None:
    today = DAY + dt.timedelta(days=days)
    assert [late.text for late in lates(course(), CLOCKS, today)] == said


def test_what_was_answered_is_assessed_next() -> None:
    answered = course(answered_at=AT)
    assert next_due(course(), CLOCKS) == ("响应", dt.date(2026, 11, 3))
    assert next_due(answered, CLOCKS) == ("研判", dt.date(2026, 11, 5))
    assert [late.clears for late in lates(answered, CLOCKS, dt.date(2026, 11, 6))] == ["填写研判意见"]


def test_a_followed_lead_reports_every_two_weeks() -> None:
    followed = course(LeadState.followed)
    assert next_due(followed, CLOCKS) == ("报进展", dt.date(2026, 11, 16))
    assert lates(followed, CLOCKS, dt.date(2026, 11, 16)) == []
    assert lates(followed, CLOCKS, dt.date(2026, 11, 17))[0].text == "未报进展超时 1 天"


@pytest.mark.parametrize("state", [s for s in LeadState if s not in (LeadState.open, LeadState.followed)])
def test_what_is_settled_is_never_late_nor_protected(state: LeadState) -> None:
    later = DAY + dt.timedelta(days=999)
    assert lates(course(state), CLOCKS, later) == []
    assert next_due(course(state), CLOCKS) is None
    assert not is_protected(course(state), CLOCKS, DAY)
    assert not has_lapsed(course(state), CLOCKS, later)


def test_protection_lapses_without_progress_and_lasts_with_it() -> None:
    last = DAY + dt.timedelta(days=180)
    assert protected_to(course(), CLOCKS) == last
    assert is_protected(course(), CLOCKS, last)
    assert has_lapsed(course(), CLOCKS, last + dt.timedelta(days=1))
    moved = course(LeadState.followed, progressed_at=AT + dt.timedelta(days=100))
    assert protected_to(moved, CLOCKS) == last + dt.timedelta(days=100)
    # A shorter setting takes nothing back that was promised.
    assert protected_to(course(), Clocks(protect_days=30)) == last


@given(st.integers(0, 40), st.integers(1, 30), st.integers(0, 24 * 60 - 1))
def test_late_before_says_the_same_as_days(passed: int, days: int, minute: int) -> None:
    since = dt.datetime.combine(DAY, dt.time(), BEIJING) + dt.timedelta(minutes=minute)
    today = DAY + dt.timedelta(days=passed)
    followed = course(LeadState.followed, progressed_at=since.astimezone(dt.UTC))
    clocks = Clocks(report_days=days)
    assert bool(lates(followed, clocks, today)) == (since < late_before(today, days))


@pytest.mark.parametrize(
    ("name", "key", "core"),
    [
        ("湖北达泰高端科技有限公司", "湖北达泰高端科技", "达泰高端科技"),
        ("湖北达泰高端科技（集团）股份有限公司", "湖北达泰高端科技", "达泰高端科技"),
        ("达泰集团有限责任公司", "达泰", "达泰"),
        ("新疆维吾尔自治区天山公司", "新疆维吾尔自治区天山", "天山"),
        ("ＡＢＣ Ltd.", "abcltd", "abcltd"),
        ("北京公司", "北京", "北京"),
    ],
)
def test_companies_meet_under_one_key(name: str, key: str, core: str) -> None:
    assert company_key(name) == key
    assert company_core(name) == core


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("锂电池正极材料", "锂电池正极材料", True),
        ("锂电池正极材料", "锂电池正级材料", True),  # the same sound
        ("达泰高端科技", "达态高端科技", True),
        ("达泰高端科技", "达泰高端", True),
        ("锂电池正极材料", "锂电池负极材料基地", False),
        ("达泰高端科技", "汇通物流", False),
        ("", "达泰", False),
    ],
)
def test_similarity(one: str, other: str, near: bool) -> None:
    assert (similarity(one, other) >= 0.85) is near
    assert similarity(one, other) == pytest.approx(similarity(other, one), abs=0.1)


@pytest.mark.parametrize(
    ("letters", "fits"),
    [
        ("ksly", True),
        ("kashi", True),
        ("KaShiLiYe", True),
        ("liye", True),
        ("slly", False),
        ("k", False),
        ("喀什", False),
    ],
)
def test_pinyin_and_initials(letters: str, fits: bool) -> None:
    assert sounds_like(letters, "喀什锂业") is fits


WANTED = Wanted("锂电池正极材料项目", "湖北达泰高端科技有限公司", "CODE")


def other(
    name: str, investor: str, code: str | None = None, *, kind: Kind = Kind.lead, stands: bool = True
) -> Other:
    return Other(kind, name, investor, code, stands, stands)


@pytest.mark.parametrize(
    ("record", "level"),
    [
        (other("锂电池正极材料", "湖北达泰高端科技(有限公司)"), Level.twin),
        (other("别的项目", "别的公司", "CODE"), Level.twin),
        (other("锂电池正极材料", "湖北达泰高端科技有限公司", stands=False), Level.hint),
        (other("锂电池正极材料项目（二期）", "湖北达泰高端科技有限公司"), Level.near),
        (other("锂电池正极材料项目", "江苏恒能"), Level.near),
        (other("锂电池正极材料", "湖北达泰高端科技有限公司", kind=Kind.project), Level.twin),
        (other("别的项目", "别的公司", "CODE", kind=Kind.project), Level.near),
        (other("湖北达泰高端科技", "湖北达泰高端科技", kind=Kind.investor), Level.hint),
        (other("湖北达态高端科技公司", "湖北达态高端科技公司", kind=Kind.investor), Level.near),
        (other("锂电回收利用材料厂", "汇通物流"), None),
    ],
)
def test_what_is_a_twin_what_is_near(record: Other, level: Level | None) -> None:
    made = judge(WANTED, record)
    assert (made.level if made else None) == level


def test_a_lead_whose_protection_ran_out_blocks_nobody() -> None:
    made = judge(WANTED, Other(Kind.lead, WANTED.name, WANTED.investor, None, stands=False, pursued=True))
    assert made is not None
    assert made.level is Level.near


def test_a_twin_is_refused_and_a_near_one_needs_a_reason() -> None:
    check_likeness([(Level.hint, "a")], "")
    check_likeness([(Level.near, "a")], "另一块地")
    for levels, reason, field in (
        ([(Level.near, "a"), (Level.near, "b")], " ", "likeness_reason"),
        ([(Level.near, "a"), (Level.twin, "b")], "另一块地", "name"),
    ):
        with pytest.raises(DomainError) as refusal:
            check_likeness(levels, reason)
        assert refusal.value.field == field


def test_which_states_may_follow() -> None:
    for state in (LeadState.lapsed, LeadState.converted):
        with pytest.raises(DomainError):
            check_assessable(state)
    for state in (LeadState.declined, LeadState.passed_on, LeadState.followed, LeadState.open):
        check_assessable(state)
    for state in LeadState:
        if state is LeadState.followed:
            check_convertible(state)
            continue
        with pytest.raises(DomainError):
            check_convertible(state)
    assert [verdict.state for verdict in Verdict] == [
        LeadState.followed,
        LeadState.passed_on,
        LeadState.declined,
    ]


@pytest.mark.parametrize("until", [None, DAY, DAY + dt.timedelta(days=10), DAY + dt.timedelta(days=1200)])
def test_an_extension_extends(until: dt.date | None) -> None:
    with pytest.raises(DomainError):
        check_extension(until, today=DAY, protected_to=DAY + dt.timedelta(days=10))
    later = DAY + dt.timedelta(days=11)
    assert check_extension(later, today=DAY, protected_to=DAY + dt.timedelta(days=10)) == later


@pytest.mark.parametrize(
    "wrong", [{"answer_days": 0}, {"assess_days": 400}, {"answer_days": 5}, {"protect_days": 2000}]
)
def test_clocks_that_no_office_keeps(wrong: dict[str, int]) -> None:
    check_clocks(CLOCKS)
    with pytest.raises(DomainError):
        check_clocks(Clocks(**wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("role", "unit", "shared", "seen"),
    [
        (Role.officer, 7, False, 7), (Role.officer, 7, True, None), (Role.officer, None, False, None),
        (Role.reviewer, 7, False, None), (Role.leader, None, False, None),
    ],
)  # fmt: skip
def test_whose_leads_one_sees(role: Role, unit: int | None, shared: bool, seen: int | None) -> None:
    assert unit_in_sight(Scope(1, unit, role), shared=shared) == seen


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("13812341234", "138****1234"), ("0998-2580000", "099****0000"), ("25800", "****00"), ("", "")],
)
def test_phones_are_masked(phone: str, shown: str) -> None:
    assert masked_phone(phone) == shown
    assert masked_name("湖北达泰") == "湖北＊＊＊"
