"""Closing a month on its checklist, and opening it again."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.rules import Actor
from app.closing.queries import check_numbers, check_records, checklist, issued_before, issued_brief
from app.closing.rules import Item, ItemCode, OpenRow, Waiver, refuse_open
from app.figures.queries import headline
from app.figures.queries.basis import recognition_kinds
from app.figures.queries.kept import keep
from app.journal.facts import difference
from app.journal.models import MonthClose
from app.journal.operations import finish_close, lock_books, post_entries, post_reopening, waive
from app.journal.queries import find_reading, posted_sums, preview_sums
from app.journal.rules import Basis, check_reason
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError, NotFoundError
from app.kernel.periods import Month

MOST_AT_ONCE = 500
"""So many rows of an item are waived with one reason; each is a record of its own."""


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
        kept = keep(session, zone.id, month.last_day)
        close = finish_close(session, actor, zone=zone, month=month, books=books, checks=checks, kept=kept)
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
    rows = [row for row in _open_rows(session, zone, month, code) if row.subject_id == subject_id]
    if not rows:
        raise NotFoundError("这一项已处理或已豁免，请刷新后再看")
    _waive_each(session, actor, month, code, rows, reason)


def waive_item(
    session: Session, actor: Actor, *, zone: Zone, month: Month, code: ItemCode, reason: str
) -> int:
    """The actor takes all rows of an item that are open now upon himself, each by itself; how many they were.

    What comes up later is open again. Raises as ``waive_row``, and for more than ``MOST_AT_ONCE`` rows.
    """
    rows = _open_rows(session, zone, month, code)
    if not rows:
        raise NotFoundError("这一项已处理或已豁免，请刷新后再看")
    if len(rows) > MOST_AT_ONCE:
        raise DomainError(
            f"{code.label}还有{len(rows)}{code.counter}，一次最多豁免{MOST_AT_ONCE}{code.counter}，请先处理一部分"
        )
    _waive_each(session, actor, month, code, rows, reason)
    return len(rows)


def _open_rows(session: Session, zone: Zone, month: Month, code: ItemCode) -> list[OpenRow]:
    """The open rows of one item; the books are ours, so that nobody closes meanwhile."""
    books = lock_books(session, zone)
    books.check_close(month, clock.today())
    if code is not ItemCode.selfcheck:
        items = check_records(session, zone, month, books, [code])
    else:
        sums = preview_sums(session, difference(zone.id, month.last_day, recognition_kinds(zone)))
        whole, issued = headline(session, zone, month), issued_before(session, zone, month, books)
        items = [check_numbers(session, zone, month, sums=sums, whole=whole, issued=issued)]
    return [row for item in items for row in item.open]


def _waive_each(
    session: Session, actor: Actor, month: Month, code: ItemCode, rows: list[OpenRow], reason: str
) -> None:
    text = check_reason(reason)
    for row in rows:
        waive(
            session,
            actor,
            month=month,
            item=code.value,
            subject=row.subject,
            subject_id=row.subject_id,
            amount_fen=row.amount_fen,
            reason=text,
        )


def reopen_month(session: Session, actor: Actor, *, zone: Zone, month: Month, reason: str) -> MonthClose:
    """Open the month closed last again, until its brief is out.

    Raises ``DomainError`` for any other month, without a reason, or when its brief was issued.
    """
    brief = issued_brief(session, zone.id, month)
    if brief is not None:
        raise DomainError(f"{month.label}的简报（第{brief.number}期）已印发，不能重开；更正请记入下月")
    return post_reopening(session, actor, zone=zone, month=month, reason=reason)
