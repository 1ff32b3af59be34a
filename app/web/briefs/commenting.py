"""批注 on the web: written where a paragraph is read, settled beside it."""

from __future__ import annotations

from flask import abort, flash
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.briefs.operations.comments import comment, resolve_comment
from app.kernel import clock
from app.kernel.errors import DomainError
from app.web.briefs.blueprint import blueprint
from app.web.briefs.documents import ONE, back_to, get_seen
from app.web.briefs.forms import CommentForm, ReplyForm
from app.web.guards import needs
from app.web.session import current, db


@blueprint.post(f"{ONE}/comments")
@needs(Permission.issue_brief)
def add_comment(document_id: int) -> Response:
    """A signer's words on a paragraph."""
    document, form = get_seen(document_id), CommentForm()
    if not form.validate_on_submit():
        raise DomainError("请填写批注，不超过 500 字")
    key = form.key.data or ""
    comment(db(), current().actor, document, key, form.text.text, now=clock.now())
    flash("批注已记下，编写人处理后才能再次提交签发")
    return back_to(document, key)


@blueprint.post(f"{ONE}/comments/<int:comment_id>/resolve")
@needs(Permission.make_brief)
def settle_comment(document_id: int, comment_id: int) -> Response:
    """The writer has done what was asked, or says why not."""
    document, form = get_seen(document_id), ReplyForm()
    if not form.validate_on_submit():
        abort(400)
    row = resolve_comment(db(), current().actor, document, comment_id, form.reply.text, now=clock.now())
    return back_to(document, row.key)
