"""Taking files in and away. Both stay on record."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor
from app.files.models import StoredFile
from app.files.operations.store import keep
from app.files.queries import list_files
from app.files.rules import MAX_BYTES, MAX_FILES, FileKind, check_content, clean_label, clean_name
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError

_CARRIED = "label name media_type size sha256 uploaded_by uploaded_name uploaded_at".split()


@dataclass(frozen=True)
class Upload:
    """One file as the browser sent it."""

    name: str
    content: bytes


def add_files(
    session: Session,
    actor: Actor,
    uploads: Sequence[Upload],
    *,
    entity: str,
    entity_id: int,
    label: str,
    folder: Path,
) -> list[StoredFile]:
    """Hang files on a record, all of them or none; the caller has decided that the actor may.

    Raises ``DomainError`` (fields ``files``, ``label``) for what is refused. The caller holds the
    record's lock, so that the number of files cannot be passed by two uploads at once.
    """
    label = clean_label(label)
    present = list_files(session, actor.zone_id, entity, entity_id)
    if not uploads:
        raise DomainError("请选择要上传的文件", "files")
    if len(present) + len(uploads) > MAX_FILES:
        raise DomainError(
            f"一条记录最多 {MAX_FILES} 个文件，现有 {len(present)} 个，本次 {len(uploads)} 个", "files"
        )
    seen = {file.sha256: file.name for file in present}
    checked = [_check(upload, seen) for upload in uploads]
    return [
        _add(session, actor, upload, kind, entity=entity, entity_id=entity_id, label=label, folder=folder)
        for upload, kind in checked
    ]


def carry_files(session: Session, actor: Actor, *, source: tuple[str, int], target: tuple[str, int]) -> int:
    """Hang the files of one record on another as well; both have them from now on. Returns how many."""
    files = list_files(session, actor.zone_id, *source)
    for file in files:
        values = {name: getattr(file, name) for name in _CARRIED}
        session.add(StoredFile(zone_id=actor.zone_id, entity=target[0], entity_id=target[1], **values))
        note(session, actor, action="add_file", entity=target[0], entity_id=target[1], after=_fields(file))
    session.flush()
    return len(files)


def remove_file(session: Session, actor: Actor, file: StoredFile) -> None:
    """Take a file from its record; content and row stay. Raises ``ConflictError`` when it is gone already."""
    if file.removed_at is not None:
        raise ConflictError(f"“{file.name}”已被 {file.removed_name} 移除")
    file.removed_at, file.removed_name = clock.now(), actor.name
    session.flush()
    note(
        session,
        actor,
        action="remove_file",
        entity=file.entity,
        entity_id=file.entity_id,
        before=_fields(file),
    )


def _check(upload: Upload, seen: dict[str, str]) -> tuple[Upload, FileKind]:
    name = clean_name(upload.name)
    if len(upload.content) > MAX_BYTES:
        raise DomainError(f"“{name}”超过 {MAX_BYTES // 2**20} MB，请压缩图片或分成几个文件后上传", "files")
    kind = check_content(name, upload.content)
    sha256 = hashlib.sha256(upload.content).hexdigest()
    if sha256 in seen:
        raise DomainError(f"“{name}”与已有的“{seen[sha256]}”内容相同，不用重复上传", "files")
    seen[sha256] = name
    return Upload(name, upload.content), kind


def _add(
    session: Session,
    actor: Actor,
    upload: Upload,
    kind: FileKind,
    *,
    entity: str,
    entity_id: int,
    label: str,
    folder: Path,
) -> StoredFile:
    file = StoredFile(
        zone_id=actor.zone_id,
        entity=entity,
        entity_id=entity_id,
        label=label,
        name=upload.name,
        media_type=kind.media_type,
        size=len(upload.content),
        sha256=keep(folder, actor.zone_id, upload.content),
        uploaded_by=actor.user_id,
        uploaded_name=actor.name,
        uploaded_at=clock.now(),
    )
    session.add(file)
    session.flush()
    note(session, actor, action="add_file", entity=entity, entity_id=entity_id, after=_fields(file))
    return file


def _fields(file: StoredFile) -> dict[str, object]:
    return {
        "file_name": file.name,
        "file_label": file.label,
        "file_size": file.size,
        "file_sha256": file.sha256,
    }
