"""Dividing an arrival between units."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.funds.models import ArrivalShare, FundArrival
from app.funds.queries import list_shares
from app.funds.rules import Percents, check_shares, split


def set_shares(session: Session, arrival: FundArrival, percents: Percents | None) -> None:
    """Divide the amount that counts; None: as before, () not at all. Raises ``DomainError`` unless they make 100%."""
    if percents is None:
        stored = list_shares(session, arrival.zone_id, arrival.id)
        percents = [(share.unit_id, share.percent_hundredths) for share in stored]
    check_shares(percents)
    session.execute(
        delete(ArrivalShare).where(
            ArrivalShare.zone_id == arrival.zone_id, ArrivalShare.arrival_id == arrival.id
        )
    )
    parts = split(arrival.amount_fen, percents)
    session.add_all(
        ArrivalShare(
            zone_id=arrival.zone_id,
            arrival_id=arrival.id,
            unit_id=unit_id,
            percent_hundredths=percent,
            amount_fen=parts[unit_id],
        )
        for unit_id, percent in percents
    )
    session.flush()


def shares_text(session: Session, arrival: FundArrival) -> str:
    """招商一部 60%、招商二部 40%; empty when the arrival is one unit's."""
    shares = list_shares(session, arrival.zone_id, arrival.id)
    return "、".join(f"{share.unit} {share.percent}" for share in shares)
