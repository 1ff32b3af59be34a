"""A unit's projects by stage."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.db.types import whole_sum
from app.directory.models import ResponsibleUnit
from app.kernel.errors import NotFoundError
from app.pipeline.models import Project
from app.pipeline.rules import ROAD, Stage


@dataclass(frozen=True)
class UnitStages:
    """How many projects a unit has in each stage of the road, and their totals in fen."""

    unit: str
    stages: dict[Stage, tuple[int, int]]

    @property
    def projects(self) -> int:
        """All projects on the road."""
        return sum(count for count, _fen in self.stages.values())


def unit_stages(session: Session, zone_id: int, unit_id: int) -> UnitStages:
    """The unit's projects by present stage; totals are planned ones before a contract. One query.

    Raises ``NotFoundError`` for a unit that is not of this zone.
    """
    query = (
        select(
            ResponsibleUnit.name,
            Project.stage,
            func.count(Project.id),
            whole_sum(func.coalesce(Project.total_fen, Project.investment_fen)),
        )
        .outerjoin(
            Project, and_(Project.zone_id == ResponsibleUnit.zone_id, Project.unit_id == ResponsibleUnit.id)
        )
        .where(ResponsibleUnit.zone_id == zone_id, ResponsibleUnit.id == unit_id)
        .group_by(ResponsibleUnit.name, Project.stage)
    )
    rows = session.execute(query).all()
    if not rows:
        raise NotFoundError("没有这个责任单位")
    found = {stage: (count, fen) for _name, stage, count, fen in rows if stage is not None}
    return UnitStages(rows[0][0], {stage: found.get(stage, (0, 0)) for stage in ROAD})
