"""A project as plain values: what a form or a ledger row says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.pipeline.models import Contract, Milestone, Project
from app.pipeline.queries import list_contracts, main_contract, milestones_of
from app.pipeline.rules import ContractKind, MilestoneKind, Stage


@dataclass(frozen=True)
class ContractData:
    """A contract, amounts in fen; in ``ProjectData`` the main one, whose ``note`` stays as it is."""

    kind: ContractKind
    signed_on: dt.date
    amount_fen: int
    number: str = ""
    fixed_asset_fen: int | None = None
    note: str = ""


@dataclass(frozen=True)
class ProjectData:
    """Everything one form or one ledger row says about a project; amounts in fen, land in hundredths of 亩.

    ``stage`` None: what the dates prove, else 在谈. ``unit_from``: the day from which a changed unit
    answers for the project (None: today).
    """

    name: str
    unit_id: int
    number: str = ""
    content: str = ""
    chain_id: int | None = None
    segment_id: int | None = None
    industry: str | None = None
    area_id: int | None = None
    officer: str = ""
    sponsor: str = ""
    stage: Stage | None = None
    investment_fen: int | None = None
    fixed_asset_fen: int | None = None
    land_hundredths: int | None = None
    output_fen: int | None = None
    tax_fen: int | None = None
    jobs: int | None = None
    note: str = ""
    contract: ContractData | None = None
    reached: Mapping[MilestoneKind, dt.date] = field(default_factory=dict)
    planned: Mapping[MilestoneKind, dt.date] | None = None
    """None leaves planned days as they are."""
    unit_from: dt.date | None = None


PROJECT_FIELDS = (
    "number name content chain_id segment_id industry area_id unit_id officer sponsor stage investment_fen "
    "fixed_asset_fen land_hundredths output_fen tax_fen jobs note investor_id"
).split()


def snapshot(
    project: Project, contract: Contract | None, milestones: Mapping[MilestoneKind, Milestone]
) -> dict[str, Any]:
    """The record as flat plain values, for the audit log and for showing two versions side by side."""
    values: dict[str, Any] = {name: getattr(project, name) for name in PROJECT_FIELDS}
    values["stage"] = project.stage.value
    if contract is not None:
        values |= {
            "contract_kind": contract.kind.value,
            "contract_number": contract.number,
            "contract_signed_on": contract.signed_on,
            "contract_amount_fen": contract.amount_fen,
            "contract_fixed_asset_fen": contract.fixed_asset_fen,
        }
    for kind, milestone in milestones.items():
        values[f"{kind}_reached_on"] = milestone.reached_on
        values[f"{kind}_planned_on"] = milestone.planned_on
    return values


def as_it_stands(session: Session, project: Project) -> ProjectData:
    """The stored project as the form would send it unchanged."""
    contract = main_contract(list_contracts(session, project.zone_id, project.id))
    milestones = milestones_of(session, project.zone_id, project.id)
    known: dict[str, Any] = {name: getattr(project, name) for name in PROJECT_FIELDS if name != "investor_id"}
    if contract is not None:
        known["contract"] = ContractData(
            contract.kind, contract.signed_on, contract.amount_fen, contract.number, contract.fixed_asset_fen
        )
    reached = {kind: m.reached_on for kind, m in milestones.items() if m.reached_on is not None}
    return ProjectData(**known, reached=reached)
