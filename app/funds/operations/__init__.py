"""Recording arrivals and reviewing them."""

from app.funds.operations.bulk import (
    MOST_PROJECTS,
    Change,
    Verdict,
    What,
    change_several,
    look_at_several,
    try_several,
)
from app.funds.operations.entry import (
    ArrivalData,
    change_arrival,
    check_arrival,
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
    "MOST_PROJECTS",
    "ArrivalData",
    "Change",
    "Outcome",
    "Verdict",
    "What",
    "change_arrival",
    "change_several",
    "check_arrival",
    "check_contract_covers",
    "check_not_twice",
    "follow_handover",
    "look_at_several",
    "recognise_arrival",
    "recognise_several",
    "record_arrival",
    "restore_arrival",
    "return_arrival",
    "revoke_review",
    "revoke_several",
    "try_several",
    "void_arrival",
    "withdraw_arrival",
]
