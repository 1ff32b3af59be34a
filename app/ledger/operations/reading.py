"""The cells of a project's row as what the operations of the pages take."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.directory.rules import read_industry, read_origin
from app.investors.operations import InvestorData
from app.investors.rules import read_uscc
from app.kernel.errors import DomainError
from app.kernel.text import name_key
from app.ledger.operations.cells import CellReader
from app.ledger.operations.lists import Lists
from app.ledger.queries import Stored
from app.pipeline.models import Project
from app.pipeline.operations import ContractData, ProjectData
from app.pipeline.rules import (
    CONTRACT_BY_LABEL,
    STAGE_BY_LABEL,
    ContractKind,
    MilestoneKind,
    Stage,
    stage_from_dates,
)


def read_investor(reader: CellReader) -> InvestorData | None:
    """The company of the row; None when its name is missing or wrong."""
    name = reader.text("投资方名称", longest=120, required=True)
    uscc = reader.parsed("统一社会信用代码", read_uscc)
    origin = reader.parsed("投资方所在地", read_origin)
    return InvestorData(name, uscc, origin) if name else None


def read_project(
    reader: CellReader, lists: Lists, project: Project | None, stored: Stored, number: str
) -> ProjectData | None:
    """What the row says, where it is empty what is stored; None when a cell is wrong. ``number``: of a new one."""
    stage = reader.choice("当前阶段", STAGE_BY_LABEL)
    contract = _contract(reader, stored.contract)
    read = {kind: reader.day(kind.label) for kind in MilestoneKind}
    reached = stored.reached | {kind: day for kind, day in read.items() if day is not None}
    values = _values(reader, lists, new=project is None)
    if reader.problems:
        return None
    known = {key: value for key, value in values.items() if value is not None}
    if project is not None:
        known = {key: getattr(project, key) for key in values} | known
        if name_key(known["name"]) == project.name_key:
            known["name"] = project.name  # another width of brackets or spaces is no other name
    return ProjectData(
        **known,
        number=number,
        contract=contract,
        reached=reached,
        stage=stage or _stage(project, contract, reached),
    )


def _values(reader: CellReader, lists: Lists, *, new: bool) -> dict[str, Any]:
    chain_id, segment_id = _chain(reader, lists)
    land = reader.number("用地面积", places=2)
    jobs = reader.number("带动就业", places=0)
    return {
        "name": reader.text("项目名称", longest=120),
        "content": reader.text("建设内容", longest=2000),
        "chain_id": chain_id,
        "segment_id": segment_id,
        "industry": reader.parsed("行业代码", read_industry),
        "area_id": _listed(reader, lists, "area", "落地片区"),
        "unit_id": _listed(reader, lists, "unit", "责任单位", required=new),
        "officer": reader.text("责任人", longest=40),
        "sponsor": reader.text("包联领导", longest=60),
        "investment_fen": reader.fen("合同总投资"),
        "fixed_asset_fen": reader.fen("其中：固定资产投资"),
        "land_hundredths": None if land is None else int(land * 100),
        "output_fen": reader.fen("预计年产值"),
        "tax_fen": reader.fen("预计年税收"),
        "jobs": None if jobs is None else int(jobs),
        "note": reader.text("备注", longest=2000),
    }


def _chain(reader: CellReader, lists: Lists) -> tuple[int | None, int | None]:
    chain_id = _listed(reader, lists, "chain", "产业链")
    segment = reader.text("链上环节", longest=60)
    if segment is None:
        return chain_id, None
    if chain_id is None:
        if reader.blank("产业链"):
            reader.refuse("链上环节", "填写了环节，但产业链为空，请补填产业链")
        return None, None
    try:
        return chain_id, lists.find_segment(chain_id, segment)
    except DomainError as error:
        reader.refuse("链上环节", error.message)
        return chain_id, None


def _listed(reader: CellReader, lists: Lists, name: str, head: str, *, required: bool = False) -> int | None:
    label = reader.text(head, longest=60, required=required)
    if label is None:
        return None
    try:
        return lists.find(name, label)
    except DomainError as error:
        reader.refuse(head, error.message)
        return None


def _contract(reader: CellReader, stored: ContractData | None) -> ContractData | None:
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


def _stage(
    project: Project | None, contract: ContractData | None, reached: dict[MilestoneKind, dt.date]
) -> Stage | None:
    """The stage when the row does not say: what the dates prove, else the stored one."""
    formal = contract is not None and contract.kind is ContractKind.formal
    proved = stage_from_dates(reached, contract.signed_on if contract and formal else None)
    return proved or (project.stage if project else None)
