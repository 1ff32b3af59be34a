"""Members of dimensions by the names that pages and briefs use."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.directory.rules import OriginGroup, divisions, origin_group, origins
from app.figures.queries.basis import names_of
from app.figures.rules import NONE_LABEL
from app.funds.rules import SOURCE_LABELS
from app.investors.rules import InvestorType
from app.journal.rules import LIVE, Dimension, Reading
from app.kernel.errors import NotFoundError

OUTSIDE = "区外境内"
"""All provinces but the zone's own, as briefs outside Xinjiang group them."""
_LISTS = (Dimension.unit, Dimension.area, Dimension.chain, Dimension.segment)


def find_members(
    session: Session, zone: Zone, dimension: Dimension, name: str, *, reading: Reading = LIVE
) -> frozenset[Any]:
    """The keys that facts carry for the member called ``name``; an origin may also be a group of origins.

    Raises ``NotFoundError`` when the zone has no such member.
    """
    if name == NONE_LABEL:
        # Of all dimensions only the kind of company has a value of its own that is called like this.
        own = {kind.value for kind in InvestorType if kind.label == name}
        return frozenset({None, *(own if dimension is Dimension.investor_type else ())})
    found = _keys(session, zone, dimension, name, reading)
    if not found:
        raise NotFoundError(f"没有名为“{name[:30]}”的{dimension.label}")
    return found


def _keys(session: Session, zone: Zone, dimension: Dimension, name: str, reading: Reading) -> frozenset[Any]:
    if dimension in _LISTS:
        known = names_of(session, zone.id, reading, dimension.value)
        # Segments of one name in two chains are called chain/segment.
        return frozenset(key for key, label in known.items() if name in (label, label.rpartition("/")[2]))
    if dimension is Dimension.source:
        return frozenset(source.value for source, label in SOURCE_LABELS.items() if label == name)
    if dimension is Dimension.investor_type:
        return frozenset(kind.value for kind in InvestorType if kind.label == name)
    if dimension is Dimension.industry:
        codes = {
            f"{i.section}{i.division} {i.name}": f"{i.section}{i.division}" for i in divisions().values()
        }
        return frozenset({codes[name]} if name in codes else set())
    if name == OriginGroup.unknown:
        return frozenset({None})
    if name == OUTSIDE:
        groups = (OriginGroup.aid, OriginGroup.other_province)
        return frozenset(origin for origin in origins() if origin_group(origin, zone.province) in groups)
    if name in frozenset(OriginGroup):
        return frozenset(origin for origin in origins() if origin_group(origin, zone.province) == name)
    return frozenset({name} if name in origins() else set())
