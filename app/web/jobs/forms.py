"""Asking for a long table."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app.web.forms import Form


class ExportForm(Form):
    """The address of an export and what the table is called."""

    address = StringField("地址", [DataRequired(), Length(max=2000)])
    name = StringField("名称", [Length(max=200)])
