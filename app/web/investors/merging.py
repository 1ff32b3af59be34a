"""Merging doubles: choose the other, see both sides, choose field by field; and taking it back."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.activities.operations.merging import FIELDS, merge_investors, undo_merge
from app.activities.queries.companies import KINDS, holdings
from app.figures.queries.companies import company_rows, moving_figures
from app.investors.models import Investor
from app.investors.queries import find_by_name, find_by_uscc, get_investor, get_merge, names_of
from app.investors.rules import InvestorType
from app.kernel.errors import ConflictError, DomainError, NotFoundError
from app.kernel.text import clean, narrow
from app.web.errors import refuse
from app.web.guards import needs
from app.web.investors.blueprint import ONE, blueprint
from app.web.investors.forms import MergeForm
from app.web.investors.listing import alikes
from app.web.session import current, db

LABELS = {
    "name": "企业名称",
    "uscc": "统一社会信用代码",
    "origin": "来源地",
    "investor_type": "企业性质",
    "parent_id": "母公司",
}


@dataclass(frozen=True)
class FieldChoice:
    """One field of both companies; ``free``: both say something, and not the same, so somebody has to choose."""

    name: str
    label: str
    kept: str
    merged: str
    free: bool
    take: bool


@blueprint.get(f"{ONE}/merge")
@needs(Permission.merge_investors)
def preview_merge(investor_id: int) -> Response:
    """What a merge would do; without another company, the choice of one."""
    kept = get_investor(db(), current().zone.id, investor_id)
    other, refused = _other(kept, request.args)
    return _page(kept, other, MergeForm(formdata=None), refused)


@blueprint.post(f"{ONE}/merge")
@needs(Permission.merge_investors)
def merge(investor_id: int) -> Response:
    """Do what the preview has shown."""
    kept = get_investor(db(), current().zone.id, investor_id)
    with_id = _number(request.form.get("with", ""))
    if not with_id:
        raise DomainError("请先选择要并入的另一家企业")
    other = get_investor(db(), current().zone.id, with_id)
    form = MergeForm()
    status = 422
    if form.validate_on_submit():
        versions = (
            _number(request.form.get("kept_version", "")),
            _number(request.form.get("merged_version", "")),
        )
        take = {name for name in FIELDS if request.form.get(f"take-{name}") == "merged"}
        try:
            with db().begin_nested():
                merge_investors(
                    db(),
                    current().actor,
                    kept.id,
                    other.id,
                    take=take,
                    reason=form.reason.text,
                    versions=versions,
                )
        except ConflictError as error:
            form.form_errors.append(error.message)
            db().expire_all()
            status = 409
        except DomainError as error:
            refuse(form, error)
        else:
            flash(f"“{other.name}”已并入“{kept.name}”，两边的历史都在下面")
            return redirect(url_for(".show_investor", investor_id=kept.id), 303)
    return _page(kept, other, form, "", status)


@blueprint.post(f"{ONE}/merge/undo")
@needs(Permission.merge_investors)
def undo(investor_id: int) -> Response:
    """Make two companies of the one again."""
    get_investor(db(), current().zone.id, investor_id)
    merge_id = _number(request.form.get("merge", ""))
    if not merge_id:
        raise DomainError("请在企业页点“撤销合并”")
    found = get_merge(db(), current().zone.id, investor_id, merge_id)
    undo_merge(db(), current().actor, found)
    flash("已撤销合并，两家企业恢复为合并前的样子")
    return redirect(url_for(".show_investor", investor_id=investor_id), 303)


def _other(kept: Investor, args: dict[str, str]) -> tuple[Investor | None, str]:
    """The company to be merged, by its number or by what was typed; and why there is none."""
    zone_id = kept.zone_id
    if args.get("with"):
        other: Investor | None = get_investor(db(), zone_id, _number(args["with"]))
    else:
        text = clean(args.get("q", ""))
        if not text:
            return None, ""
        other = find_by_uscc(db(), zone_id, narrow(text).upper()) or find_by_name(db(), zone_id, text)
        if other is None:
            return None, "没有这个名称或信用代码的企业，请输入全称，或从相近的企业中选择"
    if other is None or other.id == kept.id:
        return None, "这就是本企业，请选择另一家"
    if other.merged_into_id is not None:
        return None, f"“{other.name}”已并入另一家企业"
    return other, ""


def _page(
    kept: Investor, other: Investor | None, form: MergeForm, refused: str, status: int = 200
) -> Response:
    if kept.merged_into_id is not None:
        raise NotFoundError("这家企业已并入另一家，请从并入后的企业上合并")
    zone = current().zone
    found = alikes(kept.name, kept.uscc or "", besides=kept.id) if other is None else []
    context = {}
    if other is not None:
        ids = (kept.id, other.id)
        context = {
            "choices": _choices(kept, other),
            "held": [holdings(db(), zone.id, key) for key in ids],
            "rows": company_rows(db(), zone.id, ids),
            "moving": moving_figures(db(), zone, current().month, [other.id])
            if kept.origin != other.origin or kept.investor_type != other.investor_type
            else [],
        }
    page = render_template(
        "investors/merge.html",
        kept=kept,
        other=other,
        form=form,
        refused=refused,
        alikes=found,
        kinds=KINDS,
        **context,
    )
    return make_response(page, status)


def _choices(kept: Investor, other: Investor) -> list[FieldChoice]:
    parents = [row.parent_id for row in (kept, other) if row.parent_id]
    names = names_of(db(), kept.zone_id, parents)

    def said(row: Investor, name: str) -> str:
        value = getattr(row, name)
        if name == "parent_id":
            return names.get(value, "")
        if name == "investor_type":
            return "" if value is InvestorType.unknown else row.investor_type.label
        return value or ""

    found = []
    for name in FIELDS:
        mine, theirs = said(kept, name), said(other, name)
        chosen = request.form.get(f"take-{name}") == "merged"
        free = bool(mine and theirs and mine != theirs)
        found.append(
            FieldChoice(name, LABELS[name], mine, theirs, free, chosen if free else bool(theirs and not mine))
        )
    return found


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
