"""Reading investors."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.investors.models import Investor
from app.kernel.text import name_key


def find_by_uscc(session: Session, zone_id: int, uscc: str) -> Investor | None:
    """The investor with that USCC."""
    return session.scalars(
        select(Investor).where(Investor.zone_id == zone_id, Investor.uscc == uscc)
    ).one_or_none()


def find_by_name(session: Session, zone_id: int, name: str) -> Investor | None:
    """The oldest investor whose name reads the same (width, spaces and brackets folded)."""
    query = select(Investor).where(Investor.zone_id == zone_id, Investor.name_key == name_key(name))
    return session.scalars(query.order_by(Investor.id).limit(1)).one_or_none()


def names_of(session: Session, zone_id: int, ids: Collection[int]) -> dict[int, str]:
    """Names of the investors with those ids."""
    if not ids:
        return {}
    query = select(Investor.id, Investor.name).where(Investor.zone_id == zone_id, Investor.id.in_(ids))
    return {row.id: row.name for row in session.execute(query)}


def list_names(session: Session, zone_id: int, text: str, limit: int = 10) -> list[str]:
    """Names that contain ``text``, for a suggestion list."""
    key = name_key(text)
    query = select(Investor.name).where(
        Investor.zone_id == zone_id, Investor.name_key.contains(key, autoescape=True)
    )
    return list(session.scalars(query.order_by(Investor.name).limit(limit)))
