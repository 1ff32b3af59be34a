"""Values that two other libraries wrote come back as they were."""

from __future__ import annotations

import datetime as dt
import tempfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.kernel.text import has_control
from app.ledger.workbook import Sheet, read_workbook
from app.ledger.workbook.cells import Value

EARLIEST, LATEST = dt.datetime.fromisoformat("1900-03-01"), dt.datetime.fromisoformat("2199-12-31")
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cn", "Co"], exclude_characters="\r"), min_size=1, max_size=40
).filter(lambda text: not has_control(text))
NUMBERS = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places),
    st.integers(1 - 10**15, 10**15 - 1),
    st.integers(0, 20),
)
MOMENTS = st.datetimes(EARLIEST, LATEST).map(lambda moment: moment.replace(microsecond=0))
VALUES = st.none() | st.booleans() | NUMBERS | st.dates(EARLIEST.date(), LATEST.date()) | MOMENTS | TEXTS
GRIDS = st.integers(1, 8).flatmap(
    lambda width: st.lists(st.lists(VALUES, min_size=width, max_size=width), min_size=1, max_size=12)
)
THOROUGH = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def expected(value: Value) -> Value:
    """Midnight is a date."""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    return value


def check(sheet: Sheet, grid: list[list[Value]]) -> None:
    """The sheet has the values of ``grid`` at their places, and nothing else."""
    found = {
        (row, column): cell.value
        for row, cells in enumerate(sheet.rows, sheet.first_row)
        for column, cell in enumerate(cells, 1)
        if not cell.is_empty
    }
    wanted = {
        (row, column): expected(value)
        for row, values in enumerate(grid, 1)
        for column, value in enumerate(values, 1)
        if value is not None
    }
    assert found == wanted
    assert {key: type(value) for key, value in found.items()} == {
        key: type(value) for key, value in wanted.items()
    }


@THOROUGH
@given(GRIDS)
def test_what_xlsxwriter_wrote(grid: list[list[Value]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            page = book.add_worksheet()
            looks: dict[type, object] = {
                dt.date: book.add_format({"num_format": "yyyy-mm-dd"}),
                dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            }
            for row, values in enumerate(grid):
                for column, value in enumerate(values):
                    page.write(row, column, value, looks.get(type(value)))
        check(read_workbook(path).sheets[0], grid)


@THOROUGH
@given(GRIDS)
def test_what_openpyxl_wrote(grid: list[list[Value]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        book = openpyxl.Workbook()
        page = book["Sheet"]
        for row, values in enumerate(grid, 1):
            for column, value in enumerate(values, 1):
                cell = page.cell(row, column, value)
                if isinstance(value, str):
                    cell.value = value.replace("_x", "_x005F_x")
                    cell.data_type = "s"
        book.save(path)
        check(read_workbook(path).sheets[0], grid)
