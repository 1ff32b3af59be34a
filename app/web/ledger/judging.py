"""核对差异: what would become of each row, cells put right in place, questions answered, and the word to write."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.rules import Permission
from app.directory.queries import labels
from app.jobs.rules import JobKind
from app.kernel import clock
from app.kernel.errors import DomainError, NotFoundError
from app.ledger.models import BatchState, ImportBatch, ImportRow
from app.ledger.operations import (
    answer_batch,
    answer_row,
    ask_judging,
    choose,
    confirm_batch,
    edit_cell,
    shown_cells,
    write_marked_workbook,
)
from app.ledger.queries import count_taken, list_rows, row_ids, verdict_counts
from app.ledger.rules import Verdict
from app.ledger.rules.synonyms import ALIASES
from app.ledger.workbook import Cell, load_rows
from app.web.downloads import XLSX
from app.web.guards import needs
from app.web.ledger.blueprint import ONE, ask, blueprint, own_batch, page_of
from app.web.ledger.figures import figures_of
from app.web.ledger.forms import CellForm, ChoiceForm, FillForm, TakeForm
from app.web.ledger.lines import column_heads, lines_of
from app.web.lists import PAGE, read_page
from app.web.session import config, current, db

KEPT = ("tab", "page")
MOST_QUESTIONS = 100_000


@dataclass(frozen=True)
class Tab:
    """One tab with its verdicts; the order of verdicts is that of the lines."""

    key: str
    name: str
    verdicts: tuple[Verdict, ...]


TABS = (
    Tab("todo", "要处理", (Verdict.refused, Verdict.question, Verdict.changed, Verdict.new)),
    Tab("new", "新增", (Verdict.new,)),
    Tab("changed", "变更", (Verdict.changed,)),
    Tab("question", "存疑", (Verdict.question,)),
    Tab("refused", "拒收", (Verdict.refused,)),
    Tab("same", "无变化", (Verdict.same,)),
)
WORDS = {
    Verdict.new: "新增", Verdict.changed: "变更", Verdict.same: "无变化", Verdict.question: "存疑", Verdict.refused: "拒收",
}  # fmt: skip
BACK = "/<int(max=9223372036854775807):row_id>"


@blueprint.get(f"{ONE}/verdicts")
@needs(Permission.import_ledger)
def verdicts(batch_id: int) -> BaseResponse | str:
    """What would become of each row, a page at a time."""
    batch = own_batch(batch_id)
    if batch.state is not BatchState.judged:
        return redirect(page_of(batch))
    return render_template("ledger/verdicts.html", **_page(batch))


@blueprint.post(f"{ONE}/rows{BACK}/cell")
@needs(Permission.import_ledger)
def edit(batch_id: int, row_id: int) -> BaseResponse:
    """Put one cell right; its row is judged anew at once."""
    batch = own_batch(batch_id)
    form = CellForm()
    if not form.validate():
        return _back(batch, "；".join(word for words in form.errors.values() for word in words))
    try:
        row = edit_cell(
            db(), current().zone, current().actor, batch, config().instance_path,
            row_id=row_id, cell=form.cell.data or "", text=form.text.text, today=clock.today(),
        )  # fmt: skip
    except NotFoundError:
        raise
    except DomainError as error:
        return _back(batch, error.message)
    return _back(batch, done=f"第 {row.row} 行已改，现在是“{WORDS[row.verdict]}”")


@blueprint.post(f"{ONE}/rows{BACK}/choose")
@needs(Permission.import_ledger)
def answer(batch_id: int, row_id: int) -> BaseResponse:
    """Answer one question of a row."""
    batch = own_batch(batch_id)
    form = ChoiceForm()
    try:
        answer_row(
            db(), current().zone, current().actor, batch, config().instance_path,
            row_id=row_id, answers={form.question.data or "": form.value.data or ""}, today=clock.today(),
        )  # fmt: skip
    except NotFoundError:
        raise
    except DomainError as error:
        return _back(batch, error.message)
    return _back(batch)


@blueprint.post(f"{ONE}/take")
@needs(Permission.import_ledger)
def take(batch_id: int) -> BaseResponse:
    """Write rows or leave them out: one, or all of a tab."""
    batch = own_batch(batch_id)
    form = TakeForm()
    ids = [form.row.data] if form.row.data else row_ids(db(), batch, _tab(form.tab.data or "").verdicts)
    try:
        choose(db(), current().actor, batch, ids, None if form.take.data == "1" else "skip")
    except NotFoundError:
        raise
    except DomainError as error:
        return _back(batch, error.message)
    return _back(batch)


@blueprint.post(f"{ONE}/answers")
@needs(Permission.import_ledger)
def answer_all(batch_id: int) -> BaseResponse:
    """Answer everything that is asked, of all rows or of one: as the ledger says, or as it is stored."""
    batch = own_batch(batch_id)
    form = TakeForm()
    at = -1 if request.form.get("value") == "last" else 0
    by_answers: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for row in list_rows(db(), batch, verdicts=(Verdict.question,), size=MOST_QUESTIONS):
        if form.row.data and row.id != form.row.data:
            continue
        said = tuple(sorted((q["key"], q["choices"][at]["value"]) for q in row.questions))
        by_answers.setdefault(said, []).append(row.id)
    for said, ids in by_answers.items():
        choose(db(), current().actor, batch, ids, dict(said))
    return _back(batch)


@blueprint.post(f"{ONE}/fill")
@needs(Permission.import_ledger)
def fill(batch_id: int) -> BaseResponse:
    """Give a field that has no column one value for all rows, and judge them anew."""
    batch = own_batch(batch_id)
    form = FillForm()
    field, value = form.field.data or "", form.value.text
    if not value:
        return _back(batch, f"请填写“{field}”的内容")
    answers = dict(batch.answers or {})
    answers["defaults"] = {**answers.get("defaults", {}), field: value}
    try:
        answer_batch(db(), current().actor, batch, answers, config().instance_path)
        ask_judging(db(), current().actor, batch)
    except DomainError as error:
        return _back(batch, error.message.replace("映射文件 defaults 的", ""))
    ask(JobKind.judge, batch)
    return redirect(url_for(".show_import", batch_id=batch.id), 303)


@blueprint.post(f"{ONE}/confirm")
@needs(Permission.import_ledger)
def confirm(batch_id: int) -> BaseResponse:
    """Write the rows that are to be written."""
    batch = own_batch(batch_id)
    try:
        confirm_batch(db(), current().actor, batch)
    except DomainError as error:
        if batch.state is not BatchState.judged:
            flash(error.message, "refused")
            return redirect(page_of(batch), 303)
        return _back(batch, error.message)
    ask(JobKind.write, batch)
    return redirect(url_for(".show_import", batch_id=batch.id), 303)


@blueprint.get(f"{ONE}/marked.xlsx")
@needs(Permission.import_ledger)
def download_marked(batch_id: int) -> BaseResponse:
    """The workbook as it was sent, refused and questioned cells coloured and commented."""
    batch = own_batch(batch_id)
    if batch.state not in (BatchState.judged, BatchState.done):
        return redirect(page_of(batch))
    rows = list_rows(db(), batch, verdicts=(Verdict.refused, Verdict.question), size=MOST_QUESTIONS)
    stream = io.BytesIO()
    try:
        write_marked_workbook(batch, config().instance_path, rows, stream)
    except DomainError as error:
        return _back(batch, error.message)
    stream.seek(0)
    name = batch.file_name.rpartition(".")[0] or batch.file_name
    return send_file(stream, XLSX, as_attachment=True, download_name=f"{name}（拒收和存疑）.xlsx")


def _page(batch: ImportBatch) -> dict[str, Any]:
    counts = verdict_counts(db(), batch)
    tab = _tab(request.args.get("tab", "todo"))
    total = sum(counts[verdict] for verdict in tab.verdicts)
    page, pages = read_page(request.args, total)
    rows = list_rows(db(), batch, verdicts=tab.verdicts, page=page, size=PAGE)
    words = {field: list(known) for field, known in ALIASES.items()}
    return {
        "batch": batch,
        "tab": tab,
        "tabs": [(one, sum(counts[verdict] for verdict in one.verdicts)) for one in TABS],
        "counts": counts,
        "rows_in_all": sum(counts.values()),
        "total": total,
        "page": page,
        "pages": pages,
        "lines": lines_of(rows, column_heads(batch.recognition), _cells(batch, rows)),
        "several_sheets": len({row.sheet for row in rows}) > 1,
        "taken": count_taken(db(), batch),
        "figures": figures_of(batch.figures),
        "report": batch.report or {},
        "kept": _kept(),
        "field_words": words,
        "names_of": {**words, "责任单位": list(labels(db(), batch.zone_id, "unit").values())},
    }


def _cells(batch: ImportBatch, rows: list[ImportRow]) -> dict[tuple[str, int], list[Cell]]:
    """The rows as they stand in the file, where a line shows or changes a cell."""
    wanted = [(row.sheet, row.row) for row in rows if row.verdict is not Verdict.same]
    return load_rows(shown_cells(config().instance_path, batch), wanted, batch.edits or {}) if wanted else {}


def _tab(key: str) -> Tab:
    return next((tab for tab in TABS if tab.key == key), TABS[0])


def _kept() -> dict[str, Any]:
    return {name: request.args[name] for name in KEPT if name in request.args}


def _back(batch: ImportBatch, refused: str = "", done: str = "") -> BaseResponse:
    if refused or done:
        flash(refused or done, "refused" if refused else "message")
    return redirect(url_for(".verdicts", batch_id=batch.id, **_kept()), 303)
