"""What the child process does: print one job and report; what the machine must have."""

from __future__ import annotations

import hashlib
import logging
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from weasyprint.text import ffi

from app.briefs.pdf.coverage import lacking
from app.briefs.pdf.document import OPTIONS, render_charts, render_phone, render_text
from app.briefs.pdf.faces import FALLBACK, SIGNS, characters
from app.briefs.pdf.finish import write_once
from app.briefs.pdf.paper import print_paper
from app.kernel.errors import DomainError

OTHERS = {"text": render_text, "charts": render_charts, "phone": render_phone}


class Kept(logging.Handler):
    """Keeps WeasyPrint's warnings, which would otherwise be lost."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@cache
def keep_warnings() -> Kept:
    """The handler of WeasyPrint's warnings, put in place by the first call."""
    kept, logger = Kept(), logging.getLogger("weasyprint")
    logger.handlers, logger.propagate = [kept], False
    return kept


def print_job(job: dict[str, Any], faces: dict[str, Path]) -> dict[str, Any]:
    """Print one job; the result has the fields of ``Printed``. Raises as the rendering does."""
    kept = keep_warnings()
    snapshot, target = job["snapshot"], Path(job["target"])
    missing = lacking(characters(snapshot["content"]), tuple(faces.values()))
    if job["edition"] == "paper":
        content, pages = print_paper(snapshot, faces, missing)
    else:
        document = OTHERS[job["edition"]](snapshot, faces, missing)
        content, pages = document.write_pdf(finisher=write_once, **OPTIONS), len(document.pages)
    part = target.with_name(f".{target.name}.{os.getpid()}")
    part.write_bytes(content)
    part.replace(target)
    return {
        "pages": pages,
        "sha256": hashlib.sha256(content).hexdigest(),
        "fallback": "".join(sorted(missing - SIGNS)),
        "warnings": kept.messages,
    }


def check_machine() -> None:
    """Refuse a machine without HarfBuzz's subsetter (30 to 80 times slower) or without the fallback face."""
    if ffi.harfbuzz_subset is None:
        raise DomainError("缺少系统软件包 libharfbuzz-subset0（字体子集化），请运行 make setup 安装后重试")
    found = subprocess.run(["fc-list", FALLBACK, "family"], capture_output=True, check=False)  # noqa: S603, S607 - no input
    if found.returncode or not found.stdout.strip():
        raise DomainError(f"缺少后备字体 {FALLBACK}（软件包 fonts-noto-cjk），请运行 make setup 安装后重试")
