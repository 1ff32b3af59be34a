"""Reading the briefs that were made."""

from __future__ import annotations

from sqlalchemy import and_, case, func, or_, select, true
from sqlalchemy.orm import Session, defer

from app.briefs.models import Brief, BriefDocument, BriefState
from app.kernel.errors import NotFoundError
from app.kernel.periods import Month


def get_brief(session: Session, zone_id: int, brief_id: int) -> Brief:
    """The brief of that id, its snapshot unread. Raises ``NotFoundError`` when this zone has none such."""
    brief = session.get(Brief, (zone_id, brief_id), options=[defer(Brief.snapshot)])
    if brief is None:
        raise NotFoundError("没有这份简报，可能已被删除")
    return brief


def find_ready(session: Session, zone_id: int, month: Month) -> Brief | None:
    """The newest finished brief of ``month``, or None."""
    query = (
        select(Brief)
        .where(
            Brief.zone_id == zone_id,
            Brief.year == month.year,
            Brief.month == month.month,
            Brief.state == BriefState.ready,
        )
        .order_by(Brief.made_at.desc(), Brief.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def find_issued(session: Session, document: BriefDocument) -> int | None:
    """The id of the brief that the document was issued with; None before."""
    query = select(Brief.id).where(
        Brief.zone_id == document.zone_id,
        Brief.document_id == document.id,
        Brief.issues,
        Brief.state == BriefState.ready,
    )
    return session.scalar(query.order_by(Brief.id.desc()).limit(1))


def find_making(session: Session, zone_id: int, month: Month) -> Brief | None:
    """The newest brief of ``month`` still recorded as being made, or None."""
    query = (
        select(Brief)
        .where(
            Brief.zone_id == zone_id,
            Brief.year == month.year,
            Brief.month == month.month,
            Brief.state == BriefState.making,
        )
        .order_by(Brief.made_at.desc(), Brief.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def list_newest(session: Session, zone_id: int, *, drafts: bool = True) -> list[Brief]:
    """The issued brief of every month, else its newest, latest month first; snapshots are not read.

    Without ``drafts`` files of documents that are not issued are left out.
    """
    seen = true() if drafts else or_(Brief.document_id.is_(None), Brief.issues)
    issued = case((and_(Brief.issues, Brief.state == BriefState.ready), 0), else_=1)
    order = (issued, Brief.made_at.desc(), Brief.id.desc())
    place = func.row_number().over(partition_by=(Brief.year, Brief.month), order_by=order).label("place")
    newest = select(Brief.id, place).where(Brief.zone_id == zone_id, seen).subquery("newest")
    query = (
        select(Brief)
        .options(defer(Brief.snapshot, raiseload=True))
        .join(newest, newest.c.id == Brief.id)
        .where(Brief.zone_id == zone_id, newest.c.place == 1)
        .order_by(Brief.year.desc(), Brief.month.desc())
    )
    return list(session.scalars(query))
