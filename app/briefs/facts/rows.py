"""The rows behind every figure of a month, which travel inside the PDF."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.figures.queries import list_rows
from app.figures.rules import CATALOGUE, WindowName
from app.journal.rules import Reading
from app.kernel.periods import Month

Data = dict[str, Any]


def rows_of_year(session: Session, zone: Zone, month: Month, reading: Reading) -> dict[str, list[Data]]:
    """By the code of a figure: its facts from January to the end of ``month``, newest first.

    ``value`` is what a row adds to the figure: 1, 0 or fen.
    """
    return {
        code: [
            {
                "number": row.number,
                "project": row.project,
                "investor": row.investor,
                "unit": row.unit,
                "area": row.area,
                "chain": row.chain,
                "on_day": row.on_day.isoformat(),
                "value": row.value,
                "voucher": row.voucher,
            }
            for row in list_rows(session, zone, month, figure, WindowName.ytd, reading=reading)[0]
        ]
        for code, figure in CATALOGUE.items()
    }
