"""What gates ask for, what projects have of it, and what they passed a gate without."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, String, and_, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from app.files.models import StoredFile
from app.investors.models import Investor
from app.pipeline.models import (
    Approval,
    Contract,
    ContractReview,
    GateItem,
    Milestone,
    Project,
    ProjectPaper,
    StageChange,
    StageReason,
)
from app.pipeline.queries.moves import bases_of
from app.pipeline.rules import (
    COLUMN_OF_FIELD,
    DEFAULT_GATES,
    DEFAULT_REASONS,
    ENDED,
    ROAD,
    ContractKind,
    GateKind,
    GateState,
    Item,
    Lack,
    MilestoneKind,
    Reason,
    ReasonKind,
    ReviewResult,
    Stage,
    between,
    missing,
)


def gate_items(session: Session, zone_id: int) -> tuple[Item, ...]:
    """The zone's gates in order, or the defaults when it has written none. One query."""
    rows = list_gate_items(session, zone_id)
    if not rows:
        return DEFAULT_GATES
    return tuple(
        Item(row.stage, row.kind, row.code, row.label, row.required, row.least, row.hint)
        for row in rows
        if row.active
    )


def list_gate_items(session: Session, zone_id: int) -> list[GateItem]:
    """The zone's own lines, those switched off too; none when it uses the defaults."""
    query = select(GateItem).where(GateItem.zone_id == zone_id)
    found = list(session.scalars(query.order_by(GateItem.position, GateItem.id)))
    return sorted(found, key=lambda row: row.stage.step)


def reasons_of(session: Session, zone_id: int, kind: ReasonKind | None = None) -> tuple[Reason, ...]:
    """The zone's reasons in order, or the defaults when it has written none. One query."""
    rows = list_reasons(session, zone_id)
    found = (
        tuple(Reason(row.kind, row.code, row.name) for row in rows if row.active) if rows else DEFAULT_REASONS
    )
    return tuple(reason for reason in found if kind is None or reason.kind is kind)


def list_reasons(session: Session, zone_id: int) -> list[StageReason]:
    """The zone's own reasons, those switched off too; none when it uses the defaults."""
    query = select(StageReason).where(StageReason.zone_id == zone_id)
    return list(session.scalars(query.order_by(StageReason.position, StageReason.id)))


def lacks_of(
    session: Session, zone_id: int, project_ids: Collection[int], to: Stage
) -> dict[int, tuple[Lack, ...]]:
    """What holds each project back from ``to``; empty for one that may pass. At most seven queries.

    Projects of another zone are missing from the answer.
    """
    items = gate_items(session, zone_id)
    stages = _stages(session, zone_id, project_ids)
    aside = bases_of(session, zone_id, [key for key, stage in stages.items() if stage not in ROAD])
    states = states_of(session, zone_id, list(stages))
    return {
        key: missing(between(items, aside.get(key, Stage.talks) if stage not in ROAD else stage, to), states[key])
        for key, stage in stages.items()
    }  # fmt: skip


def _stages(session: Session, zone_id: int, project_ids: Collection[int]) -> dict[int, Stage]:
    if not project_ids:
        return {}
    query = select(Project.id, Project.stage).where(Project.zone_id == zone_id, Project.id.in_(project_ids))
    return {row.id: row.stage for row in session.execute(query)}


def states_of(session: Session, zone_id: int, project_ids: Collection[int]) -> dict[int, GateState]:
    """What there is of each project that a gate can ask for. Three queries."""
    if not project_ids:
        return {}
    chosen = list(project_ids)
    fields = _fields(session, zone_id, chosen)
    papers, labels = _files(session, zone_id, chosen)
    approvals, reviews = _opinions(session, zone_id, chosen)
    return {
        key: GateState(
            fields=present,
            papers=papers.get(key, {}),
            labels=labels.get(key, {}),
            approvals=frozenset(approvals.get(key, ())),
            reviews=frozenset(reviews.get(key, ())),
        )
        for key, present in fields.items()
    }


def _fields(session: Session, zone_id: int, chosen: list[int]) -> dict[int, frozenset[str]]:
    columns = [getattr(Project, name).label(code) for code, name in COLUMN_OF_FIELD.items()]
    query = (
        select(Project.id, *columns, Investor.uscc.label("uscc"), Milestone.reached_on.label("first_contact"))
        .join(Investor, and_(Investor.zone_id == Project.zone_id, Investor.id == Project.investor_id))
        .outerjoin(
            Milestone,
            and_(
                Milestone.zone_id == Project.zone_id,
                Milestone.project_id == Project.id,
                Milestone.kind == MilestoneKind.first_contact,
            ),
        )
        .where(Project.zone_id == zone_id, Project.id.in_(chosen))
    )
    return {
        row["id"]: frozenset(code for code, value in row.items() if code != "id" and value not in (None, ""))
        for row in session.execute(query).mappings()
    }


Counts = dict[int, dict[str, int]]


def _files(session: Session, zone_id: int, chosen: list[int]) -> tuple[Counts, Counts]:
    """Files of each project by the paper they were handed in as, and the others by their 说明."""
    papers: Counts = {}
    labels: Counts = {}
    query = (
        select(StoredFile.entity_id, ProjectPaper.code, StoredFile.label, func.count())
        .outerjoin(
            ProjectPaper,
            and_(ProjectPaper.zone_id == StoredFile.zone_id, ProjectPaper.file_id == StoredFile.id),
        )
        .where(*_standing(zone_id, "project"), StoredFile.entity_id.in_(chosen))
        .group_by(StoredFile.entity_id, ProjectPaper.code, StoredFile.label)
    )
    scans = (
        select(Contract.project_id, literal("contract"), literal(""), func.count())
        .join(StoredFile, and_(StoredFile.zone_id == Contract.zone_id, StoredFile.entity_id == Contract.id))
        .where(
            *_standing(zone_id, "contract"),
            Contract.kind == ContractKind.formal,
            Contract.project_id.in_(chosen),
        )
        .group_by(Contract.project_id)
    )
    for key, code, label, number in session.execute(union_all(query, scans)):
        counts, name = (labels, label) if code is None else (papers, code)
        found = counts.setdefault(key, {})
        found[name] = found.get(name, 0) + number
    return papers, labels


def _standing(zone_id: int, entity: str) -> tuple[ColumnElement[bool], ...]:
    return (
        StoredFile.zone_id == zone_id,
        StoredFile.entity == entity,
        StoredFile.removed_at.is_(None),
    )


def _opinions(
    session: Session, zone_id: int, chosen: list[int]
) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """Approvals given, and kinds of review whose newest opinion is passed, or passed on conditions."""
    given = select(
        Approval.project_id,
        Approval.code,
        cast(null(), String).label("result"),
        cast(null(), Date).label("day"),
        Approval.id,
    ).where(Approval.zone_id == zone_id, Approval.project_id.in_(chosen))
    opined = select(
        ContractReview.project_id,
        cast(ContractReview.kind, String),
        cast(ContractReview.result, String),
        ContractReview.opined_on,
        ContractReview.id,
    ).where(ContractReview.zone_id == zone_id, ContractReview.project_id.in_(chosen))
    approvals: dict[int, set[str]] = {}
    newest: dict[tuple[int, str], str] = {}
    for key, code, result, _day, _id in session.execute(union_all(given, opined).order_by("day", "id")):
        if result is None:
            approvals.setdefault(key, set()).add(code)
        else:
            newest[key, code] = result
    reviews: dict[int, set[str]] = {}
    for (key, kind), result in newest.items():
        if result != ReviewResult.failed:
            reviews.setdefault(key, set()).add(kind)
    return approvals, reviews


def owed_papers(
    session: Session, zone_id: int, project_ids: Collection[int] | None = None
) -> dict[int, tuple[Lack, ...]]:
    """欠材料: what standing projects passed a gate without and still have not; all of the zone or some."""
    query = passed_owing(zone_id).add_columns(Project.stage, StageChange.owed)
    if project_ids is not None:
        query = query.where(StageChange.project_id.in_(project_ids))
    return still_owed(session, zone_id, session.execute(query).all())


def passed_owing(zone_id: int) -> Select[Any]:
    """The gates that standing projects passed with something owed, by the project's id; to be narrowed."""
    return (
        select(StageChange.project_id)
        .join(Project, and_(Project.zone_id == StageChange.zone_id, Project.id == StageChange.project_id))
        .where(StageChange.zone_id == zone_id, StageChange.owes > 0, Project.stage.not_in(ENDED))
    )


def still_owed(session: Session, zone_id: int, rows: Iterable[Any]) -> dict[int, tuple[Lack, ...]]:
    """What is owed still of the ``rows`` of ``passed_owing`` (``project_id``, ``stage``, ``owed``).

    What was handed in since, what the zone no longer asks for, and gates that a project went back before
    are not owed. A constant number of queries.
    """
    recorded: dict[int, set[tuple[str, str]]] = {}
    stages: dict[int, Stage] = {}
    for row in rows:
        recorded.setdefault(row.project_id, set()).update((one["kind"], one["code"]) for one in row.owed)
        stages[row.project_id] = row.stage
    if not recorded:
        return {}
    items = gate_items(session, zone_id)
    aside = bases_of(session, zone_id, [key for key, stage in stages.items() if stage not in ROAD])
    keys = list(recorded)
    states: dict[int, GateState] = {}
    for start in range(0, len(keys), 5000):
        states |= states_of(session, zone_id, keys[start : start + 5000])
    found = {}
    for key, marks in recorded.items():
        base = aside.get(key, Stage.talks) if stages[key] not in ROAD else stages[key]
        asked = [item for item in between(items, Stage.lead, base) if (item.kind.value, item.code) in marks]
        lacks = missing(asked, states[key])
        if lacks:
            found[key] = lacks
    return found


def paper_items(items: Iterable[Item]) -> tuple[Item, ...]:
    """The items that files can satisfy."""
    return tuple(item for item in items if item.kind in (GateKind.paper, GateKind.review))
