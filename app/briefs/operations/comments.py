"""批注: a signer's words on a paragraph, settled by its writer; kept with the document, never printed."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor
from app.briefs.models import BriefComment, BriefDocument
from app.briefs.operations.documents import printable
from app.kernel.errors import DomainError, NotFoundError
from app.kernel.text import has_control


def comment(
    session: Session, actor: Actor, document: BriefDocument, key: str, text: str, *, now: dt.datetime
) -> BriefComment:
    """Write to the paragraph ``key``. Raises ``DomainError`` for a final document or a paragraph that is not there."""
    if document.state.is_final:
        raise DomainError(f"简报{document.state.label}，不能再批注")
    content, said = printable(session, document)["content"], _checked(text)
    blocks = [*content["opening"], *(block for part in content["sections"] for block in part["blocks"])]
    if not said:
        raise DomainError("请填写批注", "text")
    if key not in {block.get("key") for block in blocks}:
        raise DomainError("没有这一段，请刷新页面后重试")
    row = BriefComment(
        zone_id=document.zone_id,
        document_id=document.id,
        key=key,
        text=said,
        made_by=actor.user_id,
        made_name=actor.name,
        made_at=now,
        reply="",
    )
    session.add(row)
    _note(session, actor, document, "comment", row.text)
    return row


def resolve_comment(
    session: Session, actor: Actor, document: BriefDocument, comment_id: int, reply: str, *, now: dt.datetime
) -> BriefComment:
    """Say that it is done, perhaps with an answer. Raises ``NotFoundError``; ``DomainError`` when it was settled."""
    row = session.get(BriefComment, (document.zone_id, comment_id))
    if row is None or row.document_id != document.id:
        raise NotFoundError("没有这条批注，可能已被删除")
    if document.state.is_final:
        raise DomainError(f"简报{document.state.label}，批注不能再改")
    if row.resolved_at is not None:
        raise DomainError(f"这条批注已由{row.resolved_name}处理，请刷新页面查看")
    row.reply, row.resolved_at = _checked(reply), now
    row.resolved_by, row.resolved_name = actor.user_id, actor.name
    _note(session, actor, document, "resolve_comment", row.reply or row.text)
    return row


def _checked(text: str) -> str:
    said = " ".join(text.split())
    if has_control(said) or len(said) > 500:
        raise DomainError("批注不超过 500 字，不含不可见字符", "text")
    return said


def _note(session: Session, actor: Actor, document: BriefDocument, action: str, text: str) -> None:
    session.flush()
    note(
        session,
        actor,
        action=action,
        entity="brief_document",
        entity_id=document.id,
        after={"text": text},
    )
