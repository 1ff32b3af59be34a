"""The chain picture at the end of a month (figures.md §3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.db.types import whole_sum
from app.directory.queries import labels, list_segments
from app.figures.queries.standing import register_on
from app.journal.models import JournalEntry
from app.journal.rules import LIVE, FactKind, Reading
from app.pipeline.models import Project


@dataclass(frozen=True)
class ChainPicture:
    """One chain: projects standing, how many in each segment, total investment and expected output in fen."""

    chain: str
    projects: int
    segments: dict[str, int]
    total_fen: int
    output_fen: int


def chain_pictures(
    session: Session, zone_id: int, day: dt.date, *, reading: Reading = LIVE
) -> list[ChainPicture]:
    """The chain picture of ``day``, chains and segments in list order; chains without projects too.

    From the books it is made of the contracts posted by then, dated as the zone counts them.
    """
    if reading.seq is None:
        query = _live(zone_id, day)
        chains = labels(session, zone_id, "chain")
        segments: Iterable[tuple[int, int, str]] = [
            (segment.id, segment.chain_id, segment.name) for segment in list_segments(session, zone_id)
        ]
    else:
        query = _posted(zone_id, reading.seq, day)
        chains = reading.labels("chain")
        segments = [(key, chain_id, name) for key, _label, chain_id, name in reading.lists["segment"]]
    found: dict[Any, dict[Any, tuple[int, ...]]] = {}
    for chain_id, segment_id, *sums in session.execute(query):
        found.setdefault(chain_id, {})[segment_id] = tuple(sums)
    pictures = []
    for key, chain in chains.items():
        parts = found.get(key, {})
        members = {name: parts.get(own, (0,))[0] for own, chain_id, name in segments if chain_id == key}
        projects, total, output = (sum(part[place] for part in parts.values()) for place in range(3))
        pictures.append(ChainPicture(chain, projects, members, total, output))
    return pictures


def _live(zone_id: int, day: dt.date) -> Any:
    standing = register_on(zone_id, day)
    return (
        select(
            Project.chain_id,
            Project.segment_id,
            whole_sum(1),
            whole_sum(standing.c.total_fen),
            whole_sum(Project.output_fen),
        )
        .select_from(standing)
        .join(Project, (Project.zone_id == zone_id) & (Project.id == standing.c.project_id))
        .group_by(Project.chain_id, Project.segment_id)
    )


def _posted(zone_id: int, seq: int, day: dt.date) -> Any:
    """Contracts with their supplements that stand on ``day``; a reversal is below zero."""
    entry = JournalEntry
    values = {"projects": entry.counts, "total_fen": entry.amount_fen, "output_fen": entry.output_fen}
    sums: list[Any] = [whole_sum(entry.sign * value).label(name) for name, value in values.items()]
    keys = (entry.chain_id, entry.segment_id)
    query = select(*keys, *sums).where(
        entry.zone_id == zone_id,
        entry.seq <= seq,
        entry.kind == FactKind.signed,
        entry.on_day <= day,
        or_(entry.ended_on.is_(None), entry.ended_on > day),
    )
    # By project first: a supplement dated before its contract does not make a project.
    found = query.group_by(entry.project_id, *keys).having(sums[0] > 0).subquery("contract")
    chain, segment = found.c.chain_id, found.c.segment_id
    return select(chain, segment, *(whole_sum(found.c[name]) for name in values)).group_by(chain, segment)
