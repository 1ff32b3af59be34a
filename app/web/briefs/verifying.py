"""核验: whether a file, or a number read from paper, is a brief that was issued here."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_wtf.file import FileField, FileRequired

from app.accounts.rules import Permission
from app.briefs.models import BriefDocument
from app.briefs.operations.verifying import Standing, Verdict, compare_with_books, verify_code, verify_file
from app.web.files.forms import allow_uploads
from app.web.forms import Form
from app.web.guards import needs
from app.web.session import current, db

blueprint = Blueprint("verify", __name__, url_prefix="/verify")
MAX_BYTES = 64 * 2**20
SAID = {
    Verdict.issued: ("a", "是本区印发的简报，与印发时逐字节相同，未经改动。"),
    Verdict.altered: ("b", "文件带有已印发简报的文号码，但内容与印发的文件不同，请以系统内印发的文件为准。"),
    Verdict.draft: ("w", "是本系统生成的草稿或直接生成的文件，未经签发。"),
    Verdict.unknown: ("b", "不是本区用本系统印发的简报，或文件已损坏。"),
}


class FileForm(Form):
    """The PDF to be verified."""

    file = FileField("简报 PDF 文件", [FileRequired("请选择文件")])


@blueprint.before_request
def _large() -> None:
    allow_uploads()


@blueprint.get("/", defaults={"code": ""})
@blueprint.get("/<string:code>")
@needs(Permission.read)
def ask(code: str) -> str:
    """Two ways to ask: a file, or the number printed in the foot (``?code=``, or from the QR code)."""
    code = (code or request.args.get("code", "")).strip()
    document = verify_code(db(), current().zone.id, code) if code else None
    return render_template(
        "verify/verify.html",
        form=FileForm(),
        code=code,
        document=document,
        said=None,
        standing=_standing(document),
    )


@blueprint.post("/")
@needs(Permission.read)
def verify() -> str:
    """The verdict on an uploaded file; nothing of it is kept."""
    form = FileForm()
    if not form.validate_on_submit():
        return render_template(
            "verify/verify.html", form=form, code="", document=None, said=None, standing=None
        )
    found = verify_file(db(), current().zone.id, form.file.data.read(MAX_BYTES))
    return render_template(
        "verify/verify.html",
        form=form,
        code="",
        document=found.document,
        said=SAID[found.verdict],
        sha256=found.sha256,
        standing=_standing(found.document),
    )


def _standing(document: BriefDocument | None) -> Standing | None:
    """Whether the figures of an issued brief still equal the journal."""
    return None if document is None else compare_with_books(db(), current().zone, document)
