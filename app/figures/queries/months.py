"""Which month a zone is working on, and how its money came month by month."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Date, Select, bindparam, case, func, select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.db.types import whole_sum
from app.figures.queries.basis import facts_to_sum, recognition_kinds
from app.figures.queries.windows import money_by_day
from app.funds.models import FundArrival
from app.funds.rules import ReviewState
from app.journal.queries import closed_span_columns, closed_span_of
from app.journal.rules import LIVE, ClosedSpan, FactKind, Reading
from app.kernel.periods import Month, Window
from app.pipeline.models import Contract
from app.pipeline.rules import ContractKind


def latest_month(session: Session, zone: Zone, today: dt.date) -> tuple[Month, ClosedSpan]:
    """The latest statistical month with a recognised arrival or a formal contract, none after ``today``.

    A zone without either works on the month of ``today``. With it, which months stand closed. One query,
    answered from indexes.
    """
    query = _latest_days(frozenset(recognition_kinds(zone)))
    *days, first, last = session.execute(query, {"zone_id": zone.id, "today": today}).one()
    month = Month.of(max((day for day in days if day is not None), default=today), zone.cutoff_day)
    return month, closed_span_of(first, last)


@cache
def _latest_days(by_recognition: frozenset[FactKind]) -> Select[Any]:
    """The last day of money and of a contract up to ``:today``, and the months closed, of the zone ``:zone_id``.

    Every page asks; building it anew took longer than its answer.
    """
    zone_id, today = bindparam("zone_id", type_=BigInteger), bindparam("today", type_=Date)
    arrival_day = FundArrival.recognised_on if FactKind.funds in by_recognition else FundArrival.arrived_on
    contract_day = Contract.recognised_on if FactKind.signed in by_recognition else Contract.signed_on
    arrival = select(func.max(arrival_day)).where(
        FundArrival.zone_id == zone_id, FundArrival.state == ReviewState.recognised, arrival_day <= today
    )
    contract = select(func.max(contract_day)).where(
        Contract.zone_id == zone_id, Contract.kind == ContractKind.formal, contract_day <= today
    )
    latest = arrival.scalar_subquery(), contract.scalar_subquery()
    return select(*latest, *closed_span_columns(zone_id))


def funds_two_years(
    session: Session, zone: Zone, month: Month, *, reading: Reading = LIVE
) -> tuple[list[int], list[int]]:
    """到位资金 of each month up to ``month``, this year's and last year's, in fen. One query."""
    month = reading.of(month)
    months = [*month.so_far(), *month.last_year.so_far()]
    days = Window(month.last_year.ytd.start, month.last_day)
    facts = money_by_day(facts_to_sum(reading, zone, days, {FactKind.funds})[FactKind.funds])
    sums = [
        whole_sum(
            case((facts.c.on_day.between(m.window.start, m.window.end), facts.c.amount_fen), else_=0)
        ).label(f"m{place}")
        for place, m in enumerate(months)
    ]
    row = list(session.execute(select(*sums)).one())
    return row[: month.month], row[month.month :]
