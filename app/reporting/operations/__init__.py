"""Making and changing 上报表, and filling them."""

from app.reporting.operations.filling import Occasion, basis_of, begin_fill, fill_form, keep_outcome
from app.reporting.operations.forms import (
    change_form,
    copy_form,
    file_of,
    kept_at,
    make_form,
    remove_form,
    setups_of,
)

__all__ = [
    "Occasion",
    "basis_of",
    "begin_fill",
    "change_form",
    "copy_form",
    "file_of",
    "fill_form",
    "keep_outcome",
    "kept_at",
    "make_form",
    "remove_form",
    "setups_of",
]
