"""Registering and correcting investors, their contacts, names and groups."""

from app.investors.operations.contacts import (
    ContactData,
    add_contact,
    change_contact,
    reveal_phone,
    switch_contact,
)
from app.investors.operations.correcting import (
    CompanyData,
    add_former_name,
    correct_investor,
    remove_former_name,
    set_parent,
)
from app.investors.operations.finding import make_findable
from app.investors.operations.registering import (
    InvestorData,
    added_by,
    match_investor,
    meant_by,
    only_one,
    register_investor,
)

__all__ = [
    "CompanyData",
    "ContactData",
    "InvestorData",
    "add_contact",
    "add_former_name",
    "added_by",
    "change_contact",
    "correct_investor",
    "make_findable",
    "match_investor",
    "meant_by",
    "only_one",
    "register_investor",
    "remove_former_name",
    "reveal_phone",
    "set_parent",
    "switch_contact",
]
