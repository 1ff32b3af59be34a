"""The form behind 生成简报."""

from __future__ import annotations

from wtforms import HiddenField

from app.web.forms import Form, Required


class MakeForm(Form):
    """The month whose brief is wanted."""

    month = HiddenField("月份", [Required("请选择月份")])
