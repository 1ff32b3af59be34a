"""Setting annual targets."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor
from app.kernel.errors import DomainError
from app.kernel.money import MAX_FEN
from app.kernel.periods import FIRST_YEAR, LAST_YEAR
from app.targets.models import AnnualTarget
from app.targets.queries import list_targets


def set_targets(
    session: Session, actor: Actor, *, year: int, values: Mapping[tuple[int | None, str], int | None]
) -> int:
    """Set the year's targets by (unit id or None for 全区, figure code); None takes one back.

    Values are fen for an amount, a number for a count. Returns how many changed; raises ``DomainError``
    for an impossible year or a value that is not above zero.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DomainError(f"年度 {year} 不合常理，请核对", "year")
    stored = list_targets(session, actor.zone_id, year)
    changed = 0
    for (unit_id, figure), value in values.items():
        if value is not None and not 0 < value <= MAX_FEN:
            raise DomainError("目标应大于零；不设目标的请留空", f"{unit_id or 0}-{figure}")
        changed += _set(session, actor, stored.get((unit_id, figure)), (year, unit_id, figure), value)
    session.flush()
    return changed


def _set(
    session: Session,
    actor: Actor,
    target: AnnualTarget | None,
    key: tuple[int, int | None, str],
    value: int | None,
) -> bool:
    """Set one target; whether anything changed."""
    before = target.value if target else None
    if before == value:
        return False
    year, unit_id, figure = key
    if target is None:
        target = AnnualTarget(zone_id=actor.zone_id, year=year, unit_id=unit_id, figure=figure, value=value)
        session.add(target)
    elif value is None:
        session.delete(target)
    else:
        target.value = value
    session.flush()
    about = {"year": year, "unit_id": unit_id, "figure": figure}
    note(
        session,
        actor,
        action="set_target",
        entity="annual_target",
        entity_id=target.id,
        before={**about, "value": before},
        after={**about, "value": value},
    )
    return True
