"""Reading a workbook without trusting it: the file is opened only in a child process behind limits."""

from __future__ import annotations

import datetime as dt
import json
import logging
import math
import signal
import tempfile
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from app.ledger.workbook.archive import BROKEN
from app.ledger.workbook.cells import EMPTY, Cell, Sheet, Workbook, WorkbookError
from app.ledger.workbook.sandbox import OUT_OF_MEMORY, run_alone
from app.ledger.workbook.signature import check_signature

OUTPUT_BYTES = 256 * 1024 * 1024
_TOO_LARGE = "表格过大，读取所需的内存超过上限，请删除无关的工作表、行和列，或分成几个文件后再上传"

log = logging.getLogger(__name__)


def read_workbook(
    path: Path,
    *,
    wall_seconds: float = 20,
    memory_bytes: int = 512 * 1024 * 1024,
    keep: Callable[[IO[bytes]], None] | None = None,
) -> Workbook:
    """Everything that is stored in the .xlsx at ``path``; ``keep`` gets what the reader printed, once it is whole.

    The child that reads it may use ``memory_bytes`` of address space and ``wall_seconds`` of time.
    Raises ``WorkbookError``, with a sentence that says what to do, for whatever is not a sound .xlsx.
    """
    check_signature(path)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        limits = (memory_bytes, math.ceil(wall_seconds) + 1, OUTPUT_BYTES)
        code = run_alone("app.ledger.workbook.child", [str(path.resolve())], limits, wall_seconds, out, err)
        if code is None:
            raise WorkbookError(
                f"读取超过 {wall_seconds:g} 秒仍未完成，已停止，请删除无关的工作表、行和列后再上传"
            )
        if code:
            raise WorkbookError(_death(code, err))
        out.seek(0)
        book = Workbook(list(read_lines(out)))
        if keep is not None:
            keep(out)
        return book


def _death(code: int, err: IO[bytes]) -> str:
    """Why the child ended without an answer, for the user; the rest goes to the log."""
    err.seek(0)
    last_words = err.read(20_000).decode("utf-8", "replace")
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return "读取耗时过长，已停止，请删除无关的工作表、行和列后再上传"
    if code in (OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGXFSZ) or "memory allocation" in last_words:
        return _TOO_LARGE
    log.error("the workbook reader ended with %s: %s", code, last_words[-4000:])
    return BROKEN


def read_lines(out: Iterable[bytes]) -> Iterator[Sheet]:
    """The sheets that the child printed (see ``child`` for the form). Raises ``WorkbookError`` when it refused."""
    head: dict[str, Any] | None = None
    rows: list[list[Cell]] = []
    for line in out:
        item = json.loads(line, parse_float=Decimal, parse_int=Decimal)
        if isinstance(item, list):
            rows.append([_cell(value) for value in item])
            continue
        if "refused" in item:
            raise WorkbookError(item["refused"])
        if head is not None:
            yield _sheet(head, rows)
        if "end" in item:
            return
        head, rows = item, []
    raise WorkbookError(BROKEN)


def _sheet(head: dict[str, Any], rows: list[list[Cell]]) -> Sheet:
    """The sheet without empty rows around, its rows made equally long."""
    first_row = int(head["first_row"])
    while rows and not rows[-1]:
        rows.pop()
    start = next((index for index, row in enumerate(rows) if row), 0)
    rows = rows[start:]
    width = max((len(row) for row in rows), default=0)
    for row in rows:
        row.extend([EMPTY] * (width - len(row)))
    return Sheet(
        name=head["name"],
        first_row=max(first_row + start, 1),
        rows=rows,
        hidden=head["hidden"],
        hidden_rows=frozenset(map(int, head["hidden_rows"])),
        hidden_columns=frozenset(map(int, head["hidden_columns"])),
        merged=tuple((int(a), int(b), int(c), int(d)) for a, b, c, d in head["merged"]),
    )


def _cell(value: Any) -> Cell:
    if value is None:
        return EMPTY
    if not isinstance(value, list):
        return Cell(value)
    kind, content = value
    if kind == "d":
        return Cell(dt.date.fromisoformat(content))
    if kind == "t":
        return Cell(dt.datetime.fromisoformat(content))
    return Cell(None, content)
