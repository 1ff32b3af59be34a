"""Forms of signing in."""

from __future__ import annotations

from wtforms import PasswordField
from wtforms.validators import EqualTo

from app.web.forms import Form, Required, TextField


class SignInForm(Form):
    """Sign-in name and password."""

    login = TextField("登录名", [Required("请填写登录名")], longest=40)
    password = PasswordField("密码", [Required("请填写密码")])


class PasswordForm(Form):
    """The own password, old and new."""

    old = PasswordField("现在的密码", [Required("请填写现在的密码")])
    password = PasswordField("新密码", [Required("请填写新密码")])
    again = PasswordField(
        "再输一次新密码", [Required("请再输一次新密码"), EqualTo("password", "两次输入的新密码不一致")]
    )
