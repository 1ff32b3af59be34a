"""Forms of administration."""

from __future__ import annotations

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.accounts.operations import MASTHEADS
from app.accounts.rules import Role
from app.web.forms import Form, LongTextField, NumberField, PickField, Required, TextField


class UserForm(Form):
    """A person of the zone."""

    name = TextField("姓名", [Required("请填写姓名")], longest=40)
    login = TextField("登录名", [Required("请填写登录名")], longest=40)
    role = PickField("岗位", [Required("请选择岗位")], coerce=Role)
    unit = PickField("责任单位", coerce=int, none="不属于任何单位")
    title = TextField("职务", longest=60)


class ZoneForm(Form):
    """What the zone chooses for itself."""

    name = TextField("开发区名称", [Required("请填写开发区全称")], longest=60)
    province = PickField("所在省（自治区、直辖市）", [Required("请选择")])
    number_prefix = TextField("项目编号前缀", longest=20)
    cutoff_day = NumberField("统计截止日")
    brief_masthead = RadioField(
        "版头", choices=[SelectChoice(*masthead) for masthead in MASTHEADS.items()], default="jianbao"
    )
    brief_office = TextField("编发单位", longest=60)
    brief_prefix = TextField("机关代字", longest=20)
    brief_report_to = LongTextField("报", longest=200)
    brief_send_to = LongTextField("送", longest=200)
    brief_issue_to = LongTextField("发", longest=200)
    brief_copies = NumberField("印数")
    brief_total_before = NumberField("总期数基数")
    brief_total_year = NumberField("基数对应年份")
    draft_day = NumberField("自动起草日")
