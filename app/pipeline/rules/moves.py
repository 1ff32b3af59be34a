"""The road of a project: which moves there are, what each asks for, and the history that dates tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.kernel.errors import DomainError
from app.pipeline.rules.gates import ReasonKind
from app.pipeline.rules.project import AFTER_SIGNING, ENDED, ROAD, STAGE_OF_MILESTONE, MilestoneKind, Stage


class Course(StrEnum):
    """What kind of move it is."""

    forward = "forward"
    skip = "skip"
    suspend = "suspend"
    resume = "resume"
    terminate = "terminate"
    lose = "lose"
    back = "back"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {
            "forward": "推进", "skip": "跨阶段推进", "suspend": "暂停", "resume": "恢复",
            "terminate": "终止", "lose": "流失", "back": "退回",
        }[self.value]  # fmt: skip


ASIDE = {Course.suspend: Stage.suspended, Course.terminate: Stage.terminated, Course.lose: Stage.lost}
"""Moves that leave the road."""
REASON_OF = {
    Course.suspend: ReasonKind.suspend,
    Course.terminate: ReasonKind.terminate,
    Course.lose: ReasonKind.lose,
    Course.back: ReasonKind.back,
}
"""Moves that need a reason from the list."""


def course_of(stage: Stage, base: Stage, to: Stage, *, signed: bool) -> Course | None:
    """What kind of move ``stage`` → ``to`` is; None when there is no such move.

    ``base`` is the stage on the road: ``stage`` itself, or for one beside the road the last on it before.
    终止 is for signed projects, 流失 for those without a contract; both are left by 退回 alone.
    """
    if stage is to:
        return None
    if to in ROAD:
        return _along(stage, base, to)
    if stage in ENDED:
        return None
    if to is Stage.suspended:
        return Course.suspend
    if to is Stage.terminated:
        return Course.terminate if signed else None
    return None if signed else Course.lose


def _along(stage: Stage, base: Stage, to: Stage) -> Course:
    if stage in ENDED:
        return Course.back
    if to is base:
        return Course.resume
    if to.step < base.step:
        return Course.back
    return Course.forward if to.step == base.step + 1 else Course.skip


def legal_moves(stage: Stage, base: Stage, *, signed: bool) -> dict[Stage, Course]:
    """Where a project can go from its stage, and what kind of move each is."""
    moves = {to: course_of(stage, base, to, signed=signed) for to in Stage}
    return {to: course for to, course in moves.items() if course is not None}


def no_move(stage: Stage, to: Stage) -> DomainError:
    """Why there is no way from ``stage`` to ``to``."""
    if stage is to:
        return DomainError(f"项目已经是“{to.label}”", "stage")
    if to is Stage.lost:
        return DomainError("已签正式合同的项目不能记为“流失”，请办理“终止”", "stage")
    if to is Stage.terminated and stage not in ENDED:
        return DomainError("尚未签订正式合同的项目请办理“流失”，不用“终止”", "stage")
    return DomainError(f"项目已{stage.label}，要恢复推进请申请退回，由审核岗同意", "stage")


def stage_days(reached: Mapping[MilestoneKind, dt.date], signed_on: dt.date | None) -> dict[Stage, dt.date]:
    """The days on which the record says that stages were reached."""
    found = {Stage.talks: reached.get(MilestoneKind.first_contact), Stage.signed: signed_on}
    found |= {STAGE_OF_MILESTONE[kind]: reached.get(kind) for kind in AFTER_SIGNING}
    found[Stage.terminated] = reached.get(MilestoneKind.terminated)
    return {stage: day for stage, day in found.items() if day is not None}


@dataclass(frozen=True)
class Step:
    """One line of a history: from ``day`` on the project was in ``stage``."""

    stage: Stage
    day: dt.date


def first_steps(stage: Stage, days: Mapping[Stage, dt.date], today: dt.date) -> tuple[Step, ...]:
    """The history of a project that is registered in ``stage``: every dated stage up to it, then itself.

    A stage without a day began today; of days that contradict one another that of the later stage counts.
    """
    last = ROAD.index(stage) if stage in ROAD else len(ROAD)
    found: list[Step] = []
    for step in (Step(each, days[each]) for each in ROAD[: last + 1] if each in days):
        found = [*(one for one in found if one.day <= step.day), step]
    if not found or found[-1].stage is not stage:
        last_day = found[-1].day if found else today
        found.append(Step(stage, max(last_day, days.get(stage, today))))
    return tuple(found)


def next_steps(base: Stage, to: Stage, days: Mapping[Stage, dt.date], day: dt.date) -> tuple[Step, ...]:
    """The lines that a move from ``base`` to ``to`` adds: every stage between them that has a day, then ``to``."""
    if to not in ROAD or to.step <= base.step:
        return (Step(to, day),)
    between = [each for each in ROAD[base.step : to.step - 1] if each in days]
    found: list[Step] = []
    for step in [*(Step(each, days[each]) for each in between), Step(to, days.get(to, day))]:
        found = [*(one for one in found if one.day <= step.day), step]
    return tuple(found)


def skipped(base: Stage, to: Stage, days: Mapping[Stage, dt.date]) -> tuple[Stage, ...]:
    """Stages that a move passes over without a day of their own; 在谈 needs none."""
    if to not in ROAD or to.step <= base.step:
        return ()
    return tuple(
        each for each in ROAD[base.step : to.step - 1] if each not in days and each is not Stage.talks
    )


def stage_on(steps: Iterable[Step], day: dt.date) -> Stage | None:
    """The stage of a history on ``day``; None before it began."""
    found = None
    for step in steps:
        if step.day <= day:
            found = step.stage
    return found


def road_stage(stages: Sequence[Stage]) -> Stage:
    """The last stage of a history that is on the road; 在谈 when there was none."""
    return next((stage for stage in reversed(stages) if stage in ROAD), Stage.talks)
