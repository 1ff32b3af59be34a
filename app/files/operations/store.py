"""The store: ``<instance>/files/<zone>/<aa>/<sha256>``, written once and never changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from app.files.models import StoredFile
from app.kernel.errors import DomainError


def path_of(folder: Path, zone_id: int, sha256: str) -> Path:
    """Where the content with that hash lies below the instance folder."""
    return folder / "files" / str(zone_id) / sha256[:2] / sha256


def keep(folder: Path, zone_id: int, content: bytes) -> str:
    """Store ``content`` whole or not at all; what is already there stays untouched. Its SHA-256."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(folder, zone_id, sha256)
    if not path.exists():
        write_once(path, content)
    return sha256


def write_once(path: Path, content: bytes) -> None:
    """Write a file that appears whole or not at all, readable by the owner only; an existing one wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".part-", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if not path.exists():
            part.replace(path)
            _settle(path.parent)
    finally:
        part.unlink(missing_ok=True)


def find_content(folder: Path, file: StoredFile) -> Path:
    """Where the file's content lies, checked against its hash.

    Raises ``DomainError`` when it is missing or was changed outside the system.
    """
    path = path_of(folder, file.zone_id, file.sha256)
    try:
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        raise DomainError(f"“{file.name}”的内容不在存储目录中，请系统管理员从备份恢复") from None
    if found != file.sha256:
        raise DomainError(f"“{file.name}”的内容与登记时不一致，已停止提供，请系统管理员从备份恢复")
    return path


def _settle(folder: Path) -> None:
    """Make the new name itself survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
