"""Keeping a project's contracts, and what lists and the search index derive from them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.kernel.errors import DomainError
from app.kernel.ids import new_id
from app.pipeline.models import Contract, ContractReview, Project
from app.pipeline.operations.data import ContractData
from app.pipeline.operations.finding import make_findable
from app.pipeline.queries import (
    dependents_of,
    find_contract,
    list_contracts,
    main_contract,
    unit_on,
)
from app.pipeline.rules import ContractKind, check_removable, check_supplements
from app.search.operations import forget_record

SAID = "kind number signed_on amount_fen fixed_asset_fen".split()
"""What a form says of a contract."""


def keep_contract(
    session: Session, project: Project, data: ContractData | None, existing: list[Contract]
) -> Contract | None:
    """Make or correct the main contract; a framework that becomes a contract (升格) stays on record beside it.

    A formal contract of the same number, or without one of the same day, is the corrected record itself.
    Opinions on the draft become those of the formal contract when it is made.
    """
    current = main_contract(existing)
    supplements = [c.signed_on for c in existing if c.kind is ContractKind.supplement]
    formal = data is not None and data.kind is ContractKind.formal
    check_supplements(data.signed_on if data and formal else None, supplements)
    if data is None:
        if current is not None:
            raise DomainError(
                "合同已登记，不能在这里清空；登记有误的，请在项目页“合同与承诺”中撤销登记", "contract_kind"
            )
        return None
    check_contract_number(session, project, data.number)
    upgrade = current is not None and formal and current.kind is not ContractKind.formal
    unit_id = unit_on(session, project.zone_id, project.id, data.signed_on)
    if current is None or (upgrade and not _is_same(current, data)):
        current = Contract(zone_id=project.zone_id, project_id=project.id)
        session.add(current)
    elif not _says(current, data):
        current.version += 1
    _write(current, data, unit_id)
    session.flush()
    if formal:
        _adopt_reviews(session, current)
    return current


def first_contract(session: Session, project: Project, data: ContractData | None) -> Contract | None:
    """The main contract of a project that is being registered; the caller adds it when the project is there."""
    if data is None:
        return None
    check_contract_number(session, project, data.number)
    contract = Contract(id=new_id(), zone_id=project.zone_id, project_id=project.id)
    _write(contract, data, project.unit_id)
    return contract


def _write(contract: Contract, data: ContractData, unit_id: int) -> None:
    for name in SAID:
        setattr(contract, name, getattr(data, name))
    contract.unit_id = unit_id


def _adopt_reviews(session: Session, contract: Contract) -> None:
    session.execute(
        update(ContractReview)
        .where(
            ContractReview.zone_id == contract.zone_id,
            ContractReview.project_id == contract.project_id,
            ContractReview.contract_id.is_(None),
            ContractReview.opined_on <= contract.signed_on,
        )
        .values(contract_id=contract.id)
    )


def _is_same(contract: Contract, data: ContractData) -> bool:
    """Whether ``data`` means the stored paper, wrongly entered as another kind."""
    return data.number == contract.number and (data.number != "" or data.signed_on == contract.signed_on)


def _says(contract: Contract, data: ContractData) -> bool:
    """Whether the contract says this already."""
    return all(getattr(contract, name) == getattr(data, name) for name in SAID)


def take_out(session: Session, contract: Contract) -> None:
    """Delete a contract that nothing hangs on; what it said stays in the audit log. Raises ``DomainError``."""
    check_removable(dependents_of(session, contract))
    forget_record(session, contract.zone_id, contract.id)
    session.delete(contract)
    session.flush()


def check_contract_number(
    session: Session, project: Project, number: str, *, field: str = "contract_number"
) -> None:
    """Refuse a contract number that another project has."""
    other = find_contract(session, project.zone_id, number) if number else None
    if other is not None and other.project_id != project.id:
        raise DomainError(f"合同编号 {number} 已用于其他项目，请核对", field)


def keep_derived(session: Session, project: Project) -> None:
    """Keep the columns that lists sort by: the day of the formal contract, and the total."""
    contracts = list_contracts(session, project.zone_id, project.id)
    derive(project, contracts)
    session.flush()
    make_findable(session, project, contracts)


def derive(project: Project, contracts: Sequence[Contract | ContractData]) -> None:
    """Set the day of the formal contract, and the total: 合同总投资 with all supplements, else what is intended."""
    formal = [c for c in contracts if c.kind is ContractKind.formal]
    main = main_contract(contracts)
    project.signed_on = formal[0].signed_on if formal else None
    if formal:
        project.total_fen = sum(
            c.amount_fen for c in contracts if c.kind in (formal[0].kind, ContractKind.supplement)
        )
    else:
        project.total_fen = main.amount_fen if main else project.investment_fen
