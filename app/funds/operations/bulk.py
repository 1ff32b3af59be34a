"""Changing many projects at once: the same checks for each, what fails stays as it is and says why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Scope
from app.audit.rules import Actor
from app.funds.operations.entry import check_contract_covers, follow_handover
from app.kernel.errors import DomainError
from app.pipeline import operations
from app.pipeline.models import Project
from app.pipeline.rules import ROAD, How, Stage

MOST_PROJECTS = 300
"""Projects in one go; each is checked by itself."""


class What(StrEnum):
    """What can be changed in many projects."""

    stage = "stage"
    unit = "unit"
    officer = "officer"
    area = "area"
    chain = "chain"
    sponsor = "sponsor"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {
            "stage": "阶段", "unit": "责任单位", "officer": "责任人", "area": "落地片区",
            "chain": "产业链", "sponsor": "包联领导",
        }[self.value]  # fmt: skip

    @property
    def column(self) -> str:
        """The column of ``Project``."""
        return f"{self.value}_id" if self in (What.unit, What.area, What.chain) else self.value


@dataclass(frozen=True)
class Change:
    """One thing to be changed: to a stage, an id or a text; ``from_on`` is the day of a handover."""

    what: What
    value: Any
    from_on: dt.date | None = None


@dataclass(frozen=True)
class Verdict:
    """What becomes of one project: the value it has (``old``, as stored) and why it stays, empty when it changes."""

    project_id: int
    version: int
    name: str
    number: str
    unit_id: int
    stage: Stage
    old: Any
    refusal: str


def change_several(
    session: Session,
    actor: Actor,
    scope: Scope,
    versions: Mapping[int, int],
    change: Change,
    *,
    today: dt.date,
) -> list[Verdict]:
    """Make the change in every project that can take it; the verdict on each, in the order given.

    ``versions`` are the projects with the version that was seen. Projects of another zone are left out.
    """
    verdicts = []
    for project in _locked(session, scope.zone_id, versions):
        seen = _seen(project, versions[project.id], change.what)
        try:
            with session.begin_nested():
                _check_scope(scope, project, change)
                _DEEDS[change.what](session, actor, project, change, versions[project.id], today)
        except DomainError as error:
            verdicts.append(Verdict(**seen, refusal=error.message))
        else:
            verdicts.append(Verdict(**seen, refusal=""))
    return verdicts


def try_several(
    session: Session,
    actor: Actor,
    scope: Scope,
    versions: Mapping[int, int],
    change: Change,
    *,
    today: dt.date,
) -> list[Verdict]:
    """The verdicts of ``change_several``, with nothing changed: it is done and taken back."""
    with session.begin_nested() as attempt:
        verdicts = change_several(session, actor, scope, versions, change, today=today)
        attempt.rollback()
    return verdicts


def look_at_several(session: Session, scope: Scope, versions: Mapping[int, int], what: What) -> list[Verdict]:
    """The projects as they are, before anything was chosen."""
    found = _locked(session, scope.zone_id, versions)
    return [Verdict(**_seen(project, versions[project.id], what), refusal="") for project in found]


def _locked(session: Session, zone_id: int, versions: Mapping[int, int]) -> list[Project]:
    query = select(Project).where(Project.zone_id == zone_id, Project.id.in_(list(versions)))
    found = {project.id: project for project in session.scalars(query.with_for_update())}
    return [found[key] for key in versions if key in found]


def _seen(project: Project, version: int, what: What) -> dict[str, Any]:
    return {
        "project_id": project.id,
        "version": version,
        "name": project.name,
        "number": project.number,
        "unit_id": project.unit_id,
        "stage": project.stage,
        "old": getattr(project, what.column),
    }


def _check_scope(scope: Scope, project: Project, change: Change) -> None:
    if not scope.may_edit_unit(project.unit_id):
        raise DomainError("由其他单位负责，您不能修改")
    if change.what is What.unit and not scope.may_edit_unit(change.value):
        raise DomainError("移交给其他单位请由审核岗办理")


def _change_stage(
    session: Session, actor: Actor, project: Project, change: Change, version: int, today: dt.date
) -> None:
    to: Stage = change.value
    if project.version != version:
        raise DomainError("刚刚被其他人修改，请回到列表重新选择")
    if project.stage not in ROAD or to is not _next(project.stage):
        raise DomainError(f"{project.stage.label}的项目不能批量推进到{to.label}；只能推进到下一阶段")
    operations.move_stage(session, actor, project, to, effective_on=today, today=today, source=How.bulk)


def _next(stage: Stage) -> Stage | None:
    return ROAD[stage.step] if stage is not ROAD[-1] else None


def _change_unit(
    session: Session, actor: Actor, project: Project, change: Change, version: int, today: dt.date
) -> None:
    from_on = change.from_on or today
    operations.change_unit(
        session, actor, project, change.value, from_on=from_on, today=today, version=version
    )
    follow_handover(session, project, from_on=from_on)
    check_contract_covers(session, project)


def _change_field(
    session: Session, actor: Actor, project: Project, change: Change, version: int, _today: dt.date
) -> None:
    operations.change_field(session, actor, project, change.what.column, change.value, version=version)


_DEEDS: dict[What, Callable[[Session, Actor, Project, Change, int, dt.date], None]] = {
    What.stage: _change_stage,
    What.unit: _change_unit,
    What.officer: _change_field,
    What.area: _change_field,
    What.chain: _change_field,
    What.sponsor: _change_field,
}
