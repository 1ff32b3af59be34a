"""What a row's changes make a person decide: slips of units, a stage that goes back, facts of a closed month."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from app.kernel.money import FEN_PER_WAN, cut_zeros
from app.ledger.operations.cells import CellReader
from app.ledger.operations.context import Context
from app.ledger.queries import Stored, project_cells
from app.ledger.rules.doubting import is_jump
from app.pipeline.models import Project
from app.pipeline.operations import ProjectData
from app.pipeline.rules import ROAD, MilestoneKind

USE, KEEP, SKIP = ("use", "按台账写入"), ("keep", "保留系统中的值"), ("skip", "这一格不导入")
KEEP_STAGE = ("keep", "保留系统中的阶段，其余按台账写入")
NEXT_CLOSE = "下次关账时将补记差额，已关账月份的数字不变"
AMOUNTS = ("合同总投资", "其中：固定资产投资", "预计年产值", "预计年税收")
FACTS = ("合同类型", "合同签订日期", "合同总投资", *(kind.label for kind in MilestoneKind))
"""What a project counts by; a change of one may concern a closed month."""


def wan(fen: int) -> str:
    """An amount as a ledger writes it."""
    return cut_zeros(Decimal(fen) / FEN_PER_WAN)


def ask_about_slips(reader: CellReader, project: Project | None, stored: Stored) -> None:
    """Ask about amounts that jump, or are out of scale; a cell that somebody does not want is left out."""
    known = _amounts(project, stored)
    for head in AMOUNTS:
        new, old = reader.peek_fen(head), known.get(head)
        if new is None:
            continue
        if old is not None and is_jump(old, new):
            message = f"{head}由 {wan(old)} 万元变为 {wan(new)} 万元，可能是单位或位数有误，请核对"
            answer = reader.ask("unit_jump", head, message, (USE, KEEP), wan(old), wan(new))
        elif old is None and head in reader.odd:
            message = f"{head} {wan(new)} 万元与本列其他行相差悬殊，可能是单位有误，请核对"
            answer = reader.ask("unit_jump", head, message, (USE, SKIP), "", wan(new))
        else:
            continue
        if answer != USE[0]:
            reader.leave_out(head)


def _amounts(project: Project | None, stored: Stored) -> dict[str, int | None]:
    if project is None:
        return {}
    total = stored.contract.amount_fen if stored.contract else project.investment_fen
    return dict(
        zip(AMOUNTS, (total, project.fixed_asset_fen, project.output_fen, project.tax_fen), strict=True)
    )


def ask_about_changes(
    reader: CellReader, here: Context, project: Project, stored: Stored, data: ProjectData
) -> bool:
    """Ask about a stage that goes back and facts of closed months; whether cells were left out since."""
    before = project_cells(project, stored, here.names)
    after = project_cells(data, Stored(data.contract, dict(data.reached), stored.investor), here.names)
    changed = [head for head in FACTS if before[head] != after[head] and not reader.blank(head)]
    dropped = False
    new = data.stage
    if new is not None and new in ROAD and project.stage in ROAD and new.step < project.stage.step:
        if "当前阶段" not in reader.assumed:
            message = f"当前阶段由“{project.stage.label}”退回“{new.label}”；退回须在项目页申请，由审核岗同意"
            reader.ask("stage_back", "当前阶段", message, (KEEP_STAGE,), project.stage.label, new.label)
        reader.leave_out("当前阶段")
        dropped = True
    touched = [head for head in changed if _touches_closed(here, head, before, after)]
    if touched:
        old, said = before[touched[0]], after[touched[0]]
        message = f"已关账月份的{'、'.join(touched)}有变化；{NEXT_CLOSE}"
        if reader.ask("closed_month", touched[0], message, (USE, KEEP), old, said) != USE[0]:
            for head in touched:
                reader.leave_out(head)
            dropped = True
    return dropped


def _touches_closed(here: Context, head: str, before: dict[str, str], after: dict[str, str]) -> bool:
    """Whether a change of ``head`` concerns a day in a closed month; kind and amount count on the contract's day."""
    by = "合同签订日期" if head in ("合同类型", "合同总投资") else head
    days = (dt.date.fromisoformat(text) for text in (before[by], after[by]) if text)
    return any(here.is_closed(day) for day in days)


def ask_about_new(reader: CellReader, here: Context, data: ProjectData) -> None:
    """Ask about a new project whose contract or milestones lie in closed months."""
    days = [("合同签订日期", data.contract.signed_on)] if data.contract else []
    days += [(kind.label, day) for kind, day in data.reached.items()]
    closed = [(head, day) for head, day in days if here.is_closed(day)]
    if closed:
        head, day = closed[0]
        message = f"新项目的{'、'.join(name for name, _day in closed)}在已关账的月份；{NEXT_CLOSE}"
        reader.ask("closed_month", head, message, (USE,), "", day.isoformat())
