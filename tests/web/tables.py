"""What a table for download holds."""

from __future__ import annotations

import io
from typing import Any

import openpyxl


def exported(answer: Any) -> list[tuple[Any, ...]]:
    """The rows of an export, without the line that says who made it and when, which must be the last."""
    assert answer.status_code == 200, answer.text
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True))
    assert str(rows[-1][0]).startswith("制表："), rows[-1]
    return rows[:-1]
