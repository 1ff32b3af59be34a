"""The records that files can hang on: how each is loaded for a person, and whether that person may add to it.

A new kind of record adds its line to ``SUBJECTS``; a record that the person may not see does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import abort, url_for

from app.accounts.rules import Permission, Role
from app.activities.queries import get_activity
from app.funds.queries import get_arrival
from app.funds.rules import ReviewState
from app.investors.queries import get_investor
from app.kernel.errors import NotFoundError
from app.leads.queries import clocks_of, get_lead
from app.leads.rules import unit_in_sight
from app.pipeline.queries import get_commitment, get_contract, get_project, get_review
from app.web.session import Current, current, db


@dataclass(frozen=True)
class Subject:
    """A record as its files see it. ``sealed`` says why none can be taken away; empty when some can."""

    entity: str
    id: int
    title: str
    address: str | None
    may_add: bool
    sealed: str = ""

    @property
    def may_remove(self) -> bool:
        """Whether files can be taken away."""
        return self.may_add and not self.sealed


Load = Callable[[Current, int, bool], Subject]


@dataclass(frozen=True)
class SubjectKind:
    """One kind of record, its Chinese name, what its files usually prove, and how one is loaded."""

    name: str
    labels: tuple[str, ...]
    load: Load


def get_subject(entity: str, entity_id: int, *, lock: bool = False) -> Subject:
    """The record for the person who asks; 404 when it is none or not theirs to see.

    ``lock`` keeps the record's other uploads away until the transaction ends.
    """
    kind = SUBJECTS.get(entity)
    if kind is None:
        abort(404)
    return kind.load(current(), entity_id, lock)


def _project(person: Current, key: int, lock: bool) -> Subject:
    project = get_project(db(), person.zone.id, key, lock=lock)
    address = url_for("pipeline.show_project", project_id=project.id)
    return Subject("project", key, project.name, address, person.scope.may_edit_unit(project.unit_id))


def _arrival(person: Current, key: int, lock: bool) -> Subject:
    arrival = get_arrival(db(), person.zone.id, key, lock=lock)
    seals = {
        ReviewState.recognised: "已认定的到账，凭证不能移除",
        ReviewState.voided: "已作废的到账，凭证不能移除",
    }
    return Subject(
        "fund_arrival",
        key,
        f"{arrival.project.name} {arrival.arrived_on} 到账",
        url_for("funds.show_arrival", arrival_id=arrival.id),
        person.scope.may_edit_unit(arrival.project.unit_id),
        sealed=seals.get(arrival.state, ""),
    )


def _activity(person: Current, key: int, lock: bool) -> Subject:
    """Who may see an activity is asked of the activities; one that was taken back stays as it was."""
    activity = get_activity(db(), person.scope, key, lock=lock)
    own = person.may(Permission.enter) and activity.logged_by == person.user_id
    unit = activity.unit_id is not None and person.scope.may_edit_unit(activity.unit_id)
    may_add = activity.withdrawn_at is None and (own or unit or person.role is Role.reviewer)
    title = f"{activity.on_day} {activity.kind.label}"
    address = url_for("activities.show_activity", activity_id=activity.id)
    return Subject("activity", key, title, address, may_add)


def _of_project(entity: str, person: Current, project_id: int, key: int, title: str, lock: bool) -> Subject:
    """A record that hangs on a project: whoever may change the project may add to it."""
    project = get_project(db(), person.zone.id, project_id, lock=lock)
    address = url_for("pipeline.show_terms", project_id=project.id)
    return Subject(
        entity, key, f"{project.name} {title}", address, person.scope.may_edit_unit(project.unit_id)
    )


def _contract(person: Current, key: int, lock: bool) -> Subject:
    contract = get_contract(db(), person.zone.id, key)
    title = f"{contract.kind.label} {contract.number}".strip()
    return _of_project("contract", person, contract.project_id, key, title, lock)


def _contract_review(person: Current, key: int, lock: bool) -> Subject:
    review = get_review(db(), person.zone.id, key)
    return _of_project("contract_review", person, review.project_id, key, review.kind.label, lock)


def _commitment(person: Current, key: int, lock: bool) -> Subject:
    commitment = get_commitment(db(), person.zone.id, key)
    title = f"{commitment.side.label}承诺"
    return _of_project("commitment", person, commitment.project_id, key, title, lock)


def _lead(person: Current, key: int, lock: bool) -> Subject:
    """Units see each other's leads only where the zone shares them; administrators and auditors none."""
    if not person.may(Permission.read_leads):
        raise NotFoundError("没有这条线索，或它不属于您的单位")
    unit_id = unit_in_sight(person.scope, shared=clocks_of(db(), person.zone.id).shared)
    lead = get_lead(db(), person.zone.id, key, unit_id=unit_id, lock=lock)
    address = url_for("leads.show_lead", lead_id=lead.id)
    return Subject("lead", key, lead.name, address, person.scope.may_edit_unit(lead.unit_id))


def _investor(person: Current, key: int, lock: bool) -> Subject:
    """Everybody of the zone reads a company; who enters anything adds to it, but not to one that was merged."""
    investor = get_investor(db(), person.zone.id, key, lock=lock)
    address = url_for("investors.show_investor", investor_id=key)
    may_add = investor.merged_into_id is None and person.may(Permission.enter)
    return Subject("investor", key, investor.name, address, may_add)


SUBJECTS: dict[str, SubjectKind] = {
    "project": SubjectKind(
        "项目",
        ("投资合同", "营业执照", "备案证", "合法性审查意见", "公平竞争审查意见", "土地成交确认书", "施工许可证", "现场照片", "用电记录", "首张发票"),
        _project,
    ),
    "fund_arrival": SubjectKind(
        "到账", ("银行进账单", "转账凭证", "验资报告", "设备清单", "有效发票", "外汇登记", "到位资金分割证明"), _arrival
    ),
    "activity": SubjectKind("活动", ("现场照片", "会议纪要", "签到表", "项目资料"), _activity),
    "contract": SubjectKind("合同", ("合同扫描件", "补充协议", "签约照片", "签约审批表"), _contract),
    "contract_review": SubjectKind("审查意见", ("合法性审查意见", "公平竞争审查意见", "送审函"), _contract_review),
    "commitment": SubjectKind("承诺", ("兑现凭证", "拨款凭证", "验收证明", "会议纪要", "承诺函"), _commitment),
    "investor": SubjectKind("企业", ("营业执照", "企业介绍", "征信报告", "股东结构", "审计报告"), _investor),
    "lead": SubjectKind("线索", ("线索登记表", "投资方介绍", "项目建议书", "意向书"), _lead),
}  # fmt: skip
