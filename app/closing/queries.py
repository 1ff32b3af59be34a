"""The checklist of a month from the records, and what closing it would post."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.briefs.models import BriefDocument
from app.closing.rules import Item, ItemCode, Numbers, OpenRow, Waiver, self_check
from app.figures.queries import breakdown, headline, list_rows
from app.figures.queries.basis import recognition_kinds
from app.figures.queries.standing import arrived_until, register_on
from app.figures.rules import CATALOGUE, Values, WindowName
from app.files.models import StoredFile
from app.funds.models import FundArrival
from app.funds.rules import ReviewState
from app.journal.facts import difference
from app.journal.queries import (
    Posting,
    list_waivers,
    preview_postings,
    preview_sums,
    read_books,
)
from app.journal.rules import Basis, Books, Dimension, FactKind, Reading, Why
from app.kernel.periods import Month
from app.ledger.models import BatchState, ImportBatch
from app.pipeline.models import Project, StageChange
from app.pipeline.queries import owed_papers

ROWS_CHECKED = ("signed.count", "signed.amount", "started_big.count", "produced.count", "funds.amount")
RECORD_ITEMS = tuple(code for code in ItemCode if code is not ItemCode.selfcheck)
UNFINISHED = (
    BatchState.reading,
    BatchState.recognised,
    BatchState.judging,
    BatchState.judged,
    BatchState.writing,
    BatchState.undoing,
)


@dataclass(frozen=True)
class Preview:
    """What closing ``month`` would do: its checklist, its first entries, how many of each kind, and the figures."""

    month: Month
    books: Books
    items: list[Item]
    postings: list[Posting]
    sums: dict[tuple[Why, FactKind], int]
    before: dict[str, int] | None
    """Year so far as issued with the month before; None in January, or without such a close."""
    after: dict[str, Values]


def preview(session: Session, zone: Zone, month: Month, *, limit: int = 200) -> Preview:
    """Everything a person looks at before closing ``month``."""
    books = read_books(session, zone.id)
    found = difference(zone.id, month.last_day, recognition_kinds(zone))
    sums = preview_sums(session, found)
    after = headline(session, zone, month)
    before = issued_before(session, zone, month, books)
    items = checklist(session, zone, month, books, sums=sums, whole=after, issued=before)
    return Preview(month, books, items, preview_postings(session, found, limit=limit), sums, before, after)


def checklist(
    session: Session,
    zone: Zone,
    month: Month,
    books: Books,
    *,
    sums: dict[tuple[Why, FactKind], int],
    whole: dict[str, Values],
    issued: dict[str, int] | None,
) -> list[Item]:
    """Every item with its rows and the waivers given for this month, in the order in which they are worked off."""
    found = {**_record_rows(session, zone, month, books, RECORD_ITEMS)}
    found[ItemCode.selfcheck] = self_check(_numbers(session, zone, month, sums, whole, issued))
    return _waived(session, zone, month, found)


def check_records(
    session: Session, zone: Zone, month: Month, books: Books, codes: Collection[ItemCode] = RECORD_ITEMS
) -> list[Item]:
    """The items that ask about records: the checklist without its sums, which are what takes long."""
    return _waived(session, zone, month, _record_rows(session, zone, month, books, codes))


def check_numbers(
    session: Session,
    zone: Zone,
    month: Month,
    *,
    sums: dict[tuple[Why, FactKind], int],
    whole: dict[str, Values],
    issued: dict[str, int] | None,
) -> Item:
    """The item that compares the month's figures with each other (figures.md §6)."""
    rows = self_check(_numbers(session, zone, month, sums, whole, issued))
    return _waived(session, zone, month, {ItemCode.selfcheck: rows})[0]


def _record_rows(
    session: Session, zone: Zone, month: Month, books: Books, codes: Collection[ItemCode]
) -> dict[ItemCode, tuple[OpenRow, ...]]:
    ways: dict[ItemCode, Callable[[], Iterator[OpenRow]]] = {
        ItemCode.pending: lambda: _pending(session, zone, month),
        ItemCode.gates: lambda: _gates(session, zone, month),
        ItemCode.over_total: lambda: _over_total(session, zone, month),
        ItemCode.evidence: lambda: _evidence(session, zone, month),
        ItemCode.imports: lambda: _imports(session, zone, books),
    }
    return {code: tuple(way()) for code, way in ways.items() if code in codes}


def _waived(
    session: Session, zone: Zone, month: Month, found: dict[ItemCode, tuple[OpenRow, ...]]
) -> list[Item]:
    given = {
        (waiver.item, waiver.subject_id): Waiver(waiver.reason, waiver.user_name, waiver.at)
        for waiver in list_waivers(session, zone.id, month)
        if waiver.subject_id is not None
    }
    return [
        Item(code, tuple(replace(row, waiver=given.get((code.value, row.subject_id))) for row in rows))
        for code, rows in found.items()
    ]


def issued_before(session: Session, zone: Zone, month: Month, books: Books) -> dict[str, int] | None:
    """The year so far of every figure as issued with the month before; None in January, or without such a close."""
    earlier = month.previous()
    step = books.find(earlier)
    if month.month == 1 or step is None:
        return None
    # For the whole zone's year so far nothing is needed of the lists or of the months before.
    reading = Reading(Basis.closed, step.seq, step.period, step.cutoff_day)
    return {code: values.ytd for code, values in headline(session, zone, earlier, reading=reading).items()}


def issued_brief(session: Session, zone_id: int, month: Month) -> BriefDocument | None:
    """The brief of ``month`` when it is out; then the month cannot be reopened."""
    query = select(BriefDocument).where(
        BriefDocument.zone_id == zone_id,
        BriefDocument.year == month.year,
        BriefDocument.month == month.month,
    )
    found = session.scalars(query).one_or_none()
    return found if found is not None and found.state.is_final else None


def _numbers(
    session: Session,
    zone: Zone,
    month: Month,
    sums: dict[tuple[Why, FactKind], int],
    whole: dict[str, Values],
    issued: dict[str, int] | None,
) -> Numbers:
    rows = {
        code: list_rows(session, zone, month, CATALOGUE[code], WindowName.ytd, limit=0)[2]
        for code in ROWS_CHECKED
    }
    by = {dimension: breakdown(session, zone, month, dimension) for dimension in Dimension}
    corrected = frozenset(kind for (why, kind), number in sums.items() if why is not Why.new and number)
    return Numbers(whole, by, rows, issued, corrected)


def _pending(session: Session, zone: Zone, month: Month) -> Iterator[OpenRow]:
    """Arrivals up to the end of the month that nobody has reviewed."""
    query = _arrivals(zone).where(
        FundArrival.state == ReviewState.pending, FundArrival.arrived_on <= month.last_day
    )
    for key, project, voucher, fen, day in session.execute(query):
        yield OpenRow(key, project, voucher, fen, day)


def _evidence(session: Session, zone: Zone, month: Month) -> Iterator[OpenRow]:
    """Recognised arrivals of the month with neither a voucher number nor a file."""
    filed = exists().where(
        StoredFile.zone_id == FundArrival.zone_id,
        StoredFile.entity == "fund_arrival",
        StoredFile.entity_id == FundArrival.id,
        StoredFile.removed_at.is_(None),
    )
    query = _arrivals(zone).where(
        FundArrival.state == ReviewState.recognised,
        _counted_on(zone).between(month.window.start, month.last_day),
        FundArrival.voucher == "",
        ~filed,
    )
    for key, project, _voucher, fen, day in session.execute(query):
        yield OpenRow(key, project, "无凭证号、无附件", fen, day)


def _arrivals(zone: Zone) -> Any:
    arrival = FundArrival
    return (
        select(arrival.id, Project.name, arrival.voucher, arrival.amount_fen, arrival.arrived_on)
        .join(Project, and_(Project.zone_id == arrival.zone_id, Project.id == arrival.project_id))
        .where(arrival.zone_id == zone.id)
        .order_by(arrival.arrived_on, arrival.id)
    )


def _counted_on(zone: Zone) -> Any:
    by_recognition = FactKind.funds in recognition_kinds(zone)
    return FundArrival.recognised_on if by_recognition else FundArrival.arrived_on


def _gates(session: Session, zone: Zone, month: Month) -> Iterator[OpenRow]:
    """Projects that passed a gate in the month and still owe papers; older debts were answered for in their month."""
    query = (
        select(Project.id, Project.name)
        .join(StageChange, and_(StageChange.zone_id == Project.zone_id, StageChange.project_id == Project.id))
        .where(
            Project.zone_id == zone.id,
            StageChange.owes > 0,
            StageChange.effective_on.between(month.window.start, month.last_day),
        )
        .order_by(Project.number)
    )
    passed = {row.id: row.name for row in session.execute(query)}
    owed = owed_papers(session, zone.id, set(passed))
    for key, name in passed.items():
        if key in owed:
            yield OpenRow(key, name, "、".join(lack.label for lack in owed[key]))


def _over_total(session: Session, zone: Zone, month: Month) -> Iterator[OpenRow]:
    """Projects that received money in the month and have more than their contract total."""
    standing, arrived = register_on(zone.id, month.last_day), arrived_until(zone.id, month.last_day)
    moved = exists().where(
        FundArrival.zone_id == zone.id,
        FundArrival.project_id == standing.c.project_id,
        FundArrival.state == ReviewState.recognised,
        _counted_on(zone).between(month.window.start, month.last_day),
    )
    over = arrived.c.arrived_fen - standing.c.total_fen
    query = (
        select(Project.id, Project.name, over)
        .join(standing, standing.c.project_id == Project.id)
        .join(arrived, arrived.c.project_id == Project.id)
        .where(Project.zone_id == zone.id, over > 0, moved)
        .order_by(over.desc(), Project.id)
    )
    for key, name, fen in session.execute(query):
        yield OpenRow(key, name, "超出", fen)


def _imports(session: Session, zone: Zone, books: Books) -> Iterator[OpenRow]:
    """Ledgers sent in since the last close that were neither taken in nor refused."""
    query = select(ImportBatch.id, ImportBatch.file_name, ImportBatch.made_name).where(
        ImportBatch.zone_id == zone.id, ImportBatch.state.in_(UNFINISHED)
    )
    if books.last is not None:
        query = query.where(ImportBatch.made_at > books.last.at)
    for key, name, by in session.execute(query.order_by(ImportBatch.made_at)):
        yield OpenRow(key, name, by)
