"""What people write in a draft: paragraphs around bound numbers, and which sections there are."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor
from app.briefs.models import BriefDocument, BriefParagraph
from app.briefs.queries.documents import find_paragraph, list_paragraphs
from app.briefs.rules import (
    OPENING,
    Book,
    check_outline,
    check_writable,
    known_numbers,
    read_runs,
    write_brief,
)
from app.briefs.rules.outline import Data, names_of
from app.briefs.rules.runs import plain
from app.kernel.errors import ConflictError, DomainError
from app.kernel.ids import new_id


def write_paragraph(
    session: Session,
    actor: Actor,
    document: BriefDocument,
    key: str,
    runs: Any,
    *,
    version: int,
    now: dt.datetime,
) -> BriefParagraph:
    """Replace the words of the paragraph ``key``, generated or free; ``version`` is 0 for one never touched.

    The numbers' texts are looked up, never taken from ``runs``. Raises ``DomainError`` for what is no paragraph,
    ``ConflictError`` when somebody else wrote it meanwhile.
    """
    check_writable(document.state)
    text = read_runs(runs, book_of(document))
    if not plain(text).strip():
        raise DomainError("段落不能为空；不需要的段落请点“不印本段”")
    paragraph = find_paragraph(session, document, key)
    _check_version(paragraph, version)
    before = None if paragraph is None else plain(paragraph.runs)
    if paragraph is None:
        paragraph = _generated(document, key)
        session.add(paragraph)
    else:
        paragraph.version += 1
    paragraph.runs, paragraph.left_out = text, False
    _sign(paragraph, actor, now)
    _changed(session, actor, document, "write_paragraph", key, before, plain(text))
    return paragraph


def leave_out(
    session: Session, actor: Actor, document: BriefDocument, key: str, *, version: int, now: dt.datetime
) -> BriefParagraph | None:
    """Do not print a generated paragraph; a free one is removed, its words stay in the audit log."""
    check_writable(document.state)
    paragraph = find_paragraph(session, document, key)
    _check_version(paragraph, version)
    if paragraph is not None and paragraph.free:
        session.delete(paragraph)
        _changed(session, actor, document, "leave_out", key, plain(paragraph.runs), None)
        return None
    if paragraph is None:
        paragraph = _generated(document, key)
        session.add(paragraph)
    else:
        paragraph.version += 1
    paragraph.left_out = True
    _sign(paragraph, actor, now)
    _changed(session, actor, document, "leave_out", key, key, None)
    return paragraph


def use_generated(session: Session, actor: Actor, document: BriefDocument, key: str, *, version: int) -> None:
    """Back to the system's own words for a generated paragraph; what was written stays in the audit log."""
    check_writable(document.state)
    paragraph = find_paragraph(session, document, key)
    _check_version(paragraph, version)
    if paragraph is None or paragraph.free:
        raise DomainError("这一段没有可恢复的原文")
    session.delete(paragraph)
    _changed(session, actor, document, "use_generated", key, plain(paragraph.runs), None)


def add_paragraph(
    session: Session,
    actor: Actor,
    document: BriefDocument,
    section: str,
    runs: Any,
    *,
    after: str = "",
    now: dt.datetime,
) -> BriefParagraph:
    """A free paragraph (重点项目进展, 问题, 打算) behind the paragraph ``after``, or first in its section."""
    check_writable(document.state)
    if section != OPENING and section not in {entry["key"] for entry in document.outline}:
        raise DomainError("没有这一节，请刷新页面后重试")
    text = read_runs(runs, book_of(document))
    if not plain(text).strip():
        raise DomainError("请填写段落内容")
    paragraph = BriefParagraph(
        zone_id=document.zone_id,
        document_id=document.id,
        section=section,
        key=f"free-{new_id()}",
        free=True,
        after=after[:60],
        left_out=False,
        runs=text,
    )
    _sign(paragraph, actor, now)
    session.add(paragraph)
    _changed(session, actor, document, "add_paragraph", paragraph.key, None, plain(text))
    return paragraph


def set_outline(
    session: Session, actor: Actor, document: BriefDocument, outline: list[Data], *, version: int
) -> None:
    """Order, rename, switch off and add sections. Raises as ``check_outline``, and ``ConflictError``."""
    check_writable(document.state)
    check_document_version(document, version)
    checked = check_outline(outline)
    gone = {entry["key"] for entry in document.outline} - {entry["key"] for entry in checked}
    if any(p.section in gone for p in list_paragraphs(session, document)):
        raise DomainError("要删除的节内还有段落，请先删除其中的段落或改为不印")
    if checked == document.outline:
        return
    before = document.outline
    document.outline = checked
    _changed(session, actor, document, "set_outline", "outline", names_of(before), names_of(checked))


def book_of(document: BriefDocument) -> Book:
    """All numbers that the system wrote from the document's snapshot."""
    return known_numbers(document.snapshot)


def check_document_version(document: BriefDocument, version: int) -> None:
    """Raise ``ConflictError`` when the document was changed since ``version`` was read."""
    if version != document.version:
        raise ConflictError("这份简报刚刚被其他人修改，请刷新页面查看最新内容后再操作")


def _generated(document: BriefDocument, key: str) -> BriefParagraph:
    content = write_brief(document.snapshot)
    blocks = [*content["opening"], *(b for s in content["sections"] for b in s["blocks"])]
    if key not in {block.get("key") for block in blocks}:
        raise DomainError("没有这一段，请刷新页面后重试")
    section = key.split(".")[0]
    return BriefParagraph(
        zone_id=document.zone_id,
        document_id=document.id,
        section=section,
        key=key[:60],
        free=False,
        runs=[],
        version=1,
    )


def _check_version(paragraph: BriefParagraph | None, version: int) -> None:
    if version != (paragraph.version if paragraph else 0):
        raise ConflictError("这一段刚刚被其他人修改，请刷新页面查看后再改；您输入的文字仍保留在页面上")


def _sign(paragraph: BriefParagraph, actor: Actor, now: dt.datetime) -> None:
    paragraph.written_by, paragraph.written_name, paragraph.written_at = actor.user_id, actor.name, now


def _changed(
    session: Session,
    actor: Actor,
    document: BriefDocument,
    action: str,
    key: str,
    before: str | None,
    after: str | None,
) -> None:
    document.version += 1
    session.flush()
    note(
        session,
        actor,
        action=action,
        entity="brief_document",
        entity_id=document.id,
        before=None if before is None else {key: before},
        after=None if after is None else {key: after},
    )
