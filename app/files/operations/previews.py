"""Pictures of files for the page: the first page of a PDF, an image made smaller; made once, kept beside the content.

The content is opened in a child process with limits only. A file of which no picture can be made is
remembered, so that it is not tried again and again.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from app.files.models import StoredFile
from app.files.operations.store import find_content, write_once
from app.files.rules import FileKind, kind_of

WALL_SECONDS = 20
MEMORY_BYTES = 768 * 1024 * 1024
MAX_PREVIEW_BYTES = 16 * 1024 * 1024
PNG = "image/png"
JPEG = "image/jpeg"
_CHILD = Path(__file__).with_name("preview_child.py")
_turns = threading.BoundedSemaphore(2)
"""So many pictures are made at once in one server process; others wait."""

log = logging.getLogger(__name__)


def find_preview(folder: Path, file: StoredFile) -> tuple[Path, str] | None:
    """The picture of a file and its media type, made now if need be; None when there can be none.

    Raises ``DomainError`` when the content is missing or was changed.
    """
    kind = kind_of(file.media_type)
    if not kind.has_preview:
        return None
    content = find_content(folder, file)
    media_type = PNG if kind is FileKind.pdf else JPEG
    ready = content.with_name(f"{content.name}.{media_type.rpartition('/')[2]}")
    failed = content.with_name(f"{content.name}.none")
    if ready.exists():
        return ready, media_type
    if failed.exists():
        return None
    with _turns:
        picture = _make(content, kind)
    if picture is None:
        write_once(failed, b"")
        return None
    write_once(ready, picture)
    return ready, media_type


def _make(content: Path, kind: FileKind) -> bytes | None:
    with tempfile.TemporaryDirectory(prefix="preview-") as scratch:
        target = Path(scratch) / "picture"
        what = "pdf" if kind is FileKind.pdf else "image"
        limits = [str(MEMORY_BYTES), str(WALL_SECONDS), str(MAX_PREVIEW_BYTES)]
        command = [sys.executable, "-I", str(_CHILD), what, str(content.resolve()), str(target), *limits]
        # The command is fixed; the content's path is made of our own hash and never reaches a shell.
        try:
            done = subprocess.run(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                cwd=scratch,
                env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
                timeout=WALL_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            log.warning("no preview of %s: more than %s s", content.name, WALL_SECONDS)
            return None
        if done.returncode or not target.is_file():
            said = done.stderr.decode("utf-8", "replace").strip()[-500:]
            log.warning("no preview of %s: exit %s %s", content.name, done.returncode, said)
            return None
        return target.read_bytes()
