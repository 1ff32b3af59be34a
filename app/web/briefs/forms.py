"""The forms of the briefs."""

from __future__ import annotations

from typing import Any

from flask import abort
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, IntegerField
from wtforms.validators import NumberRange, Optional

from app.briefs.operations.wording import new_section_key
from app.web.forms import DayField, Form, LongTextField, Required


class MakeForm(Form):
    """The month whose brief is wanted."""

    month = HiddenField("月份", [Required("请选择月份")])


class StepForm(Form):
    """A step of a document: which version of it the person saw."""

    version = IntegerField("版本", [NumberRange(min=0)])


class SeenForm(Form):
    """A sheet that is saved as a whole: how it stood when the person saw it."""

    seen = HiddenField("版本", [Required()])


class RemarkForm(StepForm):
    """A step with its reason."""

    remark = LongTextField("退回原因", [Required("请写明退回修改的原因")], longest=500)


class CommentForm(Form):
    """A signer's words on a paragraph."""

    key = HiddenField("段落", [Required("请选择段落")])
    text = LongTextField("批注", [Required("请填写批注")], longest=500)


class ReplyForm(Form):
    """What the writer did about it."""

    reply = LongTextField("处理情况", longest=500)


class HeadsForm(StepForm):
    """What stands under the masthead."""

    number = IntegerField("期号", [Required("请填写期号"), NumberRange(1, 999, "期号请填 1 至 999")])
    total = IntegerField("总期号", [Optional(), NumberRange(1, 99999, "总期号请填 1 至 99999")])
    issued_on = DayField("印发日期", [Required("请填写印发日期")])


def read_outline(sent: MultiDict[str, str]) -> list[dict[str, Any]]:
    """Sections as they were sent: a row of fields each, those ticked as gone left out, and perhaps a new one.

    Only sections that people added may go; the rules refuse an outline that lacks another.
    """
    keys, names, shown = sent.getlist("key"), sent.getlist("name"), set(sent.getlist("on"))
    if len(keys) != len(names):
        abort(400)
    gone = set(sent.getlist("gone"))
    outline = [
        {"key": key, "name": name, "on": key in shown}
        for key, name in zip(keys, names, strict=True)
        if key not in gone
    ]
    added = sent.get("new", "").strip()
    if added:
        outline.append({"key": new_section_key(), "name": added, "on": True})
    return outline
