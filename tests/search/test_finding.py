"""Any two characters, pinyin and initials lead to a record, on both engines, and to no other zone's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.kernel.ids import new_id
from app.kernel.text import name_key
from app.search import queries
from app.search.operations import forget_record, index_record
from app.search.queries import find_records
from app.search.rules import Kind, likeness, pairs, read_query, spell
from tests.factories import make_zone

NAMES = {
    1: "喀什盛源锂业有限公司电池生产线项目",
    2: "纺织服装纺纱产业园项目（二期）",
    3: "智慧物流港项目",
    4: "ABC 冷链物流中心",
    5: "储能电站示范项目",
}


@pytest.fixture
def zone(session: Session) -> Zone:
    zone = make_zone(session, "喀什经济开发区")
    for number, name in NAMES.items():
        index_record(session, zone.id, number, entity="project", title=name, words=[f"6531-2024-000{number}"])
    return zone


def ids(session: Session, zone: Zone, words: str) -> list[int]:
    found = find_records(session, zone.id, words, entities=["project"])
    return [hit.record_id for hit in found if not hit.near]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("锂业", [1]),
        ("物流", [3, 4]),
        ("物 流", [3, 4]),
        ("智慧物流港", [3]),
        ("ksly", []),
        ("kssyly", [1]),
        ("ly", [1]),
        ("liye", [1]),
        ("LIYE", [1]),
        ("zhwlg", [3]),
        ("abc", [4]),
        ("ＡＢＣ冷链", [4]),
        ("(二期)", [2]),
        ("2024-0005", [5]),
        ("6531-2024-0003", [3]),
        ("业锂", []),
        ("示项", []),
    ],
)
def test_what_leads_where(session: Session, zone: Zone, words: str, expected: list[int]) -> None:
    assert sorted(ids(session, zone, words)) == expected


@pytest.mark.parametrize(
    "words", ["", " ", "锂", "a", "（", "* OR", '"', "NEAR(", "zone1", "a' OR 1=1 --", "\x00", "𠮷"]
)
def test_what_is_too_short_or_strange_finds_nothing_and_breaks_nothing(
    session: Session, zone: Zone, words: str
) -> None:
    assert ids(session, zone, words) == []


def test_one_slip_in_a_name_still_leads_to_it(session: Session, zone: Zone) -> None:
    found = find_records(session, zone.id, "智惠物流港项目", entities=["project"])
    assert found[0].record_id == 3
    assert found[0].near


def test_a_title_that_begins_with_the_words_comes_first(session: Session, zone: Zone) -> None:
    index_record(session, zone.id, 6, entity="project", title="物流园")
    assert ids(session, zone, "物流")[0] == 6


def test_a_renamed_or_forgotten_record_is_found_no_more(session: Session, zone: Zone) -> None:
    index_record(session, zone.id, 3, entity="project", title="云计算中心")
    assert ids(session, zone, "智慧") == []
    assert ids(session, zone, "云计算") == [3]
    forget_record(session, zone.id, 3)
    assert ids(session, zone, "云计算") == []


def test_another_zone_is_never_searched(session: Session, zone: Zone) -> None:
    other = make_zone(session, "库车经济技术开发区")
    index_record(session, other.id, 99, entity="project", title="锂业机密项目")
    assert 99 not in ids(session, zone, "锂业")
    assert ids(session, other, "锂业") == [99]


def test_only_the_kinds_asked_for_are_found(session: Session, zone: Zone) -> None:
    index_record(session, zone.id, 7, entity="investor", title="物流集团")
    assert 7 not in ids(session, zone, "物流")
    assert [hit.record_id for hit in find_records(session, zone.id, "物流", entities=["investor"])] == [7]


titles = st.text(
    st.sampled_from("锂电新能源物流港纺织服装园区一二三AB12 （）-"), min_size=2, max_size=12
).filter(lambda text: len(name_key(text)) >= 2)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(titles, min_size=1, max_size=6), data=st.data())
def test_every_part_of_two_characters_finds_its_record(
    session: Session, names: list[str], data: st.DataObject
) -> None:
    with rolled_back(session):
        zone = make_zone(session, f"zone {new_id()}")
        records = {new_id(): name for name in names}
        for number, name in records.items():
            index_record(session, zone.id, number, entity="project", title=name)
        folded = name_key(data.draw(st.sampled_from(names)))
        start = data.draw(st.integers(0, len(folded) - 2))
        part = folded[start : start + data.draw(st.integers(2, 6))]
        expected = {number for number, name in records.items() if part in name_key(name)}
        assert expected <= set(ids(session, zone, part))


@contextmanager
def rolled_back(session: Session) -> Iterator[None]:
    """One example's rows, gone afterwards."""
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
        session.expunge_all()


def test_pairs_are_plain_ascii() -> None:
    assert pairs(Kind.text, "锂电池") == ["t9502z7535", "t7535z6c60"]
    assert all(
        token.isascii() and token.isalnum() for token in spell("锂电（一期）A-1").tokens(5, "project").split()
    )


def test_likeness_is_one_for_the_same_text() -> None:
    assert likeness(read_query("智慧物流"), spell("智慧物流")) == 1


def test_a_number_is_found_among_many_with_the_same_pairs(session: Session, zone: Zone) -> None:
    for number in range(100, 500):
        index_record(
            session, zone.id, number, entity="project", title=f"甲{number}", words=[f"{number}-12-21-11-22"]
        )
    index_record(session, zone.id, 50, entity="project", title="乙", words=["1221-1122-1"])
    assert ids(session, zone, "1221-1122-1")[0] == 50


def test_of_a_word_that_is_everywhere_the_newest_are_found_and_of_a_rare_one_the_oldest_too(
    session: Session, zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "CANDIDATES", 8)
    monkeypatch.setattr(queries, "WALKED", 20)
    for number in range(100, 140):
        index_record(session, zone.id, number, entity="project", title=f"甲{number}有限公司")
    index_record(session, zone.id, 99, entity="contract", title="乙有限公司")
    assert ids(session, zone, "公司") == list(range(139, 131, -1))
    assert ids(session, zone, "甲101") == [101]
    assert ids(session, zone, "储能") == [5]


@pytest.mark.parametrize("words", ["塔里木锂叶", "塔里木鲤业", "塔里锂业", "塔里木的锂业"])
def test_a_name_with_one_slip_is_found(session: Session, zone: Zone, words: str) -> None:
    index_record(session, zone.id, 60, entity="project", title="塔里木锂业")
    hits = find_records(session, zone.id, words, entities=["project"])
    assert [(hit.record_id, hit.near) for hit in hits if hit.record_id == 60] == [(60, True)]
