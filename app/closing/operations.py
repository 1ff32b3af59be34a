"""Closing a month on its checklist, and opening it again."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.rules import Actor
from app.closing.queries import checklist, issued_before, issued_brief
from app.closing.rules import Item, ItemCode, Waiver, refuse_open
from app.figures.queries import headline
from app.figures.queries.basis import recognition_kinds
from app.journal.facts import difference
from app.journal.models import MonthClose
from app.journal.operations import finish_close, lock_books, post_entries, post_reopening, waive
from app.journal.queries import find_reading, posted_sums, preview_sums
from app.journal.rules import Basis, check_reason
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError, NotFoundError
from app.kernel.periods import Month


def close_month(
    session: Session, actor: Actor, *, zone: Zone, month: Month, waive_rest: str | None = None
) -> MonthClose:
    """Close ``month``: nothing may be open on its checklist but what somebody has waived.

    ``waive_rest`` is the actor's reason for taking everything that is left open upon himself. Raises
    ``DomainError`` with the list of what is open, or when the month is not the next one.
    """
    books = lock_books(session, zone)
    books.check_close(month, clock.today())
    whole = headline(session, zone, month)
    issued = issued_before(session, zone, month, books)
    with session.begin_nested():  # refused, nothing of it stays
        seq = post_entries(session, zone=zone, month=month, books=books)
        sums = posted_sums(session, zone.id, seq)
        items = checklist(session, zone, month, books, sums=sums, whole=whole, issued=issued)
        if waive_rest is not None:
            items = [_waive_rest(session, actor, month, item, check_reason(waive_rest)) for item in items]
        refuse_open(month, items)
        checks = [item.as_json() for item in items]
        close = finish_close(session, actor, zone=zone, month=month, books=books, checks=checks)
        reading = find_reading(session, zone.id, month, Basis.restated)
        if headline(session, zone, month, reading=reading) != whole:
            raise ConflictError("关账期间有记录改动，账上的数与核对的数不一致，未关账；请再关一次")
    return close


def _waive_rest(session: Session, actor: Actor, month: Month, item: Item, reason: str) -> Item:
    left = item.open
    if not left:
        return item
    given = waive(
        session,
        actor,
        month=month,
        item=item.code.value,
        subject=item.sentence(),
        amount_fen=sum(row.amount_fen or 0 for row in left) or None,
        rows=len(left),
        reason=reason,
    )
    return replace(item, rest=Waiver(given.reason, given.user_name, given.at, given.rows))


def waive_row(
    session: Session, actor: Actor, *, zone: Zone, month: Month, code: ItemCode, subject_id: int, reason: str
) -> None:
    """The actor takes one open row of the checklist upon himself, for this month.

    Raises ``NotFoundError`` when it is no longer open, ``DomainError`` without a reason or for a closed month.
    """
    books = lock_books(session, zone)
    books.check_close(month, clock.today())
    sums = preview_sums(session, difference(zone.id, month.last_day, recognition_kinds(zone)))
    whole, issued = headline(session, zone, month), issued_before(session, zone, month, books)
    items = checklist(session, zone, month, books, sums=sums, whole=whole, issued=issued)
    rows = [row for item in items if item.code is code for row in item.open if row.subject_id == subject_id]
    if not rows:
        raise NotFoundError("这一项已处理或已豁免，请刷新后再看")
    waive(
        session,
        actor,
        month=month,
        item=code.value,
        subject=rows[0].subject,
        subject_id=subject_id,
        amount_fen=rows[0].amount_fen,
        reason=reason,
    )


def reopen_month(session: Session, actor: Actor, *, zone: Zone, month: Month, reason: str) -> MonthClose:
    """Open the month closed last again, until its brief is out.

    Raises ``DomainError`` for any other month, without a reason, or when its brief was issued.
    """
    brief = issued_brief(session, zone.id, month)
    if brief is not None:
        raise DomainError(f"{month.label}的简报（第{brief.number}期）已印发，不能重开；更正请记入下月")
    return post_reopening(session, actor, zone=zone, month=month, reason=reason)
