"""The brief as a document: begun, written around its numbers, submitted, signed, archived."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.briefs.models import BriefDocument
from app.briefs.operations.documents import open_document, refresh_numbers, set_heads, unclosed
from app.briefs.operations.issuing import archive, send_back, sign, submit
from app.briefs.queries import find_issued, get_document, list_steps
from app.briefs.rules import DocumentState
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.periods import Month
from app.web.briefs.blueprint import blueprint
from app.web.briefs.forms import HeadsForm, MakeForm, RemarkForm, StepForm
from app.web.briefs.paper import lay_paper, section_states
from app.web.guards import needs
from app.web.jobs import print_in_background
from app.web.session import config, current, db

ONE = "/documents/<int:document_id>"


@blueprint.post("/documents")
@needs(Permission.make_brief)
def begin_document() -> Response:
    """起草: a draft of the month from its figures, or the one there is."""
    form = MakeForm()
    if not form.validate_on_submit():
        abort(400)
    zone = current().zone
    month = Month.parse(form.month.data or "", zone.cutoff_day)
    document, _new = open_document(
        db(),
        current().actor,
        zone,
        month=month,
        issued_on=clock.today(),
        now=clock.now(),
        today=clock.today(),
        public_url=config().public_url,
    )
    return redirect(url_for(".edit_document", document_id=document.id), 303)


@blueprint.get(ONE)
@needs(Permission.read)
def edit_document(document_id: int) -> str:
    """The paper with its outline and its numbers; who may not write reads it, once it is issued."""
    document = get_seen(document_id)
    paper = lay_paper(db(), current().zone, document, public_url=config().public_url)
    steps = list_steps(db(), document)
    heads = HeadsForm(
        data={"number": document.number, "total": document.total, "issued_on": document.issued_on}
    )
    return render_template(
        "briefs/editor.html",
        document=document,
        month=month_of(document),
        paper=paper,
        outline=section_states(document, paper),
        steps=steps,
        heads=heads,
        step=StepForm(version=document.version),
        remark=RemarkForm(version=document.version),
        writable=document.state is DocumentState.draft and current().may(Permission.make_brief),
        unclosed=unclosed(db(), document) if document.state is DocumentState.review else "",
        file=find_issued(db(), document) if document.state.is_final else None,
        mine=bool(steps) and steps[-1].person_id == current().actor.user_id,
    )


@blueprint.post(f"{ONE}/heads")
@needs(Permission.make_brief)
def change_heads(document_id: int) -> Response:
    """期号, 总期号, 印发日期."""
    document, form = get_seen(document_id), HeadsForm()
    if not form.validate_on_submit() or form.number.data is None or form.issued_on.data is None:
        message = "；".join(str(error) for errors in form.errors.values() for error in errors)
        raise DomainError(message or "请填写期号和印发日期")
    set_heads(
        db(),
        current().actor,
        document,
        number=form.number.data,
        total=form.total.data,
        issued_on=form.issued_on.data,
        version=form.version.data or 0,
    )
    return back_to(document)


@blueprint.post(f"{ONE}/refresh")
@needs(Permission.make_brief)
def refresh_document(document_id: int) -> Response:
    """Take the numbers of now."""
    document, version = _asked(document_id)
    changed = refresh_numbers(
        db(),
        current().actor,
        current().zone,
        document,
        version=version,
        now=clock.now(),
        public_url=config().public_url,
    )
    flash(f"已更新 {len(changed)} 个数字，前后数值记入操作记录。" if changed else "数字均为最新，没有变动。")
    return back_to(document)


@blueprint.post(f"{ONE}/submit")
@needs(Permission.make_brief)
def submit_document(document_id: int) -> Response:
    """提交签发."""
    document, version = _asked(document_id)
    submit(
        db(),
        current().actor,
        current().zone,
        document,
        version=version,
        now=clock.now(),
        public_url=config().public_url,
    )
    flash("已提交签发。")
    return back_to(document)


@blueprint.post(f"{ONE}/send-back")
@needs(Permission.issue_brief)
def send_back_document(document_id: int) -> Response:
    """退回修改, with what is to be put right."""
    document, form = get_seen(document_id), RemarkForm()
    if not form.validate_on_submit():
        raise DomainError("请写明退回修改的原因")
    send_back(
        db(),
        current().actor,
        document,
        remark=form.remark.text,
        version=form.version.data or 0,
        now=clock.now(),
    )
    flash("已退回修改。")
    return back_to(document)


@blueprint.post(f"{ONE}/sign")
@needs(Permission.issue_brief)
def sign_document(document_id: int) -> Response:
    """签发: the file is printed in the background, and the document is issued with it."""
    document, version = _asked(document_id)
    brief = sign(
        db(),
        current().actor,
        current().zone,
        document,
        version=version,
        now=clock.now(),
        public_url=config().public_url,
    )
    print_in_background(brief)
    return redirect(url_for(".show_brief", brief_id=brief.id), 303)


@blueprint.post(f"{ONE}/archive")
@needs(Permission.make_brief)
def archive_document(document_id: int) -> Response:
    """归档."""
    document, version = _asked(document_id)
    archive(db(), current().actor, document, version=version, now=clock.now())
    flash("已归档。")
    return back_to(document)


def _asked(document_id: int) -> tuple[BriefDocument, int]:
    """The document of a step, and the version of it that the person saw."""
    document, form = get_seen(document_id), StepForm()
    if not form.validate_on_submit():
        abort(400)
    return document, form.version.data or 0


def get_seen(document_id: int) -> BriefDocument:
    """The document; who neither writes nor signs sees it once it is issued."""
    document = get_document(db(), current().zone.id, document_id)
    if not works_on_briefs() and not document.state.is_final:
        abort(404)
    return document


def works_on_briefs() -> bool:
    """Whether the person writes or signs briefs, and so sees drafts."""
    return current().may(Permission.make_brief) or current().may(Permission.issue_brief)


def month_of(document: BriefDocument) -> Month:
    """The month the document is about."""
    return Month(document.year, document.month, current().zone.cutoff_day)


def back_to(document: BriefDocument, section: str = "") -> Response:
    """The editor again, at a section."""
    return redirect(url_for(".edit_document", document_id=document.id, _anchor=section or None), 303)
