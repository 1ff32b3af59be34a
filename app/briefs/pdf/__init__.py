"""Printing a brief: WeasyPrint in processes with limits; nothing else in ``app`` knows WeasyPrint."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.briefs.pdf.faces import find_faces
from app.briefs.pdf.press import press_for
from app.kernel.errors import DomainError

WALL_SECONDS = 300


@dataclass(frozen=True)
class Printed:
    """What came out: pages, the file's SHA-256, characters that fell back, WeasyPrint's warnings."""

    pages: int
    sha256: str
    fallback: str
    warnings: list[str]


def print_brief(
    snapshot: dict[str, Any],
    target: Path,
    *,
    fonts: Path,
    site_fonts: Path | None = None,
    wall_seconds: float = WALL_SECONDS,
    edition: str = "paper",
) -> Printed:
    """Print ``snapshot`` into ``target``, which appears whole or not at all; edition paper, text
    (without annexes), phone or charts.

    Raises ``DomainError`` when a face or a library is missing, or the child fails or exceeds its limits.
    """
    faces = {family: str(path) for family, path in find_faces(fonts, site_fonts).items()}
    job = {"snapshot": snapshot, "target": str(target.resolve()), "edition": edition, "seconds": wall_seconds}
    said = json.loads(press_for(faces).print(json.dumps(job).encode(), seconds=wall_seconds))
    if "refused" in said:
        raise DomainError(said["refused"])
    if "failed" in said:
        raise DomainError(f"排版程序异常退出（{said['failed']}），未生成文件")
    return Printed(**said)
