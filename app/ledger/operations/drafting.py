"""Entering in a trial: what is new is held against rules and memory only, what is on record is changed and taken back.

Nothing of a new record is written, so that judging a ledger of tens of thousands of rows takes seconds; that it says
what writing does is tested (``tests/ledger/test_judging.py``), and writing looks at every row again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from app.activities.operations import ActivityData
from app.activities.rules import check_activity
from app.figures.queries.basis import recognition_kinds
from app.funds.operations import ArrivalData, check_arrival
from app.funds.rules import RATE_SCALE, FundSource, ReviewState
from app.investors.models import Investor
from app.investors.operations import InvestorData, added_by
from app.journal.rules import FactKind
from app.kernel.errors import DomainError
from app.kernel.ids import new_id
from app.kernel.text import name_key
from app.ledger.operations.entering import Entering
from app.ledger.queries import Companies, StoredArrival
from app.ledger.rules.effect import Effect, Fact, Told
from app.pipeline.models import Project
from app.pipeline.operations import (
    ContractData,
    ProjectData,
    check_lists,
    check_project,
    check_supplement,
    draft_project,
)
from app.pipeline.rules import ContractKind

if TYPE_CHECKING:
    from app.ledger.operations.context import Context


class Drafting(Entering):
    """Checks records; the session is touched, in a savepoint, only by rows that change what is on record."""

    def __init__(self, here: Context) -> None:
        super().__init__(here)
        self._projects: dict[int, Project] = {}
        self._new_companies: dict[int, Investor] = {}
        self._told: dict[int, Told] = {}
        """What the figures are told of new projects."""
        self._facts: list[Fact] = []
        """Of the row in hand."""
        self._effect = Effect(recognition_kinds(here.zone))

    @property
    def effect(self) -> Effect:
        """What the rows so far add to the figures without being written."""
        return self._effect

    def begin_row(self) -> None:
        """A row begins."""
        self._facts = []

    def end_row(self, *, gone: bool) -> None:
        """The row is taken, or leaves nothing."""
        session = self._here.session
        if self._savepoint is None and (session.new or session.dirty or session.deleted):
            raise RuntimeError("a row was written outside of its savepoint")
        if not gone:
            self._effect.add(self._facts)
        super().end_row(gone=gone)

    def touch(self) -> None:
        """Something of the row is about to be written."""
        if self._savepoint is None:
            self._savepoint = self._here.session.begin_nested()

    def is_new(self, project: Project) -> bool:
        """Whether the project is entered without being written."""
        return project.id in self._projects

    def stored_project(self, record_id: int) -> Project | None:
        """The project of that id."""
        return self._projects.get(record_id) or super().stored_project(record_id)

    def match(self, data: InvestorData) -> Investor | None:
        """The company on record, or in a row before, that ``data`` means. Raises ``DomainError``."""
        return self._companies.match(data)

    def company(self, data: InvestorData) -> Investor:
        """The company that ``data`` means, made or completed. Raises ``DomainError``."""
        found = self.match(data)
        if found is None:
            found = Investor(
                id=new_id(), zone_id=self._here.zone.id, name=data.name, name_key=name_key(data.name),
                uscc=data.uscc, origin=data.origin,
            )  # fmt: skip
            self._here.memory.put(self._new_companies, found.id, found)
        elif added := added_by(data, found):
            if found.id not in self._new_companies:
                return self._written(data)
            for name, said in added.items():
                self._here.memory.assign(found, name, said)
        self._remember(found)
        return found

    def register(self, data: ProjectData, company: InvestorData) -> Project:
        """A new project with its company. Raises ``DomainError``."""
        here = self._here
        owner = self.company(company)
        check_project(data, here.today)
        check_lists(here.session, here.zone.id, data, None)
        if data.number in here.stored.by_number:
            raise DomainError(f"项目编号 {data.number} 已存在，请换一个编号或打开原项目修改", "number")
        project = draft_project(here.zone.id, owner.id, data)
        self._take_contract_number(project, data)
        here.memory.put(self._projects, project.id, project)
        here.memory.put(here.stored.investors, owner.id, owner)
        if data.contract is not None and data.contract.kind is ContractKind.formal:
            self._tell(project, Told(data.contract.signed_on, data.contract.amount_fen, data.reached))
        return project

    def save(self, project: Project, data: ProjectData, company: InvestorData) -> None:
        """Bring a project on record to what the ledger says. Raises ``DomainError``."""
        self._take_contract_number(project, data)
        self._companies.match(company)
        self.touch()
        super().save(project, data, company)

    def supplement(self, project: Project, data: ContractData) -> None:
        """A 补充协议 of the project. Raises ``DomainError``."""
        if data.number and data.number in self._here.stored.contract_numbers:
            raise DomainError(f"协议编号 {data.number} 已经使用，请核对", "number")
        if data.number:
            self._here.memory.put(self._here.stored.contract_numbers, data.number, project.id)
        if not self.is_new(project):
            self.touch()
            super().supplement(project, data)
            return
        check_supplement(
            project, number=data.number, signed_on=data.signed_on, amount_fen=data.amount_fen, today=self._here.today
        )  # fmt: skip
        self._here.memory.assign(project, "total_fen", (project.total_fen or 0) + data.amount_fen)
        told = self._told[project.id]
        added = (*told.supplements, (data.signed_on, data.amount_fen))
        self._tell(project, replace(told, supplements=added))

    def keep_extra(self, project: Project, extra: dict[str, str]) -> bool:
        """Keep the columns without a field; whether anything changed."""
        stored = project.extra or {}
        if all(stored.get(head) == text for head, text in extra.items()):
            return False
        if self.is_new(project):
            project.extra = stored | extra
            return True
        self.touch()
        return super().keep_extra(project, extra)

    def log(self, project: Project, data: ActivityData) -> int:
        """Hold a dated paragraph against the rules. Raises ``DomainError``."""
        check_activity(
            kind=data.kind, on_day=data.on_day, text=data.text, people=None, days=None, today=self._here.today
        )
        return new_id()

    def record(
        self, project: Project, data: ArrivalData, state: ReviewState, *, above: bool
    ) -> StoredArrival:
        """A new arrival. Raises ``DomainError``."""
        here = self._here
        already = here.arrivals.claimed.get(project.id, 0)
        check_arrival(project, data, already, today=here.today, state=state, above=above)
        made = _said(new_id(), project, data, state, data.amount_fen, data.arrived_on)
        self._facts += self._counted(made)
        return made

    def record_months(
        self, project: Project, entries: Sequence[tuple[dt.date, int]], source: FundSource
    ) -> bool:
        """Enter months of a new project, days and fen, all at once; False, and nothing, if one may be objected to.

        What neither the first nor the last, the least nor the most, nor all in one sum can be refused for, none can be.
        """
        here = self._here
        if not entries:
            return True
        days, amounts = [day for day, _fen in entries], [fen for _day, fen in entries]
        already, whole = here.arrivals.claimed.get(project.id, 0), sum(amounts)
        try:
            for day, fen in ((min(days), min(amounts)), (max(days), max(amounts)), (max(days), whole)):
                data = ArrivalData(day, fen, source)
                check_arrival(project, data, already, today=here.today, state=ReviewState.recognised)
        except DomainError:
            return False  # one by one it is told which, and in its words
        self._facts += [Fact(FactKind.funds, day, fen) for day, fen in entries]
        here.memory.put(here.arrivals.claimed, project.id, already + whole)
        return True

    def change(
        self, arrival: StoredArrival, project: Project, data: ArrivalData, state: ReviewState, *, above: bool
    ) -> StoredArrival:
        """What an arrival on record is with what the ledger says. Raises ``DomainError``."""
        here = self._here
        own = arrival.claiming_fen if arrival.project_id == project.id else 0
        already = here.arrivals.claimed.get(project.id, 0) - own
        check_arrival(project, data, already, today=here.today, state=state, above=above)
        stays = state is arrival.state is ReviewState.recognised and arrival.claimed_fen == data.amount_fen
        day = arrival.recognised_on if arrival.state is ReviewState.recognised else data.arrived_on
        amount = arrival.amount_fen if stays else data.amount_fen
        after = _said(arrival.id, project, data, state, amount, day)
        for sign, one in ((-1, arrival), (1, after)):
            self._facts += self._counted(one, sign)
        return after

    def _tell(self, project: Project, told: Told) -> None:
        """Count a new project as it is now."""
        before = self._told.get(project.id)
        self._facts += [fact.taken_back() for fact in before.facts()] if before else []
        self._facts += told.facts()
        self._here.memory.put(self._told, project.id, told)

    def _counted(self, arrival: StoredArrival, sign: int = 1) -> list[Fact]:
        """The fact that a recognised arrival is, on the day by which the zone counts."""
        by_recognition = FactKind.funds in self._effect.unseen
        day = arrival.recognised_on if by_recognition else arrival.arrived_on
        if arrival.state is not ReviewState.recognised or day is None:
            return []
        return [Fact(FactKind.funds, day, sign * arrival.amount_fen, counts=sign)]

    def _written(self, data: InvestorData) -> Investor:
        self.touch()
        found = super().company(data)
        self._remember(found)
        return found

    def _remember(self, company: Investor) -> None:
        put, known = self._here.memory.put, self._companies
        put(known.by_name, company.name_key, company)
        if company.uscc:
            put(known.by_uscc, company.uscc, company)

    def _take_contract_number(self, project: Project, data: ProjectData) -> None:
        number = data.contract.number if data.contract else ""
        taken = self._here.stored.contract_numbers
        if number and taken.get(number, project.id) != project.id:
            raise DomainError(f"合同编号 {number} 已用于其他项目，请核对", "contract_number")
        if number:
            self._here.memory.put(taken, number, project.id)

    @cached_property
    def _companies(self) -> Companies:
        here = self._here
        return Companies(here.session, here.zone.id, here.stored.investors)


def _said(
    key: int, project: Project, data: ArrivalData, state: ReviewState, amount: int, day: dt.date | None
) -> StoredArrival:
    """An arrival as it is after the ledger has said ``data`` of it."""
    return StoredArrival(
        key, project.id, data.arrived_on, data.currency, data.original, int(data.rate * RATE_SCALE),
        data.amount_fen, amount, data.source, data.purpose, data.voucher, state,
        day if state is ReviewState.recognised else None,
    )  # fmt: skip
