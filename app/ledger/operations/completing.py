"""What a project's row of another form leaves out, and what follows from what it says."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Set as AbstractSet

from app.ledger.rules.values import is_nothing
from app.ledger.workbook import Cell
from app.pipeline.rules import (
    AFTER_SIGNING,
    STAGE_BY_LABEL,
    STAGE_OF_MILESTONE,
    ContractKind,
    MilestoneKind,
    Stage,
    stage_from_dates,
)

STAGE_IN_LEDGER = "台账阶段"
"""The extra column that keeps a stage's word which the dates do not carry."""
BEFORE_SIGNING = frozenset({Stage.lead.label, Stage.talks.label})
NOT_FORMAL = frozenset({ContractKind.framework.label, ContractKind.intent.label})
_DATE_OF_STAGE = {stage: kind.label for kind, stage in STAGE_OF_MILESTONE.items()}


def complete_project(
    cells: dict[str, Cell], no_column: AbstractSet[str], today: dt.date
) -> tuple[Counter[str], dict[str, str]]:
    """Fill in contract kind and stage where the ledger has no column for them; what was done, and what is kept aside.

    A signing date without any column for the kind means a formal contract. A stage that the row does not say follows
    from the dates, of a known project also from those on record. Where the row says a stage whose date the ledger has
    no column for (达产 without 达产日期), the dates decide as well, for no date is made up; the ledger's word is kept as
    ``STAGE_IN_LEDGER``.
    """
    done: Counter[str] = Counter()
    kept = _planned(cells, today)
    if kept:
        done["日期晚于今天，尚未发生，只作为附加列保留"] += 1
    signed = _day(cells, "合同签订日期")
    # A day that cannot be read is refused as such; the kind would be a second complaint about the same cell.
    if (signed is not None or _said(cells, "合同签订日期")) and "合同类型" not in cells:
        talked = _word(cells, "当前阶段") in BEFORE_SIGNING
        kind = ContractKind.intent if talked else ContractKind.formal
        cells["合同类型"] = Cell(kind.label)
        why = "而阶段未到签约" if talked else "而没有合同类型列"
        done[f"有签约日期{why}，按{kind.label}登记"] += 1
    formal = signed if _word(cells, "合同类型") == ContractKind.formal.label else None
    reached = {
        kind: day
        for kind in (*AFTER_SIGNING, MilestoneKind.terminated)
        if (day := _day(cells, kind.label)) is not None
    }
    proved = stage_from_dates(reached, formal)
    word = _word(cells, "当前阶段")
    if not word:
        if not cells.get("当前阶段", Cell()).problem:
            done["没有写明阶段，按日期确定"] += 1
        return done, kept
    stage = STAGE_BY_LABEL.get(word)
    if stage is Stage.signed and proved is None and _word(cells, "合同类型") in NOT_FORMAL:
        cells["当前阶段"] = Cell(Stage.talks.label)
        done[f"只签了框架、意向协议而阶段写“{word}”，按在谈登记，原文留在附加列“{STAGE_IN_LEDGER}”"] += 1
        return done, kept | {STAGE_IN_LEDGER: word}
    if stage is None or proved is None or stage is proved or proved is Stage.terminated:
        return done, kept
    if _DATE_OF_STAGE.get(stage, "") in no_column and proved.step < stage.step:
        cells["当前阶段"] = Cell(proved.label)
        done[
            f"阶段写“{word}”，台账没有{_DATE_OF_STAGE[stage]}列，按已有日期登记阶段，原文留在附加列“{STAGE_IN_LEDGER}”"
        ] += 1
        return done, kept | {STAGE_IN_LEDGER: word}
    return done, kept


def _planned(cells: dict[str, Cell], today: dt.date) -> dict[str, str]:
    """Days after today are plans: taken out, and kept in words."""
    kept = {}
    for head in ("合同签订日期", *(kind.label for kind in MilestoneKind)):
        day = _day(cells, head)
        if day is not None and day > today:
            cells[head] = Cell()
            kept[f"{head}（计划）"] = day.isoformat()
    return kept


def _day(cells: dict[str, Cell], head: str) -> dt.date | None:
    value = cells.get(head, Cell()).value
    return value if isinstance(value, dt.date) else None


def _said(cells: dict[str, Cell], head: str) -> bool:
    cell = cells.get(head, Cell())
    return cell.problem is not None or not is_nothing(cell.value)


def _word(cells: dict[str, Cell], head: str) -> str:
    value = cells.get(head, Cell()).value
    return value if isinstance(value, str) else ""
