"""The child process: looks at a template, or fills it. It prints one JSON object.

The archive is checked as for an import before openpyxl sees it, and openpyxl is loaded nowhere else.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from app.ledger.workbook.archive import BROKEN, Archive, list_sheets
from app.ledger.workbook.cells import WorkbookError
from app.ledger.workbook.sandbox import OUT_OF_MEMORY, keep_to
from app.ledger.workbook.scanning import scan_sheet
from app.reporting.workbook.filling import fill_book
from app.reporting.workbook.looking import look_at

MAX_CELLS = 200_000
MAX_SHEETS = 20


def open_book(path: Path) -> tuple[Workbook, list[str]]:
    """The workbook and the names of its parts. Raises ``WorkbookError`` for what is hostile, broken or too large."""
    archive = Archive(path)
    if archive.is_ods:
        raise WorkbookError("上报表模板应为 .xlsx 工作簿，请另存后再上传")
    sheets, uncomputed = list_sheets(archive)
    if not sheets or len(sheets) > MAX_SHEETS:
        raise WorkbookError(f"模板里有 {len(sheets)} 个工作表，应为 1 至 {MAX_SHEETS} 个，请只保留要上报的")
    archive.check_rest(sheets)
    scans = [scan_sheet(archive, sheet.part, uncomputed=uncomputed) for sheet in sheets]
    if sum(scan.last_row * scan.last_column for scan in scans) > MAX_CELLS:
        raise WorkbookError("模板里的表格范围过大，请只保留空白表样，删除多余的行、列和旧数据后再上传")
    names = sorted(archive.names)
    if any(name.startswith("xl/externalLinks/") for name in names):
        raise WorkbookError("模板中的公式引用了其他工作簿，请改为数值或引用本工作簿后再上传")
    try:
        return load_workbook(path, keep_links=False, rich_text=True), names
    except MemoryError:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers meet
        print(f"openpyxl: {error!r}", file=sys.stderr)  # noqa: T201 - for the log of the parent
        raise WorkbookError(BROKEN) from None


def main(arguments: list[str]) -> int:
    """``look FILE`` or ``fill FILE PLAN TARGET``, then the limits; 0 when the answer was printed."""
    action, *rest = arguments
    keep_to(rest[-3:])
    try:
        answer = _answer(action, [Path(text) for text in rest[:-3]])
    except WorkbookError as error:
        answer = {"refused": error.message}
    except MemoryError:
        return OUT_OF_MEMORY
    json.dump(answer, sys.stdout, ensure_ascii=False)
    sys.stdout.flush()
    return 0


def _answer(action: str, paths: list[Path]) -> dict[str, Any]:
    book, names = open_book(paths[0])
    if action == "look":
        return look_at(book, names)
    fill_book(book, json.loads(paths[1].read_text(encoding="utf-8")))
    book.save(paths[2])
    return {}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
