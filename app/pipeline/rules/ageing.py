"""How long a project may stay in a stage before its card on the board is tinted; a move begins anew."""

from __future__ import annotations

from app.pipeline.rules.project import Stage

STAY_DAYS = {
    Stage.lead: 90,
    Stage.talks: 90,
    Stage.signed: 180,
    Stage.landed: 180,
    Stage.started: 365,
}
"""停留期限: three months without a contract, half a year from contract to start (domain.md §1.3), a year of
building. Who produces is on no clock."""
LONG_OVER_DAYS = 90
"""So many days past the limit a card is red."""


def ageing(stage: Stage, days: int | None) -> str:
    """``""`` in time, ``w`` past the limit, ``b`` three months past it."""
    limit = STAY_DAYS.get(stage)
    if limit is None or days is None or days <= limit:
        return ""
    return "b" if days > limit + LONG_OVER_DAYS else "w"
