"""A document as it will be printed: pages while one writes, the Word edition, the whole PDF as a file."""

from __future__ import annotations

import subprocess
from pathlib import Path

from flask import abort, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.briefs.models import BriefDocument
from app.briefs.operations.documents import printable
from app.briefs.operations.editions import editions_of, find_phone, find_preview, find_word, preview_page
from app.briefs.operations.issuing import start_document_file
from app.kernel import clock
from app.web.briefs.blueprint import blueprint
from app.web.briefs.documents import ONE, get_seen, month_of
from app.web.briefs.forms import StepForm
from app.web.guards import needs
from app.web.jobs import print_in_background
from app.web.session import config, current, db

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get(f"{ONE}/preview")
@needs(Permission.read)
def preview_document(document_id: int) -> str:
    """The text's pages as they will be printed; the images are fetched one by one."""
    document = get_seen(document_id)
    return render_template(
        "briefs/preview.html",
        document=document,
        month=month_of(document),
        pages=_pages(_preview(document)),
        step=StepForm(version=document.version),
    )


@blueprint.get(f"{ONE}/preview/<int:number>.png")
@needs(Permission.read)
def show_preview_page(document_id: int, number: int) -> Response:
    """One page of the preview."""
    pdf = _preview(get_seen(document_id))
    if not 1 <= number <= _pages(pdf):
        abort(404)
    return send_file(preview_page(pdf, number), "image/png", max_age=0)


@blueprint.get(f"{ONE}/brief.docx")
@needs(Permission.read)
def download_word(document_id: int) -> Response:
    """The Word edition."""
    document = get_seen(document_id)
    target = find_word(
        printable(db(), document),
        editions_of(config().instance_path, document),
        fonts=config().fonts_path,
        site_fonts=config().site_fonts_path,
    )
    name = f"{current().zone.name}{document.year}年{document.month}月招商引资工作简报.docx"
    return send_file(target, DOCX, as_attachment=True, download_name=name)


@blueprint.get(f"{ONE}/phone.pdf")
@needs(Permission.read)
def show_phone(document_id: int) -> Response:
    """The narrow edition, opened where one is."""
    document = get_seen(document_id)
    target = find_phone(
        printable(db(), document),
        editions_of(config().instance_path, document),
        fonts=config().fonts_path,
        site_fonts=config().site_fonts_path,
    )
    name = f"{current().zone.name}{document.year}年{document.month}月招商引资工作简报（手机版）.pdf"
    return send_file(target, "application/pdf", download_name=name)


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
