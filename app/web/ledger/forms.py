"""The forms of an import."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, IntegerField
from wtforms.validators import Optional

from app.web.forms import Form, LongTextField, TextField


class UploadForm(Form):
    """A ledger to judge."""

    file = FileField("台账文件", [FileRequired("请选择要导入的台账文件")])
    add_lists = BooleanField("表里新的片区、责任单位、产业链、环节，自动加入本区名单")


class CellForm(Form):
    """What a cell is to say."""

    cell = HiddenField()
    text = LongTextField("这一格", longest=2000)


class ChoiceForm(Form):
    """The answer to one question of a row."""

    question = HiddenField()
    value = HiddenField()


class TakeForm(Form):
    """Write a row, or all of a tab, or leave them out."""

    row = IntegerField(validators=[Optional()])
    tab = HiddenField()
    take = HiddenField()


class FillForm(Form):
    """One value of a field for all rows."""

    field = HiddenField()
    value = TextField("统一填写", longest=60)
