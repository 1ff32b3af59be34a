"""Another company invests in a project: recorded as a change of its day, or put right where it was entered wrongly."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor
from app.investors.models import Investor
from app.kernel import clock
from app.kernel.errors import DomainError
from app.pipeline.models import InvestorChange, Project
from app.pipeline.operations.contract import keep_derived
from app.pipeline.queries import list_investor_changes
from app.pipeline.rules import check_day, check_investor_change


def change_investor(
    session: Session,
    actor: Actor,
    project: Project,
    investor: Investor,
    *,
    effective_on: dt.date,
    reason: str,
    document: str,
    today: dt.date,
) -> InvestorChange:
    """From ``effective_on`` on ``investor`` invests; facts of earlier days keep the former one (figures.md §1).

    Raises ``DomainError`` for the same company, a day to come or before the last change, no reason.
    """
    _check_other(project, investor)
    changes = list_investor_changes(session, project.zone_id, project.id)
    check_day(effective_on, "生效日期", "effective_on")
    check_investor_change(
        effective_on, reason, today=today, last_on=changes[-1].effective_on if changes else None
    )
    change = InvestorChange(
        zone_id=project.zone_id,
        project_id=project.id,
        from_investor_id=project.investor_id,
        to_investor_id=investor.id,
        effective_on=effective_on,
        reason=reason,
        document=document,
        recorded_at=clock.now(),
        recorded_name=actor.name,
    )
    session.add(change)
    _set(
        session, actor, project, investor, "change_investor",
        effective_on=effective_on, reason=reason, document=document,
    )  # fmt: skip
    return change


def put_investor_right(
    session: Session, actor: Actor, project: Project, investor: Investor, *, reason: str
) -> None:
    """The company was entered wrongly: all facts since the last change follow the right one.

    Raises ``DomainError`` without a reason, for the same company, and when the right one is the former investor.
    """
    _check_other(project, investor)
    if not reason:
        raise DomainError("请填写更正原因", "reason")
    changes = list_investor_changes(session, project.zone_id, project.id)
    if changes:
        if changes[-1].from_investor_id == investor.id:
            raise DomainError("该企业就是变更前的投资方；变更登记有误的，请按现状再登记一次变更", "investor")
        changes[-1].to_investor_id = investor.id
    _set(session, actor, project, investor, "put_investor_right", reason=reason)


def _check_other(project: Project, investor: Investor) -> None:
    if investor.id == project.investor_id:
        raise DomainError(f"“{investor.name}”就是现在的投资方", "investor")


def _set(
    session: Session, actor: Actor, project: Project, investor: Investor, action: str, **told: object
) -> None:
    old = project.investor_id
    project.investor_id = investor.id
    project.version += 1
    project.updated_at = clock.now()
    session.flush()
    session.expire(project, ["investor"])
    keep_derived(session, project)
    note(
        session,
        actor,
        action=action,
        entity="project",
        entity_id=project.id,
        before={"investor_id": old},
        after={"investor_id": investor.id, **told},
    )
