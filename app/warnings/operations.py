"""Setting the zone's thresholds; asking for an excuse, deciding about it, taking it back."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor, difference
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.text import clean
from app.pipeline.models import Project
from app.warnings.models import WarningExcuse, WarningRule
from app.warnings.queries import find_asked, thresholds_of
from app.warnings.rules import (
    KINDS,
    ExcuseState,
    Level,
    Threshold,
    Thresholds,
    WarningKind,
    check_decider,
    check_excuse,
    check_thresholds,
)


def set_thresholds(session: Session, actor: Actor, thresholds: Thresholds) -> bool:
    """Set the zone's rules; whether anything changed. Raises ``DomainError`` (see ``check_thresholds``)."""
    check_thresholds(thresholds)
    now = thresholds_of(session, actor.zone_id)
    before, after = difference(
        {kind.value: _text(kind, now[kind]) for kind in thresholds},
        {kind.value: _text(kind, threshold) for kind, threshold in thresholds.items()},
    )
    if not after:
        return False
    for name in after:
        kind = WarningKind(name)
        chosen = thresholds[kind]
        session.merge(
            WarningRule(
                zone_id=actor.zone_id,
                kind=kind,
                active=chosen.active,
                yellow=chosen.yellow,
                red=chosen.red,
            )
        )
    session.flush()
    note(
        session,
        actor,
        action="set_warnings",
        entity="zone",
        entity_id=actor.zone_id,
        before=before,
        after=after,
    )
    return True


def _text(kind: WarningKind, threshold: Threshold) -> str:
    """As the audit log says it: 黄 30 天，红 60 天."""
    unit = KINDS[kind].measure.label
    said = f"黄 {threshold.yellow} {unit}，红 {threshold.red} {unit}"
    return said if threshold.active else f"停用（{said}）"


def ask_excuse(
    session: Session,
    actor: Actor,
    project: Project,
    kind: WarningKind,
    *,
    level: Level,
    reason: str,
    until_on: dt.date,
    day: dt.date,
) -> WarningExcuse:
    """Say why ``project`` is rightly warned about, until a day; it counts once somebody else has acknowledged it.

    Raises ``DomainError`` for what ``check_excuse`` refuses, and while another one waits.
    """
    check_excuse(kind, reason, until_on, day)
    if find_asked(session, project.zone_id, project.id, kind):
        raise DomainError("这条预警已有情况说明待确认，确认后再补充", "reason")
    if actor.user_id is None:
        raise DomainError("请登录后填写情况说明")
    excuse = WarningExcuse(
        zone_id=project.zone_id,
        project_id=project.id,
        kind=kind,
        level=level,
        reason=clean(reason),
        until_on=until_on,
        asked_by=actor.user_id,
        asked_name=actor.name,
        asked_at=clock.now(),
    )
    session.add(excuse)
    session.flush()
    _note(session, actor, excuse, "ask_excuse", until_on=until_on.isoformat(), reason=excuse.reason)
    return excuse


def decide_excuse(
    session: Session, actor: Actor, excuse: WarningExcuse, *, grants: bool, answer: str = ""
) -> None:
    """Acknowledge an excuse or turn it down. Raises ``DomainError`` (see ``check_decider``)."""
    check_decider(excuse.state, excuse.asked_by, actor.user_id, grants=grants, answer=answer)
    excuse.state = ExcuseState.granted if grants else ExcuseState.refused
    excuse.decided_by, excuse.decided_name = actor.user_id, actor.name
    excuse.decided_at, excuse.answer = clock.now(), clean(answer)
    session.flush()
    _note(session, actor, excuse, "grant_excuse" if grants else "refuse_excuse", answer=excuse.answer)


def _note(session: Session, actor: Actor, excuse: WarningExcuse, action: str, **values: str) -> None:
    """The project's history tells it."""
    said = {"warning": KINDS[excuse.kind].label, **{k: v for k, v in values.items() if v}}
    note(
        session,
        actor,
        action=action,
        entity="project",
        entity_id=excuse.project_id,
        before=None,
        after=said,
    )
