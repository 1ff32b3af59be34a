"""Changing many projects: choose in the ledger, see old and new for each, confirm once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.funds import queries as funds
from app.funds.operations import (
    MOST_PROJECTS,
    Change,
    Verdict,
    What,
    change_several,
    look_at_several,
    try_several,
)
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.periods import parse_day
from app.pipeline.rules import ROAD, Stage
from app.web.guards import needs
from app.web.lists import Lists
from app.web.pipeline.asked import LEDGER, read_asked
from app.web.pipeline.blueprint import blueprint
from app.web.session import current, db

PICK = re.compile(r"([0-9]{1,19}):([0-9]{1,9})", re.ASCII)
NAMED = 3
"""So many of the projects that stay are named; the rest is counted."""


@dataclass(frozen=True)
class Choice:
    """What was chosen on the preview; ``refused`` says by field what is wrong with it."""

    what: What
    value: str
    from_on: str
    change: Change | None
    refused: Mapping[str, str]


@blueprint.route("/bulk", methods=["GET", "POST"])
@needs(Permission.enter)
def preview_bulk() -> Response | tuple[str, int]:
    """What would become of the chosen projects; nothing is changed."""
    asked = read_asked()
    back = url_for(LEDGER, **asked.parameters)
    if request.method == "GET":
        return redirect(back)
    versions = _versions() if request.form.get("all") != "1" else _all_of_filter()
    if not versions:
        raise DomainError("没有选中项目，请在“项目”页勾选后再操作")
    choice = _choice(asked.lists)
    scope, today = current().scope, clock.today()
    if choice.change is None:
        verdicts = look_at_several(db(), scope, versions, choice.what)
    else:
        verdicts = try_several(db(), current().actor, scope, versions, choice.change, today=today)
    return _page(choice, verdicts, asked.lists, asked.parameters, back)


@blueprint.post("/bulk/apply")
@needs(Permission.enter)
def apply_bulk() -> Response:
    """Make the change in the projects that the preview showed as able to take it, in one transaction."""
    asked = read_asked()
    versions, choice = _versions(), _choice(asked.lists)
    if not versions or choice.change is None:
        raise DomainError("没有可以修改的项目，请在“项目”页重新选择")
    verdicts = change_several(
        db(), current().actor, current().scope, versions, choice.change, today=clock.today()
    )
    done = [verdict for verdict in verdicts if not verdict.refusal]
    stayed = [verdict for verdict in verdicts if verdict.refusal]
    if done:
        flash(f"已修改 {len(done)} 个项目的{choice.what.label}")
    if stayed:
        said = "；".join(f"{one.name}（{one.refusal}）" for one in stayed[:NAMED])
        more = f"等 {len(stayed)} 个" if len(stayed) > NAMED else ""
        flash(f"没有修改：{said}{more}", "refused")
    return redirect(url_for(LEDGER, **asked.parameters), 303)


def _versions() -> dict[int, int]:
    """The projects of the form with the versions that were seen. Raises ``DomainError`` for what is no pick."""
    texts = [text for field in request.form.getlist("pick") for text in field.split(",") if text]
    found = {}
    for text in texts:
        match = PICK.fullmatch(text)
        if match is None or int(match[1]) >= 2**63:
            raise DomainError("所选项目无法识别，请在“项目”页重新勾选")
        found[int(match[1])] = int(match[2])
    return _few(found)


def _all_of_filter() -> dict[int, int]:
    asked = read_asked()
    rows = funds.list_projects(
        db(),
        current().zone.id,
        asked.wanted,
        order=asked.order,
        descending=asked.descending,
        limit=MOST_PROJECTS + 1,
    )
    return _few({row.id: row.version for row in rows})


def _few(versions: dict[int, int]) -> dict[int, int]:
    if len(versions) > MOST_PROJECTS:
        raise DomainError(f"一次最多修改 {MOST_PROJECTS} 个项目，请先用条件缩小范围")
    return versions


def _choice(lists: Lists) -> Choice:
    asked = request.form.get("what", "")
    if asked not in What.__members__:
        raise DomainError("请选择要修改什么")
    what, value, from_on = What(asked), request.form.get("value", ""), request.form.get("from_on", "")
    if "value" not in request.form:
        return Choice(what, "", f"{clock.today()}", None, {})
    try:
        change = Change(what, _value(what, value, lists), _day(what, from_on))
    except DomainError as error:
        return Choice(what, value, from_on, None, {error.field or "value": error.message})
    return Choice(what, value, from_on, change, {})


def _value(what: What, text: str, lists: Lists) -> Any:
    if not text.strip():
        raise DomainError(f"请填写或选择新的{what.label}", "value")
    if what is What.stage:
        if text not in ROAD[1:]:
            raise DomainError("请选择要推进到的阶段", "value")
        return Stage(text)
    if what in (What.officer, What.sponsor):
        return text
    members = {str(key): key for key in lists[what.value]}
    if text not in members:
        raise DomainError(f"请从列表中选择{what.label}", "value")
    return members[text]


def _day(what: What, text: str) -> dt.date | None:
    if what is not What.unit or not text.strip():
        return None
    try:
        return parse_day(text)
    except DomainError as error:
        raise DomainError(error.message, "from_on") from error


def _page(
    choice: Choice, verdicts: list[Verdict], lists: Lists, parameters: dict[str, Any], back: str
) -> tuple[str, int]:
    passing = [verdict for verdict in verdicts if not verdict.refusal]
    page = render_template(
        "pipeline/bulk.html",
        choice=choice,
        verdicts=verdicts,
        passing=passing,
        stays=[verdict for verdict in verdicts if verdict.refusal],
        picks=",".join(f"{one.project_id}:{one.version}" for one in verdicts),
        passing_picks=",".join(f"{one.project_id}:{one.version}" for one in passing),
        options=_options(choice.what, lists),
        said=lambda found: _said(choice.what, found, lists),
        units=lists["unit"],
        parameters=parameters,
        back=back,
        today=clock.today(),
    )
    return page, 422 if choice.refused else 200


def _options(what: What, lists: Lists) -> list[tuple[str, str]]:
    """What can be chosen; nothing for what is typed."""
    if what is What.stage:
        return [(stage.value, stage.label) for stage in ROAD[1:]]
    if what in (What.officer, What.sponsor):
        return []
    may = current().scope.may_edit_unit
    return [(str(key), name) for key, name in lists[what.value].items() if what is not What.unit or may(key)]


def _said(what: What, found: Any, lists: Lists) -> str:
    """A stored value in words."""
    if found is None or found == "":
        return "（空）"
    if isinstance(found, Stage):
        return found.label
    return lists[what.value].get(found, "（已删除）") if what.value in lists else str(found)
