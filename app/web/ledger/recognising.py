"""识别表头: the sheet as it is, what its columns were taken for, and what a person says about them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.rules import Permission
from app.directory.queries import labels
from app.jobs.rules import JobKind
from app.kernel import clock
from app.kernel.errors import DomainError, NotFoundError
from app.ledger.models import BatchState, ImportBatch
from app.ledger.operations import answer_batch, ask_judging, shown_cells
from app.ledger.workbook import extents, load_window
from app.web.guards import needs
from app.web.ledger.answering import AnswerForm, answered
from app.web.ledger.blueprint import ONE, ask, asked_number, blueprint, own_batch, page_of
from app.web.ledger.doubts import cards_of
from app.web.ledger.fields import MEASURED, choices
from app.web.ledger.grid import doubted, rows_of, slots_of, tables_of
from app.web.session import config, current, db

WINDOW = 100
"""Rows of a sheet sent at once."""
ABOVE = 3
"""Rows shown above the heads of a further table of a sheet."""
KINDS = {
    "projects": "项目台账",
    "arrivals": "到位资金明细",
    "targets": "年度目标",
    "monthly": "按月的到位资金",
}
UNITS = ("元", "万元", "亿元", "美元", "万美元", "亿美元", "亩", "㎡", "公顷")
KEPT = ("sheet", "table", "open")
SHOWN = (BatchState.recognised, BatchState.judged)


@blueprint.route(f"{ONE}/recognise", methods=["GET", "POST"])
@needs(Permission.import_ledger)
def recognise(batch_id: int) -> BaseResponse | str:
    """The sheet and what was recognised in it; what is posted is one thing said about it."""
    batch = own_batch(batch_id)
    if batch.state not in SHOWN:
        return redirect(page_of(batch))
    if request.method == "POST":
        return _say(batch)
    return render_template("ledger/recognise.html", **_page(batch))


@blueprint.get(f"{ONE}/rows")
@needs(Permission.import_ledger)
def sheet_rows(batch_id: int) -> BaseResponse | str:
    """Further rows of a sheet, as they stand on the page."""
    batch = own_batch(batch_id)
    if batch.state not in SHOWN:
        return redirect(page_of(batch))
    return render_template("ledger/_more.html", **_sheet(batch, asked_number("start")))


@blueprint.post(f"{ONE}/judge")
@needs(Permission.import_ledger)
def judge(batch_id: int) -> BaseResponse:
    """Have every row judged; refused while something is to be confirmed."""
    batch = own_batch(batch_id)
    try:
        ask_judging(db(), current().actor, batch)
    except DomainError as error:
        flash(error.message, "refused")
        return redirect(page_of(batch), 303)
    ask(JobKind.judge, batch)
    return redirect(url_for(".show_import", batch_id=batch.id), 303)


def _say(batch: ImportBatch) -> BaseResponse:
    form = AnswerForm()
    back = url_for(".recognise", batch_id=batch.id, **_kept())
    if not form.validate():
        flash("填写的内容无法识别，请核对后再提交", "refused")
        return redirect(back, 303)
    add_lists = "add_lists" in request.form if "add_lists_said" in request.form else None
    try:
        answer_batch(
            db(), current().actor, batch, answered(batch.answers, form), config().instance_path,
            add_lists=add_lists,
        )  # fmt: skip
    except DomainError as error:
        flash(error.message.replace("映射文件", "填写"), "refused")
    return redirect(back, 303)


def _kept() -> dict[str, Any]:
    return {name: request.args[name] for name in KEPT if name in request.args}


def _page(batch: ImportBatch) -> dict[str, Any]:
    found = _found(batch)
    context = _sheet(batch, None)
    table, slots = context["table"], context["slots"]
    cards = cards_of(found)
    letters = request.args.get("column", "")
    chosen = next((s for s in slots if s.column and s.letters == letters), None)
    return context | {
        "batch": batch,
        "sheets": _tabs(batch, found, context["sheets"]),
        "cards": cards,
        "open_doubts": sum(card.urgent for card in cards),
        "chosen": chosen,
        "measured": MEASURED.get(chosen.column["field"], ()) if chosen and chosen.column else (),
        "row_chosen": asked_number("row"),
        "field_groups": choices(),
        "all_units": UNITS,
        "kind_words": KINDS,
        "left_out": _left_out(table),
        "remembered": [
            f"{c['head']}→{c['field']}" for c in (table or {}).get("columns", []) if c["how"] == "上次"
        ],
        "heads_told": context["sheet_name"] in (batch.answers or {}).get("heads", {}),
        "tidied": (table or {}).get("tidied", []),
        "notes": _notes(found, context["sheet_name"]),
        "folded": sum(slot.count for slot in slots if slot.look == "fold"),
        "this_year": clock.today().year,
        "defaults_for": ("投资方名称", "责任单位", "年度", "单位"),
        "unit_names": list(labels(db(), current().zone.id, "unit").values()),
        "kept": _kept(),
    }


def _found(batch: ImportBatch) -> dict[str, Any]:
    return batch.recognition or {"tables": [], "doubts": [], "notes": []}


def _sheet(batch: ImportBatch, start: int | None) -> dict[str, Any]:
    """One sheet's columns and a window of its rows."""
    found = _found(batch)
    path = shown_cells(config().instance_path, batch)
    sheets = extents(path)
    known = {table["sheet"] for table in found["tables"]}
    first = next((one.name for one in sheets if one.name in known), sheets[0].name if sheets else "")
    name = request.args.get("sheet") or first
    if name not in {one.name for one in sheets}:
        raise NotFoundError("这个文件里没有这张工作表，请从“识别表头”重新进入")
    tables = tables_of(found, name)
    at = min(asked_number("table") or 1, max(len(tables), 1))
    table = tables[at - 1] if tables else None
    as_heads = None if table and table.get("cards") else table  # cards have no heads above columns
    edits = batch.edits or {}
    begin = max(table["head_rows"][0] - ABOVE, 1) if table and at > 1 else 1
    start = start or begin
    top = load_window(path, name, begin, begin + WINDOW - 1, edits)
    opened = request.args.get("open", "")[:200]
    slots = slots_of(top, as_heads, doubted(found, name), set(opened.split(",")))
    shown = top if start == begin else load_window(path, name, start, start + WINDOW - 1, edits)
    last = next(one.last_row for one in sheets if one.name == name)
    end = max(start, top.first_row if start == begin else start) + WINDOW
    return {
        "batch": batch,
        "sheets": sheets,
        "sheet_name": name,
        "sheet": shown if shown.rows else None,
        "table": table,
        "tables_here": len(tables),
        "table_at": at,
        "slots": slots,
        "rows": rows_of(shown, as_heads, slots),
        "opened": opened,
        "skipped": name in (batch.answers or {}).get("skip", []),
        "more_from": end if end <= last else None,
        "sheet_last": last,
        "window": WINDOW,
    }


def _tabs(batch: ImportBatch, found: dict[str, Any], sheets: list[Any]) -> list[dict[str, Any]]:
    skipped = (batch.answers or {}).get("skip", [])
    known = {table["sheet"] for table in found["tables"]}
    asked = Counter(doubt["sheet"] for doubt in found["doubts"])
    return [
        {"name": one.name, "hidden": one.hidden, "skipped": one.name in skipped, "table": one.name in known,
         "doubts": asked[one.name]}
        for one in sheets
    ]  # fmt: skip


def _left_out(table: dict[str, Any] | None) -> str:
    """小计 6、合计 1、表注 2 行."""
    counted = Counter(one["reason"] for one in (table or {}).get("skipped", []))
    return "、".join(f"{reason} {count}" for reason, count in counted.items()) + (" 行" if counted else "")


def _notes(found: dict[str, Any], sheet: str) -> list[str]:
    """What is said of this sheet beyond what the panel shows anyway."""
    mine = f"工作表“{sheet}”"
    return [
        text.removeprefix(mine).lstrip("的：中")
        for text in found["notes"]
        if text.startswith(mine) and "：表头第" not in text
    ]
