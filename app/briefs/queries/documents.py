"""Reading the documents, their paragraphs and their steps."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from app.briefs.models import BriefComment, BriefDocument, BriefParagraph, BriefStep
from app.briefs.rules import DocumentState
from app.kernel.errors import NotFoundError
from app.kernel.periods import Month


def get_document(session: Session, zone_id: int, document_id: int) -> BriefDocument:
    """The document of that id. Raises ``NotFoundError`` when this zone has none such."""
    document = session.get(BriefDocument, (zone_id, document_id))
    if document is None:
        raise NotFoundError("没有这期简报，可能已被删除")
    return document


def find_document(session: Session, zone_id: int, month: Month) -> BriefDocument | None:
    """The document of ``month``, or None."""
    query = select(BriefDocument).where(
        BriefDocument.zone_id == zone_id,
        BriefDocument.year == month.year,
        BriefDocument.month == month.month,
    )
    return session.scalar(query)


def list_documents(session: Session, zone_id: int) -> list[BriefDocument]:
    """All documents, latest month first; snapshots are not read."""
    query = (
        select(BriefDocument)
        .options(defer(BriefDocument.snapshot, raiseload=True))
        .where(BriefDocument.zone_id == zone_id)
        .order_by(BriefDocument.year.desc(), BriefDocument.month.desc())
    )
    return list(session.scalars(query))


def list_drafts(session: Session, zone_id: int) -> list[BriefDocument]:
    """Documents that are still being written."""
    query = select(BriefDocument).where(
        BriefDocument.zone_id == zone_id, BriefDocument.state == DocumentState.draft
    )
    return list(session.scalars(query.order_by(BriefDocument.id)))


def list_submitted(session: Session, zone_id: int) -> list[BriefDocument]:
    """Documents that wait for signature, the oldest month first; snapshots are not read."""
    query = select(BriefDocument).options(defer(BriefDocument.snapshot, raiseload=True))
    query = query.where(BriefDocument.zone_id == zone_id, BriefDocument.state == DocumentState.review)
    return list(session.scalars(query.order_by(BriefDocument.year, BriefDocument.month)))


def find_latest(session: Session, zone_id: int) -> BriefDocument | None:
    """The document of the latest month, or None."""
    query = select(BriefDocument).where(BriefDocument.zone_id == zone_id)
    return session.scalar(query.order_by(BriefDocument.year.desc(), BriefDocument.month.desc()).limit(1))


def free_number(session: Session, zone_id: int, month: Month) -> int:
    """第n期: the number of the month, as 总第n期 counts; where it is taken, one more than the last of the year."""
    query = select(BriefDocument.number).where(
        BriefDocument.zone_id == zone_id, BriefDocument.year == month.year
    )
    taken = set(session.scalars(query))
    return month.month if month.month not in taken else max(taken) + 1


def list_paragraphs(session: Session, document: BriefDocument) -> list[BriefParagraph]:
    """What people wrote in the document, in the order in which it was begun."""
    query = (
        select(BriefParagraph)
        .where(BriefParagraph.zone_id == document.zone_id, BriefParagraph.document_id == document.id)
        .order_by(BriefParagraph.id)
    )
    return list(session.scalars(query))


def find_paragraph(session: Session, document: BriefDocument, key: str) -> BriefParagraph | None:
    """What a person wrote under ``key``, or None."""
    query = select(BriefParagraph).where(
        BriefParagraph.zone_id == document.zone_id,
        BriefParagraph.document_id == document.id,
        BriefParagraph.key == key,
    )
    return session.scalar(query)


def list_steps(session: Session, document: BriefDocument) -> list[BriefStep]:
    """Who took which step when, first one first."""
    query = (
        select(BriefStep)
        .where(BriefStep.zone_id == document.zone_id, BriefStep.document_id == document.id)
        .order_by(BriefStep.at, BriefStep.id)
    )
    return list(session.scalars(query))


def list_comments(session: Session, document: BriefDocument) -> list[BriefComment]:
    """What signers wrote to its paragraphs, what is open first."""
    query = (
        select(BriefComment)
        .where(BriefComment.zone_id == document.zone_id, BriefComment.document_id == document.id)
        .order_by(BriefComment.resolved_at.is_not(None), BriefComment.made_at, BriefComment.id)
    )
    return list(session.scalars(query))


def find_by_file(session: Session, zone_id: int, sha256: str) -> BriefDocument | None:
    """The document that was issued as the file with that SHA-256, or None."""
    query = select(BriefDocument).where(BriefDocument.zone_id == zone_id, BriefDocument.sha256 == sha256)
    return session.scalar(query)


def find_by_code(session: Session, zone_id: int, code: str) -> BriefDocument | None:
    """The issued document with that number, or None."""
    query = select(BriefDocument).where(BriefDocument.zone_id == zone_id, BriefDocument.code == code)
    return session.scalar(query)
