"""Arrivals that a ledger gives as one amount a month, in columns."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import lru_cache

from app.funds.operations import ArrivalData
from app.funds.rules import FundSource, ReviewState
from app.kernel.periods import Month
from app.ledger.operations.arrivals import AMOUNT, ArrivalRows
from app.ledger.operations.asking import wan
from app.ledger.operations.cells import CellReader
from app.ledger.operations.context import Context, Taken
from app.ledger.queries import StoredArrival
from app.ledger.rules import Verdict
from app.pipeline.models import Project

PURPOSE = "台账按月填报"
"""The purpose of such an arrival: by it a newer copy of the ledger finds the amount it replaces."""
ASSUMED = frozenset({"审核状态", "资金来源"})
"""What the amount of a month leaves open."""


@lru_cache(maxsize=1000)
def day_of_month(year: int, month: int, cutoff: int, today: dt.date) -> dt.date:
    """The day on which the amount of a month is booked: its last one that counts, in the month in work today."""
    last = Month(year, month, cutoff).last_day
    return today if Month.of(today, cutoff) == Month(year, month, cutoff) and today < last else last


class MonthlyRows(ArrivalRows):
    """Takes one month's amount of one project; another amount for the same month corrects it."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._by_month: dict[tuple[int, Month], list[StoredArrival]] = {}
        self._single: dict[tuple[int, Month], list[StoredArrival]] = {}
        """Recognised arrival by arrival."""
        for project_id, arrivals in self._stored.of_project.items():
            for arrival in arrivals:
                monthly = _is_monthly(arrival)
                if monthly or arrival.state is ReviewState.recognised:
                    known = self._by_month if monthly else self._single
                    known.setdefault((project_id, self._month(arrival.arrived_on)), []).append(arrival)

    def _month(self, day: dt.date) -> Month:
        return Month.of(day, self._here.zone.cutoff_day)

    def paid_up_to(self, project: Project, year: int, month: int) -> int:
        """What is on record for a project from January to a month, in fen."""
        return sum(
            arrival.claimed_fen
            for arrival in self._stored.of_project.get(project.id, [])
            if (when := self._month(arrival.arrived_on)).year == year and when.month <= month
        )

    def take_amount(self, reader: CellReader, project: Project, day: dt.date, source: FundSource) -> Taken:
        """Record the amount of the month that is booked on ``day``, where the row says nothing else of it."""
        fen = reader.fen(AMOUNT, required=True)
        if fen is None:
            return Taken("", Verdict.refused)
        reader.assumed = ASSUMED
        data = self._left(ArrivalData(day, fen, source, original_minor=fen, purpose=PURPOSE), reader, project)
        if data is None:
            return Taken("", Verdict.same)
        return self._enter(reader, project, data, ReviewState.recognised)

    def _data(self, reader: CellReader, project: Project) -> ArrivalData | None:
        data = super()._data(reader, project)
        return None if data is None else self._left(data, reader, project)

    def _left(self, data: ArrivalData, reader: CellReader, project: Project) -> ArrivalData | None:
        """The month's amount less what was recognised in it arrival by arrival; None when nothing is left to book."""
        month = self._month(data.arrived_on)
        single = self._single.get((project.id, month), [])
        on_record = sum(arrival.amount_fen for arrival in single)
        rest = data.amount_fen - on_record
        if not single or rest == 0:
            return data if rest else None
        part = replace(data, amount_fen=rest, original_minor=rest)
        if rest > 0 and (project.id, month) in self._by_month:
            return part
        message = (
            f"系统中该项目{month.label}已逐笔认定 {len(single)} 笔、共 {wan(on_record)} 万元，"
            f"台账全月为 {wan(data.amount_fen)} 万元，请核对"
        )
        choices = [("same", "以系统为准")]
        if rest > 0:
            choices.insert(0, ("rest", f"补记差额 {wan(rest)}"))
        old, new = wan(on_record), wan(data.amount_fen)
        if reader.ask("same_arrival", AMOUNT, message, tuple(choices), old, new) != "rest":
            return None
        return part

    def _match(self, project: Project, data: ArrivalData, reader: CellReader) -> StoredArrival | None:
        key = (project.id, self._month(data.arrived_on))
        stored = self._by_month.get(key, [])
        if len(stored) > 1:
            reader.refuse(AMOUNT, f"系统中该项目{key[1].label}有 {len(stored)} 笔按月填报的资金，请先核对")
            return None
        if not stored:
            return self._asked(project, data, reader)
        self._note_seen(stored[0].id, reader)
        return stored[0]

    def _settled(
        self, arrival: StoredArrival, data: ArrivalData, state: ReviewState, assumed: frozenset[str]
    ) -> tuple[ArrivalData, ReviewState]:
        """The amount of the month is what a newer copy corrects; its day within the month stays where it was."""
        source = arrival.source if "资金来源" in assumed else data.source
        kept = replace(data, arrived_on=arrival.arrived_on, purpose=arrival.purpose, source=source)
        return kept, arrival.state if "审核状态" in assumed else state


def _is_monthly(arrival: StoredArrival) -> bool:
    """Whether the arrival is a month's amount of a ledger, and not one that came with evidence of its own."""
    return arrival.purpose == PURPOSE and not arrival.voucher
