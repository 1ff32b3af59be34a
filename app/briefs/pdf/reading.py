"""Reading back what a PDF from outside carries, by poppler in a process with limits: the file may be anybody's."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

FORM = "zhaoshang-brief-1"
NAME = "figures.json"
SECONDS = 10
MEMORY_BYTES = 512 * 2**20
MAX_BYTES = 64 * 2**20
"""Of the embedded figures."""
LIMITS = ("prlimit", f"--as={MEMORY_BYTES}", f"--cpu={SECONDS}", f"--fsize={MAX_BYTES}", "--core=0")


def read_figures(pdf: bytes) -> dict[str, Any] | None:
    """The embedded figures of a brief of ours, or None when the file carries none that can be read."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "brief.pdf", Path(folder) / NAME
        source.write_bytes(pdf)
        try:
            subprocess.run(  # noqa: S603 - our own file names
                [*LIMITS, "pdfdetach", "-savefile", NAME, "-o", str(target), str(source)],
                check=True,
                capture_output=True,
                timeout=SECONDS,
            )
            found = json.loads(target.read_bytes())
        except (subprocess.SubprocessError, OSError, ValueError, RecursionError):
            return None
    return found if isinstance(found, dict) and found.get("form") == FORM else None
