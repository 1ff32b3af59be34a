"""Figures the slow and obvious way: one loop over plain values, written from the definitions alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from app.funds.rules import ReviewState
from app.journal.rules import Dimension
from app.pipeline.rules import ContractKind
from tests.figures.world import AREAS, KINDS_BY_MILESTONE, UNITS, ProjectFacts

HUNDRED_MILLION_YUAN_IN_FEN = 100_000_000 * 100


@dataclass(frozen=True)
class Fact:
    """One countable thing."""

    kind: str
    day: dt.date
    counts: int
    fen: int
    big: bool
    leaves_on: dt.date | None
    members: dict[Dimension, str | None]


def facts(world: list[ProjectFacts], *, funds_by_recognition: bool) -> Iterator[Fact]:
    """Every fact of the world."""
    for project in world:
        if project.kind is ContractKind.formal:
            yield from _of_contract(project)
        for arrival in project.arrivals:
            if arrival.state is ReviewState.recognised:
                day = arrival.recognised_on if funds_by_recognition else arrival.day
                for unit, fen in arrival.parts:
                    members = _members(project, unit) | {Dimension.source: arrival.source.label}
                    yield Fact("funds", day, 1, fen, False, None, members)


def _of_contract(project: ProjectFacts) -> Iterator[Fact]:
    gone = project.terminated_on
    members = _members(project, project.signing_unit)
    yield Fact("signed", project.signed_on, 1, project.fen, is_big(project.fen), gone, members)
    for day, fen, unit in project.supplements:
        yield Fact("signed", day, 0, fen, is_big(total_on(project, day)), gone, _members(project, unit))
    for kind, day, unit in project.reached:
        if kind in KINDS_BY_MILESTONE:
            total = total_on(project, day)
            yield Fact(
                KINDS_BY_MILESTONE[kind].value, day, 1, total, is_big(total), gone, _members(project, unit)
            )


def is_big(fen: int) -> bool:
    """亿元以上, 1亿元 included."""
    return fen >= HUNDRED_MILLION_YUAN_IN_FEN


def total_on(project: ProjectFacts, day: dt.date) -> int:
    """Contract total with the increments signed up to that day."""
    return project.fen + sum(fen for signed, fen, _ in project.supplements if signed <= day)


def figure(all_facts: list[Fact], code: str, start: dt.date, end: dt.date) -> int:
    """One figure in one window."""
    name, measure = code.split(".")
    kind, only_big = name.removesuffix("_big"), name.endswith("_big")
    total = 0
    for fact in all_facts:
        if fact.kind != kind or not start <= fact.day <= end:
            continue
        if fact.leaves_on is not None and fact.leaves_on <= end:
            continue
        if only_big and not fact.big:
            continue
        total += fact.counts if measure == "count" else fact.fen
    return total


def _members(project: ProjectFacts, unit: int) -> dict[Dimension, str | None]:
    chain, segment = project.segment or (None, None)
    return {
        Dimension.unit: UNITS[unit],
        Dimension.area: AREAS[project.area] if project.area is not None else None,
        Dimension.chain: chain,
        Dimension.segment: segment,
        Dimension.industry: project.industry[:3] if project.industry else None,
        Dimension.origin: project.origin,
        Dimension.source: None,
        Dimension.investor_type: project.investor_type.label,
    }
