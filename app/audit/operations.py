"""Writing the audit log.

``note`` collects; the entries are numbered, chained and written by ``seal``, once, at the very end of the
transaction: only there the zone's chain is locked, so that writers of one zone stay parallel until they
commit. No session can commit without it: ``seal`` runs by itself before every commit.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import event, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, SessionTransaction

from app.audit.models import AuditEntry, AuditHead
from app.audit.rules import ALG, GENESIS, Actor, Head, digest, instant, plain
from app.db.trial import is_trial
from app.kernel import clock
from app.kernel.ids import new_id

_NOTED = "audit_noted"
_MARKS: WeakKeyDictionary[SessionTransaction, int] = WeakKeyDictionary()
"""How much was noted when each savepoint began."""


def note(
    session: Session,
    actor: Actor,
    *,
    action: str,
    entity: str,
    entity_id: int,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Record one change in the actor's zone; it is written with the change, or, rolled back, not at all."""
    if is_trial(session):
        return
    entry = AuditEntry(
        zone_id=actor.zone_id,
        id=new_id(),
        at=clock.now(),
        actor_id=actor.user_id,
        actor_name=actor.name,
        session_id=actor.session_id,
        address=actor.address[:64],
        request_id=actor.request_id[:32],
        action=action,
        entity=entity,
        entity_id=entity_id,
        before=plain(before),
        after=plain(after),
        alg=ALG,
    )
    if not session.in_transaction():
        session.begin()  # so that even this is forgotten when it is rolled back
    session.info.setdefault(_NOTED, []).append(entry)


def seal(session: Session) -> None:
    """Chain and write what was noted. Nothing else may be locked afterwards in the same transaction."""
    entries: list[AuditEntry] = session.info.pop(_NOTED, [])
    if not entries:
        return
    session.flush()
    for zone_id in sorted({entry.zone_id for entry in entries}):  # always in one order: no deadlock
        head = _lock_head(session, zone_id)
        for entry in (entry for entry in entries if entry.zone_id == zone_id):
            entry.seq, entry.prev_hash = head.seq + 1, head.hash
            entry.hash = digest(entry.prev_hash, _content(entry))
            head = Head(entry.seq, entry.hash)
        session.execute(
            update(AuditHead).where(AuditHead.zone_id == zone_id).values(seq=head.seq, hash=head.hash)
        )
    session.add_all(entries)
    session.flush()


def _content(entry: AuditEntry) -> dict[str, Any]:
    """Everything of an entry that the hash covers; ``app.audit.queries`` reads the same from the table."""
    return {
        "zone_id": entry.zone_id,
        "seq": entry.seq,
        "id": entry.id,
        "at": instant(entry.at),
        "actor_id": entry.actor_id,
        "actor_name": entry.actor_name,
        "session_id": entry.session_id,
        "address": entry.address,
        "request_id": entry.request_id,
        "action": entry.action,
        "entity": entry.entity,
        "entity_id": entry.entity_id,
        "before": entry.before,
        "after": entry.after,
        "alg": entry.alg,
    }


def _lock_head(session: Session, zone_id: int) -> Head:
    """The end of the zone's chain, ours until the commit; made for the zone's first entry."""
    query = select(AuditHead.seq, AuditHead.hash).where(AuditHead.zone_id == zone_id).with_for_update()
    found = session.execute(query).one_or_none()
    if found is None:
        try:
            with session.begin_nested():
                session.add(AuditHead(zone_id=zone_id, seq=0, hash=GENESIS))
        except IntegrityError:
            pass  # another writer made it while we waited; its entries come first
        found = session.execute(query).one()
    return Head(found.seq, found.hash)


@event.listens_for(Session, "before_commit")
def _seal_before_commit(session: Session) -> None:
    if not session.in_nested_transaction():
        seal(session)


@event.listens_for(Session, "after_transaction_create")
def _remember(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        _MARKS[transaction] = len(session.info.get(_NOTED, []))


@event.listens_for(Session, "after_commit")
def _keep(session: Session) -> None:
    """What was noted in a released savepoint belongs to what is around it."""
    released = session.get_nested_transaction()
    if released is not None:
        _MARKS.pop(released, None)


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    """What was noted since a savepoint that was not released goes with it; at the end, everything."""
    if transaction.parent is None:
        session.info.pop(_NOTED, None)
    elif transaction in _MARKS:
        del session.info.get(_NOTED, [])[_MARKS.pop(transaction) :]
