"""A lead as plain values: what a form says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.directory.rules import pinyin_key
from app.kernel.errors import DomainError
from app.kernel.text import clean, has_control, masked_phone, name_key
from app.leads.models import Lead
from app.leads.rules import LeadSource, company_key
from app.pipeline.rules import check_investment

FIELDS = "name investor_name uscc origin content amount_fen source contact_name contact_title contact_phone".split()


@dataclass(frozen=True)
class LeadData:
    """Everything the form says; the amount in fen, ``uscc`` and ``origin`` as their rules have read them."""

    name: str
    investor_name: str
    source: LeadSource
    content: str = ""
    amount_fen: int | None = None
    uscc: str | None = None
    origin: str | None = None
    contact_name: str = ""
    contact_title: str = ""
    contact_phone: str = ""
    likeness_reason: str = ""


def check_lead(data: LeadData) -> None:
    """Refuse what no lead can be: empty or hidden text, an impossible amount."""
    for name, label in (("name", "线索名称"), ("investor_name", "投资方")):
        value = getattr(data, name)
        if not name_key(value):
            raise DomainError(f"请填写{label}", name)
    for name in ("name", "investor_name", "content", "contact_name", "contact_title", "contact_phone"):
        if has_control(getattr(data, name).replace("\n", " ")):
            raise DomainError("含有不可见字符，请重新输入", name)
    if data.amount_fen is not None:
        check_investment(data.amount_fen, "amount")


def assign(lead: Lead, data: LeadData) -> None:
    """Write ``data`` into the record, with the keys that look-alikes are found by."""
    for name in FIELDS:
        setattr(lead, name, getattr(data, name))
    lead.name, lead.investor_name = clean(data.name), clean(data.investor_name)
    lead.name_key = name_key(data.name)
    lead.name_pinyin = pinyin_key(data.name)
    lead.investor_key = company_key(data.investor_name)
    lead.investor_pinyin = pinyin_key(data.investor_name)


def snapshot(lead: Lead) -> dict[str, Any]:
    """The record as flat plain values."""
    return {name: getattr(lead, name) for name in FIELDS}


def without_phone(values: dict[str, Any]) -> dict[str, Any]:
    """``values`` for the audit log, which many may read: the telephone number is masked."""
    phone = values.get("contact_phone")
    return {**values, "contact_phone": masked_phone(phone)} if phone else values
