"""A document as it will be printed: pages while one writes, other editions, the whole PDF as a file."""

from __future__ import annotations

import subprocess
from pathlib import Path

from flask import abort, jsonify, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.briefs.models import BriefDocument
from app.briefs.operations.documents import printable
from app.briefs.operations.editions import editions_of, find_preview, preview_page
from app.briefs.operations.issuing import start_document_file
from app.jobs.rules import JobKind
from app.kernel import clock
from app.web.briefs.blueprint import blueprint
from app.web.briefs.documents import ONE, get_seen, month_of
from app.web.briefs.forms import StepForm
from app.web.guards import needs
from app.web.jobs import make_in_background, print_in_background
from app.web.session import config, current, db


@blueprint.get(f"{ONE}/preview")
@needs(Permission.read)
def preview_document(document_id: int) -> str:
    """The text's pages as they will be printed; the page asks for them once it is there."""
    document = get_seen(document_id)
    return render_template(
        "briefs/preview.html",
        document=document,
        month=month_of(document),
        step=StepForm(version=document.version),
    )


@blueprint.get(f"{ONE}/preview/pages")
@needs(Permission.read)
def read_preview(document_id: int) -> Response:
    """Print the text as it stands, if that was not done, and tell the addresses of its pages."""
    pdf = _preview(get_seen(document_id))
    pages = [
        url_for(".show_preview_page", document_id=document_id, number=number, v=pdf.stem[:12])
        for number in range(1, _pages(pdf) + 1)
    ]
    return jsonify({"pages": pages})


@blueprint.get(f"{ONE}/preview/<int:number>.png")
@needs(Permission.read)
def show_preview_page(document_id: int, number: int) -> Response:
    """One page of the preview."""
    pdf = _preview(get_seen(document_id))
    if not 1 <= number <= _pages(pdf):
        abort(404)
    return send_file(preview_page(pdf, number), "image/png", max_age=0)


@blueprint.post(f"{ONE}/<any(word,phone):edition>")
@needs(Permission.read)
def make_edition(document_id: int, edition: str) -> Response:
    """The Word edition, or the narrow one for the phone: made in the background, fetched from 导出与任务."""
    document = get_seen(document_id)
    if not StepForm().validate_on_submit():
        abort(400)
    make_in_background(document, JobKind(edition))
    return redirect(url_for("jobs.list_all"), 303)


@blueprint.post(f"{ONE}/file")
@needs(Permission.make_brief)
def print_document(document_id: int) -> Response:
    """The whole PDF of the draft, with annexes, in the background."""
    document = get_seen(document_id)
    if not StepForm().validate_on_submit():
        abort(400)
    brief = start_document_file(db(), current().actor, document, now=clock.now())
    print_in_background(brief)
    return redirect(url_for(".show_brief", brief_id=brief.id), 303)


def _preview(document: BriefDocument) -> Path:
    return find_preview(
        printable(db(), document),
        editions_of(config().instance_path, document),
        fonts=config().fonts_path,
        site_fonts=config().site_fonts_path,
    )


def _pages(pdf: Path) -> int:
    said = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, check=True, text=True)  # noqa: S603, S607
    return int(next(line.split()[1] for line in said.stdout.splitlines() if line.startswith("Pages:")))
