"""A close posts the difference; a reopening posts nothing and is a step of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, insert, literal, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.operations import note
from app.audit.rules import Actor
from app.db.types import whole_sum
from app.journal.facts import ENTRY, difference
from app.journal.models import JournalEntry, MonthClose
from app.journal.queries import ENTITY, current_lists, read_books, read_marks, step_content
from app.journal.rules import ALG, GENESIS, Books, CloseAction, FactKind, check_reason, digest
from app.kernel import clock
from app.kernel.errors import ConflictError
from app.kernel.ids import new_id
from app.kernel.periods import Month


def lock_books(session: Session, zone: Zone) -> Books:
    """The zone's books, ours until the commit: who comes second waits, and then sees the first one's close.

    Records of the zone can be written meanwhile; SQLite knows one writer at a time anyway.
    """
    session.execute(select(Zone.id).where(Zone.id == zone.id).with_for_update(key_share=True))
    return read_books(session, zone.id)


def post_close(
    session: Session, actor: Actor, *, zone: Zone, month: Month, checks: list[dict[str, Any]]
) -> MonthClose:
    """Post the entries of ``month`` and close it, on ``checks``; see ``post_entries`` and ``finish_close``."""
    books = lock_books(session, zone)
    post_entries(session, zone=zone, month=month, books=books)
    return finish_close(session, actor, zone=zone, month=month, books=books, checks=checks)


def post_entries(session: Session, *, zone: Zone, month: Month, books: Books) -> int:
    """Post what today's facts are more, less or other than the books; the number of the step to be.

    One statement, so that each record is in wholly or not at all. ``finish_close`` must follow in the same
    transaction. Raises ``DomainError`` out of order, ``ConflictError`` when somebody was first.
    """
    books.check_close(month, clock.today())
    seq = len(books.steps) + 1
    kinds = [FactKind(kind) for kind in zone.by_recognition.split(",") if kind]
    posting = difference(zone.id, month.last_day, kinds).subquery("posting")
    columns = [posting.c[name] for name in ENTRY]
    query = select(literal(zone.id), literal(seq), *columns).order_by(posting.c.line)
    session.execute(insert(JournalEntry).from_select(["zone_id", "seq", *ENTRY], query))
    return seq


def finish_close(
    session: Session,
    actor: Actor,
    *,
    zone: Zone,
    month: Month,
    books: Books,
    checks: list[dict[str, Any]],
    kept: Mapping[str, list[list[Any]]] | None = None,
) -> MonthClose:
    """Write the step over the entries just posted, with the lists as they stand and the checklist it rests on.

    ``kept`` is what else of the month is to be read from the step, since no entry has it.
    """
    return _step(
        session,
        actor,
        zone,
        month,
        books,
        action=CloseAction.close,
        checks=checks,
        lists={**current_lists(session, zone.id), **(kept or {})},
    )


def post_reopening(session: Session, actor: Actor, *, zone: Zone, month: Month, reason: str) -> MonthClose:
    """Open the month closed last again; its entries stay, the next close posts what differs from them.

    Raises ``DomainError`` for any other month, or without a reason.
    """
    text = check_reason(reason)
    books = lock_books(session, zone)
    step = books.check_reopen(month)
    return _step(session, actor, zone, step.period, books, action=CloseAction.reopen, reason=text)


def _step(
    session: Session, actor: Actor, zone: Zone, month: Month, books: Books, **values: Any
) -> MonthClose:
    """Write the step over the entries that stand in the table already, chained to the step before."""
    seq = len(books.steps) + 1
    marks, body, numbers = read_marks(session, zone.id, seq)
    posted = session.execute(
        select(func.count(), whole_sum(JournalEntry.sign)).where(
            JournalEntry.zone_id == zone.id, JournalEntry.seq == seq
        )
    ).one()
    reversed_ = (len(numbers) - posted[1]) // 2
    close = MonthClose(
        zone_id=zone.id,
        id=new_id(),
        seq=seq,
        year=month.year,
        month=month.month,
        since=month.window.start,
        until=month.last_day,
        cutoff_day=month.cutoff,
        by_recognition=zone.by_recognition,
        at=clock.now(),
        user_id=actor.user_id,
        user_name=actor.name,
        entries=len(numbers),
        posted=len(numbers) - reversed_,
        reversed=reversed_,
        alg=ALG,
        prev_hash=books.steps[-1].hash if books.steps else GENESIS,
        marks=marks,
        **{"reason": "", "checks": [], "lists": {}, **values},
    )
    close.hash = digest(close.prev_hash, step_content(close, body))
    session.add(close)
    try:
        session.flush()
    except IntegrityError as error:  # the lock makes this impossible but for hands in the database
        raise ConflictError("刚有人关账或重开，请刷新后再看") from error
    note(
        session,
        actor,
        action=close.action.value,
        entity=ENTITY,
        entity_id=close.id,
        after={
            "seq": seq,
            "month": str(month),
            "entries": close.entries,
            "reason": close.reason,
            "hash": close.hash,
        },
    )
    return close
