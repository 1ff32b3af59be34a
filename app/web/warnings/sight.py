"""On which day and among whose records the person looks for warnings."""

from __future__ import annotations

import datetime as dt

from flask import g

from app.accounts.rules import Permission
from app.figures.queries.among import Among, rules_in_force
from app.kernel import clock
from app.leads.queries import Sight
from app.leads.rules import Clocks, unit_in_sight
from app.pipeline.queries import owed_papers
from app.warnings.rules import Thresholds, WarningKind
from app.web.session import current, db, month_in_work

LOOKING_BACK_DAYS = 366
"""A month in work that ended longer ago is looked back on: projects are shown as on its last day."""


def reference_day() -> dt.date:
    """The day on which projects are looked at: today, or the last day of a month in work long past."""
    today, last = clock.today(), month_in_work().last_day
    return last if (today - last).days > LOOKING_BACK_DAYS else today


def in_force() -> tuple[Thresholds, Clocks]:
    """The zone's thresholds and clocks, read once a request."""
    if "warning_rules" not in g:
        g.warning_rules = rules_in_force(db(), current().zone.id)
    found: tuple[Thresholds, Clocks, bool] = g.warning_rules
    return found[:2]


def owing(thresholds: Thresholds, project_id: int | None) -> frozenset[int]:
    """The projects that still owe papers. A constant number of queries; none while no project ever did."""
    if not (g.warning_rules[2] and thresholds[WarningKind.papers].active):
        return frozenset()
    only = None if project_id is None else [project_id]
    return frozenset(owed_papers(db(), current().zone.id, only))


def look_among(
    *,
    day: dt.date | None = None,
    unit_id: int | None = None,
    project_id: int | None = None,
    thresholds: Thresholds | None = None,
    only_counts: bool = False,
) -> Among:
    """Everything the person may see, on ``day`` or on the reference day. One query, the first time.

    ``only_counts`` takes in the leads of all units, for numbers that name none.
    """
    scope, today = current().scope, clock.today()
    rules, clocks = in_force()
    leads = Sight(scope.zone_id, None, clocks, today) if only_counts else None
    if not only_counts and scope.may(Permission.read_leads):
        leads = Sight(scope.zone_id, unit_in_sight(scope, shared=clocks.shared), clocks, today)
    return Among(
        zone_id=scope.zone_id,
        day=day or reference_day(),
        today=today,
        thresholds=thresholds or rules,
        leads=leads,
        unit_id=unit_id,
        project_id=project_id,
        owed=owing(thresholds or rules, project_id),
    )
