"""Supplementary agreements: an increment of their own day, not counted as a project."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.text import has_control
from app.pipeline.models import Contract, Project
from app.pipeline.operations.contract import keep_derived
from app.pipeline.queries import find_contract, unit_on
from app.pipeline.rules import ContractKind, check_day, check_happened, check_investment


def sign_supplement(
    session: Session,
    actor: Actor,
    project: Project,
    *,
    number: str,
    signed_on: dt.date,
    amount_fen: int,
    today: dt.date,
    fixed_asset_fen: int | None = None,
    remark: str = "",
) -> Contract:
    """Record a 补充协议 that raises the total by ``amount_fen``. Needs a formal contract signed before it."""
    check_supplement(project, number=number, signed_on=signed_on, amount_fen=amount_fen, today=today)
    if number and find_contract(session, project.zone_id, number) is not None:
        raise DomainError(f"协议编号 {number} 已经使用，请核对", "number")
    contract = Contract(
        zone_id=project.zone_id,
        project_id=project.id,
        kind=ContractKind.supplement,
        number=number,
        signed_on=signed_on,
        amount_fen=amount_fen,
        fixed_asset_fen=fixed_asset_fen,
        note=remark,
        unit_id=unit_on(session, project.zone_id, project.id, signed_on),
    )
    session.add(contract)
    session.flush()
    project.updated_at = clock.now()
    project.version += 1
    keep_derived(session, project)
    note(
        session,
        actor,
        action="sign_supplement",
        entity="project",
        entity_id=project.id,
        after={"number": number, "signed_on": signed_on, "amount_fen": amount_fen},
    )
    return contract


def check_supplement(
    project: Project, *, number: str, signed_on: dt.date, amount_fen: int, today: dt.date
) -> None:
    """Refuse what no supplement of the project can be, whatever else is on record. Raises ``DomainError``."""
    check_day(signed_on, "补充协议签订日期", "signed_on")
    check_happened(signed_on, today, "补充协议签订日期", "signed_on")
    check_investment(amount_fen, "amount")
    if has_control(number):
        raise DomainError("协议编号含有不可见字符，请重新输入", "number")
    if project.signed_on is None or signed_on < project.signed_on:
        raise DomainError("补充协议须在正式合同签订之后，请核对日期或先登记正式合同", "signed_on")
