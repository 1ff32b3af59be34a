"""A field for shares: rows of a unit and its percentage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from wtforms import Field
from wtforms.validators import StopValidation

from app.funds.rules import Percents, check_shares, percent_text
from app.kernel.errors import DomainError
from app.kernel.money import parse_number

ROWS = 4


@dataclass(frozen=True)
class ShareRow:
    """One row as typed."""

    unit: str
    percent: str


class SharesField(Field):
    """Units (``name-unit``) and percentages (``name-percent``); ``data`` are units with hundredths of a percent."""

    data: Percents
    units: Mapping[int, str] = {}

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read the rows; those without unit and percentage are left out."""
        self.process_errors = []
        stored: Percents = data if isinstance(data, list | tuple) else ()
        self.data = stored
        self.rows = [ShareRow(str(unit), percent_text(part).rstrip("%")) for unit, part in stored]
        self.refused = ""
        # A form without any of these fields (an old page) does not divide anew.
        if formdata and f"{self.name}-unit" in formdata:
            units, percents = formdata.getlist(f"{self.name}-unit"), formdata.getlist(f"{self.name}-percent")
            typed = [ShareRow(u.strip(), p.strip()) for u, p in zip(units, percents, strict=False)]
            self.rows = [row for row in typed if row.unit or row.percent][:50]
            try:
                self.data = [_read(row) for row in self.rows]
            except DomainError as error:
                self.refused = error.message

    @property
    def shown_rows(self) -> list[ShareRow]:
        """The rows with empty ones behind, for the page."""
        return [*self.rows, *[ShareRow("", "")] * max(1, ROWS - len(self.rows))]

    def pre_validate(self, form: Any) -> None:
        """Refuse what cannot be read, units that were not offered, and shares that do not make 100%."""
        if self.refused:
            raise StopValidation(self.refused)
        if not {unit for unit, _ in self.data} <= self.units.keys():
            raise StopValidation("请从列表中选择单位")
        try:
            check_shares(self.data)
        except DomainError as error:
            raise StopValidation(error.message) from error


def _read(row: ShareRow) -> tuple[int, int]:
    if not (row.unit.isascii() and row.unit.isdigit() and len(row.unit) < 20):
        raise DomainError("填了比例的行请选择单位")
    percent = parse_number(row.percent.rstrip("%％")) if row.percent else Decimal(0)
    hundredths = percent * 100
    if hundredths != hundredths.to_integral_value():
        raise DomainError("比例最多两位小数")
    if not 0 < hundredths <= 10_000:
        raise DomainError("每个单位的比例应大于 0、不超过 100%")
    return int(row.unit), int(hundredths)
