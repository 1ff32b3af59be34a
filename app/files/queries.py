"""Reading what hangs on records."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app.files.models import StoredFile
from app.kernel.errors import NotFoundError


def list_files(
    session: Session, zone_id: int, entity: str, entity_id: int, *, removed: bool = False
) -> list[StoredFile]:
    """The record's files in the order of their upload; with ``removed`` those taken away as well."""
    query = select(StoredFile).where(
        StoredFile.zone_id == zone_id, StoredFile.entity == entity, StoredFile.entity_id == entity_id
    )
    if not removed:
        query = query.where(StoredFile.removed_at.is_(None))
    return list(session.scalars(query.order_by(StoredFile.uploaded_at, StoredFile.id)))


def list_files_of(
    session: Session, zone_id: int, subjects: Mapping[str, Collection[int]]
) -> dict[tuple[str, int], list[StoredFile]]:
    """The files of many records (``{entity: ids}``) by entity and id, in the order of their upload. One query."""
    about = [
        and_(StoredFile.entity == entity, StoredFile.entity_id.in_(ids))
        for entity, ids in subjects.items()
        if ids
    ]
    if not about:
        return {}
    query = select(StoredFile).where(
        StoredFile.zone_id == zone_id, StoredFile.removed_at.is_(None), or_(*about)
    )
    found: dict[tuple[str, int], list[StoredFile]] = {}
    for file in session.scalars(query.order_by(StoredFile.uploaded_at, StoredFile.id)):
        found.setdefault((file.entity, file.entity_id), []).append(file)
    return found


def get_file(session: Session, zone_id: int, file_id: int, *, lock: bool = False) -> StoredFile:
    """The file. Raises ``NotFoundError``, also for one of another zone."""
    query = select(StoredFile).where(StoredFile.zone_id == zone_id, StoredFile.id == file_id)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFoundError("没有这个文件，可能已被移除或不属于本区")
    return found


def count_files(session: Session, zone_id: int, entity: str, ids: Collection[int]) -> dict[int, int]:
    """How many files each of the records has; records without files are missing."""
    if not ids:
        return {}
    query = (
        select(StoredFile.entity_id, func.count().label("number"))
        .where(
            StoredFile.zone_id == zone_id,
            StoredFile.entity == entity,
            StoredFile.entity_id.in_(ids),
            StoredFile.removed_at.is_(None),
        )
        .group_by(StoredFile.entity_id)
    )
    return {row.entity_id: row.number for row in session.execute(query)}
