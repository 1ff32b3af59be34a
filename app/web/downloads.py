"""Tables for download."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from typing import Any

from flask import send_file
from werkzeug.wrappers import Response

from app.ledger.workbook.writing import Column, Item, write_table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send_table(
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Item]],
    totals: Sequence[Item] | None,
    **options: Any,
) -> Response:
    """An .xlsx called ``name``, written row by row to a file on disk and sent from there."""
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when it has been sent
    write_table(stream, columns=columns, rows=rows, totals=False if totals is None else totals, **options)
    stream.seek(0)
    return send_file(stream, XLSX, as_attachment=True, download_name=f"{name}.xlsx")
