"""What stands at the gate of a project's next stage, for its page and for the page that moves it on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.pipeline.models import Project, StageChange, StageRequest
from app.pipeline.queries import gate_items, list_changes, owed_papers, states_of, waiting_request
from app.pipeline.rules import (
    ENDED,
    ROAD,
    Course,
    GateKind,
    GateState,
    Item,
    Lack,
    Stage,
    between,
    is_there,
    legal_moves,
    road_stage,
)


@dataclass(frozen=True)
class Tick:
    """One item of the gate: whether it is there, and how many files there are."""

    item: Item
    there: bool
    files: int

    @property
    def takes_files(self) -> bool:
        """Whether files can be handed in for it."""
        return self.item.kind in (GateKind.paper, GateKind.review)


@dataclass(frozen=True)
class Gate:
    """The gates between a project's stage and ``to``."""

    to: Stage
    ticks: tuple[Tick, ...]

    @property
    def required(self) -> list[Tick]:
        """What holds the project back as long as it is not there."""
        return [tick for tick in self.ticks if tick.item.required]

    @property
    def advised(self) -> list[Tick]:
        """What is good to have."""
        return [tick for tick in self.ticks if not tick.item.required]

    @property
    def lacking(self) -> list[Tick]:
        """Required and not there."""
        return [tick for tick in self.required if not tick.there]

    @property
    def there(self) -> list[Tick]:
        """Required and there."""
        return [tick for tick in self.required if tick.there]


@dataclass(frozen=True)
class Road:
    """Where a project stands on its road: since when, what comes next, where it may go, what it owes."""

    base: Stage
    since: dt.date | None
    days: int
    gate: Gate | None
    moves: Mapping[Stage, Course]
    changes: list[StageChange]
    owed: tuple[Lack, ...]
    request: StageRequest | None

    @property
    def aside(self) -> list[Course]:
        """Ways off the road, and back on it, that are open without asking."""
        open_ways = (Course.resume, Course.suspend, Course.terminate, Course.lose)
        return [course for course in open_ways if course in self.moves.values()]

    @property
    def ahead(self) -> list[Stage]:
        """Stages that the project can be moved on to."""
        return [to for to, course in self.moves.items() if course in (Course.forward, Course.skip)]


def road_of(session: Session, project: Project, day: dt.date) -> Road:
    """The road of a project as it looks on ``day``. A constant number of queries."""
    zone_id = project.zone_id
    changes = list_changes(session, zone_id, project.id)
    base = project.stage if project.stage in ROAD else road_stage([change.to_stage for change in changes])
    since = changes[-1].effective_on if changes else None
    step = ROAD.index(base) + 1
    gate = None
    if step < len(ROAD) and project.stage not in ENDED:
        gate = gate_to(session, project, base, ROAD[step])
    return Road(
        base=base,
        since=since,
        days=max(0, (day - since).days) if since else 0,
        gate=gate,
        moves=legal_moves(project.stage, base, signed=project.signed_on is not None),
        changes=changes,
        owed=owed_papers(session, zone_id, [project.id]).get(project.id, ()),
        request=waiting_request(session, zone_id, project.id),
    )


def gate_to(session: Session, project: Project, base: Stage, to: Stage) -> Gate:
    """The gates that the project has to pass on its way to ``to``."""
    items = between(gate_items(session, project.zone_id), base, to)
    state = states_of(session, project.zone_id, [project.id])[project.id]
    return Gate(to, tuple(_tick(item, state) for item in items))


def _tick(item: Item, state: GateState) -> Tick:
    return Tick(item, is_there(item, state), state.files(item))
