"""Undoing an import: every value it changed goes back unless it was edited since; what it made goes unless worked on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Table, and_, delete, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.operations import note
from app.audit.rules import Actor
from app.db.base import Base
from app.files.models import StoredFile
from app.investors.models import Investor
from app.investors.operations.finding import make_findable as make_investor_findable
from app.kernel import clock
from app.kernel.errors import DomainError
from app.ledger.models import BatchState, ImportBatch, ImportImage
from app.ledger.operations.images import CHUNK, read_rows
from app.ledger.operations.importing import Progress, silent
from app.ledger.operations.plain import from_plain, key_columns, read_key, row_key
from app.ledger.operations.undo_report import UndoReport
from app.ledger.rules.undoing import PARTS, Image, Place, restored, staying
from app.pipeline.models import Project, StageChange
from app.pipeline.operations.contract import keep_derived


def undo_batch(session: Session, zone: Zone, batch: ImportBatch, *, progress: Progress = silent) -> None:
    """Undo a written batch in one transaction; ``undo_report`` says what stayed and why. The log and the books stay."""
    progress("正在读取导入前后的内容", 10)
    session.flush()
    held: set[int] = set()
    exempt: set[int] = set()
    while True:
        images = _read_images(session, batch)
        progress("正在恢复", 40)
        savepoint = session.begin_nested()
        undo = _Undo(session, batch, images, held)
        wrong = undo.run() - exempt
        if not wrong:
            savepoint.commit()
            break
        savepoint.rollback()
        exempt |= {project for project in wrong if not undo.report.stands(project)}
        held |= wrong - exempt
    progress("正在更新查找索引", 90)
    session.expire_all()
    batch.undo_report = undo.report.as_json()
    batch.state, batch.percent, batch.step = BatchState.undone, 100, ""
    batch.undone_at = batch.finished_at = clock.now()
    session.flush()
    actor = Actor(zone.id, batch.undone_by, batch.undone_name or batch.made_name)
    counts = {name: batch.undo_report[name] for name in ("restored", "removed")}
    note(
        session, actor, action="undo", entity="import_batch", entity_id=batch.id,
        after=counts | {"kept": len(batch.undo_report["kept"]), "left": len(batch.undo_report["left"])},
    )  # fmt: skip


def _read_images(session: Session, batch: ImportBatch) -> list[Image]:
    """What the batch changed, beside what is there now."""
    query = select(ImportImage).where(ImportImage.zone_id == batch.zone_id, ImportImage.batch_id == batch.id)
    stored: dict[str, list[tuple[Any, ImportImage]]] = {}
    for image in session.scalars(query):
        table = Base.metadata.tables[image.table_name]
        stored.setdefault(image.table_name, []).append((read_key(table, image.record_key), image))
    found = []
    for name, pairs in stored.items():
        table = Base.metadata.tables[name]
        now = read_rows(session, table, batch.zone_id, {key for key, _image in pairs})
        found += [Image(name, key, image.before, image.after, now.get(key)) for key, image in pairs]
    return found


class _Undo:
    """One attempt; projects in ``held`` are left exactly as they are."""

    def __init__(self, session: Session, batch: ImportBatch, images: Sequence[Image], held: set[int]) -> None:
        self._session, self._zone_id, self._held = session, batch.zone_id, held
        self._images = images
        self._made = [image for image in images if image.made]
        self.report = UndoReport(session, batch, images)

    def run(self) -> set[int]:
        """Take everything back that can be; the projects that would contradict themselves then."""
        back = {i.place: restored(i) for i in self._images if i.before and i.after and i.now}
        held_stages = self._later_stages()
        for owner in held_stages:
            back.get(("project", (owner,)), ({}, []))[0].pop("stage", None)
        stays = self._staying(back, held_stages)
        wrong: set[int] = set()
        by_table: dict[str, list[Image]] = {}
        for image in self._images:
            by_table.setdefault(image.table, []).append(image)
        for table in reversed(Base.metadata.sorted_tables):
            mine = by_table.get(table.name, ())
            self._remove(table, [i for i in mine if i.made and i.place not in stays])
            for image in mine:
                if image.place in back and not self._is_held(image, held_stages):
                    self._restore(table, image, back[image.place][0], wrong)
        for table in Base.metadata.sorted_tables:
            for image in by_table.get(table.name, ()):
                if image.after is None and image.now is None and image.before is not None:
                    self._put_back(table, image, wrong)
        self._report(back, stays, held_stages)
        self._session.expire_all()
        wrong |= self._settle()
        return wrong

    def _report(self, back: Any, stays: set[Place], held_stages: set[int]) -> None:
        for _values, edited in back.values():
            self.report.edited(edited)
        self.report.stayed([i for i in self._made if i.place in stays and i.table not in PARTS])
        self.report.held(self._held, "恢复后会与之后登记的内容矛盾，整条保留")
        self.report.held(held_stages - self._held, "导入之后又推进过阶段，阶段及其日期保留")

    def _remove(self, table: Table, images: Sequence[Image]) -> None:
        columns = key_columns(table)
        for start in range(0, len(images), CHUNK):
            keys = [image.key for image in images[start : start + CHUNK]]
            where = columns[0].in_([k[0] for k in keys]) if len(columns) == 1 else tuple_(*columns).in_(keys)
            self._run(delete(table).where(table.c.zone_id == self._zone_id, where))
        self.report.removed += sum(image.table not in PARTS for image in images)

    def _restore(self, table: Table, image: Image, values: dict[str, Any], wrong: set[int]) -> None:
        if not values:
            return
        written = {name: from_plain(table.c[name], value) for name, value in values.items()}
        if "version" in table.c:
            written["version"] = (image.now or {})["version"] + 1
        statement = update(table).where(table.c.zone_id == self._zone_id, *self._is(table, image))
        self._try(statement.values(written), image, wrong)
        self.report.restored += len(values)

    def _put_back(self, table: Table, image: Image, wrong: set[int]) -> None:
        values = {name: from_plain(table.c[name], value) for name, value in (image.before or {}).items()}
        self._try(insert(table).values(values), image, wrong)

    def _try(self, statement: Any, image: Image, wrong: set[int]) -> None:
        """Run a statement; what the database refuses holds the project it belongs to."""
        owner = _project_of(image)
        try:
            with self._session.begin_nested():
                self._run(statement)
        except IntegrityError:
            if owner is None:
                self.report.refused(image)
            else:
                wrong.add(owner)

    def _run(self, statement: Any) -> None:
        self._session.connection().execute(statement)

    @staticmethod
    def _is(table: Table, image: Image) -> list[Any]:
        return [column == part for column, part in zip(key_columns(table), image.key, strict=True)]

    def _is_held(self, image: Image, held_stages: set[int]) -> bool:
        owner = _project_of(image)
        if owner in self._held:
            return True
        return owner in held_stages and image.table in ("milestone", "stage_change")

    def _later_stages(self) -> set[int]:
        """Projects that have moved on since: their stages are kept as they are."""
        owners = {_project_of(i) for i in self._images if i.table in ("stage_change", "milestone")}
        if not owners or self.report.written_at is None:
            return set()
        query = select(StageChange.project_id).where(
            StageChange.zone_id == self._zone_id, StageChange.recorded_at > self.report.written_at
        )
        return {owner for owner in self._session.scalars(query) if owner in owners}

    def _staying(self, back: Any, held_stages: set[int]) -> set[Place]:
        worked_on = [i.place for i in self._made if i.edited and i.table != "search_entry"]
        worked_on += [i.place for i in self._made if _project_of(i) in self._held]
        worked_on += [
            i.place
            for i in self._made
            if i.table in ("milestone", "stage_change") and _project_of(i) in held_stages
        ]
        worked_on += self._with_files()
        return staying(self._made, worked_on, self._children(back, held_stages))

    def _with_files(self) -> Iterable[Place]:
        """Made rows that somebody has hung a file on."""
        by_id = {i.key[0]: i.place for i in self._made if len(i.key) == 1 and i.table not in PARTS}
        query = select(StoredFile.entity_id).where(
            StoredFile.zone_id == self._zone_id, StoredFile.removed_at.is_(None)
        )
        return [by_id[key] for key in self._session.scalars(query) if key in by_id]

    def _children(self, back: Any, held_stages: set[int]) -> dict[Place, set[Place]]:
        """Which rows refer to each made row, once what is restored refers to it no more."""
        made: dict[str, set[int]] = {}
        for image in self._made:
            if len(image.key) == 1:
                made.setdefault(image.table, set()).add(image.key[0])
        found: dict[Place, set[Place]] = {}
        for table in Base.metadata.sorted_tables:
            for constraint in table.foreign_key_constraints:
                target = constraint.referred_table.name
                if target in made:
                    self._referring(table, constraint, made[target], back, held_stages, found)
        for image in self._made:
            if image.table == "search_entry":
                owner = next((p for p in made if image.key[0] in made[p]), None)
                if owner:
                    found.setdefault((owner, image.key), set()).add(image.place)
        return found

    def _referring(
        self,
        table: Table,
        constraint: ForeignKeyConstraint,
        keys: set[int],
        back: Any,
        held_stages: set[int],
        found: dict[Place, set[Place]],
    ) -> None:
        column = next(c for c in constraint.columns if c.name != "zone_id")
        target, wanted = constraint.referred_table.name, sorted(keys)
        images = {i.place: i for i in self._images}
        for start in range(0, len(wanted), CHUNK):
            query = select(*key_columns(table), column.label("refers")).where(
                and_(table.c.zone_id == self._zone_id, column.in_(wanted[start : start + CHUNK]))
            )
            for row in self._session.connection().execute(query).mappings():
                place = (table.name, row_key(table, dict(row)))
                image = images.get(place)
                leaves = place in back and column.name in back[place][0]
                if leaves and image is not None and not self._is_held(image, held_stages):
                    continue
                found.setdefault((target, (row["refers"],)), set()).add(place)

    def _settle(self) -> set[int]:
        """Let totals and the index follow; projects whose record would contradict itself."""
        owners = {_project_of(i) for i in self._images} - {None} - self._held
        wrong: set[int] = set()
        query = select(Project).where(Project.zone_id == self._zone_id)
        for project in self._session.scalars(query):
            if project.id not in owners:
                continue
            try:
                self.report.check(project)
            except DomainError:
                wrong.add(project.id)
            else:
                keep_derived(self._session, project)
        for image in self._images:
            if image.table == "investor":
                investor = self._session.get(Investor, (self._zone_id, image.key[0]))
                if investor is not None:
                    make_investor_findable(self._session, investor)
        return wrong


def _project_of(image: Image) -> int | None:
    """The project that a row belongs to."""
    if image.table == "project":
        key: int = image.key[0]
        return key
    values = image.now or image.before or image.after or {}
    owner = values.get("project_id")
    return owner if isinstance(owner, int) else None
