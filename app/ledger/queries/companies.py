"""The companies of a zone by name, former name and code, read at once."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.investors.models import FormerName, Investor
from app.investors.operations import InvestorData, meant_by, only_one
from app.kernel.text import name_key


class Companies:
    """Finds what ``match_investor`` finds, in memory; companies that a ledger brings are put beside."""

    def __init__(self, session: Session, zone_id: int, investors: dict[int, Investor]) -> None:
        self._investors = investors
        self.by_name: dict[str, Investor] = {}
        self.by_uscc: dict[str, Investor] = {}
        for investor in sorted(investors.values(), key=lambda i: (i.merged_into_id is not None, i.id)):
            self.by_name.setdefault(investor.name_key, investor)
            if investor.uscc:
                self.by_uscc[investor.uscc] = investor
        self._former: dict[str, list[Investor]] = {}
        names = select(FormerName.name_key, FormerName.investor_id).where(FormerName.zone_id == zone_id)
        for key, investor_id in session.execute(names.order_by(FormerName.investor_id)):
            standing = self._standing(investors[investor_id])
            if standing not in self._former.setdefault(key, []):
                self._former[key].append(standing)

    def match(self, data: InvestorData) -> Investor | None:
        """The company that ``data`` means, None for a new one. Raises ``DomainError`` like ``match_investor``."""
        key = name_key(data.name)
        named = self.by_name.get(key)
        if named is None:
            named = only_one(data.name, self._former.get(key, []))
        coded = self.by_uscc.get(data.uscc) if data.uscc else None
        return meant_by(data, named and self._standing(named), coded and self._standing(coded))

    def _standing(self, investor: Investor) -> Investor:
        return self._investors[investor.merged_into_id] if investor.merged_into_id else investor
