"""The blueprint that the pages of companies share, and what each of them knows of its company."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, request

from app.accounts.rules import Permission
from app.activities.queries.companies import Involvement, involvement
from app.investors.models import Contact, FormerName, Investor
from app.investors.queries import KnownAs, get_investor, known_as, list_absorbed, list_former_names
from app.investors.rules import may_correct, may_reveal
from app.web.session import SAFE_METHODS, current, db

blueprint = Blueprint("investors", __name__, url_prefix="/investors")
ONE = "/<int(max=9223372036854775807):investor_id>"


@dataclass(frozen=True)
class Company:
    """A company as the person sees it."""

    investor: Investor
    absorbed: list[Investor]
    former: list[FormerName]
    known: KnownAs
    involved: Involvement

    @property
    def may_correct(self) -> bool:
        """Whether the person may change it."""
        stands = self.investor.merged_into_id is None
        nobodys = not self.involved.any
        return stands and may_correct(current().scope, works=self.involved.own, nobodys=nobodys)

    @property
    def may_add(self) -> bool:
        """Whether the person may note contacts and take in files: everybody who enters anything."""
        return self.investor.merged_into_id is None and current().may(Permission.enter)

    def may_reveal(self, contact: Contact) -> bool:
        """Whether the person may be shown the contact's number."""
        own = contact.recorded_by == current().user_id
        return may_reveal(current().scope, works=self.involved.own, own=own)


def company(investor_id: int) -> Company:
    """The company, for everybody of the zone; locked while it is written."""
    zone_id = current().zone.id
    investor = get_investor(db(), zone_id, investor_id, lock=request.method not in SAFE_METHODS)
    absorbed = list_absorbed(db(), zone_id, investor.id)
    former = list_former_names(db(), zone_id, [investor.id, *(row.id for row in absorbed)])
    known = known_as(investor, absorbed, former)
    return Company(investor, absorbed, former, known, involvement(db(), current().scope, known))


def own_company(investor_id: int) -> Company:
    """The company, for somebody who may correct it."""
    found = company(investor_id)
    if not found.may_correct and found.investor.merged_into_id is None:
        abort(403)
    return found
