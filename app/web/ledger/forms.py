"""The upload form."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField

from app.web.forms import Form


class UploadForm(Form):
    """A ledger to judge."""

    file = FileField("台账文件（.xlsx）", [FileRequired("请选择要导入的台账文件")])
    add_lists = BooleanField("自动补充名单：台账中新的片区、责任单位、产业链、环节加入本区名单")
