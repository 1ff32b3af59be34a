"""Making, changing, copying and removing 上报表."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor
from app.directory.queries import list_labels
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.kernel.text import clean, has_control
from app.pipeline.queries import extra_heads
from app.reporting.models import ReportForm
from app.reporting.queries.forms import find_form, list_forms
from app.reporting.rules import SheetSetup, propose, read_sheet
from app.reporting.workbook import fill_workbook, look_at_workbook

MAX_BYTES = 5 * 1024 * 1024
MOST_FORMS = 100
LONGEST_NAME = 60
MOST_ROWS, MOST_COLUMNS = 100_000, 500


def make_form(
    session: Session, actor: Actor, *, name: str, file_name: str, content: bytes, folder: Path
) -> ReportForm:
    """A form from a superior's workbook, with a setup proposed from its words.

    Raises ``DomainError`` for a name that is taken and ``WorkbookError`` for a file that can't be trusted or used.
    """
    own = clean(Path(file_name).name)[-200:] or "模板.xlsx"
    name = _checked_name(session, actor.zone_id, name or own.removesuffix(".xlsx"))
    if not content:
        raise DomainError("文件是空的，请重新选择", "file")
    if len(content) > MAX_BYTES:
        raise DomainError("模板超过 5 MB，请只保留空白表样，删除图片和旧数据后再上传", "file")
    sha256 = hashlib.sha256(content).hexdigest()
    path = kept_at(folder, actor.zone_id, sha256)
    layout = _look(path, content)
    lists = list_labels(session, actor.zone_id, "unit", "area", "chain")
    members = {kind: list(names.values()) for kind, names in lists.items()}
    extras = extra_heads(session, actor.zone_id)
    setup = {
        sheet["name"]: propose(sheet, members, extras).as_json()
        for sheet in layout["sheets"]
        if not sheet["hidden"] and sheet["cells"]
    }
    return _add(session, actor, name=name, file_name=own, sha256=sha256, layout=layout, setup=setup)


def change_form(
    session: Session,
    actor: Actor,
    form: ReportForm,
    *,
    name: str,
    sheet: str,
    found: Mapping[str, Any],
    version: int,
    folder: Path,
) -> None:
    """Tie one sheet of a form anew. It is tried on the template, so that what can't be filled is refused now.

    Raises ``DomainError``, ``ConflictError`` when somebody else changed it since, ``WorkbookError``.
    """
    if form.version != version:
        raise ConflictError(f"{form.changed_name}刚刚修改了这张上报表，请重新打开后再改")
    layout = next((one for one in form.layout["sheets"] if one["name"] == sheet), None)
    if layout is None:
        raise DomainError("模板里没有这个工作表，请重新打开上报表")
    name = name if clean(name) == form.name else _checked_name(session, form.zone_id, name)
    setup = read_sheet(found, rows=layout["rows"], columns=layout["columns"])
    _try(kept_at(folder, form.zone_id, form.sha256), sheet, setup)
    before = {"name": form.name, "version": form.version}
    form.name = clean(name)
    form.setup = {**form.setup, sheet: setup.as_json()}
    form.version += 1
    form.changed_name, form.changed_at = actor.name, clock.now()
    session.flush()
    after = {"name": form.name, "version": form.version, "sheet": sheet}
    note(session, actor, action="change", entity="report_form", entity_id=form.id, before=before, after=after)


def copy_form(session: Session, actor: Actor, form: ReportForm) -> ReportForm:
    """Another form on the same workbook, to be tied differently."""
    stem = f"{form.name[: LONGEST_NAME - 6]}（副本）"
    taken = {one.name for one in list_forms(session, form.zone_id)}
    name = next(n for n in (stem, *(f"{stem}{i}" for i in range(2, MOST_FORMS + 2))) if n not in taken)
    return _add(
        session,
        actor,
        name=_checked_name(session, form.zone_id, name),
        file_name=form.file_name,
        sha256=form.sha256,
        layout=form.layout,
        setup=form.setup,
    )


def remove_form(session: Session, actor: Actor, form: ReportForm) -> None:
    """The form is offered no more; what was filled from it stays, and a running job ends as it began."""
    form.removed_at = clock.now()
    session.flush()
    note(session, actor, action="remove", entity="report_form", entity_id=form.id, before={"name": form.name})


def setups_of(stored: Mapping[str, Any]) -> dict[str, SheetSetup]:
    """The setups of the sheets that have something to fill; what is stored was read and tried when it was kept."""
    found = {name: read_sheet(setup, rows=MOST_ROWS, columns=MOST_COLUMNS) for name, setup in stored.items()}
    return {name: setup for name, setup in found.items() if setup.ties or setup.singles}


def file_of(folder: Path, form: ReportForm) -> Path:
    """Where the workbook of a form is kept."""
    return kept_at(folder, form.zone_id, form.sha256)


def kept_at(folder: Path, zone_id: int, sha256: str) -> Path:
    """Where a workbook is kept, by its content."""
    return folder / "report-forms" / str(zone_id) / f"{sha256}.xlsx"


def _look(path: Path, content: bytes) -> dict[str, Any]:
    """How the workbook looks; it is kept only when it can be trusted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".xlsx") as fresh:
        fresh.write(content)
        fresh.flush()
        layout = look_at_workbook(Path(fresh.name))
    path.write_bytes(content)
    return layout


def _add(session: Session, actor: Actor, **values: Any) -> ReportForm:
    now = clock.now()
    form = ReportForm(
        zone_id=actor.zone_id,
        made_by=actor.user_id,
        made_name=actor.name,
        made_at=now,
        changed_name=actor.name,
        changed_at=now,
        **values,
    )
    session.add(form)
    session.flush()
    after = {"name": form.name, "file": form.file_name}
    note(session, actor, action="make", entity="report_form", entity_id=form.id, after=after)
    return form


def _checked_name(session: Session, zone_id: int, name: str) -> str:
    name = clean(name)
    if not name or len(name) > LONGEST_NAME or has_control(name):
        raise DomainError(f"请填写上报表的名称，最多 {LONGEST_NAME} 个字", "name")
    if find_form(session, zone_id, name) is not None:
        raise DomainError(f"已有名为“{name}”的上报表，请换一个名称", "name")
    if len(list_forms(session, zone_id)) >= MOST_FORMS:
        raise DomainError(f"上报表最多 {MOST_FORMS} 张，请先删除不用的")
    return name


def _try(path: Path, sheet: str, setup: SheetSetup) -> None:
    """Fill the template with lines that say nothing: refuses formulas and ranges that cannot follow the rows."""
    lines: list[dict[str, Any]] = []
    if setup.data_row:
        lines = [{"kind": "row", "cells": {}}, {"kind": "row", "cells": {}}]
        sums = (setup.group and setup.subtotals) or (setup.total and not setup.total_row)
        lines += [{"kind": "total", "cells": {}}] if sums else []
    cells = {cell: {"t": "text", "v": "试"} for cell in setup.singles}
    with tempfile.TemporaryDirectory() as folder:
        plan = {
            "sheets": [sheet_plan(sheet, setup, lines, cells, {})],
            "person": "",
            "at": "2024-01-01T00:00:00",
            "mark": "",
        }
        fill_workbook(path, plan, Path(folder) / "try.xlsx")


def sheet_plan(
    name: str,
    setup: SheetSetup,
    lines: list[dict[str, Any]],
    cells: Mapping[str, Any],
    notes: Mapping[str, str],
) -> dict[str, Any]:
    """One sheet of a plan for the child, see ``reporting.workbook.filling``."""
    return {
        "name": name,
        "first": setup.first_row,
        "last": setup.last_row,
        "data": setup.data_row,
        "block": setup.block,
        "group": setup.group_row,
        "lines": lines,
        "cells": dict(cells),
        "notes": dict(notes),
    }
