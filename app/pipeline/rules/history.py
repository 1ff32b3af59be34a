"""Keeping a history of stages in step with the dates on record. Its days never fall from line to line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.kernel.errors import DomainError
from app.pipeline.rules.moves import Step
from app.pipeline.rules.project import ROAD, Stage

UNDATED = (Stage.lead, Stage.talks)
"""Stages whose first day is often only that of the registration; a surer later date pulls it back."""


@dataclass(frozen=True)
class Line:
    """One line of a history; ``key`` is the stored row's, None for a line to be written."""

    stage: Stage
    day: dt.date
    key: int | None = None


def weave(
    lines: Sequence[Line],
    corrected: Mapping[Stage, dt.date],
    added: Iterable[Step],
    *,
    was: Mapping[Stage, dt.date],
    strict: bool,
) -> list[Line]:
    """The history after dates were corrected or filled in, and after the steps of a move.

    ``corrected`` are days of stages that the project has passed, ``was`` the days before: the stage's line
    takes the day, a stage without a line gets one where the day belongs. Raises ``DomainError`` when a day would stand before
    a line that came earlier; without ``strict`` the day gives way.
    """
    woven = list(lines)
    for stage in sorted(corrected, key=lambda each: each.step or len(ROAD) + 1):
        woven = _corrected(woven, stage, corrected[stage], was.get(stage))
    woven += [Line(step.stage, step.day) for step in added]
    for place in range(len(woven) - 2, -1, -1):
        if woven[place].stage in UNDATED and woven[place].day > woven[place + 1].day:
            woven[place] = replace(woven[place], day=woven[place + 1].day)
    for place in range(1, len(woven)):
        before, line = woven[place - 1], woven[place]
        if line.day < before.day:
            if strict:
                raise DomainError(
                    f"“{line.stage.label}”的日期 {line.day} 早于之前进入“{before.stage.label}”的日期"
                    f" {before.day}，请核对",
                    field_of(line.stage),
                )
            woven[place] = replace(line, day=before.day)
    return woven


def _corrected(lines: list[Line], stage: Stage, day: dt.date, was: dt.date | None) -> list[Line]:
    entered = [
        place
        for place, line in enumerate(lines)
        if line.stage is stage and (place == 0 or lines[place - 1].stage is not Stage.suspended)
    ]
    if entered:
        place = next((each for each in reversed(entered) if lines[each].day == was), entered[-1])
        return [*lines[:place], replace(lines[place], day=day), *lines[place + 1 :]]
    later = (place for place, line in enumerate(lines) if line.day > day or line.stage.step > stage.step)
    place = next(later, len(lines))
    return [*lines[:place], Line(stage, day), *lines[place:]]


def field_of(stage: Stage) -> str:
    """The form field of the day on which a stage is reached."""
    return {Stage.signed: "signed_on", Stage.talks: "first_contact"}.get(stage, stage.value)
