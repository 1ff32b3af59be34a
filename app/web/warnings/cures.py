"""The one action that clears a warning, and where the record is."""

from __future__ import annotations

from flask import url_for

from app.accounts.rules import Permission
from app.figures.queries.fired import Fired
from app.warnings.rules import IDLE, Subject, WarningKind
from app.web.session import current

K = WarningKind
_LEAD_VERBS = {K.lead_answer: "响应", K.lead_assess: "研判", K.lead_report: "报进展"}
_MONEY = (K.unpaid, K.unfunded, K.slow_money)


def place_of(one: Fired) -> str:
    """The page of the record."""
    if one.subject is Subject.lead:
        return url_for("leads.show_lead", lead_id=one.lead_id)
    if one.subject is Subject.arrival:
        return url_for("funds.show_arrival", arrival_id=one.arrival_id)
    return url_for("pipeline.show_project", project_id=one.project_id)


def cure_of(one: Fired) -> tuple[str, str] | None:
    """A verb and its address; None for who may not do it."""
    scope = current().scope
    if one.kind is K.unreviewed:
        if not scope.may(Permission.review):
            return None
        return "审核", url_for("funds.review_arrival", arrival_id=one.arrival_id)
    if not scope.may_edit_unit(one.unit_id):
        return None
    if one.kind is K.returned:
        return "修改", url_for("funds.change_arrival", arrival_id=one.arrival_id)
    if one.kind in _LEAD_VERBS:
        return _LEAD_VERBS[one.kind], place_of(one)
    if one.kind in IDLE:
        return "记活动", url_for("activities.log_activity", about=f"project:{one.project_id}")
    if one.kind in _MONEY:
        return "登记到账", url_for("funds.record_arrival", project=one.project_id)
    if one.kind is K.commitment:
        return "登记兑现", url_for("pipeline.show_project", project_id=one.project_id, _anchor="contracts")
    return "推进", place_of(one)
