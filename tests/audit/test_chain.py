"""The audit log is whole, or it shows where it is not; on both engines, with writers side by side."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.models import AuditEntry
from app.audit.operations import note, seal
from app.audit.queries import verify_chain
from app.audit.rules import GENESIS, Actor, Head
from app.db import migrations
from tests.audit.unguarded import unguarded
from tests.factories import make_area, make_zone

ENTRIES = 6


def write(session: Session, zone: Zone, number: int, *, start: int = 1) -> None:
    actor = Actor(zone.id, 7, "吴建军", session_id=9, address="10.0.0.8", request_id="ab12")
    for each in range(start, start + number):
        note(session, actor, action="change", entity="project", entity_id=each,
             before={"name": f"旧{each}", "jobs": None}, after={"name": f"新<{each}>", "jobs": each})  # fmt: skip
    seal(session)


@pytest.fixture
def zone(session: Session) -> Zone:
    return make_zone(session)


@pytest.fixture
def chain(session: Session, zone: Zone) -> Zone:
    write(session, zone, ENTRIES)
    return zone


def found(session: Session, zone: Zone, known: Head | None = None) -> int | None:
    session.expire_all()
    return verify_chain(session, zone.id, known).bad_seq


def test_the_first_entry_stands_on_nothing_and_each_on_the_one_before(session: Session, chain: Zone) -> None:
    rows = session.query(AuditEntry).filter_by(zone_id=chain.id).order_by(AuditEntry.seq).all()
    assert [row.seq for row in rows] == list(range(1, ENTRIES + 1))
    assert rows[0].prev_hash == GENESIS
    assert [row.prev_hash for row in rows[1:]] == [row.hash for row in rows[:-1]]
    report = verify_chain(session, chain.id)
    assert report.whole
    assert report.entries == ENTRIES
    assert report.head == Head(ENTRIES, rows[-1].hash)


def test_an_empty_chain_is_whole(session: Session, zone: Zone) -> None:
    assert verify_chain(session, zone.id).whole


def test_each_zone_has_its_own_chain(session: Session, chain: Zone) -> None:
    other = make_zone(session)
    write(session, other, 2)
    write(session, chain, 1, start=50)
    assert verify_chain(session, other.id).head.seq == 2
    assert verify_chain(session, chain.id).head.seq == ENTRIES + 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor_name = '别人'",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET seq = seq - 1",
        "UPDATE audit_head SET hash = prev FROM (SELECT max(prev_hash) AS prev FROM audit_entry) old",
    ],
)
def test_the_database_refuses_to_forget(session: Session, chain: Zone, statement: str) -> None:
    with pytest.raises(DBAPIError, match=r"append-only|forward"), session.begin_nested():
        session.execute(text(statement))


ALTERATIONS: dict[str, Any] = {
    "id": 12345,
    "at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
    "actor_id": 8,
    "actor_name": "别人",
    "session_id": 10,
    "address": "10.0.0.9",
    "request_id": "ab13",
    "action": "remove",
    "entity": "investor",
    "entity_id": 999,
    "before": {"name": "另一个"},
    "after": None,
    "prev_hash": "f" * 64,
    "alg": "md5",
    "hash": "e" * 64,
}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seq=st.integers(1, ENTRIES), column=st.sampled_from(sorted(ALTERATIONS)))
def test_one_altered_value_is_found(session: Session, chain: Zone, seq: int, column: str) -> None:
    with tampering(session) as connection:
        connection.execute(
            update(AuditEntry)
            .where(AuditEntry.zone_id == chain.id, AuditEntry.seq == seq)
            .values({column: ALTERATIONS[column]})
        )
        assert found(session, chain) == seq


def test_an_entry_that_is_no_longer_json_or_a_day_is_found(session: Session, chain: Zone) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL takes no such value")
    for column, value in {"before": "{", "at": "gestern", "entity_id": "x"}.items():
        with tampering(session) as connection:
            connection.execute(
                text(f"UPDATE audit_entry SET {column} = :value WHERE seq = 3"), {"value": value}
            )
            assert found(session, chain) == 3


@given(seq=st.integers(1, ENTRIES), last=st.integers(0, ENTRIES))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_removed_entries_are_found(session: Session, chain: Zone, seq: int, last: int) -> None:
    with tampering(session) as connection:
        connection.execute(
            text("DELETE FROM audit_entry WHERE zone_id = :zone AND seq BETWEEN :first AND :last"),
            {"zone": chain.id, "first": seq, "last": max(seq, last)},
        )
        assert found(session, chain) == seq


@given(seq=st.integers(1, ENTRIES), to=st.integers(ENTRIES + 1, ENTRIES + 3))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_renumbered_entry_is_found(session: Session, chain: Zone, seq: int, to: int) -> None:
    with tampering(session) as connection:
        move(connection, chain, seq, to)
        assert found(session, chain) == seq


@given(pair=st.lists(st.integers(1, ENTRIES), min_size=2, max_size=2, unique=True))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_swapped_entries_are_found(session: Session, chain: Zone, pair: list[int]) -> None:
    first, second = sorted(pair)
    with tampering(session) as connection:
        move(connection, chain, first, 900)
        move(connection, chain, second, first)
        move(connection, chain, 900, second)
        assert found(session, chain) == first


@given(after=st.integers(1, ENTRIES), swallow=st.booleans())
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_added_entry_is_found(session: Session, chain: Zone, after: int, swallow: bool) -> None:
    """Also one that is made well and put between others that were moved up."""
    with tampering(session) as connection:
        for seq in range(ENTRIES, after, -1):
            move(connection, chain, seq, seq + 1)
        columns = (
            "at actor_id actor_name session_id address request_id action entity entity_id before after alg"
        )
        names = ", ".join(f'"{name}"' for name in columns.split())
        copied = "hash, hash" if swallow else "prev_hash, hash"
        connection.execute(
            text(
                f"INSERT INTO audit_entry (zone_id, id, seq, prev_hash, hash, {names})"
                f" SELECT zone_id, 77, :seq, {copied}, {names} FROM audit_entry"
                " WHERE zone_id = :zone AND seq = :after"
            ),
            {"seq": after + 1, "zone": chain.id, "after": after},
        )
        assert found(session, chain) == after + 1


def test_a_chain_that_was_cut_together_with_its_head_differs_from_what_was_noted(
    session: Session, chain: Zone
) -> None:
    known = verify_chain(session, chain.id).head
    with tampering(session) as connection:
        connection.execute(text("DELETE FROM audit_entry WHERE seq = :last"), {"last": ENTRIES})
        connection.execute(
            text(
                "UPDATE audit_head SET seq = :seq, hash = (SELECT hash FROM audit_entry"
                " WHERE zone_id = :zone AND seq = :seq) WHERE zone_id = :zone"
            ),
            {"seq": ENTRIES - 1, "zone": chain.id},
        )
        assert found(session, chain) is None
        assert found(session, chain, known) == ENTRIES


def test_a_head_without_its_chain_or_a_chain_without_its_head_is_found(session: Session, chain: Zone) -> None:
    with tampering(session) as connection:
        connection.execute(text("DELETE FROM audit_head WHERE zone_id = :zone"), {"zone": chain.id})
        assert found(session, chain) == 1
    with tampering(session) as connection:
        connection.execute(text("DELETE FROM audit_entry WHERE zone_id = :zone"), {"zone": chain.id})
        assert found(session, chain) == 1


def test_what_a_savepoint_took_back_leaves_no_trace(session: Session, chain: Zone) -> None:
    actor = Actor(chain.id, None, "测试")

    def change(name: str) -> None:
        note(session, actor, action="change", entity="area", entity_id=1, after={"name": name})

    change("留下一")
    with contextlib.suppress(ZeroDivisionError), session.begin_nested():
        change("撤回")
        with session.begin_nested():
            change("里层已完成，外层撤回")
        raise ZeroDivisionError
    with session.begin_nested():
        change("留下二")
        inner = session.begin_nested()
        change("里层撤回")
        inner.rollback()
    seal(session)
    rows = session.query(AuditEntry).filter_by(zone_id=chain.id, entity="area").order_by(AuditEntry.seq)
    assert [(row.after or {})["name"] for row in rows] == ["留下一", "留下二"]
    assert verify_chain(session, chain.id).whole


def test_a_failed_statement_in_a_savepoint_takes_its_entries_along(session: Session, chain: Zone) -> None:
    make_area(session, chain, "甲")

    def change_twice() -> None:
        with session.begin_nested():
            note(session, Actor(chain.id, None, "测试"), action="add", entity="area", entity_id=1)
            make_area(session, chain, "甲")

    with pytest.raises(DBAPIError):
        change_twice()
    seal(session)
    assert verify_chain(session, chain.id).entries == ENTRIES


def test_a_commit_seals_by_itself_and_a_rollback_forgets(own_engine: Engine) -> None:
    with Session(own_engine) as session:
        zone = make_zone(session, "甲区")
        actor = Actor(zone.id, None, "测试")
        note(session, actor, action="add", entity="zone", entity_id=zone.id)
        session.commit()
        note(session, actor, action="lost", entity="zone", entity_id=zone.id)
        session.rollback()
        note(session, actor, action="closed", entity="zone", entity_id=zone.id)
        session.close()
        session.commit()
        assert verify_chain(session, zone.id).entries == 1


def test_writers_side_by_side_keep_one_chain(own_engine: Engine) -> None:
    with Session(own_engine) as session:
        zone_id = make_zone(session, "甲区").id
        session.commit()
    writers, each = 6, 15
    start, faults = threading.Barrier(writers), []

    def work(number: int) -> None:
        start.wait()
        try:
            for turn in range(each):
                with Session(own_engine) as session:
                    actor = Actor(zone_id, number, f"写者{number}")
                    for part in range(3):
                        note(
                            session, actor, action="change", entity="x", entity_id=part, after={"turn": turn}
                        )
                    if turn % 5 == 4:
                        session.rollback()
                    session.commit()
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with Session(own_engine) as session:
        report = verify_chain(session, zone_id)
    assert report.whole
    assert report.entries == writers * 12 * 3


def test_the_migration_chains_what_was_there(empty_engine: Engine) -> None:
    migrations.upgrade(empty_engine, "0008_look_alikes")
    insert = text(
        'INSERT INTO audit_entry (zone_id, id, at, actor_id, actor_name, action, entity, entity_id, "before",'
        " \"after\") VALUES (:zone, :id, :at, NULL, '系统命令', 'register', 'project', 5, :old, :new)"
    )
    with empty_engine.begin() as connection:
        for zone in (1, 2):
            connection.execute(
                text(
                    "INSERT INTO zone (id, name, province, number_prefix, cutoff_day, by_recognition,"
                    " brief_masthead, brief_office, brief_report_to, brief_send_to, brief_issue_to,"
                    " brief_copies, created_at) VALUES (:id, :name, '', '', 0, '', 'jianbao', '', '', '', '', 0,"
                    " '2024-06-01 00:00:00')"
                ),
                {"id": zone, "name": f"区{zone}"},
            )
            for number in range(4):
                connection.execute(
                    insert,
                    {
                        "zone": zone,
                        "id": 100 - number,
                        "at": f"2024-06-0{number + 1} 08:00:00.123456",
                        "old": "null",
                        "new": '{"name": "\\u7eba\\u7ec7", "fen": 12345678901234567}',
                    },
                )
    migrations.upgrade(empty_engine)
    with Session(empty_engine) as session:
        for zone_id in (1, 2):
            report = verify_chain(session, zone_id)
            assert (report.whole, report.entries) == (True, 4), report
        note(session, Actor(1, None, "测试"), action="change", entity="project", entity_id=5)
        session.commit()
        assert verify_chain(session, 1).head.seq == 5


@contextlib.contextmanager
def tampering(session: Session) -> Iterator[Connection]:
    """The database without its triggers; everything is as before afterwards."""
    savepoint = session.begin_nested()
    connection = session.connection()
    with unguarded(connection):
        yield connection
    savepoint.rollback()


def move(connection: Connection, zone: Zone, seq: int, to: int) -> None:
    connection.execute(
        text("UPDATE audit_entry SET seq = :to WHERE zone_id = :zone AND seq = :seq"),
        {"to": to, "zone": zone.id, "seq": seq},
    )
