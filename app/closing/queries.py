"""The checklist of a month from the records, and what closing it would post."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Date, Select, and_, case, cast, exists, literal, null, select, union_all
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.briefs.models import BriefDocument
from app.closing.rules import Item, ItemCode, Numbers, OpenRow, Waiver, self_check
from app.figures.queries import headline
from app.figures.queries.basis import recognition_kinds
from app.figures.queries.rows import sums_of_rows
from app.figures.queries.standing import arrived_until, register_on
from app.figures.queries.windows import sums_by
from app.figures.rules import CATALOGUE, Values
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
from app.pipeline.queries.gates import passed_owing, still_owed

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
    found = {code: tuple(rows) for code, rows in _money_rows(session, zone, month, codes).items()}
    if ItemCode.gates in codes:
        found[ItemCode.gates] = tuple(_gates(session, zone, month))
    if ItemCode.imports in codes:
        found[ItemCode.imports] = tuple(_imports(session, zone, books))
    return {code: found[code] for code in ItemCode if code in found}


def _money_rows(
    session: Session, zone: Zone, month: Month, codes: Collection[ItemCode]
) -> dict[ItemCode, list[OpenRow]]:
    """The items about money in one query: what is open by its day, what is over by how much."""
    ways = {ItemCode.pending: _pending, ItemCode.over_total: _over_total, ItemCode.evidence: _evidence}
    queries = [way(zone, month) for code, way in ways.items() if code in codes]
    found: dict[ItemCode, list[OpenRow]] = {code: [] for code in ways if code in codes}
    if not queries:
        return found
    rows = union_all(*queries).subquery("open")
    ordered = select(rows).order_by(rows.c.day, case((rows.c.day.is_(None), -rows.c.fen)), rows.c.id)
    for item, key, project, detail, fen, day in session.execute(ordered):
        found[ItemCode(item)].append(OpenRow(key, project, detail, fen, day))
    return found


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
    rows = sums_of_rows(session, zone, month, [CATALOGUE[code] for code in ROWS_CHECKED])
    by = {dimension: sums_by(session, zone, month, dimension) for dimension in Dimension}
    corrected = frozenset(kind for (why, kind), number in sums.items() if why is not Why.new and number)
    return Numbers(whole, by, rows, issued, corrected)


def _pending(zone: Zone, month: Month) -> Select[Any]:
    """Arrivals up to the end of the month that nobody has reviewed."""
    return _arrivals(zone, ItemCode.pending, FundArrival.voucher).where(
        FundArrival.state == ReviewState.pending, FundArrival.arrived_on <= month.last_day
    )


def _evidence(zone: Zone, month: Month) -> Select[Any]:
    """Recognised arrivals of the month with neither a voucher number nor a file."""
    filed = exists().where(
        StoredFile.zone_id == FundArrival.zone_id,
        StoredFile.entity == "fund_arrival",
        StoredFile.entity_id == FundArrival.id,
        StoredFile.removed_at.is_(None),
    )
    return _arrivals(zone, ItemCode.evidence, literal("无凭证号、无附件")).where(
        FundArrival.state == ReviewState.recognised,
        _counted_on(zone).between(month.window.start, month.last_day),
        FundArrival.voucher == "",
        ~filed,
    )


def _arrivals(zone: Zone, item: ItemCode, detail: Any) -> Select[Any]:
    arrival = FundArrival
    return (
        select(
            literal(item.value).label("item"),
            arrival.id.label("id"),
            Project.name.label("project"),
            detail.label("detail"),
            arrival.amount_fen.label("fen"),
            arrival.arrived_on.label("day"),
        )
        .join(Project, and_(Project.zone_id == arrival.zone_id, Project.id == arrival.project_id))
        .where(arrival.zone_id == zone.id)
    )


def _counted_on(zone: Zone) -> Any:
    by_recognition = FactKind.funds in recognition_kinds(zone)
    return FundArrival.recognised_on if by_recognition else FundArrival.arrived_on


def _gates(session: Session, zone: Zone, month: Month) -> Iterator[OpenRow]:
    """Projects that passed a gate in the month and still owe papers; older debts were answered for in their month."""
    then = select(StageChange.project_id).where(
        StageChange.zone_id == zone.id,
        StageChange.owes > 0,
        StageChange.effective_on.between(month.window.start, month.last_day),
    )
    query = passed_owing(zone.id).add_columns(Project.stage, StageChange.owed, Project.name)
    query = query.where(StageChange.project_id.in_(then)).order_by(Project.number)
    rows = session.execute(query).all()
    names = {row.project_id: row.name for row in rows}
    for key, lacks in still_owed(session, zone.id, rows).items():
        yield OpenRow(key, names[key], "、".join(lack.label for lack in lacks))


def _over_total(zone: Zone, month: Month) -> Select[Any]:
    """Projects that received money in the month and have more than their contract total."""
    standing, arrived = register_on(zone.id, month.last_day), arrived_until(zone.id, month.last_day)
    moved = exists().where(
        FundArrival.zone_id == zone.id,
        FundArrival.project_id == standing.c.project_id,
        FundArrival.state == ReviewState.recognised,
        _counted_on(zone).between(month.window.start, month.last_day),
    )
    over = arrived.c.arrived_fen - standing.c.total_fen
    return (
        select(
            literal(ItemCode.over_total.value),
            Project.id,
            Project.name,
            literal("超出"),
            over,
            cast(null(), Date),
        )
        .join(standing, standing.c.project_id == Project.id)
        .join(arrived, arrived.c.project_id == Project.id)
        .where(Project.zone_id == zone.id, over > 0, moved)
    )


def _imports(session: Session, zone: Zone, books: Books) -> Iterator[OpenRow]:
    """Ledgers sent in since the last close that were neither taken in nor refused."""
    query = select(ImportBatch.id, ImportBatch.file_name, ImportBatch.made_name).where(
        ImportBatch.zone_id == zone.id, ImportBatch.state.in_(UNFINISHED)
    )
    if books.last is not None:
        query = query.where(ImportBatch.made_at > books.last.at)
    for key, name, by in session.execute(query.order_by(ImportBatch.made_at)):
        yield OpenRow(key, name, by)
