"""Refusals and faults as pages that say what to do; a rule's refusal beside its form field."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException

from app.kernel.errors import ConflictError, DomainError, NotFoundError
from app.web.forms import Form

PAGES: dict[int, tuple[str, str]] = {
    400: ("请求有误", "页面停留过久或浏览器阻止了 Cookie。请返回上一页，刷新后重新提交。"),
    403: ("没有权限", "您的岗位不能使用这一页。如工作需要，请联系本园区的系统管理员调整。"),
    404: ("没有找到", "这一页不存在，或不属于您所在的园区。请从左侧导航重新进入。"),
    405: ("不能这样打开", "这个地址只接受表单提交。请从相应页面的按钮操作。"),
    409: ("资料已被他人修改", "在您填写期间，这条资料已经变化。请返回上一页，刷新后核对再提交。"),
    413: ("文件太大", "上传的文件超过 20 MB。请删去图片和多余的工作表后重试。"),
    422: ("内容有误", "请返回上一页，按提示改正后重新提交。"),
    500: ("系统出错了", "这次操作没有保存。请稍后再试；仍不成功的，请把时间和页面地址告诉系统管理员。"),
}


def refuse(form: Form, error: DomainError) -> None:
    """Put a rule's refusal beside the field it names, or above the form."""
    field = form._fields.get(error.field or "")
    if field is None:
        form.form_errors.append(error.message)
    else:
        field.errors = [*field.errors, error.message]


def show_form(template: str, form: Form, **context: Any) -> Response:
    """The page of a form: 200 when it is asked for, 422 when what was sent was refused (so nothing is saved)."""
    status = 422 if form.is_submitted() else 200
    return make_response(render_template(template, form=form, **context), status)


def register_errors(app: Flask) -> None:
    """Answer every error with a page in Chinese."""
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(CSRFError, _on_csrf)
    app.register_error_handler(DomainError, _on_refusal)
    app.register_error_handler(IntegrityError, _on_integrity)


def _page(status: int, message: str | None = None) -> Response:
    # The session may be in a failed transaction; the page must not need it.
    if status >= 500:
        g.current = None
    title, advice = PAGES.get(status, PAGES[400 if status < 500 else 500])
    page = render_template("errors/page.html", status=status, title=title, advice=message or advice)
    return make_response(page, status)


def _on_http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return make_response(error.get_response(request.environ))
    response = _page(error.code)
    # What the refusal itself says stays: which methods are allowed, when to come back.
    for name in ("Allow", "Retry-After"):
        value = error.get_response(request.environ).headers.get(name)
        if value:
            response.headers[name] = value
    return response


def _on_csrf(error: CSRFError) -> Response:
    current_app.logger.warning("refused %s %s: %s", request.method, request.path, error.description)
    return _page(400)


def _on_refusal(error: DomainError) -> Response:
    if isinstance(error, NotFoundError):
        return _page(404, error.message)
    return _page(409 if isinstance(error, ConflictError) else 422, error.message)


def _on_integrity(error: IntegrityError) -> Response:
    """Two people did what only one can do; the database has refused the second."""
    current_app.logger.warning("%s %s: %s", request.method, request.path, error.orig)
    if "db" in g:
        g.db.rollback()
    return _page(409)
