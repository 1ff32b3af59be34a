"""Projects of the invented province, with contracts, milestones and responsible units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from app.kernel.money import FEN_PER_WAN
from app.pipeline.rules import AFTER_SIGNING, MilestoneKind, Stage, stage_from_dates
from bench.world import (
    FIRST,
    INDUSTRIES,
    LAST,
    PLACES,
    TRADES,
    Project,
    Row,
    World,
    Zone,
    day_text,
    entry,
    moment,
    project_name,
)

_END = LAST.toordinal()
_STEPS = {
    MilestoneKind.landed: (0.92, 10, 120),
    MilestoneKind.started: (0.85, 20, 240),
    MilestoneKind.produced: (0.75, 150, 400),
    MilestoneKind.full: (0.6, 90, 300),
}
"""How likely each step follows the one before, and after how many days."""


def projects(world: World, number: int, found: list[Project]) -> Iterator[tuple[str, Row]]:
    """``number`` projects over three years; those with a formal contract are added to ``found``."""
    parts: dict[str, str] = {}
    days = sorted(world.random.randint(FIRST.toordinal(), _END) for _ in range(number))
    for serial, day in enumerate(days):
        zone = world.zones[serial % len(world.zones)]
        yield from _project(world, zone, serial, day, parts, found)


def _project(
    world: World, zone: Zone, serial: int, day: int, parts: dict[str, str], found: list[Project]
) -> Iterator[tuple[str, Row]]:
    rng = world.random
    total = max(int(rng.lognormvariate(8.3, 1.2)), 100) * FEN_PER_WAN + rng.choice((0, 0, 0, 123_456))
    units = [(dt.date.min.toordinal(), rng.choice(zone.units))]
    if rng.random() < 0.06 and day + 60 < _END:
        units.append((rng.randint(day + 30, _END), rng.choice(zone.units)))
    number = f"{zone.number:02d}-{dt.date.fromordinal(day).year}-{serial:06d}"
    project = Project(zone, next(world.ids), number, units, total)
    formal = rng.random() < 0.8
    reached: dict[MilestoneKind, int] = {}
    children: list[tuple[str, Row]] = []
    if rng.random() < 0.7:
        reached[MilestoneKind.first_contact] = max(day - rng.randint(10, 200), FIRST.toordinal() - 300)
    if formal:
        project.signed, project.until = day, _END
        _road(world, project, reached)
        children += _contracts(world, project)
        found.append(project)
    elif rng.random() < 0.4:
        kind = rng.choice(("framework", "intent"))
        children.append(_contract(world, project, kind, day, total, ""))
    children += _milestones(world, project, reached, formal)
    row = _row(world, project, day, _stage(world, reached, formal), parts)
    yield "project", row
    words = (number, world.names[row[6]])
    yield entry(zone, project.id, "project", row[3], words=words, unit=units[-1][1])
    for start, unit in units:
        yield "responsibility", (zone.id, project.id, day_text(start), unit)
    for table, child in children:
        yield table, child
        if table == "contract" and child[4]:
            yield entry(zone, child[1], "contract", child[4], target=project.id)


def _road(world: World, project: Project, reached: dict[MilestoneKind, int]) -> None:
    """How far the project got, and whether its contract was dissolved on the way."""
    rng, day, ended = world.random, project.signed, _END + 1
    if rng.random() < 0.05:
        ended = day + rng.randint(30, 600)
    for kind in AFTER_SIGNING:
        chance, least, most = _STEPS[kind]
        day += rng.randint(least, most)
        if rng.random() > chance or day > min(_END, ended):
            break
        reached[kind] = day
    if ended <= _END:
        reached[MilestoneKind.terminated] = project.until = ended


def _contracts(world: World, project: Project) -> Iterator[tuple[str, Row]]:
    rng, total = world.random, project.total
    if rng.random() < 0.15:
        yield _contract(world, project, "framework", project.signed - rng.randint(20, 200), total, "")
    yield _contract(world, project, "formal", project.signed, total, f"HT-{project.number}")
    for serial in range(rng.choices((0, 1, 2), (90, 8, 2))[0]):
        day = project.signed + rng.randint(0, project.until - project.signed)
        increment = max(total // 100 * rng.randint(5, 50), FEN_PER_WAN)
        yield _contract(world, project, "supplement", day, increment, f"HT-{project.number}-{serial + 1}")
        project.total += increment


def _contract(world: World, project: Project, kind: str, day: int, fen: int, number: str) -> tuple[str, Row]:
    unit = project.unit_on(day)
    key, on = next(world.ids), day_text(day)
    return "contract", (project.zone.id, key, project.id, kind, number, on, on, fen, fen * 7 // 10, unit, "")


def _milestones(
    world: World, project: Project, reached: dict[MilestoneKind, int], formal: bool
) -> Iterator[tuple[str, Row]]:
    """The steps taken, and a plan for the next one."""
    for kind, day in reached.items():
        on = day_text(day)
        yield _milestone(world, project, kind, None, on, project.unit_on(day))
    rest = [kind for kind in AFTER_SIGNING if kind not in reached]
    if formal and rest and MilestoneKind.terminated not in reached:
        plan = day_text(_END + world.random.randint(-60, 400))
        yield _milestone(world, project, rest[0], plan, None, project.units[-1][1])


def _milestone(
    world: World, project: Project, kind: MilestoneKind, plan: str | None, on: str | None, unit: int
) -> tuple[str, Row]:
    key = next(world.ids)
    return "milestone", (
        project.zone.id,
        key,
        project.id,
        kind.value,
        plan,
        on,
        on,
        unit,
        "现场核实" if on else "",
    )


def _stage(world: World, reached: dict[MilestoneKind, int], formal: bool) -> Stage:
    if not formal:
        return world.random.choices((Stage.lead, Stage.talks, Stage.lost), (5, 10, 3))[0]
    days = {kind: dt.date.fromordinal(day) for kind, day in reached.items()}
    stage = stage_from_dates(days, LAST) or Stage.signed
    return Stage.suspended if stage is not Stage.terminated and world.random.random() < 0.02 else stage


def _row(world: World, project: Project, day: int, stage: Stage, parts: dict[str, str]) -> Row:
    rng, zone = world.random, project.zone
    place, trade = rng.choice(PLACES), rng.choice(TRADES)
    name, pinyin = project_name(place, trade, int(project.number[-6:]), parts)
    chain, segments = rng.choice(zone.chains) if rng.random() < 0.95 else (None, [None])
    planned = project.total if rng.random() < 0.97 or project.signed else None
    return (
        zone.id, project.id, project.number, name, name, pinyin, rng.choice(zone.investors), f"建设{trade}生产线及配套设施",
        chain, rng.choice(segments), rng.choice(INDUSTRIES), rng.choice(zone.areas), project.units[-1][1], "经办人", "",
        stage.value, planned, planned and planned * 7 // 10, rng.randint(500, 50_000), project.total * 3 // 2,
        project.total // 20, rng.randint(20, 800), "", day_text(project.signed) if project.signed else None,
        planned, 1, moment(day), moment(day),
    )  # fmt: skip
