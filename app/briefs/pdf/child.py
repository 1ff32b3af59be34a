"""What the child process does: limits, checks of the machine, print, report."""

from __future__ import annotations

import gc
import hashlib
import json
import logging
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from weasyprint.text import ffi

from app.briefs.pdf.coverage import lacking
from app.briefs.pdf.document import OPTIONS, render, render_charts, render_phone, render_text
from app.briefs.pdf.embedded import attachments
from app.briefs.pdf.faces import FALLBACK, SIGNS, characters
from app.kernel.errors import DomainError

MEMORY_BYTES = 3 * 2**30
CPU_SECONDS = 240
REFUSED = 3
EDITIONS = {"paper": render, "text": render_text, "charts": render_charts, "phone": render_phone}


class Kept(logging.Handler):
    """Keeps WeasyPrint's warnings, which would otherwise be lost."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def main() -> int:
    """Print the job on standard input; 0 done, 3 refused with a sentence on standard error."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The process ends after one print: collecting cycles costs a fifth of the time and frees nothing that is needed.
    gc.disable()
    try:
        result = print_job(json.load(sys.stdin))
    except DomainError as error:
        sys.stderr.write(error.message)
        return REFUSED
    json.dump(result, sys.stdout)
    return 0


def print_job(job: dict[str, Any]) -> dict[str, Any]:
    """Print one job; the result has the fields of ``Printed``."""
    check_machine()
    kept = Kept()
    logger = logging.getLogger("weasyprint")
    logger.handlers, logger.propagate = [kept], False
    snapshot, target = job["snapshot"], Path(job["target"])
    faces = {family: Path(path) for family, path in job["faces"].items()}
    missing = lacking(characters(snapshot["content"]), faces.values())
    document = EDITIONS[job["edition"]](snapshot, faces, missing)
    if job["edition"] == "paper":
        document.metadata.attachments = attachments(snapshot)
    content = document.write_pdf(**OPTIONS)
    part = target.with_name(f".{target.name}.{os.getpid()}")
    part.write_bytes(content)
    part.replace(target)
    return {
        "pages": len(document.pages),
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
