"""What can be done with a lead."""

from app.leads.operations.converting import convert_lead
from app.leads.operations.data import LeadData
from app.leads.operations.deciding import extend_protection, lapse_lead, settle_dispute, transfer_lead
from app.leads.operations.registering import change_lead, register_lead
from app.leads.operations.settings import set_clocks
from app.leads.operations.working import (
    answer_lead,
    assess_lead,
    follow_activity,
    hand_to_officer,
    read_phone,
    report_progress,
)

__all__ = [
    "LeadData",
    "answer_lead",
    "assess_lead",
    "change_lead",
    "convert_lead",
    "extend_protection",
    "follow_activity",
    "hand_to_officer",
    "lapse_lead",
    "read_phone",
    "register_lead",
    "report_progress",
    "set_clocks",
    "settle_dispute",
    "transfer_lead",
]
