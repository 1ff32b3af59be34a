"""Stored records as a ledger writes them: the same words as in the cells, for comparing and for export."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields
from decimal import Decimal
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.funds.models import FundArrival
from app.funds.rules import CURRENCIES, RATE_SCALE
from app.investors.models import Investor
from app.kernel.money import FEN_PER_WAN, cut_zeros
from app.ledger.queries.arrivals import StoredArrival
from app.pipeline.models import Contract, Milestone, Project
from app.pipeline.operations import ContractData, ProjectData
from app.pipeline.queries import list_contracts, main_contract, milestones_of
from app.pipeline.rules import ContractKind, MilestoneKind, Stage

Names = dict[str, dict[int, str]]
"""The zone's lists (area, unit, chain, segment): names by id."""


_SAID = tuple(field.name for field in fields(ContractData))


@dataclass(frozen=True)
class Stored:
    """What is on record for a project beside its own row; nothing for a new one."""

    contract: ContractData | None = None
    reached: dict[MilestoneKind, dt.date] = field(default_factory=dict)
    investor: Investor | None = None


class StoredProjects:
    """The projects of a zone with what hangs on them, read at once."""

    def __init__(self, session: Session, zone_id: int) -> None:
        self._session, self._zone_id = session, zone_id
        self.by_number = projects_by_number(session, zone_id)

    def of(self, project: Project | None) -> Stored:
        """What is on record for ``project`` as it was when the first one was asked for."""
        if project is None:
            return Stored()
        investor = self.investors.get(project.investor_id)
        main = main_contract(self._contracts.get(project.id, []))
        return Stored(main, self._reached.get(project.id, {}), investor)

    def supplements(self, project: Project) -> list[ContractData]:
        """The supplementary agreements of ``project``, as ``of``."""
        return [c for c in self._contracts.get(project.id, []) if c.kind is ContractKind.supplement]

    @cached_property
    def investors(self) -> dict[int, Investor]:
        """All companies of the zone by id."""
        query = select(Investor).where(Investor.zone_id == self._zone_id)
        return {investor.id: investor for investor in self._session.scalars(query)}

    @cached_property
    def _contracts(self) -> dict[int, list[ContractData]]:
        found: dict[int, list[ContractData]] = {}
        query = select(Contract.project_id, *(getattr(Contract, name) for name in _SAID))
        query = query.where(Contract.zone_id == self._zone_id).order_by(Contract.signed_on, Contract.id)
        for project_id, *said in self._session.execute(query):
            found.setdefault(project_id, []).append(ContractData(*said))
        return found

    @cached_property
    def contract_numbers(self) -> dict[str, int]:
        """The project of each contract number."""
        return {
            contract.number: project_id
            for project_id, contracts in self._contracts.items()
            for contract in contracts
            if contract.number
        }

    @cached_property
    def _reached(self) -> dict[int, dict[MilestoneKind, dt.date]]:
        found: dict[int, dict[MilestoneKind, dt.date]] = {}
        columns = select(Milestone.project_id, Milestone.kind, Milestone.reached_on)
        query = columns.where(Milestone.zone_id == self._zone_id, Milestone.reached_on.is_not(None))
        for project_id, kind, day in self._session.execute(query):
            if day is not None:
                found.setdefault(project_id, {})[kind] = day
        return found


def read_stored(session: Session, project: Project) -> Stored:
    """What is on record for one project now."""
    milestones = milestones_of(session, project.zone_id, project.id)
    contracts = (
        ContractData(*(getattr(c, name) for name in _SAID))
        for c in list_contracts(session, project.zone_id, project.id)
    )
    return Stored(
        main_contract(contracts),
        {kind: m.reached_on for kind, m in milestones.items() if m.reached_on is not None},
        session.get_one(Investor, (project.zone_id, project.investor_id)),
    )


def project_cells(project: Project | ProjectData, stored: Stored, names: Names) -> dict[str, str]:
    """The project's row of the ledger by head."""
    contract, reached = stored.contract, stored.reached
    land = None if project.land_hundredths is None else Decimal(project.land_hundredths) / 100
    return {
        "项目编号": project.number,
        "项目名称": project.name,
        "投资方名称": stored.investor.name if stored.investor else "",
        "统一社会信用代码": (stored.investor.uscc or "") if stored.investor else "",
        "投资方所在地": (stored.investor.origin or "") if stored.investor else "",
        "建设内容": project.content,
        "产业链": names["chain"].get(project.chain_id or 0, ""),
        "链上环节": names["segment"].get(project.segment_id or 0, ""),
        "行业代码": project.industry or "",
        "落地片区": names["area"].get(project.area_id or 0, ""),
        "责任单位": names["unit"].get(project.unit_id, ""),
        "责任人": project.officer,
        "包联领导": project.sponsor,
        "当前阶段": (project.stage or Stage.talks).label,
        "合同类型": contract.kind.label if contract else "",
        "合同编号": contract.number if contract else "",
        "合同签订日期": _day(contract.signed_on if contract else None),
        "合同总投资": _wan(contract.amount_fen if contract else project.investment_fen),
        "其中：固定资产投资": _wan(project.fixed_asset_fen),
        **{kind.label: _day(reached.get(kind)) for kind in MilestoneKind},
        "用地面积": "" if land is None else cut_zeros(land),
        "预计年产值": _wan(project.output_fen),
        "预计年税收": _wan(project.tax_fen),
        "带动就业": "" if project.jobs is None else str(project.jobs),
        "备注": project.note,
    }


def arrival_cells(arrival: FundArrival | StoredArrival, number: str) -> dict[str, str]:
    """The arrival's row of the ledger by head."""
    return {
        "项目编号": number,
        "到账日期": arrival.arrived_on.isoformat(),
        "币种": CURRENCIES[arrival.currency],
        "原币金额（万）": _wan(arrival.original_minor),
        "折算汇率": cut_zeros(Decimal(arrival.rate_millionths) / RATE_SCALE),
        "折人民币（万元）": _wan(arrival.claimed_fen),
        "资金来源": arrival.source.label,
        "资金用途": arrival.purpose,
        "凭证号": arrival.voucher,
        "审核状态": arrival.state.label,
    }


def projects_by_number(session: Session, zone_id: int) -> dict[str, Project]:
    """All projects of a zone by their number."""
    return {
        project.number: project
        for project in session.scalars(select(Project).where(Project.zone_id == zone_id))
    }


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _wan(hundredths: int | None) -> str:
    return "" if hundredths is None else cut_zeros(Decimal(hundredths) / FEN_PER_WAN)
