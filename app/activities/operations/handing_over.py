"""工作交接: all that one person has in hand goes to another, in one step."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.accounts.models import UserAccount
from app.activities.models import Task
from app.activities.queries import InHand, can_take_over, in_hand
from app.audit.operations import note
from app.audit.rules import Actor
from app.funds.models import FundArrival
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.kernel.money import amount_text

CORRECT_IN_DAYS = 3
"""So soon an arrival that was sent back should be corrected."""


def hand_over_work(
    session: Session, actor: Actor, giver: UserAccount, taker: UserAccount, *, seen: str, today: dt.date
) -> InHand:
    """Give ``taker`` the projects, leads and open tasks of ``giver``; units, and with them all credit, stay.

    An arrival that was sent back stays recorded by whoever recorded it; ``taker`` gets the task of correcting
    it. One entry a record, and one for the whole. Raises ``DomainError`` for a taker who could not work on
    it and for nothing to hand over, ``ConflictError`` when it is no longer what was ``seen``.
    """
    if not can_take_over(giver, taker):
        raise DomainError("接手人须是在用的同单位人员、审核岗或不属于任何单位的经办人员", "to")
    found = in_hand(session, giver, lock=True)
    if found.empty:
        raise DomainError(f"{giver.name} 名下没有需要交接的工作")
    if found.mark != seen:
        raise ConflictError("名下的工作刚刚有变化，请重新核对后再交接")
    for project in found.projects:
        project.officer = taker.name
        project.version += 1
        project.updated_at = clock.now()
        _note(session, actor, "change", "project", project.id, "officer", giver.name, taker.name)
    for lead in found.leads:
        lead.officer_id = taker.id
        _note(session, actor, "hand_over", "lead", lead.id, "officer_id", giver.id, taker.id)
    for task in found.tasks:
        task.owner_id = taker.id
        task.version += 1
        _note(session, actor, "hand", "task", task.id, "owner_id", giver.id, taker.id)
    for arrival in found.returned:
        _ask_to_correct(session, actor, arrival, taker, today)
    session.flush()
    note(
        session,
        actor,
        action="hand_over_work",
        entity="user_account",
        entity_id=giver.id,
        after={
            "taken_by_id": taker.id,
            "projects": len(found.projects),
            "leads": len(found.leads),
            "tasks": len(found.tasks),
            "returned": len(found.returned),
        },
    )
    return found


def _note(
    session: Session, actor: Actor, action: str, entity: str, key: int, field: str, old: object, new: object
) -> None:
    before, after = {field: old}, {field: new}
    note(session, actor, action=action, entity=entity, entity_id=key, before=before, after=after)


def _ask_to_correct(
    session: Session, actor: Actor, arrival: FundArrival, taker: UserAccount, today: dt.date
) -> None:
    """A task about one arrival."""
    text = f"改正退回的到账：{arrival.arrived_on} {amount_text(arrival.amount_fen)} 万元，{arrival.return_reason}"
    task = Task(
        zone_id=arrival.zone_id,
        text=text[:300],
        due_on=today + dt.timedelta(days=CORRECT_IN_DAYS),
        owner_id=taker.id,
        project_id=arrival.project_id,
        made_at=clock.now(),
    )
    session.add(task)
    session.flush()
    after = {"text": task.text, "due_on": task.due_on, "owner_id": taker.id}
    note(session, actor, action="make", entity="task", entity_id=task.id, after=after)
    _note(
        session, actor, "hand_over", "fund_arrival", arrival.id, "taken_by_id", arrival.recorded_by, taker.id
    )
