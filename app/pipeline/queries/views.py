"""Saved views of the project list, as one person sees them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    String,
    and_,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from app.accounts.models import UserAccount
from app.directory.queries import LISTS
from app.kernel.errors import NotFoundError
from app.pipeline.models import ProjectView, ProjectViewUse


@dataclass(frozen=True)
class SavedView:
    """One view; ``columns`` are the person's own choice in it, None where those of the view stand."""

    id: int
    name: str
    mine: bool
    shared: bool
    owner: str
    content: Mapping[str, Any]
    columns: tuple[str, ...] | None
    opens_first: bool
    version: int


@dataclass(frozen=True)
class ListSetting:
    """The zone's lists, the views a person can open, and the columns chosen for the list without a view."""

    lists: dict[str, dict[int, str]]
    views: tuple[SavedView, ...]
    columns: tuple[str, ...] | None

    def view(self, view_id: int) -> SavedView:
        """The view of that id. Raises ``NotFoundError`` for one that is not there or not for this person."""
        for view in self.views:
            if view.id == view_id:
                return view
        raise NotFoundError("没有这个视图，可能已被删除，或保存人不再共享")

    @property
    def first(self) -> SavedView | None:
        """The view that opens first."""
        return next((view for view in self.views if view.opens_first), None)


def list_setting(session: Session, zone_id: int, user_id: int, *names: str) -> ListSetting:
    """Lists (unit, area, chain), views and columns together: all a list needs besides its rows, in one query."""
    arms = [_members(zone_id, name) for name in names]
    rows = session.execute(
        union_all(*arms, _views(zone_id, user_id), _plain(zone_id, user_id)).order_by("position", "id")
    )
    lists: dict[str, dict[int, str]] = {name: {} for name in names}
    views: list[SavedView] = []
    columns = None
    for row in rows:
        if row.list == "view":
            views.append(_view(row))
        elif row.list == "plain":
            columns = _keys(row.columns)
        else:
            lists[row.list][row.id] = row.name
    return ListSetting(lists, tuple(views), columns)


def get_view(session: Session, zone_id: int, view_id: int, *, lock: bool = False) -> ProjectView:
    """The stored view. Raises ``NotFoundError``, also for one of another zone."""
    query = select(ProjectView).where(ProjectView.zone_id == zone_id, ProjectView.id == view_id)
    view = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if view is None:
        raise NotFoundError("没有这个视图，可能已被删除")
    return view


def view_names(session: Session, zone_id: int, owner_id: int) -> dict[int, str]:
    """The names of one person's views by id."""
    query = select(ProjectView.id, ProjectView.name).where(
        ProjectView.zone_id == zone_id, ProjectView.owner_id == owner_id
    )
    return {row.id: row.name for row in session.execute(query)}


def find_use(session: Session, zone_id: int, user_id: int, view_id: int | None) -> ProjectViewUse | None:
    """How the person uses the view, or the list without one."""
    query = select(ProjectViewUse).where(
        ProjectViewUse.zone_id == zone_id,
        ProjectViewUse.user_id == user_id,
        ProjectViewUse.view_id.is_(None) if view_id is None else ProjectViewUse.view_id == view_id,
    )
    return session.scalars(query).one_or_none()


OF_VIEWS = {
    "mine": Boolean,
    "shared": Boolean,
    "owner": String,
    "content": String,
    "columns": String,
    "opens_first": Boolean,
    "version": Integer,
}
"""Columns that only views have; the other arms of the union leave them empty."""


def _nothing(*names: str) -> list[ColumnElement[Any]]:
    return [cast(null(), OF_VIEWS[name]).label(name) for name in names]


def _members(zone_id: int, name: str) -> Any:
    kind = LISTS[name]
    columns = (literal(name).label("list"), kind.id, kind.name, kind.position, *_nothing(*OF_VIEWS))
    return select(*columns).where(kind.zone_id == zone_id)


def _views(zone_id: int, user_id: int) -> Any:
    mine = ProjectView.owner_id == user_id
    use = and_(
        ProjectViewUse.zone_id == zone_id,
        ProjectViewUse.user_id == user_id,
        ProjectViewUse.view_id == ProjectView.id,
    )
    return (
        select(
            literal("view").label("list"),
            ProjectView.id,
            ProjectView.name,
            # own ones first, then what others share
            cast(~mine, Integer).label("position"),
            mine.label("mine"),
            ProjectView.shared.label("shared"),
            UserAccount.name.label("owner"),
            cast(ProjectView.content, String).label("content"),
            cast(ProjectViewUse.columns, String).label("columns"),
            ProjectViewUse.opens_first.label("opens_first"),
            ProjectView.version.label("version"),
        )
        .join(UserAccount, and_(UserAccount.zone_id == zone_id, UserAccount.id == ProjectView.owner_id))
        .outerjoin(ProjectViewUse, use)
        .where(ProjectView.zone_id == zone_id, or_(mine, ProjectView.shared))
    )


def _plain(zone_id: int, user_id: int) -> Any:
    return select(
        literal("plain").label("list"),
        ProjectViewUse.id,
        literal("").label("name"),
        literal(0).label("position"),
        *_nothing("mine", "shared", "owner", "content"),
        cast(ProjectViewUse.columns, String),
        *_nothing("opens_first", "version"),
    ).where(
        ProjectViewUse.zone_id == zone_id,
        ProjectViewUse.user_id == user_id,
        ProjectViewUse.view_id.is_(None),
    )


def _view(row: Any) -> SavedView:
    return SavedView(
        id=row.id,
        name=row.name,
        mine=bool(row.mine),
        shared=bool(row.shared),
        owner=row.owner,
        content=json.loads(row.content),
        columns=_keys(row.columns),
        opens_first=bool(row.opens_first),
        version=row.version,
    )


def _keys(text: str | None) -> tuple[str, ...] | None:
    found = json.loads(text) if text else None
    return None if found is None else tuple(found)
