"""What can be done with a project."""

from app.pipeline.operations.changing import change_field, change_unit
from app.pipeline.operations.data import ContractData, ProjectData, as_it_stands
from app.pipeline.operations.extra import keep_extra
from app.pipeline.operations.gates import GateLine, ReasonLine, default_lines, set_gates, set_reasons
from app.pipeline.operations.handover import hand_over
from app.pipeline.operations.history import Move
from app.pipeline.operations.investor import change_investor, put_investor_right
from app.pipeline.operations.papers import approve, hand_in, take_back_approval
from app.pipeline.operations.project import (
    check_lists,
    check_project,
    draft_project,
    register_project,
    save_project,
)
from app.pipeline.operations.promising import (
    CommitmentData,
    correct_commitment,
    record_commitment,
    reopen_commitment,
    settle_commitment,
    withdraw_commitment,
)
from app.pipeline.operations.requests import approve_request, ask, decline_request, withdraw_request
from app.pipeline.operations.restoring import restore_value
from app.pipeline.operations.reviewing import ReviewData, correct_review, record_review, withdraw_review
from app.pipeline.operations.signing import correct_contract, enter_again, sign_contract, withdraw_contract
from app.pipeline.operations.stages import move_stage
from app.pipeline.operations.supplement import check_supplement, sign_supplement
from app.pipeline.operations.views import (
    ViewData,
    change_view,
    choose_columns,
    open_first,
    remove_view,
    save_view,
)

__all__ = [
    "CommitmentData",
    "ContractData",
    "GateLine",
    "Move",
    "ProjectData",
    "ReasonLine",
    "ReviewData",
    "ViewData",
    "approve",
    "approve_request",
    "as_it_stands",
    "ask",
    "change_field",
    "change_investor",
    "change_unit",
    "change_view",
    "check_lists",
    "check_project",
    "check_supplement",
    "choose_columns",
    "correct_commitment",
    "correct_contract",
    "correct_review",
    "decline_request",
    "default_lines",
    "draft_project",
    "enter_again",
    "hand_in",
    "hand_over",
    "keep_extra",
    "move_stage",
    "open_first",
    "put_investor_right",
    "record_commitment",
    "record_review",
    "register_project",
    "remove_view",
    "reopen_commitment",
    "restore_value",
    "save_project",
    "save_view",
    "set_gates",
    "set_reasons",
    "settle_commitment",
    "sign_contract",
    "sign_supplement",
    "take_back_approval",
    "withdraw_commitment",
    "withdraw_contract",
    "withdraw_request",
    "withdraw_review",
]
