"""The forms of a zone and what was filled."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.errors import ConflictError, NotFoundError
from app.reporting.models import ReportFill, ReportForm


def list_forms(session: Session, zone_id: int) -> list[ReportForm]:
    """The zone's forms by name."""
    query = select(ReportForm).where(ReportForm.zone_id == zone_id, ReportForm.removed_at.is_(None))
    return list(session.scalars(query.order_by(ReportForm.name, ReportForm.id)))


def get_form(session: Session, zone_id: int, form_id: int) -> ReportForm:
    """The form. Raises ``NotFoundError``, also for one of another zone, ``ConflictError`` for one that was removed."""
    form = session.get(ReportForm, (zone_id, form_id))
    if form is None:
        raise NotFoundError("没有这张上报表，可能不属于本区")
    if form.removed_at is not None:
        raise ConflictError(f"上报表“{form.name}”已被删除，请返回上报表重新选择")
    return form


def find_form(session: Session, zone_id: int, name: str) -> ReportForm | None:
    """The form of that name, None when the zone has none."""
    query = select(ReportForm).where(
        ReportForm.zone_id == zone_id, ReportForm.name == name, ReportForm.removed_at.is_(None)
    )
    return session.scalars(query).one_or_none()


def get_fill(session: Session, zone_id: int, fill_id: int) -> ReportFill:
    """What was filled. Raises ``NotFoundError``, also for one of another zone."""
    fill = session.get(ReportFill, (zone_id, fill_id))
    if fill is None:
        raise NotFoundError("没有这次填报，可能不属于本区")
    return fill


def list_fills(session: Session, zone_id: int, limit: int = 20) -> Sequence[ReportFill]:
    """What was filled last, newest first."""
    query = select(ReportFill).where(ReportFill.zone_id == zone_id)
    return session.scalars(query.order_by(ReportFill.made_at.desc(), ReportFill.id.desc()).limit(limit)).all()
