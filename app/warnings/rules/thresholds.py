"""From when on a rule fires. Whatever is red fulfils yellow's condition too, and time only makes it worse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.kernel.errors import DomainError
from app.kernel.periods import months_later
from app.warnings.rules.kinds import KINDS, Level, Measure, WarningKind


@dataclass(frozen=True)
class Threshold:
    """One rule as a zone has set it: days, months or points; ``active`` False never fires."""

    active: bool
    yellow: int
    red: int


Thresholds = Mapping[WarningKind, Threshold]
DEFAULTS: dict[WarningKind, Threshold] = {
    kind: Threshold(rule.active, rule.yellow, rule.red) for kind, rule in KINDS.items()
}


def edge_day(measure: Measure, amount: int, day: dt.date) -> dt.date:
    """What counts from this day or earlier fires on ``day``: after more than so many days, or full months.

    Month ends answer to month ends.
    """
    if measure is Measure.days:
        return day - dt.timedelta(days=amount + 1)
    tomorrow = day + dt.timedelta(days=1)
    if tomorrow.day == 1:
        return months_later(tomorrow, -amount) - dt.timedelta(days=1)
    return months_later(day, -amount)


def fired_since(measure: Measure, amount: int, since: dt.date) -> dt.date:
    """The first day on which a rule that counts from ``since`` fires."""
    return since + dt.timedelta(days=amount + 1) if measure is Measure.days else months_later(since, amount)


def level_of(kind: WarningKind, threshold: Threshold, since: dt.date, day: dt.date) -> Level | None:
    """How a rule that counts from ``since`` stands on ``day``; None when it does not fire."""
    if not threshold.active:
        return None
    measure = KINDS[kind].measure
    if since <= edge_day(measure, threshold.red, day):
        return Level.red
    return Level.yellow if since <= edge_day(measure, threshold.yellow, day) else None


def points_level(threshold: Threshold, ahead_points: Decimal) -> Level | None:
    """How far behind the calendar: red from ``threshold.red`` points on, yellow from ``threshold.yellow`` on."""
    if not threshold.active:
        return None
    if -ahead_points >= threshold.red:
        return Level.red
    return Level.yellow if -ahead_points >= threshold.yellow else None


def check_thresholds(thresholds: Thresholds) -> None:
    """Refuse thresholds that no office keeps, or a red one below its yellow one; the field is named ``kind-red``."""
    for kind, threshold in thresholds.items():
        rule = KINDS[kind]
        for name, amount in (("yellow", threshold.yellow), ("red", threshold.red)):
            if not rule.least <= amount <= rule.most:
                raise DomainError(
                    f"“{rule.label}”请填 {rule.least} 至 {rule.most} {rule.measure.label}", f"{kind}-{name}"
                )
        if threshold.red < threshold.yellow:
            raise DomainError(
                f"“{rule.label}”的红色 {threshold.red} 不能小于黄色 {threshold.yellow}", f"{kind}-red"
            )
