"""Saving, changing and removing views of the project list; each person's columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor, difference
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.pipeline.models import ProjectView, ProjectViewUse
from app.pipeline.queries import find_use, view_names
from app.pipeline.rules import check_view_count, check_view_name, check_view_owner, check_view_removal


@dataclass(frozen=True)
class ViewData:
    """What is kept of a view; ``content`` was read from an address, so it holds nothing unknown."""

    name: str
    shared: bool
    content: Mapping[str, Any]


def save_view(session: Session, actor: Actor, data: ViewData) -> ProjectView:
    """Keep a view. Raises ``DomainError`` for a name that is taken and for one view too many."""
    owner_id = _person(actor)
    names = view_names(session, actor.zone_id, owner_id)
    check_view_count(len(names))
    view = ProjectView(
        zone_id=actor.zone_id,
        owner_id=owner_id,
        name=check_view_name(data.name, frozenset(names.values())),
        shared=data.shared,
        content=dict(data.content),
        version=1,
        made_at=clock.now(),
    )
    session.add(view)
    session.flush()
    _note(session, actor, "save_view", view, after=_fields(view))
    return view


def change_view(session: Session, actor: Actor, view: ProjectView, data: ViewData, *, version: int) -> None:
    """Give the view another name, filter, order or columns, or share it. Raises ``ConflictError``, ``DomainError``."""
    check_view_owner(view.owner_id, actor.user_id)
    if view.version != version:
        raise ConflictError("这个视图刚刚在别处改过，请刷新后再改")
    names = view_names(session, actor.zone_id, view.owner_id)
    names.pop(view.id)
    before = _fields(view)
    view.name = check_view_name(data.name, frozenset(names.values()))
    view.shared = data.shared
    view.content = dict(data.content)
    old, new = difference(before, _fields(view))
    if new:
        view.version += 1
        session.flush()
        _note(session, actor, "change_view", view, before=old, after=new)


def remove_view(session: Session, actor: Actor, view: ProjectView, *, administers: bool) -> None:
    """Take the view away for everybody. Raises ``DomainError`` for whoever may not."""
    check_view_removal(view.owner_id, actor.user_id, administers=administers, shared=view.shared)
    session.execute(
        delete(ProjectViewUse).where(
            ProjectViewUse.zone_id == view.zone_id, ProjectViewUse.view_id == view.id
        )
    )
    _note(session, actor, "remove_view", view, before=_fields(view))
    session.delete(view)
    session.flush()


def open_first(session: Session, actor: Actor, view_id: int | None) -> None:
    """Let the list open with this view for the person; None: with all projects."""
    user_id = _person(actor)
    session.execute(
        update(ProjectViewUse)
        .where(ProjectViewUse.zone_id == actor.zone_id, ProjectViewUse.user_id == user_id)
        .values(opens_first=False)
    )
    if view_id is not None:
        use = _use(session, actor, view_id)
        session.refresh(use)
        use.opens_first = True
        session.flush()
    note(
        session, actor, action="open_first", entity="user_account", entity_id=user_id, after={"view": view_id}
    )


def choose_columns(
    session: Session, actor: Actor, view_id: int | None, columns: Sequence[str] | None
) -> None:
    """Remember the person's columns and their order, in one view or without; None: the usual ones again."""
    use = _use(session, actor, view_id)
    if use.columns == (None if columns is None else list(columns)):
        return
    use.columns = None if columns is None else list(columns)
    session.flush()
    note(
        session, actor, action="choose_columns", entity="user_account", entity_id=use.user_id,
        after={"columns": use.columns, "view": view_id},
    )  # fmt: skip


def _use(session: Session, actor: Actor, view_id: int | None) -> ProjectViewUse:
    user_id = _person(actor)
    use = find_use(session, actor.zone_id, user_id, view_id)
    if use is None:
        use = ProjectViewUse(zone_id=actor.zone_id, user_id=user_id, view_id=view_id, opens_first=False)
        session.add(use)
        session.flush()
    return use


def _person(actor: Actor) -> int:
    if actor.user_id is None:
        raise DomainError("视图属于登录的人，系统命令不能保存")
    return actor.user_id


def _fields(view: ProjectView) -> dict[str, Any]:
    return {"name": view.name, "shared_view": view.shared, "conditions": view.content}


def _note(session: Session, actor: Actor, action: str, view: ProjectView, **fields: Any) -> None:
    note(session, actor, action=action, entity="project_view", entity_id=view.id, **fields)
