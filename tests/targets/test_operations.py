"""Setting annual targets."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.kernel.errors import DomainError
from app.targets.operations import set_targets
from app.targets.queries import list_targets
from tests.factories import YI, actor_of, make_target, make_unit, make_user, make_zone


def stored(session, zone, year=2024):
    return {key: target.value for key, target in list_targets(session, zone.id, year).items()}


def test_targets_are_set_changed_and_taken_back(session):
    zone = make_zone(session)
    actor, unit = actor_of(make_user(session, zone)), make_unit(session, zone)
    first = {(None, "funds.amount"): 100 * YI, (unit.id, "funds.amount"): 40 * YI, (None, "signed.count"): 40}
    assert set_targets(session, actor, year=2024, values=first) == 3
    assert stored(session, zone) == first
    again = {
        (None, "funds.amount"): 100 * YI,
        (unit.id, "funds.amount"): 50 * YI,
        (None, "signed.count"): None,
    }
    assert set_targets(session, actor, year=2024, values=again) == 2
    assert stored(session, zone) == {(None, "funds.amount"): 100 * YI, (unit.id, "funds.amount"): 50 * YI}
    session.commit()
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 5


def test_other_years_and_zones_are_left_alone(session):
    zone, other = make_zone(session), make_zone(session)
    make_target(session, zone, 1, year=2023)
    make_target(session, other, 2)
    set_targets(session, actor_of(make_user(session, zone)), year=2024, values={(None, "funds.amount"): None})
    assert stored(session, zone, 2023) == {(None, "funds.amount"): 1}
    assert stored(session, other) == {(None, "funds.amount"): 2}


@pytest.mark.parametrize(
    ("year", "value", "field"),
    [(2024, 0, "0-funds.amount"), (2024, 10**16, "0-funds.amount"), (24, 5, "year")],
)
def test_what_is_no_target(session, year, value, field):
    actor = actor_of(make_user(session, make_zone(session)))
    with pytest.raises(DomainError) as refusal:
        set_targets(session, actor, year=year, values={(None, "funds.amount"): value})
    assert refusal.value.field == field
