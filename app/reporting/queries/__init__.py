"""Reading what a 上报表 is filled with, and the forms themselves."""

from app.reporting.queries.forms import find_form, get_fill, get_form, list_fills, list_forms
from app.reporting.queries.records import Record, read_records
from app.reporting.queries.singles import read_singles

__all__ = [
    "Record",
    "find_form",
    "get_fill",
    "get_form",
    "list_fills",
    "list_forms",
    "read_records",
    "read_singles",
]
