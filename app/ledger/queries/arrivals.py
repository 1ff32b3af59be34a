"""The arrivals of a zone as a ledger is compared with them, read at once as plain values."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, fields

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.funds.models import FundArrival
from app.funds.rules import CLAIMING, FundSource, ReviewState


@dataclass(slots=True)
class StoredArrival:
    """What a row of a ledger is compared with; a twelfth of the memory that the record itself takes."""

    id: int
    project_id: int
    arrived_on: dt.date
    currency: str
    original_minor: int
    rate_millionths: int
    claimed_fen: int
    amount_fen: int
    source: FundSource
    purpose: str
    voucher: str
    state: ReviewState
    recognised_on: dt.date | None

    @property
    def claiming_fen(self) -> int:
        """What it takes up of the contract's total: nothing when it was returned."""
        return self.amount_fen if self.state in CLAIMING else 0


NAMES = tuple(field.name for field in fields(StoredArrival))


class StoredArrivals:
    """The arrivals that are not void, as they were before the ledger came; fen taken up by project are kept up."""

    def __init__(self, session: Session, zone_id: int) -> None:
        columns = [getattr(FundArrival, name) for name in NAMES]
        query = select(*columns).where(
            FundArrival.zone_id == zone_id, FundArrival.state != ReviewState.voided
        )
        self.by_voucher: dict[str, StoredArrival] = {}
        self.of_project: dict[int, list[StoredArrival]] = {}
        self.claimed: Counter[int] = Counter()
        for row in session.execute(query):
            arrival = StoredArrival(*row)
            self.of_project.setdefault(arrival.project_id, []).append(arrival)
            self.claimed[arrival.project_id] += arrival.claiming_fen
            if arrival.voucher:
                self.by_voucher[arrival.voucher] = arrival


def plain(arrival: FundArrival) -> StoredArrival:
    """A record as plain values."""
    return StoredArrival(*(getattr(arrival, name) for name in NAMES))
