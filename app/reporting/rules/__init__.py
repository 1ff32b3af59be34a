"""Fields, setups, lines and checks of 上报表: plain Python."""

from app.reporting.rules.checking import Check, check_columns
from app.reporting.rules.choices import (
    GROUPS,
    MONEY_ROWS,
    ORDERS,
    SIGNED,
    STANDINGS,
    STARTED,
    TITLE_PATTERN,
    TOTALS,
    WINDOWS,
)
from app.reporting.rules.fields import (
    DATE_STYLES,
    EXTRA_PREFIX,
    FIELDS,
    MONEY,
    PROGRESS_STYLES,
    UNITS,
    Field,
    Kind,
    field_of,
)
from app.reporting.rules.lines import make_lines, place_of, sum_line
from app.reporting.rules.places import column_number
from app.reporting.rules.proposing import propose
from app.reporting.rules.setup import Rows, SheetSetup, Single, Tie, read_sheet
from app.reporting.rules.values import BLANK, Value, amount, number, text

__all__ = [
    "BLANK",
    "DATE_STYLES",
    "EXTRA_PREFIX",
    "FIELDS",
    "GROUPS",
    "MONEY",
    "MONEY_ROWS",
    "ORDERS",
    "PROGRESS_STYLES",
    "SIGNED",
    "STANDINGS",
    "STARTED",
    "TITLE_PATTERN",
    "TOTALS",
    "UNITS",
    "WINDOWS",
    "Check",
    "Field",
    "Kind",
    "Rows",
    "SheetSetup",
    "Single",
    "Tie",
    "Value",
    "amount",
    "check_columns",
    "column_number",
    "field_of",
    "make_lines",
    "number",
    "place_of",
    "propose",
    "read_sheet",
    "sum_line",
    "text",
]
