"""Arrivals that a ledger gives as one amount a month, in columns."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.audit.rules import Actor
from app.funds.models import FundArrival
from app.funds.operations import ArrivalData
from app.kernel.periods import Month
from app.ledger.operations.arrivals import ArrivalRows
from app.ledger.operations.cells import CellReader
from app.pipeline.models import Project

PURPOSE = "台账按月填报"
"""The purpose of such an arrival: by it a newer copy of the ledger finds the amount it replaces."""


def day_of_month(year: int, month: int, cutoff: int, today: dt.date) -> dt.date:
    """The day on which the amount of a month is booked: its last one that counts, in the month in work today."""
    last = Month(year, month, cutoff).last_day
    return today if Month.of(today, cutoff) == Month(year, month, cutoff) and today < last else last


class MonthlyRows(ArrivalRows):
    """Takes one month's amount of one project; another amount for the same month corrects it."""

    def __init__(
        self, session: Session, actor: Actor, projects: dict[str, Project], today: dt.date, cutoff: int
    ) -> None:
        super().__init__(session, actor, projects, today)
        self._cutoff = cutoff
        self._by_month: dict[tuple[int, Month], list[FundArrival]] = {}
        for key, arrivals in self._by_content.items():
            if not isinstance(key[0], int):
                continue
            for arrival in arrivals:
                if arrival.purpose == PURPOSE:
                    month = Month.of(arrival.arrived_on, cutoff)
                    self._by_month.setdefault((key[0], month), []).append(arrival)

    def paid_up_to(self, project: Project, year: int, month: int) -> int:
        """What is on record for a project from January to a month, in fen."""
        return sum(
            arrival.claimed_fen
            for arrival in self._stored
            if arrival.project_id == project.id
            and (when := Month.of(arrival.arrived_on, self._cutoff)).year == year
            and when.month <= month
        )

    def _match(self, project: Project, data: ArrivalData, reader: CellReader) -> FundArrival | None:
        key = (project.id, Month.of(data.arrived_on, self._cutoff))
        stored = self._by_month.get(key, [])
        if len(stored) > 1:
            reader.refuse(
                "折人民币（万元）", f"系统中该项目{key[1].label}有 {len(stored)} 笔按月填报的资金，请先核对"
            )
            return None
        arrival = stored[0] if stored else None
        if arrival is not None:
            self._seen[arrival.id] = reader.row
        return arrival
