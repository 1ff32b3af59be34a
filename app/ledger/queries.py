"""Stored records as a ledger writes them: the same words as in the cells, for comparing and for export."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.funds.models import FundArrival
from app.funds.rules import CURRENCIES, RATE_SCALE
from app.investors.models import Investor
from app.kernel.money import FEN_PER_WAN, cut_zeros
from app.ledger.models import ImportBatch
from app.pipeline.models import Project
from app.pipeline.queries import list_contracts, main_contract, milestones_of
from app.pipeline.rules import MilestoneKind


def project_cells(session: Session, project: Project, names: dict[str, dict[int, str]]) -> dict[str, str]:
    """The project's row of the ledger by head; ``names`` holds the lists (area, unit, chain, segment)."""
    contract = main_contract(list_contracts(session, project.zone_id, project.id))
    reached = {
        kind: milestone.reached_on
        for kind, milestone in milestones_of(session, project.zone_id, project.id).items()
    }
    investor = session.get_one(Investor, (project.zone_id, project.investor_id))
    land = None if project.land_hundredths is None else Decimal(project.land_hundredths) / 100
    return {
        "项目编号": project.number,
        "项目名称": project.name,
        "投资方名称": investor.name,
        "统一社会信用代码": investor.uscc or "",
        "投资方所在地": investor.origin or "",
        "建设内容": project.content,
        "产业链": names["chain"].get(project.chain_id or 0, ""),
        "链上环节": names["segment"].get(project.segment_id or 0, ""),
        "行业代码": project.industry or "",
        "落地片区": names["area"].get(project.area_id or 0, ""),
        "责任单位": names["unit"].get(project.unit_id, ""),
        "责任人": project.officer,
        "包联领导": project.sponsor,
        "当前阶段": project.stage.label,
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


def arrival_cells(arrival: FundArrival, number: str) -> dict[str, str]:
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


def list_batches(session: Session, zone_id: int, limit: int = 20) -> list[ImportBatch]:
    """The newest imports."""
    query = select(ImportBatch).where(ImportBatch.zone_id == zone_id)
    return list(session.scalars(query.order_by(ImportBatch.made_at.desc()).limit(limit)))


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _wan(hundredths: int | None) -> str:
    return "" if hundredths is None else cut_zeros(Decimal(hundredths) / FEN_PER_WAN)
