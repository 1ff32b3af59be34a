"""The files of a record: list, upload, download, preview, removal. Who may see the record may see its files."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.files.models import StoredFile
from app.files.operations import add_files, find_content, find_preview, remove_file
from app.files.queries import get_file
from app.kernel.errors import DomainError, NotFoundError
from app.web.errors import refuse, show_form
from app.web.files.forms import FilesForm, allow_uploads
from app.web.files.shelf import shelf_of
from app.web.files.subjects import Subject, get_subject
from app.web.guards import needs, safe_next
from app.web.session import config, current, db

blueprint = Blueprint("files", __name__, url_prefix="/files")
SANDBOX = "default-src 'none'; sandbox"
RECORD = "/<string:entity>/<int:entity_id>"
ONE = "/<int:file_id>"


@blueprint.url_value_preprocessor
def _allow_uploads(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if endpoint == "files.upload":
        allow_uploads()


@blueprint.get(RECORD)
@needs(Permission.read)
def show_files(entity: str, entity_id: int) -> Response:
    """The record's files on a page of their own."""
    return _page(get_subject(entity, entity_id), FilesForm())


@blueprint.post(RECORD)
@needs(Permission.enter)
def upload(entity: str, entity_id: int) -> Response:
    """Hang files on the record, all or none; back to the page that asked."""
    subject = get_subject(entity, entity_id, lock=True)
    if not subject.may_add:
        abort(403)
    form = FilesForm()
    if form.validate_on_submit():
        try:
            with db().begin_nested():
                added = add_files(
                    db(),
                    current().actor,
                    form.uploads(),
                    entity=entity,
                    entity_id=entity_id,
                    label=form.label.text,
                    folder=config().instance_path,
                )
        except DomainError as error:
            refuse(form, error)
        else:
            flash(f"已上传 {len(added)} 个文件")
            return _back(subject)
    return _page(subject, form)


@blueprint.get(f"{ONE}/download")
@needs(Permission.read)
def download(file_id: int) -> Response:
    """The content, to be saved and never shown by the browser itself."""
    file, _subject = _visible(file_id)
    path = find_content(config().instance_path, file)
    response = send_file(path, file.media_type, as_attachment=True, download_name=file.name, etag=False)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


@blueprint.get(f"{ONE}/preview")
@needs(Permission.read)
def preview(file_id: int) -> Response:
    """A picture of the file, made by ourselves; 404 when there can be none."""
    file, _subject = _visible(file_id)
    found = find_preview(config().instance_path, file)
    if found is None:
        raise NotFoundError(f"“{file.name}”不能预览，请下载查看")
    path, media_type = found
    response = send_file(path, media_type, etag=False)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


@blueprint.post(f"{ONE}/remove")
@needs(Permission.enter)
def remove(file_id: int) -> Response:
    """Take a file from its record; it stays in the store and on record."""
    file = get_file(db(), current().zone.id, file_id, lock=True)
    subject = get_subject(file.entity, file.entity_id)
    if not subject.may_add:
        abort(403)
    if subject.sealed:
        raise DomainError(subject.sealed)
    remove_file(db(), current().actor, file)
    flash(f"已移除“{file.name}”；内容和记录保留，审核岗仍可查看")
    return _back(subject)


def _visible(file_id: int) -> tuple[StoredFile, Subject]:
    """The file for somebody who may see its record; removed ones are for reviewers."""
    file = get_file(db(), current().zone.id, file_id)
    subject = get_subject(file.entity, file.entity_id)
    if file.removed_at is not None and not current().may(Permission.review):
        raise NotFoundError("这个文件已被移除")
    return file, subject


def _back(subject: Subject) -> Response:
    here = url_for(".show_files", entity=subject.entity, entity_id=subject.id)
    return redirect(safe_next(request.form.get("next")) or here, 303)


def _page(subject: Subject, form: FilesForm) -> Response:
    return show_form(
        "files/files.html",
        form,
        subject=subject,
        shelf=shelf_of(subject),
        next=safe_next(request.form.get("next")),
    )
