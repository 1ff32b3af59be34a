"""The board: projects by stage, with count and sum of each column over all that match a filter."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.types import whole_sum
from app.funds.queries.projects import ProjectRow, readable, row_of, since
from app.pipeline.models import Project
from app.pipeline.queries import ProjectFilter, matches, standpoint
from app.pipeline.rules import ROAD, Stage


@dataclass(frozen=True)
class BoardColumn:
    """One stage: how many projects and how much they are worth in fen; ``rows`` those longest in it."""

    stage: Stage
    projects: int
    total_fen: int
    rows: tuple[ProjectRow, ...]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.projects - len(self.rows)


def read_board(
    session: Session, zone_id: int, wanted: ProjectFilter, *, rows: int
) -> tuple[BoardColumn, ...]:
    """All stages with counts and sums; of those on the road the ``rows`` that are in it longest. Two queries."""
    at = standpoint(zone_id, wanted.as_of)
    conditions = matches(zone_id, wanted)
    picked = (
        select(at.stage.label("stage"), at.total_fen.label("total_fen")).where(*conditions).subquery("picked")
    )
    sums = session.execute(
        select(
            picked.c.stage,
            func.count().label("projects"),
            whole_sum(picked.c.total_fen).label("total_fen"),
        ).group_by(picked.c.stage)
    )
    found = {row.stage: row for row in sums}
    began = since(zone_id, at).label("began")
    place = func.row_number().over(partition_by=at.stage, order_by=(began.asc().nulls_last(), Project.id))
    ranked = (
        select(Project.id, began, place.label("place"))
        .where(*conditions, at.stage.in_(ROAD))
        .subquery("ranked")
    )
    page = select(ranked.c.id, ranked.c.began).where(ranked.c.place <= rows).subquery("page")
    query = readable(zone_id, page, at).order_by(page.c.began.asc().nulls_last(), page.c.id)
    cards: dict[Stage, list[ProjectRow]] = {}
    for row in session.execute(query):
        shown = row_of(row._asdict())
        cards.setdefault(shown.stage, []).append(shown)
    return tuple(
        BoardColumn(
            stage,
            found[stage].projects if stage in found else 0,
            found[stage].total_fen if stage in found else 0,
            tuple(cards.get(stage, ())),
        )
        for stage in Stage
    )
