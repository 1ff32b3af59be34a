"""The projects of a 上报表 with everything its columns ask for, as they stood at the end of the month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.activities.queries import progress_of
from app.directory.rules import divisions, origins
from app.figures.queries import sums_by_project
from app.figures.rules import CATALOGUE, share_percent
from app.funds.queries import ProjectRow, iter_projects
from app.funds.rules import FundSource
from app.investors.models import Investor
from app.journal.rules import LIVE, Dimension, Reading
from app.kernel.errors import DomainError
from app.kernel.money import BIG_FEN
from app.kernel.periods import Month, Window, months_later
from app.pipeline.models import Contract, Milestone, Project
from app.pipeline.queries import ProjectFilter, Standing
from app.pipeline.rules import CONTRACT_LABELS, ContractKind, MilestoneKind, Stage
from app.reporting.rules import EXTRA_PREFIX, MONEY, Rows, Tie

MOST_ROWS = 5_000
BEGIN = dt.date(1949, 10, 1)
_EXTRAS = (
    "segment industry origin sponsor content contract fixed land output tax jobs contacted landed started produced full note"
).split()
_DATES = ("contacted", "landed", "started", "produced", "full")
_OUTSIDE = frozenset({FundSource.outside.value, FundSource.abroad.value})


@dataclass(frozen=True)
class Record:
    """One project: what its columns can show, by the field's key; amounts in fen, land in hundredths of 亩."""

    id: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """What is read, and for when."""

    zone: Zone
    month: Month
    day: dt.date | None
    """The end of the month where that is over; None: as projects stand now."""
    ties: Collection[Tie]
    reading: Reading = LIVE

    @property
    def keys(self) -> frozenset[str]:
        """The fields that are shown."""
        return frozenset(tie.field for tie in self.ties)


def read_records(
    session: Session,
    zone: Zone,
    month: Month,
    rows: Rows,
    ties: Collection[Tie],
    *,
    today: dt.date,
    reading: Reading = LIVE,
) -> list[Record]:
    """The projects that ``rows`` chooses, each with its values. At most ten queries, whatever their number.

    Raises ``DomainError`` beyond ``MOST_ROWS``.
    """
    asked = Asked(zone, month, month.last_day if month.last_day < today else None, ties, reading)
    found = list(
        iter_projects(
            session, zone.id, _filter(rows, asked), extra=_EXTRAS, descending=False, limit=MOST_ROWS + 1
        )
    )
    if len(found) > MOST_ROWS:
        raise DomainError(f"符合条件的项目超过 {MOST_ROWS} 个，请在上报表里加上筛选条件")
    money = _money(session, asked)
    more = _more(session, asked)
    records = []
    for row in found:
        values = _plain(row, asked) | more.get(row.id, {})
        values |= {key: sums.get(row.id, 0) for key, sums in money.items()}
        if values["signed"] is not None:
            values.setdefault("contract_kind", CONTRACT_LABELS[ContractKind.formal])
        values["share"] = share_percent(money["funds_all"].get(row.id, 0), row.total_fen or 0)
        if _is_chosen(values, rows, month):
            records.append(Record(row.id, values))
    return records


def _filter(rows: Rows, asked: Asked) -> ProjectFilter:
    month = asked.month
    since, until = {
        "year": (month.ytd.start, month.last_day),
        "month": (month.window.start, month.last_day),
        "until": (BEGIN, month.last_day),
    }.get(rows.signed, (None, None))
    return ProjectFilter(
        stages=tuple(Stage(stage) for stage in rows.stages),
        units=rows.units,
        areas=rows.areas,
        chains=rows.chains,
        big=rows.big,
        contracted=rows.contracted,
        signed_from=since,
        signed_to=until,
        text=rows.text,
        standing=Standing(rows.standing) if rows.standing else None,
        as_of=asked.day,
    )


def _is_chosen(values: Mapping[str, Any], rows: Rows, month: Month) -> bool:
    started: dt.date | None = values["started"]
    if rows.started:
        days = month.ytd if rows.started == "year" else Window(BEGIN, month.last_day)
        if started is None or not days.holds(started):
            return False
    needed = {"year": "funds_ytd", "ever": "funds_all"}.get(rows.money)
    return needed is None or bool(values[needed])


def _plain(row: ProjectRow, asked: Asked) -> dict[str, Any]:
    """What the project list itself knows of a row."""
    values = {key: row.extra.get(key) for key in _EXTRAS}
    for key in _DATES:
        reached: dt.date | None = values[key]
        if asked.day is not None and reached is not None and reached > asked.day:
            values[key] = None
    started, industry, origin = values["started"], values["industry"] or "", values["origin"]
    division = divisions().get(industry[1:3])
    known = origins().get(origin or "")
    segment = values["segment"]
    return values | {
        "number": row.number,
        "name": row.name,
        "investor": row.investor,
        "stage": row.stage,
        "area": row.area,
        "chain": row.chain,
        "chain_segment": f"{row.chain}/{segment}" if row.chain and segment else row.chain,
        "unit": row.unit,
        "officer": row.officer,
        "unit_officer": f"{row.unit}/{row.officer}" if row.officer else row.unit,
        "signed": row.signed_on,
        "total": row.total_fen,
        "big": "是" if (row.total_fen or 0) >= BIG_FEN else "否",
        "industry_name": division.name if division else None,
        "aid": None if known is None else "是" if known.is_aid_xinjiang else "否",
        "newness": None if started is None else "新建" if started >= asked.month.ytd.start else "续建",
    }


def _money(session: Session, asked: Asked) -> dict[str, dict[int, int]]:
    """Recognised money of each project in the windows that are shown, as the reading has it, by the field's key (with its period)."""
    month, last = asked.month, asked.month.last_day
    windows: dict[str, Window | Month] = {
        "funds_all": Window(BEGIN, last),
        "funds_ytd": month.ytd,
        "funds_month": month,
        "funds_before": Window(BEGIN, month.ytd.start - dt.timedelta(days=1)),
        "funds_outside": month.ytd,
    }
    wanted = {"funds_all", "funds_ytd"} | (asked.keys & MONEY - {"share", "funds_year", "funds_in"})
    days = {key: windows[key] for key in wanted}
    for tie in asked.ties:
        if tie.field == "funds_year":
            days[f"funds_year:{tie.text}"] = Month(int(tie.text), 12, month.cutoff).ytd
        elif tie.field == "funds_in":
            days[f"funds_in:{tie.text}"] = Month.parse(tie.text, month.cutoff).window
    figure = CATALOGUE["funds.amount"]
    return {
        key: sums_by_project(
            session,
            asked.zone,
            window,
            figure,
            {Dimension.source: _OUTSIDE} if key == "funds_outside" else None,
            reading=asked.reading,
        )
        for key, window in days.items()
    }


def _more(session: Session, asked: Asked) -> dict[int, dict[str, Any]]:
    """What the project list does not know, read only where a column shows it."""
    found: dict[int, dict[str, Any]] = {}
    keys = asked.keys
    if keys & {"uscc", "investor_type"} or any(key.startswith(EXTRA_PREFIX) for key in keys):
        _keep(found, _of_investors(session, asked))
    if keys & {"terminated", "plan_started", "plan_produced"}:
        _keep(found, _milestones(session, asked))
    if "contract_kind" in keys:
        _keep(found, _contracts(session, asked))
    for tie in asked.ties:
        if tie.field == "progress":
            _keep(found, _progress(session, asked, tie.style))
    return found


def _keep(found: dict[int, dict[str, Any]], more: Iterable[tuple[int, dict[str, Any]]]) -> None:
    for project_id, values in more:
        found.setdefault(project_id, {}).update(values)


def _of_investors(session: Session, asked: Asked) -> Iterable[tuple[int, dict[str, Any]]]:
    query = (
        select(Project.id, Project.extra, Investor.uscc, Investor.investor_type)
        .join(Investor, and_(Investor.zone_id == Project.zone_id, Investor.id == Project.investor_id))
        .where(Project.zone_id == asked.zone.id)
    )
    for row in session.execute(query):
        extra = {f"{EXTRA_PREFIX}{head}": text for head, text in (row.extra or {}).items()}
        yield row.id, extra | {"uscc": row.uscc, "investor_type": row.investor_type.label}


def _milestones(session: Session, asked: Asked) -> Iterable[tuple[int, dict[str, Any]]]:
    query = select(Milestone).where(
        Milestone.zone_id == asked.zone.id,
        Milestone.kind.in_((MilestoneKind.started, MilestoneKind.produced, MilestoneKind.terminated)),
    )
    for one in session.scalars(query):
        if one.kind is not MilestoneKind.terminated:
            yield one.project_id, {f"plan_{one.kind.value}": one.planned_on}
        elif one.reached_on is not None and (asked.day is None or one.reached_on <= asked.day):
            yield one.project_id, {"terminated": one.reached_on}


def _contracts(session: Session, asked: Asked) -> Iterable[tuple[int, dict[str, Any]]]:
    """The kind that says most: a formal contract before a framework before a letter of intent."""
    kinds = (ContractKind.intent, ContractKind.framework, ContractKind.formal)
    query = select(Contract.project_id, Contract.kind).where(
        Contract.zone_id == asked.zone.id,
        Contract.kind.in_(kinds),
        Contract.signed_on <= (asked.day or dt.date.max),
    )
    for row in sorted(session.execute(query).all(), key=lambda row: kinds.index(row.kind)):
        yield row.project_id, {"contract_kind": CONTRACT_LABELS[row.kind]}


def _progress(session: Session, asked: Asked, style: str) -> Iterable[tuple[int, dict[str, Any]]]:
    """The sentences of one style, under ``progress:<style>``."""
    until = asked.month.last_day
    since = months_later(until, -int(style[:-1])) + dt.timedelta(days=1) if style.endswith("m") else None
    most = 50 if since else int(style or 3)
    entries = progress_of(session, asked.zone.id, until=until, most=most, since=since)
    return [(project_id, {f"progress:{style}": lines}) for project_id, lines in entries.items()]
