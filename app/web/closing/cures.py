"""Where an open row of the checklist is put right, and where all of its item are."""

from __future__ import annotations

from flask import url_for

from app.accounts.rules import Permission
from app.closing.rules import ItemCode, OpenRow
from app.funds.queries import ArrivalFilter
from app.funds.rules import ReviewState
from app.kernel.periods import Month
from app.web.funds.filters import write_filter
from app.web.session import current


def cure_of(code: ItemCode, row: OpenRow, month: Month) -> tuple[str, str] | None:
    """A verb and its address; None for who may not even look there."""
    may = current().may
    if code is ItemCode.pending:
        if may(Permission.review):
            return "去审核", url_for("funds.review_arrival", arrival_id=row.subject_id)
        return "查看", url_for("funds.show_arrival", arrival_id=row.subject_id)
    if code is ItemCode.evidence:
        if may(Permission.enter):
            return "补凭证", url_for("funds.show_arrival", arrival_id=row.subject_id)
        return "查看", url_for("funds.show_arrival", arrival_id=row.subject_id)
    if code is ItemCode.gates:
        if may(Permission.enter):
            return "补材料", url_for("stages.hand_in_owed", project_id=row.subject_id)
        return "查看", url_for("pipeline.show_project", project_id=row.subject_id, _anchor="stages")
    if code is ItemCode.over_total:
        return "去核对", url_for("pipeline.show_project", project_id=row.subject_id, _anchor="contracts")
    if code is ItemCode.imports:
        if may(Permission.import_ledger):
            return "去处理", url_for("ledger.show_import", batch_id=row.subject_id)
        return None
    return "看统计", url_for("figures.catalogue", month=month)


def all_of(code: ItemCode, month: Month) -> tuple[str, str] | None:
    """The list that holds all rows of an item, narrowed to them; None where there is no such list."""
    if code is ItemCode.pending:
        waiting = ArrivalFilter(states=(ReviewState.pending,), until=month.last_day)
        return "看待审核到账", url_for("funds.list_arrivals", **write_filter(waiting))
    if code is ItemCode.evidence:
        counted = ArrivalFilter(
            states=(ReviewState.recognised,), since=month.window.start, until=month.last_day
        )
        return "看本月已认定到账", url_for("funds.list_arrivals", **write_filter(counted))
    if code is ItemCode.imports and current().may(Permission.import_ledger):
        return "看导入记录", url_for("ledger.list_imports")
    return None
