"""The board: projects by stage, moved by dragging, by keys or by a menu; the gate answers on the spot."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.funds import queries as funds
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.pipeline import operations
from app.pipeline.models import Project
from app.pipeline.queries import gate_items, get_project, lacks_of, states_of
from app.pipeline.rules import ROAD, STAY_DAYS, GateError, How, Item, Lack, Stage, ageing, between, is_there
from app.web.guards import needs
from app.web.pipeline.asked import BOARD, LEDGER, Asked, page_parts, read_asked, tab_address, usual_tabs
from app.web.pipeline.blueprint import ONE, blueprint
from app.web.session import current, db

CARDS = 12
"""Cards in a column; the rest is one link away, in the ledger."""


@dataclass(frozen=True)
class Refusal:
    """Why a card stays where it is."""

    project: Project
    to: Stage
    message: str
    lacks: tuple[Lack, ...] = ()
    there: tuple[Item, ...] = ()


@blueprint.get("/board")
@needs(Permission.read)
def show_board() -> str | Response:
    """The filter's projects by stage."""
    return board_page(read_asked())


@blueprint.get(f"{ONE}/gate")
@needs(Permission.read)
def show_gate(project_id: int) -> Response:
    """What holds a card back from the next stage, as the panel says it; nothing (204) where the gate is open."""
    project = get_project(db(), current().zone.id, project_id)
    to = following(project.stage)
    lacks = lacks_of(db(), project.zone_id, [project.id], to)[project.id] if to else ()
    if to is None or not lacks:
        return make_response("", 204)
    return make_response(render_template("pipeline/_refused.html", refusal=_lacking(project, to, lacks)))


@blueprint.post(f"{ONE}/board")
@needs(Permission.enter)
def move_card(project_id: int) -> Response:
    """Move a card to the next stage, today."""
    project = get_project(db(), current().zone.id, project_id, lock=True)
    if not current().scope.may_edit_unit(project.unit_id):
        abort(403)
    asked = read_asked()
    to, version = request.form.get("to", ""), request.form.get("version", "")
    try:
        refusal = _move(project, to, version)
    except ConflictError as error:
        refusal = Refusal(project, project.stage, error.message)
    if refusal is None:
        flash(f"“{project.name}”已推进到{project.stage.label}")
        return redirect(url_for(BOARD, **asked.parameters), 303)
    if request.headers.get("X-Requested-With") == "fetch":
        page = render_template("pipeline/_refused.html", refusal=refusal)
    else:
        page = board_page(asked, refusal)
    return make_response(page, 422)


def _move(project: Project, to: str, version: str) -> Refusal | None:
    """Do it; what was refused, and why, or nothing."""
    if to not in Stage.__members__ or Stage(to) is not following(project.stage):
        wanted = Stage(to).label if to in Stage.__members__ else "该阶段"
        said = f"看板上只能推进到下一阶段；从{project.stage.label}到{wanted}请在项目页办理"
        return Refusal(project, Stage(to) if to in Stage.__members__ else project.stage, said)
    if version != str(project.version):
        raise ConflictError("该项目刚刚被其他人修改，请刷新看板后再推进")
    today = clock.today()
    try:
        with db().begin_nested():
            operations.move_stage(
                db(),
                current().actor,
                project,
                Stage(to),
                effective_on=today,
                today=today,
                source=How.board,
            )
    except GateError as error:
        return _lacking(project, Stage(to), error.missing)
    except DomainError as error:
        return Refusal(project, Stage(to), error.message)
    return None


def _lacking(project: Project, to: Stage, lacks: tuple[Lack, ...]) -> Refusal:
    items = between(gate_items(db(), project.zone_id), project.stage, to)
    state = states_of(db(), project.zone_id, [project.id])[project.id]
    there = tuple(item for item in items if item.required and is_there(item, state))
    return Refusal(project, to, f"还不能推进到{to.label}，缺 {len(lacks)} 项", lacks, there)


def following(stage: Stage) -> Stage | None:
    """The stage that a card can be moved to."""
    return ROAD[stage.step] if stage in ROAD and stage is not ROAD[-1] else None


def board_page(asked: Asked, refusal: Refusal | None = None) -> str:
    """The board's page, with what was refused."""
    usual = usual_tabs(asked)
    columns = funds.read_board(db(), current().zone.id, asked.wanted, rows=CARDS)
    _sums, counts = funds.project_sums(
        db(), current().zone.id, asked.wanted, {tab.key: tab.wanted for tab in usual}
    )
    road = [column for column in columns if column.stage in ROAD]
    filled = next((column.stage.value for column in road if column.projects), Stage.lead.value)
    chosen = request.args.get("col", "")
    return render_template(
        "pipeline/board.html",
        **page_parts(asked, BOARD),
        columns=road,
        beside=[column for column in columns if column.stage not in ROAD and column.projects],
        tabs=[(tab, counts[tab.key], tab_address(tab, asked, BOARD)) for tab in usual],
        here=chosen if chosen in ROAD else filled,
        ageing=ageing,
        limits=STAY_DAYS,
        following=following,
        may_move=lambda row: not asked.wanted.as_of and current().scope.may_edit_unit(row.unit_id),
        parameters=asked.parameters,
        refusal=refusal,
        open_count=sum(column.projects for column in columns),
        ledger=LEDGER,
    )
