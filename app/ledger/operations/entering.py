"""Entering what a ledger's rows say: by the operations of the pages, each row in a savepoint of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy.orm import SessionTransaction

from app.activities.operations import ActivityData, log_activity
from app.activities.rules import About, AboutKind
from app.funds.models import FundArrival
from app.funds.operations import ArrivalData, change_arrival, follow_handover, record_arrival
from app.funds.queries import OnRecord, newly_on_record, read_on_record
from app.funds.rules import FundSource, ReviewState
from app.investors.models import Investor
from app.investors.operations import InvestorData, match_investor, register_investor
from app.kernel import clock
from app.ledger.queries import StoredArrival, plain
from app.ledger.rules.effect import Effect
from app.pipeline.models import Project
from app.pipeline.operations import (
    ContractData,
    ProjectData,
    change_investor,
    keep_extra,
    register_project,
    save_project,
    sign_supplement,
)

if TYPE_CHECKING:
    from app.ledger.operations.context import Context


class Entering:
    """Enters records, row by row; what a row that is refused has entered is taken back."""

    def __init__(self, here: Context) -> None:
        self._here = here
        self._savepoint: SessionTransaction | None = None
        self._on_record: dict[int, OnRecord] = {}
        """What the arrivals of the row in hand are entered against, by project."""

    @property
    def effect(self) -> Effect:
        """What is entered without being written; nothing."""
        return Effect()

    def begin_row(self) -> None:
        """A row begins; another session may have written since the one before."""
        self._on_record.clear()
        self._savepoint = self._here.session.begin_nested()

    def end_row(self, *, gone: bool) -> None:
        """The row is taken, or leaves nothing."""
        if self._savepoint is not None:
            if gone:
                self._savepoint.rollback()
            else:
                self._savepoint.commit()
        self._savepoint = None

    def touch(self) -> None:
        """Something of the row is about to be written."""

    def is_new(self, _project: Project) -> bool:
        """Whether the project is entered without being written."""
        return False

    def stored_project(self, record_id: int) -> Project | None:
        """The project of that id."""
        return self._here.session.get(Project, (self._here.zone.id, record_id))

    def match(self, data: InvestorData) -> Investor | None:
        """The company on record that ``data`` means. Raises ``DomainError``."""
        return match_investor(self._here.session, self._here.zone.id, data)

    def company(self, data: InvestorData) -> Investor:
        """The company, registered or completed. Raises ``DomainError``."""
        return register_investor(self._here.session, self._here.actor, data)

    def register(self, data: ProjectData, company: InvestorData) -> Project:
        """A new project with its company. Raises ``DomainError``."""
        here = self._here
        owner = self.company(company)
        project = register_project(
            here.session, here.actor, owner.id, data, today=here.today, source=here.source, move=here.as_it_was
        )  # fmt: skip
        self._on_record[project.id] = newly_on_record(project)
        here.memory.put(here.stored.investors, owner.id, owner)
        return project

    def save(self, project: Project, data: ProjectData, company: InvestorData) -> None:
        """Bring a project on record to what the ledger says. Raises ``DomainError``."""
        here = self._here
        owner = register_investor(here.session, here.actor, company)
        unit = project.unit_id
        if project.signed_on is not None and owner.id != project.investor_id:
            change_investor(
                here.session, here.actor, project, owner,
                effective_on=here.today, reason=f"台账中的投资方与系统不同（{here.source}）",
                document="", today=here.today,
            )  # fmt: skip
        save_project(
            here.session, here.actor, project, owner.id, data,
            today=here.today, source=here.source, move=here.as_it_was,
        )  # fmt: skip
        if project.unit_id != unit:
            follow_handover(here.session, project, from_on=here.today)

    def supplement(self, project: Project, data: ContractData) -> None:
        """A 补充协议 of the project. Raises ``DomainError``."""
        here = self._here
        sign_supplement(
            here.session, here.actor, project, number=data.number, signed_on=data.signed_on,
            amount_fen=data.amount_fen, today=here.today,
        )  # fmt: skip

    def keep_extra(self, project: Project, extra: dict[str, str]) -> bool:
        """Keep the columns without a field; whether anything changed."""
        return keep_extra(self._here.session, self._here.actor, project, extra)

    def log(self, project: Project, data: ActivityData) -> int:
        """Put a dated paragraph on record; its id. Raises ``DomainError``."""
        here = self._here
        made = log_activity(
            here.session, here.actor, data, about=About(AboutKind.project, project.id),
            unit_id=project.unit_id, today=here.today,
            author=here.author, logged_at=clock.midnight(data.on_day),
        )  # fmt: skip
        return made.id

    def record(
        self, project: Project, data: ArrivalData, state: ReviewState, *, above: bool
    ) -> StoredArrival:
        """A new arrival. Raises ``DomainError``."""
        here = self._here
        known = self._on_record.get(project.id)
        if known is None:
            known = self._on_record[project.id] = read_on_record(here.session, project)
        made = record_arrival(
            here.session, here.actor, project, data, today=here.today, state=state, above=above, known=known
        )
        if here.history.author:
            made.recorded_name = here.history.author
        made.recorded_at = here.recorded_at or made.recorded_at
        return plain(made)

    def record_months(
        self, _project: Project, _entries: Sequence[tuple[dt.date, int]], _source: FundSource
    ) -> bool:
        """Whether months of a new project, days and fen, are entered all at once; they are not."""
        return False

    def change(
        self, arrival: StoredArrival, project: Project, data: ArrivalData, state: ReviewState, *, above: bool
    ) -> StoredArrival:
        """Bring an arrival on record to what the ledger says; what it is then. Raises ``DomainError``."""
        here = self._here
        record = here.session.get_one(FundArrival, (here.zone.id, arrival.id))
        owner = record.project_id
        change_arrival(
            here.session, here.actor, record, project, data, today=here.today, state=state, above=above
        )
        for changed in (owner, project.id):
            self._on_record.pop(changed, None)
        return plain(record)
