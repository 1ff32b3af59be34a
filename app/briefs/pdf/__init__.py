"""Printing a brief: WeasyPrint in a child process with limits; nothing else in ``app`` knows WeasyPrint."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.briefs.pdf.faces import find_faces
from app.kernel.errors import DomainError

ROOT = Path(__file__).resolve().parents[3]
ENTRY = Path(__file__).parent / "__main__.py"
WALL_SECONDS = 300
REFUSED = 3
"""Exit code of the child when it can say why."""


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
    job = {
        "snapshot": snapshot,
        "target": str(target.resolve()),
        "edition": edition,
        "faces": {family: str(path) for family, path in find_faces(fonts, site_fonts).items()},
    }
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, str(ENTRY)],
            input=json.dumps(job).encode(),
            capture_output=True,
            cwd=ROOT,
            env=_environment(),
            timeout=wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DomainError(f"排版超过 {wall_seconds} 秒未完成，已停止；请减少附件行数或稍后重试") from error
    said = done.stderr.decode(errors="replace").strip()
    if done.returncode == REFUSED:
        raise DomainError(said)
    if done.returncode:
        last = said.splitlines()[-1] if said else f"退出码 {done.returncode}"
        raise DomainError(f"排版程序异常退出（{last}），未生成文件")
    return Printed(**json.loads(done.stdout))


def _environment() -> dict[str, str]:
    """Only what fontconfig and the locale need; no secret of the installation reaches the child."""
    kept = (
        "PATH",
        "HOME",
        "LANG",
        "LC_ALL",
        "TMPDIR",
        "XDG_CACHE_HOME",
        "FONTCONFIG_FILE",
        "FONTCONFIG_PATH",
    )
    return {key: os.environ[key] for key in kept if key in os.environ} | {"PYTHONDONTWRITEBYTECODE": "1"}
