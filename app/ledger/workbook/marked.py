"""The uploaded workbook as it comes back: refused and questioned cells coloured, with what to do as a comment."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from app.ledger.workbook.cells import WorkbookError
from app.ledger.workbook.sandbox import OUT_OF_MEMORY, run_alone

SECONDS = 60
LIMITS = (1024**3, SECONDS + 1, 256 * 1024 * 1024)
"""Bytes of memory, seconds of processor time and bytes written that the child may use."""
Marks = dict[str, dict[str, tuple[str, str]]]
"""By sheet and cell: ``refused`` or ``question``, and what to say."""


def write_marks(upload: Path, cells: Path, marks: Marks, stream: IO[bytes]) -> None:
    """Write the marked workbook; ``cells`` are those that were read. Raises ``WorkbookError`` when it cannot be done."""
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        said, target = Path(folder) / "marks.json", Path(folder) / "marked.xlsx"
        said.write_text(json.dumps(marks, ensure_ascii=False), "utf-8")
        arguments = [str(path.resolve()) for path in (upload, cells, said, target)]
        code = run_alone("app.ledger.workbook.marking", arguments, LIMITS, SECONDS, out, err)
        if code != 0:
            out.seek(0)
            raise WorkbookError(_why(code, out.read().decode("utf-8", "replace")))
        with target.open("rb") as made:
            while chunk := made.read(1024 * 1024):
                stream.write(chunk)


def _why(code: int | None, said: str) -> str:
    if code is None or code < 0 or code == OUT_OF_MEMORY:
        return "工作簿过大，无法生成带标注的副本，请按页面所列的单元格改正"
    return said or "无法生成带标注的副本，请按页面所列的单元格改正"


def joined(messages: Iterable[str]) -> str:
    """Several objections to one cell."""
    return "\n".join(dict.fromkeys(messages))
