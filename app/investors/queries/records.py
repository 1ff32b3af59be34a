"""One company: its row, contacts, former names, group, and what was merged into it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import CTE, Select, literal, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Zone
from app.investors.models import Contact, FormerName, Investor, InvestorMerge
from app.kernel.errors import NotFoundError

DEEPEST = 20
"""So many generations of a group are followed."""


@dataclass(frozen=True)
class KnownAs:
    """All names and codes under which a company was ever on record, those merged into it included."""

    ids: tuple[int, ...]
    names: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True)
class GroupMember:
    """A company of a group; ``depth`` 0 is the top."""

    id: int
    name: str
    parent_id: int | None
    depth: int


def get_investor(session: Session, zone_id: int, investor_id: int, *, lock: bool = False) -> Investor:
    """The company. Raises ``NotFoundError``, also for one of another zone. ``lock`` keeps writers away."""
    query = select(Investor).where(Investor.zone_id == zone_id, Investor.id == investor_id)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFoundError("没有这家企业，或它不属于本区")
    return found


def lock_groups(session: Session, zone_id: int) -> None:
    """One at a time changes groups or merges companies in a zone, so that no circle closes side by side."""
    session.execute(select(Zone.id).where(Zone.id == zone_id).with_for_update(key_share=True))


def list_contacts(session: Session, zone_id: int, investor_id: int) -> list[Contact]:
    """The contacts: the main one first, those no longer asked last."""
    query = select(Contact).where(Contact.zone_id == zone_id, Contact.investor_id == investor_id)
    order = (Contact.off_at.is_not(None), Contact.main.desc(), Contact.recorded_at, Contact.id)
    return list(session.scalars(query.order_by(*order)))


def get_contact(
    session: Session, zone_id: int, investor_id: int, contact_id: int, *, lock: bool = False
) -> Contact:
    """A contact of that company. Raises ``NotFoundError``."""
    query = select(Contact).where(
        Contact.zone_id == zone_id, Contact.investor_id == investor_id, Contact.id == contact_id
    )
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFoundError("没有这位联系人，可能已并到另一家企业")
    return found


def list_former_names(session: Session, zone_id: int, ids: Collection[int]) -> list[FormerName]:
    """Other names of the companies, oldest first."""
    query = select(FormerName).where(FormerName.zone_id == zone_id, FormerName.investor_id.in_(ids))
    return list(session.scalars(query.order_by(FormerName.added_at, FormerName.id)))


def list_absorbed(session: Session, zone_id: int, investor_id: int) -> list[Investor]:
    """The rows that were merged into the company, newest first."""
    query = select(Investor).where(Investor.zone_id == zone_id, Investor.merged_into_id == investor_id)
    return list(session.scalars(query.order_by(Investor.merged_at.desc(), Investor.id)))


def known_as(investor: Investor, absorbed: Collection[Investor], former: Collection[FormerName]) -> KnownAs:
    """The names and codes of the company from its rows."""
    rows = [investor, *absorbed]
    return KnownAs(
        tuple(row.id for row in rows),
        tuple(dict.fromkeys([*(row.name for row in rows), *(name.name for name in former)])),
        tuple(row.uscc for row in rows if row.uscc),
    )


def list_group(session: Session, zone_id: int, investor_id: int) -> list[GroupMember]:
    """The whole group of a company from its top, each member after its parent; alone, only itself. Two queries."""
    top = session.execute(_upwards(zone_id, investor_id)).first()
    if top is None:
        return []
    rows = session.execute(_downwards(zone_id, top.id)).all()
    children: dict[int | None, list[GroupMember]] = {}
    for row in rows:
        children.setdefault(row.parent_id if row.depth else None, []).append(GroupMember(**row._mapping))

    def under(key: int | None) -> list[GroupMember]:
        return [one for child in children.get(key, []) for one in (child, *under(child.id))]

    return under(None)


def parents_of(session: Session, zone_id: int, investor_id: int) -> dict[int, int | None]:
    """The company and everything above it: each with its parent."""
    chain = _chain(zone_id, investor_id)
    return {row.id: row.parent_id for row in session.execute(select(chain.c.id, chain.c.parent_id))}


def list_children(session: Session, zone_id: int, investor_id: int) -> list[Investor]:
    """The companies whose parent it is."""
    query = select(Investor).where(Investor.zone_id == zone_id, Investor.parent_id == investor_id)
    return list(session.scalars(query.order_by(Investor.name_pinyin, Investor.id)))


def list_merges(session: Session, zone_id: int, investor_id: int) -> list[InvestorMerge]:
    """The merges that the company had a part in, newest first."""
    either = or_(InvestorMerge.kept_id == investor_id, InvestorMerge.merged_id == investor_id)
    query = select(InvestorMerge).where(InvestorMerge.zone_id == zone_id, either)
    return list(session.scalars(query.order_by(InvestorMerge.merged_at.desc(), InvestorMerge.id.desc())))


def get_merge(session: Session, zone_id: int, investor_id: int, merge_id: int) -> InvestorMerge:
    """A merge that the company had a part in. Raises ``NotFoundError``."""
    for merge in list_merges(session, zone_id, investor_id):
        if merge.id == merge_id:
            return merge
    raise NotFoundError("没有这次合并")


def _chain(zone_id: int, investor_id: int) -> CTE:
    start = select(Investor.id, Investor.parent_id, literal(0).label("height"))
    chain = start.where(Investor.zone_id == zone_id, Investor.id == investor_id).cte("chain", recursive=True)
    above = aliased(Investor)
    step = select(above.id, above.parent_id, chain.c.height + 1).where(
        above.zone_id == zone_id, above.id == chain.c.parent_id, chain.c.height < DEEPEST
    )
    return chain.union_all(step)


def _upwards(zone_id: int, investor_id: int) -> Select[tuple[int]]:
    chain = _chain(zone_id, investor_id)
    return select(chain.c.id).order_by(chain.c.height.desc()).limit(1)


def _downwards(zone_id: int, top_id: int) -> Select[tuple[int, str, int | None, int]]:
    start = select(Investor.id, Investor.name, Investor.parent_id, literal(0).label("depth"))
    tree = start.where(Investor.zone_id == zone_id, Investor.id == top_id).cte("tree", recursive=True)
    below = aliased(Investor)
    step = select(below.id, below.name, below.parent_id, tree.c.depth + 1).where(
        below.zone_id == zone_id, below.parent_id == tree.c.id, tree.c.depth < DEEPEST
    )
    found = tree.union_all(step)
    return select(found.c.id, found.c.name, found.c.parent_id, found.c.depth).order_by(
        found.c.depth, found.c.name, found.c.id
    )
