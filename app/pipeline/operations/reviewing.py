"""Opinions of 合法性审查 and 公平竞争审查: entered by the officer with the scan, corrected, withdrawn."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor, difference
from app.files.queries import list_files
from app.kernel.errors import ConflictError, DomainError
from app.pipeline.models import ContractReview, Project
from app.pipeline.queries import list_contracts
from app.pipeline.rules import ReviewKind, ReviewResult, check_day, check_review


@dataclass(frozen=True)
class ReviewData:
    """What an opinion says; ``contract_id`` None: on the draft, before there is a contract."""

    kind: ReviewKind
    result: ReviewResult
    opined_on: dt.date
    body: str
    number: str = ""
    remark: str = ""
    contract_id: int | None = None


def record_review(
    session: Session, actor: Actor, project: Project, data: ReviewData, *, today: dt.date
) -> ContractReview:
    """Enter an opinion. The newest of its kind is the one that stands. Raises ``DomainError``."""
    _check(session, project, data, today)
    review = ContractReview(zone_id=project.zone_id, project_id=project.id, **asdict(data))
    session.add(review)
    session.flush()
    _note(session, actor, "record_review", review, after=_plain(review))
    return review


def correct_review(
    session: Session,
    actor: Actor,
    project: Project,
    review: ContractReview,
    data: ReviewData,
    *,
    version: int,
    today: dt.date,
) -> None:
    """Bring the entry to what the paper says. Raises ``ConflictError`` when it was changed since ``version``."""
    _check_version(review, version)
    _check(session, project, data, today)
    before = _plain(review)
    for name, value in asdict(data).items():
        setattr(review, name, value)
    old, new = difference(before, _plain(review))
    if new:
        review.version += 1
        session.flush()
        _note(session, actor, "correct_review", review, before=old, after=new)


def withdraw_review(
    session: Session, actor: Actor, review: ContractReview, *, reason: str, version: int
) -> None:
    """Undo the entry of an opinion without files; what it said stays on record."""
    _check_version(review, version)
    if not reason:
        raise DomainError("请填写撤销原因", "reason")
    if list_files(session, review.zone_id, "contract_review", review.id):
        raise DomainError("这条审查意见还有附件，请先移除附件再撤销登记", "reason")
    before = _plain(review)
    session.delete(review)
    session.flush()
    _note(session, actor, "withdraw_review", review, before=before, after={"reason": reason})


def _check(session: Session, project: Project, data: ReviewData, today: dt.date) -> None:
    check_day(data.opined_on, "出具日期", "opined_on")
    check_review(data.result, data.opined_on, data.body, data.remark, today=today)
    known = {contract.id for contract in list_contracts(session, project.zone_id, project.id)}
    if data.contract_id is not None and data.contract_id not in known:
        raise DomainError("请从本项目的合同中选择", "contract_id")


def _check_version(review: ContractReview, version: int) -> None:
    if version != review.version:
        raise ConflictError("这条审查意见刚刚被其他人修改，请比较两个版本后再保存")


def _plain(review: ContractReview) -> dict[str, Any]:
    values = {
        name: getattr(review, name) for name in ("opined_on", "body", "number", "remark", "contract_id")
    }
    return {**values, "review_kind": review.kind.value, "review_result": review.result.value}


def _note(session: Session, actor: Actor, action: str, review: ContractReview, **values: Any) -> None:
    """On the project's record; which opinion it was is told by its kind."""
    known = {"review_id": review.id, "review": review.kind.label}
    told = {name: None if one is None else {**one, **known} for name, one in values.items()}
    note(session, actor, action=action, entity="project", entity_id=review.project_id, **told)
