"""The files of a record as a page shows them (templates/_macros/files.html)."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.accounts.rules import Permission
from app.files.models import StoredFile
from app.files.queries import list_files
from app.files.rules import ACCEPT, ACCEPTED_WORDS, MAX_BYTES, MAX_FILES, kind_of
from app.web.files.subjects import SUBJECTS, Subject
from app.web.session import current, db

_SIZES = ((2**20, "MB"), (2**10, "KB"))


@dataclass(frozen=True)
class ShelfFile:
    """One file of the list."""

    file: StoredFile
    kind: str
    has_preview: bool
    size: str


@dataclass(frozen=True)
class Shelf:
    """A record's files, and what the person may do with them; ``removed`` is for reviewers only."""

    subject: Subject
    files: list[ShelfFile]
    removed: list[ShelfFile]
    labels: tuple[str, ...]
    room: int
    accept: str = ACCEPT
    accepted_words: str = ACCEPTED_WORDS
    max_mb: int = field(default=MAX_BYTES // 2**20)


def shelf_of(subject: Subject) -> Shelf:
    """The shelf of a record that the person may see. One query."""
    files = list_files(
        db(), current().zone.id, subject.entity, subject.id, removed=current().may(Permission.review)
    )
    standing = [shown(file) for file in files if file.removed_at is None]
    return Shelf(
        subject=subject,
        files=standing,
        removed=[shown(file) for file in files if file.removed_at is not None],
        labels=SUBJECTS[subject.entity].labels,
        room=max(0, MAX_FILES - len(standing)),
    )


def shown(file: StoredFile) -> ShelfFile:
    """A file with its kind and size in words."""
    kind = kind_of(file.media_type)
    return ShelfFile(file, kind.label, kind.has_preview, size_text(file.size))


def size_text(size: int) -> str:
    """1.4 MB, 230 KB, 12 字节."""
    for unit, word in _SIZES:
        if size >= unit:
            return f"{size / unit:.1f} {word}" if size < 10 * unit else f"{size // unit} {word}"
    return f"{size} 字节"
