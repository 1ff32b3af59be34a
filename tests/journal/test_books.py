"""The books refuse changes, and where somebody went round that, the check names the row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.operations import seal
from app.journal.operations import post_close, post_reopening, waive
from app.journal.queries import find_reading, list_corrections, list_postings, read_books, verify_books
from app.journal.rules import Basis, JournalReport, Why
from app.kernel.errors import ConflictError, DomainError
from app.kernel.periods import Month
from app.pipeline.models import Milestone
from app.pipeline.rules import MilestoneKind
from tests.factories import WAN, YI, make_arrival, make_project, make_zone
from tests.journal.history import actor_in
from tests.journal.unguarded import unguarded

MARCH, APRIL, MAY = (Month(2024, month) for month in (3, 4, 5))


def close(session: Session, zone: Zone, month: Month) -> None:
    post_close(session, actor_in(zone), zone=zone, month=month, checks=[{"code": "pending", "rows": 0}])


def books_of(session: Session, name: str = "") -> Zone:
    """March closed with five facts, April with three more and a correction, April reopened and closed again."""
    zone = make_zone(session, name)
    project = make_project(
        session, zone, total_fen=2 * YI, reached={MilestoneKind.started: dt.date(2024, 3, 20)}
    )
    for day in (5, 6, 7):
        make_arrival(session, zone, project, day * WAN, arrived_on=dt.date(2024, 3, day))
    close(session, zone, MARCH)
    for day in (5, 6, 7):
        make_arrival(session, zone, project, day * WAN, arrived_on=dt.date(2024, 4, day))
    started = session.query(Milestone).filter_by(zone_id=zone.id, kind=MilestoneKind.started).one()
    started.reached_on = dt.date(2024, 3, 28)
    session.flush()
    close(session, zone, APRIL)
    post_reopening(session, actor_in(zone), zone=zone, month=APRIL, reason="补登一笔")
    make_arrival(session, zone, project, 8 * WAN, arrived_on=dt.date(2024, 4, 8))
    close(session, zone, APRIL)
    seal(session)
    return zone


@pytest.fixture
def zone(session: Session) -> Zone:
    return books_of(session)


def test_a_correction_is_a_reversal_and_a_new_entry_that_says_what_changed(
    session: Session, zone: Zone
) -> None:
    first = list_postings(session, zone.id, 2)[:2]
    assert [(entry.sign, entry.why, entry.changed) for entry in first] == [
        (-1, Why.changed, "on_day"),
        (1, Why.changed, "on_day"),
    ]
    assert [entry.on_day.day for entry in first] == [20, 28]
    step = read_books(session, zone.id).steps[1]
    assert [(c.kind.value, c.facts) for c in list_corrections(session, zone.id, step)] == [("started", 1)]


def test_a_late_fact_is_a_correction_and_a_dissolved_contract_is_not(session: Session, zone: Zone) -> None:
    project = make_project(session, zone, total_fen=YI, signed_on=dt.date(2024, 2, 2))
    close(session, zone, MAY)
    june = MAY.next()
    ended = Milestone(
        zone_id=zone.id,
        project_id=project.id,
        kind=MilestoneKind.terminated,
        reached_on=dt.date(2024, 6, 3),
        unit_id=project.unit_id,
    )
    session.add(ended)
    session.flush()
    close(session, zone, june)
    steps = read_books(session, zone.id).steps
    assert [(c.kind.value, c.facts) for c in list_corrections(session, zone.id, steps[-2])] == [("signed", 1)]
    assert list_corrections(session, zone.id, steps[-1]) == []
    assert {entry.changed for entry in list_postings(session, zone.id, steps[-1].seq)} == {"ended_on", ""}


def test_months_close_in_order_and_only_the_last_is_reopened(session: Session, zone: Zone) -> None:
    with pytest.raises(ConflictError, match="2024年4月已由审核人关账"):
        close(session, zone, APRIL)
    with pytest.raises(DomainError, match="现在应关2024年5月，不能关2024年6月"):
        close(session, zone, MAY.next())
    with pytest.raises(DomainError, match="只能重开最近关账的月份（2024年4月）"):
        post_reopening(session, actor_in(zone), zone=zone, month=MARCH, reason="更正")
    with pytest.raises(DomainError, match="请写明原因"):
        post_reopening(session, actor_in(zone), zone=zone, month=APRIL, reason=" ")


def test_a_month_that_is_not_over_stays_open(session: Session) -> None:
    zone = make_zone(session)
    with pytest.raises(DomainError, match="尚未结束"):
        close(session, zone, Month(2099, 1))


def test_a_month_never_closed_has_no_closed_figures(session: Session, zone: Zone) -> None:
    with pytest.raises(DomainError, match="2024年2月尚未关账"):
        find_reading(session, zone.id, Month(2024, 2), Basis.closed)
    with pytest.raises(DomainError, match="2024年4月的关账不含2024年5月的数"):
        find_reading(session, zone.id, MAY, Basis.restated)
    post_reopening(session, actor_in(zone), zone=zone, month=APRIL, reason="更正")
    with pytest.raises(DomainError, match="2024年4月已重开，尚未再次关账"):
        find_reading(session, zone.id, APRIL, Basis.closed)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET amount_fen = 1",
        "DELETE FROM journal_entry",
        "UPDATE month_close SET user_name = '别人'",
        "DELETE FROM month_close",
        "UPDATE close_waiver SET reason = '无'",
        "DELETE FROM close_waiver",
        "INSERT INTO journal_entry SELECT * FROM journal_entry WHERE line = 1 AND seq = 2",
        "TRUNCATE journal_entry",
    ],
)
def test_the_database_refuses_to_change_the_books(session: Session, zone: Zone, statement: str) -> None:
    waive(session, actor_in(zone), month=MAY, item="pending", subject="一笔", reason="下月处理")
    if statement.startswith("TRUNCATE") and session.get_bind().dialect.name == "sqlite":
        pytest.skip("SQLite knows no TRUNCATE")
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text(statement))


def test_the_database_refuses_to_add_to_a_step_that_stands(session: Session, zone: Zone) -> None:
    with pytest.raises(DBAPIError, match="stands"), session.begin_nested():
        session.execute(text(_copy(zone, 2, 1, 99)))


def _copy(zone: Zone, seq: int, line: int, to_line: int, amount: str = "amount_fen") -> str:
    columns = (
        "sign, why, changed, kind, record_id, part, project_id, on_day, counts, big, ended_on, unit_id, area_id,"
        " chain_id, segment_id, industry, origin, source, investor_type, output_fen, number, project, investor, voucher"
    )
    return (
        f"INSERT INTO journal_entry (zone_id, seq, line, amount_fen, {columns}) SELECT zone_id, seq, {to_line},"
        f" {amount}, {columns} FROM journal_entry WHERE zone_id = {zone.id} AND seq = {seq} AND line = {line}"
    )


ENTRY_EDITS = {
    "an amount": (
        "UPDATE journal_entry SET amount_fen = amount_fen + 1 WHERE {at} AND line = 3",
        "第3笔分录被改动",
        3,
    ),
    "a day": ("UPDATE journal_entry SET on_day = '2024-03-01' WHERE {at} AND line = 2", "第2笔分录被改动", 2),
    "a unit": (
        "UPDATE journal_entry SET unit_id = unit_id + 1 WHERE {at} AND line = 1",
        "第1笔分录被改动",
        1,
    ),
    "a name": ("UPDATE journal_entry SET project = '别的项目' WHERE {at} AND line = 4", "第4笔分录被改动", 4),
    "a sign": ("UPDATE journal_entry SET sign = -sign WHERE {at} AND line = 1", "第1笔分录被改动", 1),
    "a voucher": ("UPDATE journal_entry SET voucher = 'X' WHERE {at} AND line = 5", "第5笔分录被改动", 5),
    "removed in the middle": ("DELETE FROM journal_entry WHERE {at} AND line = 3", "第3笔分录被删除", 3),
    "removed at the end": ("DELETE FROM journal_entry WHERE {at} AND line = 5", "第5笔分录被删除", 5),
    "renumbered": ("UPDATE journal_entry SET line = 77 WHERE {at} AND line = 2", "第2笔分录被删除", 2),
}


def tampered(session: Session, zone: Zone, *statements: str) -> JournalReport:
    connection = session.connection()
    at = f"zone_id = {zone.id} AND seq = 2"
    with unguarded(connection):
        for statement in statements:
            connection.execute(text(statement.replace("{at}", at).replace("{zone}", f"zone_id = {zone.id}")))
    session.expire_all()
    return verify_books(session, zone.id)


@pytest.mark.parametrize("name", ENTRY_EDITS)
def test_any_entry_that_was_touched_is_named(session: Session, zone: Zone, name: str) -> None:
    statement, words, line = ENTRY_EDITS[name]
    assert verify_books(session, zone.id).whole
    report = tampered(session, zone, statement)
    assert (report.seq, report.line) == (2, line)
    assert words in report.fault
    assert "第2次（2024年4月关账）" in report.fault


def test_an_entry_that_was_added_is_named(session: Session, zone: Zone) -> None:
    report = tampered(session, zone, _copy(zone, 2, 1, 6))
    assert "第6笔分录是后来添加的" in report.fault


def test_entries_that_changed_places_are_named(session: Session, zone: Zone) -> None:
    report = tampered(
        session,
        zone,
        "UPDATE journal_entry SET line = 100 WHERE {at} AND line = 3",
        "UPDATE journal_entry SET line = 3 WHERE {at} AND line = 4",
        "UPDATE journal_entry SET line = 4 WHERE {at} AND line = 100",
    )
    assert "第3笔分录被调换了次序，原为第4笔" in report.fault


STEP_EDITS: dict[str, tuple[str, str]] = {
    "who": ("UPDATE month_close SET user_name = '别人' WHERE {at}", "关账记录被改动"),
    "when": ("UPDATE month_close SET at = '2024-01-01 00:00:00.000000' WHERE {at}", "关账记录被改动"),
    "the checklist": ("UPDATE month_close SET checks = '[]' WHERE {at}", "关账记录被改动"),
    "the lists": ("UPDATE month_close SET lists = '{}' WHERE {at}", "关账记录被改动"),
    "the number of entries": ("UPDATE month_close SET entries = 4, posted = 3, reversed = 1 WHERE {at}", "第5笔分录是后来添加的"),
    "a hash": (f"UPDATE month_close SET hash = '{'a' * 64}' WHERE {{at}}", "关账记录被改动"),
    "the hash before": (f"UPDATE month_close SET prev_hash = '{'a' * 64}' WHERE {{at}}", "与上一次的哈希不相接"),
    "the reopening": ("UPDATE month_close SET reason = '无' WHERE {zone} AND seq = 3", "第3次（2024年4月重开）"),
}  # fmt: skip


@pytest.mark.parametrize("name", STEP_EDITS)
def test_any_step_that_was_touched_is_named(session: Session, zone: Zone, name: str) -> None:
    statement, words = STEP_EDITS[name]
    assert words in tampered(session, zone, statement).fault


def _without_links(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE journal_entry DROP CONSTRAINT fk_journal_entry_zone_id_seq"))


@pytest.mark.parametrize(
    ("seq", "words"), [(2, "第2次关账的记录缺失"), (3, "第3次关账的记录缺失"), (4, "没有这次关账")]
)
def test_a_step_that_was_removed_is_named(new_engine: Callable[..., Engine], seq: int, words: str) -> None:
    engine = new_engine("books", migrated=True)
    with Session(engine) as session:
        zone_id = books_of(session, "试验区").id
        session.commit()
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        with connection.begin():
            _without_links(connection)
            with unguarded(connection):
                connection.execute(text(f"DELETE FROM month_close WHERE zone_id = {zone_id} AND seq = {seq}"))
    with Session(engine) as session:
        report = verify_books(session, zone_id)
    assert words in report.fault


def test_a_last_step_cut_off_with_its_entries_is_known_to_the_audit_log(session: Session, zone: Zone) -> None:
    report = tampered(
        session,
        zone,
        "DELETE FROM journal_entry WHERE {zone} AND seq = 4",
        "DELETE FROM month_close WHERE {zone} AND seq = 4",
    )
    assert "操作记录记有第4次关账或重开，账上没有" in report.fault
