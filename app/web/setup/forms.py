"""The form of the first run."""

from __future__ import annotations

from wtforms import PasswordField
from wtforms.validators import EqualTo

from app.web.forms import Form, PickField, Required, TextField


class FirstRunForm(Form):
    """The first zone and the first administrator."""

    zone_name = TextField("开发区名称", [Required("请填写开发区全称")], longest=60)
    province = PickField("所在省（自治区、直辖市）", [Required("请选择")])
    name = TextField("管理员姓名", [Required("请填写姓名")], longest=40)
    login = TextField("管理员登录名", [Required("请填写登录名")], longest=40)
    password = PasswordField("密码", [Required("请填写密码")])
    again = PasswordField(
        "再输一次密码", [Required("请再输一次"), EqualTo("password", "两次输入的密码不一致")]
    )
