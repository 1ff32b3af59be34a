"""Finding the print faces, and which characters they lack."""

from __future__ import annotations

from pathlib import Path

from app.briefs.rules.faces import FACES, Face
from app.kernel.errors import DomainError


def find_faces(fonts: Path, site_fonts: Path | None = None) -> dict[str, Path]:
    """The file of each family: a site's own face wins over ours. Raises ``DomainError`` for a missing one."""
    found, missing = {}, []
    for face in FACES:
        path = _site_file(face, site_fonts) or fonts / face.file
        if path.is_file():
            found[face.family] = path.resolve()
        else:
            missing.append(f"{face.name}（{face.file}）")
    if missing:
        raise DomainError(f"缺少公文字体：{'、'.join(missing)}。请运行 make setup，或把字体放入 {fonts}")
    return found


def _site_file(face: Face, folder: Path | None) -> Path | None:
    if folder is None:
        return None
    names = (folder / f"{name}{suffix}" for name in face.site_names for suffix in (".otf", ".ttf"))
    return next((path for path in names if path.is_file()), None)
