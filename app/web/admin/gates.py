"""The table of gates and the list of reasons, each a sheet that is saved as a whole."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.kernel.errors import DomainError
from app.pipeline.operations import GateLine, ReasonLine, default_lines, set_gates, set_reasons
from app.pipeline.queries import list_gate_items, list_reasons
from app.pipeline.rules import DEFAULT_REASONS, FIELDS, GATED, GateKind, ReasonKind, Stage
from app.web.admin.blueprint import blueprint
from app.web.guards import needs
from app.web.session import current, db

ADDABLE = (GateKind.paper, GateKind.approval)
USES = {"required": "必须", "advised": "建议", "off": "停用"}


@blueprint.route("/gates", methods=["GET", "POST"])
@needs(Permission.administer)
def change_gates() -> Response:
    """Show and change what each stage asks for before it is entered."""
    lines = _stored()
    error = ""
    if request.method == "POST":
        try:
            changed = set_gates(db(), current().actor, _read(lines))
        except DomainError as refusal:
            error = refusal.message
        else:
            flash("阶段要件已保存" if changed else "没有改动")
            return redirect(url_for(".change_gates"), 303)
    page = render_template(
        "admin/gates.html",
        stages=[(s, [(n, line) for n, line in enumerate(lines) if line.stage is s]) for s in GATED],
        fields=FIELDS,
        uses=USES,
        addable=ADDABLE,
        reasons=[(kind, [r for r in _reasons() if r.kind is kind]) for kind in ReasonKind],
        error=error,
    )
    return make_response(page, 422 if error else 200)


@blueprint.post("/gates/reasons")
@needs(Permission.administer)
def change_reasons() -> Response:
    """Change the reasons for 暂停, 终止, 流失 and 退回."""
    lines = [
        ReasonLine(one.kind, one.code, name, f"off-{one.kind}-{one.code}" not in request.form)
        for one in _reasons()
        if (name := request.form.get(f"name-{one.kind}-{one.code}", one.name))
    ]
    added = [(kind, request.form.get(f"new-{kind}", "").strip()) for kind in ReasonKind]
    lines += [ReasonLine(kind, "", name) for kind, name in added if name]
    changed = set_reasons(db(), current().actor, lines)
    flash("原因已保存" if changed else "没有改动")
    return redirect(url_for(".change_gates", _anchor="reasons"), 303)


def _stored() -> list[GateLine]:
    rows = list_gate_items(db(), current().scope.zone_id)
    if not rows:
        return default_lines()
    return [GateLine(r.stage, r.kind, r.code, r.label, r.hint, r.least, r.required, r.active) for r in rows]


def _reasons() -> list[ReasonLine]:
    rows = list_reasons(db(), current().scope.zone_id)
    if rows:
        return [ReasonLine(row.kind, row.code, row.name, row.active) for row in rows]
    return [ReasonLine(one.kind, one.code, one.name) for one in DEFAULT_REASONS]


def _read(lines: list[GateLine]) -> list[GateLine]:
    """The sheet as it was sent: lines in place, then the new ones of each stage."""
    found = [_line(line, f"{line.stage}-{line.kind}-{line.code}") for line in lines]
    for stage in GATED:
        found += _added(stage)
    return found


def _line(line: GateLine, key: str) -> GateLine:
    form = request.form
    use = form.get(f"use-{key}", "required" if line.required else "advised")
    least = form.get(f"least-{key}", str(line.least))
    return GateLine(
        line.stage, line.kind, line.code,
        form.get(f"label-{key}", line.label), form.get(f"hint-{key}", line.hint),
        int(least) if least.isascii() and least.isdigit() and len(least) < 4 else 0,
        required=use == "required" if use != "off" else line.required, active=use != "off",
    )  # fmt: skip


def _added(stage: Stage) -> list[GateLine]:
    form = request.form
    found = []
    label = form.get(f"new-label-{stage}", "").strip()
    if label:
        kind = next((one for one in ADDABLE if one.value == form.get(f"new-kind-{stage}")), GateKind.paper)
        found.append(GateLine(stage, kind, "", label))
    code = form.get(f"new-field-{stage}", "")
    if code in FIELDS:
        found.append(GateLine(stage, GateKind.field, code, FIELDS[code]))
    return found
