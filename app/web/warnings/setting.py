"""管理 → 预警规则: the thresholds, with what they would warn about today before they are saved."""

from __future__ import annotations

from collections import Counter

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.figures.queries.fired import tally
from app.kernel.errors import DomainError
from app.warnings import operations
from app.warnings.rules import DEFAULTS, KINDS, Group, Level, Thresholds, WarningKind, check_thresholds
from app.web.errors import show_form
from app.web.guards import needs
from app.web.session import current, db
from app.web.warnings.blueprint import blueprint
from app.web.warnings.forms import RulesForm, thresholds_from
from app.web.warnings.sight import in_force, look_among, reference_day


@blueprint.route("/rules", methods=["GET", "POST"])
@needs(Permission.administer)
def change_rules() -> Response:
    """Show, try out and save the zone's rules."""
    form, bad = RulesForm(), ""
    values = _values(in_force()[0])
    chosen, tried = in_force()[0], False
    if form.validate_on_submit():
        values = request.form.to_dict()
        try:
            chosen = {**chosen, **thresholds_from(values, list(KINDS))}
            check_thresholds(chosen)
            if request.form.get("do") != "try":
                changed = operations.set_thresholds(db(), current().actor, chosen)
                flash("预警规则已保存，各页按新规则计算" if changed else "没有变化")
                return redirect(url_for(".change_rules"), 303)
            tried = True
        except DomainError as error:
            bad = error.field or ""
            form.form_errors.append(error.message)
    response = show_form(
        "warnings/rules.html",
        form,
        groups=[(group, [k for k in KINDS if KINDS[k].group is group]) for group in Group],
        kinds=KINDS,
        usual=DEFAULTS,
        values=values,
        bad=bad,
        tried=tried,
        now=_counts(in_force()[0]),
        then=_counts(chosen) if tried else None,
        day=reference_day(),
    )
    if tried:
        response.status_code = 200
    return response


def _values(thresholds: Thresholds) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind, rule in thresholds.items():
        found |= {f"{kind}-yellow": str(rule.yellow), f"{kind}-red": str(rule.red)}
        if rule.active:
            found[f"{kind}-on"] = "1"
    return found


def _counts(thresholds: Thresholds) -> Counter[tuple[WarningKind | None, Level]]:
    """How many warnings each rule makes with ``thresholds``, and all together. One query."""
    found: Counter[tuple[WarningKind | None, Level]] = Counter()
    for one in tally(db(), look_among(thresholds=thresholds, only_counts=True)):
        found[one.kind, one.level] += one.number
        found[None, one.level] += one.number
    return found
