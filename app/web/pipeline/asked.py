"""What the address of the project list asks for, the same for the ledger, the board, the export and bulk changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for
from werkzeug.datastructures import MultiDict

from app.funds.queries import ProjectOrder
from app.kernel import clock
from app.pipeline.queries import ListSetting, ProjectFilter, SavedView, Standing, list_setting
from app.pipeline.rules import Stage
from app.web.lists import Lists, in_words
from app.web.pipeline.columns import HEADS, Head, chosen
from app.web.pipeline.day import as_of
from app.web.pipeline.filters import Tab, chips, read_filter, read_order, tabs, write_filter
from app.web.session import current, db

LEDGER, BOARD = "pipeline.list_projects", "pipeline.show_board"
ALL = "all"
"""In place of a view's number: all projects, though another view opens first."""


@dataclass(frozen=True)
class Asked:
    """The address, read: filter, order, the view that is open and its columns."""

    wanted: ProjectFilter
    order: ProjectOrder
    descending: bool
    setting: ListSetting
    view: SavedView | None
    heads: tuple[Head, ...]

    @property
    def lists(self) -> Lists:
        """The zone's units, areas and chains."""
        return self.setting.lists

    @property
    def day(self) -> dt.date:
        """The day on which days in the stage and delays are counted."""
        return self.wanted.as_of or as_of()

    @property
    def keep(self) -> dict[str, Any]:
        """What stays when conditions change: order and view."""
        kept = {name: request.args[name] for name in ("sort", "dir") if name in request.args}
        return kept | ({"view": self.view.id} if self.view else {})

    @property
    def words(self) -> str:
        """The conditions in words."""
        return in_words(chips(self.wanted, self.lists, self.keep, LEDGER, ""))

    @property
    def parameters(self) -> dict[str, Any]:
        """The whole address again."""
        return {**self.keep, **write_filter(self.wanted)}

    def everything(self, endpoint: str) -> str:
        """The address of all projects."""
        return url_for(endpoint, view=ALL if self.setting.first else None)

    def address_of(self, view: SavedView, endpoint: str) -> str:
        """The address that opens a saved view."""
        return url_for(endpoint, view=view.id, **_written(view.content, self.lists))

    @property
    def changed(self) -> bool:
        """Whether conditions or order differ from what the open view keeps."""
        return self.view is not None and self.content(()) != {**self.view.content, "columns": []}

    def content(self, columns: tuple[Head, ...] | None = None) -> dict[str, Any]:
        """What a view of this address keeps."""
        shown = self.heads if columns is None else columns
        written = write_filter(self.wanted)
        return {
            "filter": {
                name: [str(one) for one in value] if isinstance(value, list) else [str(value)]
                for name, value in written.items()
            },
            "sort": self.order.value,
            "dir": "desc" if self.descending else "asc",
            "columns": [head.key for head in shown],
        }


def read_asked() -> Asked:
    """Read the request's address. One query. Raises ``DomainError`` for what is no condition, ``NotFoundError``."""
    setting = list_setting(db(), current().zone.id, current().user_id, "unit", "area", "chain")
    wanted = read_filter(request.args, setting.lists)
    order, descending = read_order(request.args)
    asked = request.args.get("view", "")
    number = asked.isascii() and asked.isdigit() and len(asked) < 19
    view = setting.view(int(asked)) if number else None
    heads = (
        chosen(view.columns, view.content.get("columns"), setting.columns)
        if view
        else chosen(setting.columns)
    )
    return Asked(wanted, order, descending, setting, view, heads)


def opening(setting: ListSetting, asked: Asked) -> SavedView | None:
    """The view to lead to: the one that opens first for a bare address, or one named without its conditions."""
    names = set(request.args) - {"month", "unit"}
    if not names:
        return setting.first
    view = asked.view
    # a view that keeps nothing (any more) is open already; leading to it would never end
    leads = names == {"view"} and view is not None and asked.changed and _written(view.content, asked.lists)
    return view if leads else None


def page_parts(asked: Asked, endpoint: str) -> dict[str, Any]:
    """What the head of the ledger and that of the board have in common, for their templates."""
    everything = asked.everything(endpoint)
    return {
        "asked": asked,
        "wanted": asked.wanted,
        "lists": asked.lists,
        "stages": list(Stage),
        "standings": list(Standing),
        "keep": asked.keep,
        "everything": everything,
        "chips": chips(asked.wanted, asked.lists, asked.keep, endpoint, everything),
        "ledger_address": url_for(LEDGER, **asked.parameters),
        "board_address": url_for(BOARD, **asked.parameters),
        "saved": [(view, asked.address_of(view, endpoint)) for view in asked.setting.views],
        "endpoint": endpoint,
        "day": asked.day,
        "today": clock.today(),
        "all_heads": [head for head in HEADS.values() if head.key != "name"],
    }


def usual_tabs(asked: Asked) -> tuple[Tab, ...]:
    """The tabs everybody has, as of the day that is asked for."""
    usual = tabs(current().month)
    return tuple(replace(tab, wanted=replace(tab.wanted, as_of=asked.wanted.as_of)) for tab in usual)


def tab_address(tab: Tab, asked: Asked, endpoint: str) -> str:
    """The address of a usual tab."""
    written = write_filter(tab.wanted)
    return url_for(endpoint, **written) if written else asked.everything(endpoint)


def _written(content: Mapping[str, Any], lists: Lists) -> dict[str, Any]:
    """A view's content as parameters; members of lists that are gone since are left out."""
    kept: dict[str, Any] = {name: list(values) for name, values in content.get("filter", {}).items()}
    for name, members in (("dept", "unit"), ("area", "area"), ("chain", "chain")):
        if name in kept:
            known = {str(key) for key in lists[members]}
            kept[name] = [value for value in kept[name] if value in known]
    kept = {name: values for name, values in kept.items() if values}
    sort = MultiDict({name: content[name] for name in ("sort", "dir") if name in content})
    order, descending = read_order(sort)
    if (order, descending) != (ProjectOrder.signed, True):
        kept |= {"sort": order.value, "dir": "desc" if descending else "asc"}
    return kept
