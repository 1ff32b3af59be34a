"""Recording arrivals and reviewing them."""

from app.funds.operations.entry import (
    ArrivalData,
    change_arrival,
    check_contract_covers,
    check_not_twice,
    follow_handover,
    record_arrival,
)
from app.funds.operations.review import Outcome, recognise_arrival, recognise_several, return_arrival

__all__ = [
    "ArrivalData",
    "Outcome",
    "change_arrival",
    "check_contract_covers",
    "check_not_twice",
    "follow_handover",
    "recognise_arrival",
    "recognise_several",
    "record_arrival",
    "return_arrival",
]
