"""What an undo left as it was, in words: record, field, the imported value and the one now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.directory.queries import labels, list_segments
from app.funds.operations import check_contract_covers
from app.funds.rules import FundSource, ReviewState
from app.investors.queries import names_of
from app.journal.models import MonthClose
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.money import FEN_PER_WAN, cut_zeros
from app.ledger.models import ImportBatch
from app.ledger.rules.undoing import Edited, Image, Row
from app.pipeline.models import Project
from app.pipeline.operations import as_it_stands
from app.pipeline.operations.project import check_project
from app.pipeline.rules import ContractKind, MilestoneKind, Stage

FIELDS: dict[str, dict[str, str]] = {
    "project": {
        "number": "项目编号", "name": "项目名称", "investor_id": "投资方", "content": "建设内容", "chain_id": "产业链",
        "segment_id": "链上环节", "industry": "行业代码", "area_id": "落地片区", "unit_id": "责任单位", "officer": "责任人",
        "sponsor": "包联领导", "stage": "当前阶段", "investment_fen": "合同总投资", "fixed_asset_fen": "固定资产投资",
        "land_hundredths": "用地面积", "output_fen": "预计年产值", "tax_fen": "预计年税收", "jobs": "带动就业",
        "note": "备注", "extra": "附加列",
    },
    "contract": {
        "kind": "合同类型", "number": "合同编号", "signed_on": "合同签订日期", "amount_fen": "合同金额",
        "fixed_asset_fen": "固定资产投资", "unit_id": "责任单位",
    },
    "milestone": {"reached_on": "日期", "planned_on": "计划日期", "source": "日期来源", "unit_id": "责任单位"},
    "fund_arrival": {
        "arrived_on": "到账日期", "claimed_fen": "登记金额", "amount_fen": "到位金额", "source": "资金来源",
        "purpose": "资金用途", "voucher": "凭证号", "state": "审核状态", "unit_id": "责任单位", "project_id": "项目",
    },
    "annual_target": {"value": "目标值"},
    "investor": {"name": "企业名称", "uscc": "统一社会信用代码", "origin": "所在地"},
    "activity": {"text": "进展内容", "on_day": "日期"},
}  # fmt: skip
"""Fields that are named; another one stays without a word (it follows from these)."""
RECORDS = {
    "project": "项目", "contract": "合同", "milestone": "里程碑", "fund_arrival": "到账", "annual_target": "年度目标",
    "investor": "企业", "area": "片区", "responsible_unit": "责任单位", "chain": "产业链", "segment": "链上环节",
    "activity": "活动",
}  # fmt: skip
_KINDS: dict[tuple[str, str], Any] = {
    ("project", "stage"): Stage,
    ("contract", "kind"): ContractKind,
    ("fund_arrival", "source"): FundSource,
    ("fund_arrival", "state"): ReviewState,
    ("milestone", "kind"): MilestoneKind,
}


class UndoReport:
    """Collects what stays."""

    def __init__(self, session: Session, batch: ImportBatch, images: Sequence[Image]) -> None:
        self._session, self._batch = session, batch
        self._zone_id = batch.zone_id
        self._projects = {i.key[0]: i for i in images if i.table == "project"}
        self._names: dict[str, dict[int, str]] | None = None
        self.written_at: dt.datetime | None = batch.finished_at if batch.undone_at is None else None
        self.restored = self.removed = 0
        self._kept: list[dict[str, Any]] = []
        self._left: list[dict[str, Any]] = []

    def edited(self, values: Iterable[Edited]) -> None:
        """Values that were edited since."""
        for one in values:
            label = FIELDS.get(one.image.table, {}).get(one.column)
            if label is None:
                continue
            self._kept.append(
                {
                    **self._record(one.image),
                    "field": label,
                    "imported": self._text(one.image.table, one.column, one.imported),
                    "now": self._text(one.image.table, one.column, one.now),
                }
            )

    def stayed(self, images: Iterable[Image]) -> None:
        """Records that the import made and that stay."""
        for image in images:
            why = "导入之后有人修改过" if image.edited else "导入之后有其他记录与它关联，或其内容被修改过"
            self._left.append({**self._record(image), "why": why})

    def held(self, projects: Iterable[int], why: str) -> None:
        """Projects that stay as they are, wholly or in part."""
        for key in sorted(projects):
            self._left.append({"record": f"项目“{self._project_name(key)}”", "project_id": key, "why": why})

    def refused(self, image: Image) -> None:
        """A row that the database would not have back."""
        self._left.append({**self._record(image), "why": "恢复后与其他记录冲突，保留现值"})

    def check(self, project: Project) -> None:
        """Whether a project stands as it is now. Raises ``DomainError``."""
        check_project(as_it_stands(self._session, project), clock.today())
        check_contract_covers(self._session, project)

    def stands(self, project_id: int) -> bool:
        """Whether a project stands as it is now."""
        project = self._session.get(Project, (self._zone_id, project_id))
        try:
            if project is not None:
                self.check(project)
        except DomainError:
            return False
        return True

    def as_json(self) -> dict[str, Any]:
        """Plain values for the page."""
        return {
            "restored": self.restored,
            "removed": self.removed,
            "kept": self._kept,
            "left": self._left,
            "note": self._closed_since(),
        }

    def _closed_since(self) -> str:
        """Months closed after the import: their entries stay, the next close posts the difference."""
        if self.written_at is None:
            return ""
        query = select(MonthClose.year, MonthClose.month).where(
            MonthClose.zone_id == self._zone_id, MonthClose.at > self.written_at
        )
        months = sorted(set(self._session.execute(query.distinct())))
        if not months:
            return ""
        named = "、".join(f"{year}年{month}月" for year, month in months)
        return f"导入之后已关账：{named}。已记的分录不变，下次关账时补记差额"

    def _record(self, image: Image) -> dict[str, Any]:
        """The record in words, and the project whose page shows it."""
        values = image.now or image.after or {}
        owner = image.key[0] if image.table == "project" else values.get("project_id")
        return {"record": self._named(image, values), "project_id": owner}

    def _named(self, image: Image, values: Row) -> str:
        kind = RECORDS.get(image.table, image.table)
        if image.table in ("project", "investor", "area", "responsible_unit", "chain", "segment"):
            return f"{kind}“{values.get('name', '')}”"
        owner = values.get("project_id")
        project = f"项目“{self._project_name(owner)}”的" if isinstance(owner, int) else ""
        if image.table == "milestone":
            return f"{project}{MilestoneKind(values['kind']).label}"
        said = (
            values.get("voucher") or values.get("number") or values.get("arrived_on") or values.get("on_day")
        )
        return f"{project}{kind} {said or ''}".strip()

    def _project_name(self, key: int) -> str:
        image = self._projects.get(key)
        if image is not None:
            return str((image.now or image.after or {}).get("name", ""))
        project = self._session.get(Project, (self._zone_id, key))
        return project.name if project else ""

    def _text(self, table: str, column: str, value: Any) -> str:
        if value is None or value == "":
            return "空"
        if (table, column) in _KINDS:
            return str(_KINDS[table, column](value).label)
        if column.endswith("_fen"):
            return f"{cut_zeros(Decimal(value) / FEN_PER_WAN)} 万元"
        if column == "land_hundredths":
            return f"{cut_zeros(Decimal(value) / 100)} 亩"
        if column == "investor_id":
            return names_of(self._session, self._zone_id, [value]).get(value, "")
        if column == "project_id":
            return self._project_name(value)
        if column.endswith("_id"):
            return self._listed(column.removesuffix("_id"), value)
        if isinstance(value, dict):
            return "；".join(f"{head}：{text}" for head, text in value.items())[:200]
        return str(value)[:200]

    def _listed(self, name: str, key: int) -> str:
        if self._names is None:
            self._names = {n: labels(self._session, self._zone_id, n) for n in ("area", "unit", "chain")}
            segments = list_segments(self._session, self._zone_id)
            self._names["segment"] = {segment.id: segment.name for segment in segments}
        return self._names.get(name, {}).get(key, str(key))
