"""Investors by their code, their name, or a name they had."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.investors.models import FormerName, Investor
from app.kernel.text import name_key


def find_by_uscc(session: Session, zone_id: int, uscc: str, *, lock: bool = False) -> Investor | None:
    """The investor with that USCC; of a merged one, the one it was merged into."""
    query = select(Investor).where(Investor.zone_id == zone_id, Investor.uscc == uscc)
    return _standing(session, session.scalars(_locked(query, lock)).one_or_none(), lock=lock)


def find_by_name(session: Session, zone_id: int, name: str, *, lock: bool = False) -> Investor | None:
    """The oldest investor whose name reads the same (width, spaces and brackets folded).

    One that stands comes before a merged one, which leads to the one it was merged into. ``lock`` keeps
    it from being merged until the transaction ends.
    """
    query = select(Investor).where(Investor.zone_id == zone_id, Investor.name_key == name_key(name))
    query = query.order_by(Investor.merged_into_id.is_not(None), Investor.id).limit(1)
    return _standing(session, session.scalars(_locked(query, lock)).one_or_none(), lock=lock)


def find_by_former_name(session: Session, zone_id: int, name: str, *, lock: bool = False) -> list[Investor]:
    """The investors that had that name or are called so for short, oldest first; more than one is possible."""
    owners = select(FormerName.investor_id).where(
        FormerName.zone_id == zone_id, FormerName.name_key == name_key(name)
    )
    query = select(Investor).where(Investor.zone_id == zone_id, Investor.id.in_(owners)).order_by(Investor.id)
    found = (_standing(session, row, lock=lock) for row in session.scalars(_locked(query, lock)).all())
    return list({row.id: row for row in found if row is not None}.values())


def names_of(session: Session, zone_id: int, ids: Collection[int]) -> dict[int, str]:
    """Names of the investors with those ids."""
    if not ids:
        return {}
    query = select(Investor.id, Investor.name).where(Investor.zone_id == zone_id, Investor.id.in_(ids))
    return {row.id: row.name for row in session.execute(query)}


def list_names(session: Session, zone_id: int, text: str, limit: int = 10) -> list[str]:
    """Names of standing companies that contain ``text``, for a suggestion list."""
    key = name_key(text)
    query = select(Investor.name).where(
        Investor.zone_id == zone_id,
        Investor.merged_into_id.is_(None),
        Investor.name_key.contains(key, autoescape=True),
    )
    return list(session.scalars(query.order_by(Investor.name).limit(limit)))


def _locked(query: Select[Any], lock: bool) -> Select[Any]:
    """A merge takes the row for itself; nothing can be registered under it meanwhile."""
    return query.with_for_update(read=True, key_share=True) if lock else query


def _standing(session: Session, found: Investor | None, *, lock: bool) -> Investor | None:
    if found is None or found.merged_into_id is None:
        return found
    query = select(Investor).where(Investor.zone_id == found.zone_id, Investor.id == found.merged_into_id)
    kept: Investor = session.scalars(_locked(query, lock)).one()
    return kept
