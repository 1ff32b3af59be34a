"""The names of records of every kind, and records by their names."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, String, cast, or_, select, union_all
from sqlalchemy.orm import Session

from app.accounts.models import UserAccount, Zone
from app.briefs.models import Brief
from app.directory.models import Area, Chain, ResponsibleUnit, Segment
from app.funds.models import FundArrival
from app.investors.models import Contact, Investor
from app.leads.models import Lead
from app.ledger.models import ImportBatch
from app.pipeline.models import Project

MOST = 500
"""So many records at most are meant by a name; whoever gets more has to type more."""
PAGES = {
    "project": ("pipeline.show_project", "project_id"),
    "fund_arrival": ("funds.show_arrival", "arrival_id"),
    "investor": ("investors.show_investor", "investor_id"),
}


def _named(zone_id: int, leads: bool) -> list[tuple[Any, Any, Any]]:
    """Key, name and further conditions of each kind of record that has a name; leads only for who reads them."""
    plain: list[Any] = [Project, Investor, Contact, UserAccount, ResponsibleUnit, Area, Chain, Segment]
    if leads:
        plain.append(Lead)
    arrived = (FundArrival.zone_id == zone_id, Project.id == FundArrival.project_id)
    month = cast(Brief.year, String) + "年" + cast(Brief.month, String) + "月"
    return [
        *((kind.id, kind.name, (kind.zone_id == zone_id,)) for kind in plain),
        (FundArrival.id, Project.name, (*arrived, Project.zone_id == zone_id)),
        (Brief.id, month, (Brief.zone_id == zone_id,)),
        (ImportBatch.id, ImportBatch.file_name, (ImportBatch.zone_id == zone_id,)),
        (Zone.id, Zone.name, (Zone.id == zone_id,)),
    ]


def record_names(session: Session, zone_id: int, ids: Collection[int], *, leads: bool) -> dict[int, str]:
    """The present names of the records, in one query; those that have none or are gone are left out."""
    if not ids:
        return {}
    parts: list[Select[Any]] = [
        select(key.label("key"), name.label("name")).where(*conditions, key.in_(ids))
        for key, name, conditions in _named(zone_id, leads)
    ]
    return {row.key: row.name for row in session.execute(union_all(*parts))}


def find_records(session: Session, zone_id: int, text: str, *, leads: bool) -> tuple[int, ...]:
    """Records whose name, or number, contains ``text``; at most ``MOST``."""
    numbers = {
        id(Project.id): Project.number,
        id(Lead.id): Lead.number,
        id(FundArrival.id): FundArrival.voucher,
    }
    parts = []
    for key, name, conditions in _named(zone_id, leads):
        like = [name.icontains(text, autoescape=True)]
        if id(key) in numbers:
            like.append(numbers[id(key)].icontains(text, autoescape=True))
        parts.append(select(key.label("key")).where(*conditions, or_(*like)))
    return tuple(session.scalars(union_all(*parts).limit(MOST)))
