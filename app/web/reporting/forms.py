"""The forms of 上报表; how a sheet is tied is read by ``reading``, since its fields follow the sheet."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField

from app.web.forms import Form, TextField


class UploadForm(Form):
    """A superior's workbook."""

    file = FileField("表样文件（.xlsx）", [FileRequired("请选择上级下发的表样文件")])
    name = TextField("名称", longest=60)


class FillForm(Form):
    """The month to fill, and whether from today's records though it is closed."""

    month = TextField("月份", longest=7)
    live = BooleanField("实时数据")


class PlainForm(Form):
    """Nothing but the token."""
