"""Running the child; what it prints is JSON."""

from __future__ import annotations

import json
import logging
import signal
import tempfile
from pathlib import Path
from typing import Any

from app.ledger.workbook import WorkbookError
from app.ledger.workbook.sandbox import OUT_OF_MEMORY, Limits, run_alone
from app.ledger.workbook.signature import Form, check_signature

MEMORY_BYTES = 768 * 1024 * 1024
FILE_BYTES = 64 * 1024 * 1024
LOOK_SECONDS, FILL_SECONDS = 8, 60
"""Seconds of processor time; a busy machine may take longer by the clock."""
_PATIENCE = 3
_CHILD = "app.reporting.workbook.child"
_TOO_LARGE = "工作簿过大，处理所需的内存或时间超过上限，请删除无关的工作表、图片、行和列后再试"
_BROKEN = "工作簿无法打开，请用 Excel 或 WPS 另存为“Excel 工作簿（*.xlsx）”后再上传"

log = logging.getLogger(__name__)


def look_at_workbook(path: Path) -> dict[str, Any]:
    """The sheets of a template as they look: ``{"sheets": […], "notes": […]}``, see ``looking``.

    Raises ``WorkbookError``, with a sentence that says what to do, for what is no sound .xlsx.
    """
    if check_signature(path) is not Form.zipped:
        raise WorkbookError(
            "上报表模板应为 .xlsx 工作簿，请用 Excel 或 WPS 另存为“Excel 工作簿（*.xlsx）”后再上传"
        )
    return _run(["look", str(path.resolve())], LOOK_SECONDS)


def fill_workbook(path: Path, plan: dict[str, Any], target: Path) -> dict[str, Any]:
    """Fill the template at ``path`` as ``plan`` says and save it as ``target``.

    Raises ``WorkbookError`` when a formula or merged range cannot follow the rows.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(plan, file, ensure_ascii=False)
        file.flush()
        return _run(["fill", str(path.resolve()), file.name, str(target.resolve())], FILL_SECONDS)


def _run(arguments: list[str], seconds: int) -> dict[str, Any]:
    limits: Limits = (MEMORY_BYTES, seconds, FILE_BYTES)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        code = run_alone(_CHILD, arguments, limits, seconds * _PATIENCE, out, err)
        if code:
            err.seek(0)
            last_words = err.read(20_000).decode("utf-8", "replace")
            if code in (OUT_OF_MEMORY, -signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT, -signal.SIGXFSZ):
                raise WorkbookError(_TOO_LARGE)
            log.error("the child for templates ended with %s: %s", code, last_words[-4000:])
            raise WorkbookError(_BROKEN)
        if code is None:
            raise WorkbookError(_TOO_LARGE)
        out.seek(0)
        answer: dict[str, Any] = json.load(out)
    if "refused" in answer:
        raise WorkbookError(answer["refused"])
    return answer
