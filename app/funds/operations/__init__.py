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
from app.funds.operations.revoking import (
    restore_arrival,
    revoke_review,
    revoke_several,
    void_arrival,
    withdraw_arrival,
)

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
    "restore_arrival",
    "return_arrival",
    "revoke_review",
    "revoke_several",
    "void_arrival",
    "withdraw_arrival",
]
