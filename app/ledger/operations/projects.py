"""Rows of 项目台账: projects with investor, main contract and milestones."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.rules import Actor
from app.directory.rules import read_industry, read_origin
from app.funds.operations import follow_handover
from app.investors.models import Investor
from app.investors.operations import InvestorData, register_investor
from app.investors.rules import read_uscc
from app.kernel.errors import DomainError
from app.kernel.text import name_key
from app.ledger.operations.cells import CellReader
from app.ledger.operations.lists import Lists
from app.ledger.queries import project_cells
from app.ledger.rules import FIELD_HEADS, Change, Verdict
from app.pipeline.models import Contract, Milestone, Project
from app.pipeline.operations import (
    ContractData,
    Move,
    ProjectData,
    change_investor,
    register_project,
    save_project,
)
from app.pipeline.queries import list_contracts, main_contract, milestones_of, next_number
from app.pipeline.rules import (
    CONTRACT_BY_LABEL,
    STAGE_BY_LABEL,
    ContractKind,
    How,
    MilestoneKind,
    Stage,
    stage_from_dates,
)

AS_IT_WAS = Move(How.imported, recording=True)
"""A ledger tells what has happened: papers that are not in the system are owed, nothing is held back for them."""
RowResult = tuple[str, Verdict, tuple[Change, ...]]


class ProjectRows:
    """Takes the rows of 项目台账; an empty cell leaves what is stored as it is."""

    def __init__(
        self,
        session: Session,
        zone: Zone,
        actor: Actor,
        lists: Lists,
        projects: dict[str, Project],
        today: dt.date,
        source: str,
    ) -> None:
        self._session = session
        self._zone = zone
        self._actor = actor
        self._lists = lists
        self._projects = projects
        self._today = today
        self._source = source
        self._seen: dict[int, int] = {}
        self._by_name: dict[str, list[Project]] = {}
        for project in projects.values():
            self._by_name.setdefault(project.name_key, []).append(project)
        self.last: Project | None = None
        """The project of the row taken last, unless it was refused."""

    @staticmethod
    def head_of(field: str | None) -> str:
        """The head under which an objection to ``field`` is shown."""
        return "合同总投资" if field == "amount" else FIELD_HEADS.get(field or "", "")

    @staticmethod
    def label_of(reader: CellReader) -> str:
        """The project's name as far as it can be read."""
        quiet = reader.peek("项目名称")
        return quiet or reader.peek("项目编号")

    def take(self, reader: CellReader) -> RowResult:
        """Register the row's project, or bring it to what the row says."""
        self.last = None
        name = reader.text("项目名称", longest=120, required=True)
        number = reader.text("项目编号", longest=40)
        project = self._match(number, name, reader)
        investor = self._investor(reader)
        data = self._data(reader, project, number)
        if reader.problems or data is None or investor is None:
            return name or "", Verdict.refused, ()
        with self._session.begin_nested():
            if project is None:
                return self._register(investor, data, reader.row)
            return self._save(project, investor, data)

    def _save(self, project: Project, investor: InvestorData, data: ProjectData) -> RowResult:
        self.last = project
        before = project_cells(self._session, project, self._names)
        owner = register_investor(self._session, self._actor, investor)
        unit = project.unit_id
        if project.signed_on is not None and owner.id != project.investor_id:
            change_investor(
                self._session,
                self._actor,
                project,
                owner,
                effective_on=self._today,
                reason=f"台账中的投资方与系统不同（{self._source}）",
                document="",
                today=self._today,
            )
        save_project(
            self._session, self._actor, project, owner.id, data,
            today=self._today, source=self._source, move=AS_IT_WAS,
        )  # fmt: skip
        named = self._by_name.setdefault(project.name_key, [])
        if project not in named:
            named.append(project)
        if project.unit_id != unit:
            follow_handover(self._session, project, from_on=self._today)
        after = project_cells(self._session, project, self._names)
        changes = tuple(
            Change(head, before[head], after[head]) for head in after if before[head] != after[head]
        )
        return project.name, Verdict.changed if changes else Verdict.same, changes

    @property
    def _names(self) -> dict[str, dict[int, str]]:
        return {**self._lists.names, "segment": self._lists.segment_names}

    def _register(self, investor: InvestorData, data: ProjectData, row: int) -> RowResult:
        owner = register_investor(self._session, self._actor, investor)
        project = register_project(
            self._session, self._actor, owner.id, data,
            today=self._today, source=self._source, how=How.imported,
        )  # fmt: skip
        self._projects[project.number] = self.last = project
        self._by_name.setdefault(project.name_key, []).append(project)
        self._seen[project.id] = row
        return project.name, Verdict.new, ()

    def find(self, number: str | None, name: str | None, investor: str | None) -> list[Project]:
        """The stored projects a row may mean: by number, else by name, of several the ones of that company."""
        if number and number in self._projects:
            return [self._projects[number]]
        if number or not name:
            return []
        same = self._by_name.get(name_key(name), [])
        own = [p for p in same if investor and name_key(self._company(p)) == name_key(investor)]
        return own or same

    def _company(self, project: Project) -> str:
        return self._session.get_one(Investor, (project.zone_id, project.investor_id)).name

    def _match(self, number: str | None, name: str | None, reader: CellReader) -> Project | None:
        """The stored project the row means: by number, or by name and company where the row has no number."""
        investor = reader.peek("投资方名称")
        same = self.find(number, name, investor)
        if number is None and len(same) == 1 and same[0].id in self._seen and investor:
            same = [p for p in same if name_key(self._company(p)) == name_key(investor)]
        if len(same) > 1:
            reader.refuse("项目编号", f"有 {len(same)} 个项目名称相同，请填写项目编号加以区分")
        project = same[0] if len(same) == 1 else None
        if project is not None:
            first = self._seen.setdefault(project.id, reader.row)
            if first != reader.row:
                reader.refuse("项目编号", f"与本表第 {first} 行是同一项目，请删除重复行或改正编号")
        return project

    def _investor(self, reader: CellReader) -> InvestorData | None:
        name = reader.text("投资方名称", longest=120, required=True)
        uscc = reader.parsed("统一社会信用代码", read_uscc)
        origin = reader.parsed("投资方所在地", read_origin)
        return InvestorData(name, uscc, origin) if name else None

    def _data(self, reader: CellReader, project: Project | None, number: str | None) -> ProjectData | None:
        stored = _Stored(self._session, project)
        stage = reader.choice("当前阶段", STAGE_BY_LABEL, required=project is None)
        contract = self._contract(reader, stored.contract)
        investment = reader.fen("合同总投资")
        fixed = reader.fen("其中：固定资产投资")
        read = {kind: reader.day(kind.label) for kind in MilestoneKind}
        reached = stored.reached | {kind: day for kind, day in read.items() if day is not None}
        chain_id, segment_id = self._chain(reader)
        unit_id = self._listed(reader, "unit", "责任单位", required=project is None)
        land = reader.number("用地面积", places=2)
        jobs = reader.number("带动就业", places=0)
        values: dict[str, Any] = {
            "name": reader.text("项目名称", longest=120),
            "content": reader.text("建设内容", longest=2000),
            "chain_id": chain_id,
            "segment_id": segment_id,
            "industry": reader.parsed("行业代码", read_industry),
            "area_id": self._listed(reader, "area", "落地片区"),
            "unit_id": unit_id,
            "officer": reader.text("责任人", longest=40),
            "sponsor": reader.text("包联领导", longest=60),
            "investment_fen": investment,
            "fixed_asset_fen": fixed,
            "land_hundredths": None if land is None else int(land * 100),
            "output_fen": reader.fen("预计年产值"),
            "tax_fen": reader.fen("预计年税收"),
            "jobs": None if jobs is None else int(jobs),
            "note": reader.text("备注", longest=2000),
        }
        if reader.problems:
            return None
        known = {key: value for key, value in values.items() if value is not None}
        if project is not None:
            known = {key: getattr(project, key) for key in values} | known
        elif number is None:
            number = next_number(self._session, self._zone.id, self._zone.number_prefix, self._today.year)
        return ProjectData(
            **known,
            number=number or (project.number if project else ""),
            contract=contract,
            reached=reached,
            stage=stage or stored.stage(contract, reached),
        )

    def _chain(self, reader: CellReader) -> tuple[int | None, int | None]:
        chain_id = self._listed(reader, "chain", "产业链")
        segment = reader.text("链上环节", longest=60)
        if segment is None:
            return chain_id, None
        if chain_id is None:
            if reader.blank("产业链"):
                reader.refuse("链上环节", "填写了环节，但产业链为空，请补填产业链")
            return None, None
        try:
            return chain_id, self._lists.find_segment(chain_id, segment)
        except DomainError as error:
            reader.refuse("链上环节", error.message)
            return chain_id, None

    def _listed(self, reader: CellReader, name: str, head: str, *, required: bool = False) -> int | None:
        label = reader.text(head, longest=60, required=required)
        if label is None:
            return None
        try:
            return self._lists.find(name, label)
        except DomainError as error:
            reader.refuse(head, error.message)
            return None

    @staticmethod
    def _contract(reader: CellReader, stored: Contract | None) -> ContractData | None:
        """The main contract; without 合同类型 there is none, unless one is stored already."""
        kind = reader.choice("合同类型", CONTRACT_BY_LABEL)
        if kind is None and stored is None:
            for head in ("合同编号", "合同签订日期"):
                if not reader.blank(head):
                    reader.refuse("合同类型", f"填写了{head}，但合同类型为空，请补填")
            return None
        signed_on = reader.day("合同签订日期", required=stored is None)
        amount = reader.fen("合同总投资", required=stored is None)
        number = reader.text("合同编号", longest=60)
        fixed = reader.fen("其中：固定资产投资")
        if stored is not None:
            kind, signed_on = kind or stored.kind, signed_on or stored.signed_on
            amount = stored.amount_fen if amount is None else amount
            number = stored.number if number is None else number
            fixed = stored.fixed_asset_fen if fixed is None else fixed
        if kind is None or signed_on is None or amount is None:
            return None
        return ContractData(kind, signed_on, amount, number or "", fixed)


class _Stored:
    """What is on record for a project before the row is taken; empty for a new one."""

    def __init__(self, session: Session, project: Project | None) -> None:
        self.project = project
        self.contract: Contract | None = None
        milestones: dict[MilestoneKind, Milestone] = {}
        if project is not None:
            self.contract = main_contract(list_contracts(session, project.zone_id, project.id))
            milestones = milestones_of(session, project.zone_id, project.id)
        self.reached = {kind: m.reached_on for kind, m in milestones.items() if m.reached_on is not None}

    def stage(self, contract: ContractData | None, reached: dict[MilestoneKind, dt.date]) -> Stage | None:
        """The stage when the row does not say: what the dates prove, else the stored one."""
        formal = contract is not None and contract.kind is ContractKind.formal
        proved = stage_from_dates(reached, contract.signed_on if contract and formal else None)
        return proved or (self.project.stage if self.project else None)
