"""The history of a project in words, from the audit log: who, when, what, and each field old → new."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from app.audit.models import AuditEntry
from app.kernel.money import amount_text
from app.pipeline.rules import RESTORABLE, Course
from app.web.pipeline.words import (
    FILE_LABELS,
    LABELS,
    NOTHING,
    SUPPLEMENT_LABELS,
    TERM_LABELS,
    TERM_VERBS,
    Names,
    readable,
)

VERBS = {
    ("project", "register"): "登记项目",
    ("project", "change"): "修改项目",
    ("project", "restore"): "恢复旧值",
    ("project", "hand_over"): "移交责任单位",
    ("project", "sign_supplement"): "登记补充协议",
    **{("project", action): verb for action, verb in TERM_VERBS.items()},
    **{("project", course.value): course.label for course in Course},
    ("project", "hand_in"): "登记材料文号",
    ("project", "approve"): "审批同意",
    ("project", "unapprove"): "收回审批",
    ("project", "ask_stage"): "申请阶段变更",
    ("project", "approve_stage"): "同意阶段申请",
    ("project", "decline_stage"): "不同意阶段申请",
    ("project", "withdraw_stage"): "撤回阶段申请",
    ("fund_arrival", "record"): "登记到账",
    ("fund_arrival", "change"): "修改到账",
    ("fund_arrival", "recognise"): "认定到账",
    ("fund_arrival", "return"): "退回到账",
    ("fund_arrival", "take_back_recognition"): "撤销认定",
    ("fund_arrival", "take_back_return"): "撤销退回",
    ("fund_arrival", "withdraw_arrival"): "撤回到账",
    ("fund_arrival", "void_arrival"): "作废到账",
    ("fund_arrival", "restore_arrival"): "恢复到账",
    ("investor", "register"): "登记企业",
    ("investor", "change"): "修改企业资料",
    ("investor", "absorb"): "另一家企业并入投资方",
    ("investor", "merge"): "投资方并入另一家企业",
    ("investor", "undo_merge"): "撤销企业合并",
    ("investor", "add_name"): "添加企业名称",
    ("investor", "remove_name"): "移除企业名称",
    ("project", "merge_investor"): "投资方并入另一家企业",
    ("project", "undo_merge"): "撤销企业合并",
    ("project", "from_lead"): "由线索转入",
    ("project", "ask_excuse"): "写情况说明",
    ("project", "grant_excuse"): "确认情况说明",
    ("project", "refuse_excuse"): "未采纳情况说明",
    ("project", "unlink_activity"): "解除活动关联",
    ("activity", "log"): "记活动",
    ("activity", "correct"): "更正活动",
    ("activity", "withdraw"): "撤回活动",
    ("activity", "link"): "关联活动",
    ("activity", "unlink"): "解除活动关联",
}
EXCUSE_LABELS = {"warning": "预警", "reason": "原因", "until_on": "有效期至", "answer": "意见"}
LEAD_LABELS = {"lead_number": "线索", "lead_first_unit": "首报单位", "lead_reported_on": "首报日期"}
FILE_VERBS = {"add_file": "上传文件", "remove_file": "移除文件"}
DOUBTED = frozenset({"return", "take_back_recognition", "void_arrival"})
SETTLED = frozenset({"recognise", "register", "sign_supplement", "sign_contract", "change_investor"})
_HIDDEN = {"project_id"}
_WHICH = ("contract", "review", "commitment")
"""Say which of the project's records an entry is about."""


@dataclass(frozen=True)
class FieldChange:
    """One field, old and new; ``old`` is None where there was no record before."""

    label: str
    old: str | None
    new: str
    field: str = ""
    """Name of a field that can be brought back to ``old``; empty where it cannot."""


@dataclass(frozen=True)
class Happening:
    """One entry of the history. ``summary`` is a line for the timeline, ``mark`` the look of its dot."""

    at: dt.datetime
    who: str
    what: str
    summary: str
    changes: tuple[FieldChange, ...]
    mark: str
    seq: int


def tell(entries: list[AuditEntry], names: Names, amounts: dict[int, int]) -> list[Happening]:
    """The entries in words, in their order; ``amounts`` are the arrivals' fen by id, for reviews."""
    return [_tell(entry, names, amounts) for entry in entries]


def investor_ids(entries: list[AuditEntry]) -> set[int]:
    """The investors that the entries mention."""
    values = [values.get("investor_id") for e in entries for values in (e.before or {}, e.after or {})]
    return {value for value in values if isinstance(value, int)}


def _tell(entry: AuditEntry, names: Names, amounts: dict[int, int]) -> Happening:
    changes = _changes(entry, names)
    return Happening(
        at=entry.at,
        who=entry.actor_name,
        what=_what(entry),
        summary=_summary(entry, changes, amounts),
        changes=changes,
        mark="w" if entry.action in DOUBTED else "k" if entry.action in SETTLED else "",
        seq=entry.seq,
    )


def _what(entry: AuditEntry) -> str:
    verb = VERBS.get((entry.entity, entry.action)) or FILE_VERBS.get(entry.action, entry.action)
    told = entry.after or {}
    which = next((told[name] for name in _WHICH if told.get(name)), "")
    return f"{verb}：{which[:24]}" if which else verb


def _changes(entry: AuditEntry, names: Names) -> tuple[FieldChange, ...]:
    if entry.action in TERM_VERBS:
        return _term_changes(entry, names)
    labels = LABELS.get(entry.entity, {})
    if entry.action == "sign_supplement":
        labels = SUPPLEMENT_LABELS
    elif entry.action == "from_lead":
        labels = LEAD_LABELS
    elif entry.action.endswith("_excuse"):
        labels = EXCUSE_LABELS
    elif entry.action in FILE_VERBS:
        labels = FILE_LABELS
    before, after = entry.before, entry.after or {}
    found = []
    for name, label in labels.items():
        if name not in after or name in _HIDDEN:
            continue
        old = None if before is None else readable(name, before.get(name), names)
        new = readable(name, after[name], names)
        if old is not None or new != NOTHING:
            alone = entry.entity == "project" and before is not None and name in before and name in RESTORABLE
            found.append(FieldChange(label, old, new, name if alone else ""))
    return tuple(found)


def _term_changes(entry: AuditEntry, names: Names) -> tuple[FieldChange, ...]:
    """What was entered; what differs, old and new; what was withdrawn, as it was, and why."""
    before, after = entry.before or {}, entry.after or {}
    found = []
    for name, label in TERM_LABELS.items():
        if name in _WHICH or (name not in before and name not in after):
            continue
        value = after.get(name, before.get(name))
        old = readable(name, before[name], names) if name in before and name in after else None
        new = readable(name, value, names)
        if old != new and (old is not None or new != NOTHING):
            found.append(FieldChange(label, old, new))
    return tuple(found)


def _summary(entry: AuditEntry, changes: tuple[FieldChange, ...], amounts: dict[int, int]) -> str:
    after: dict[str, Any] = entry.after or {}
    if entry.entity == "fund_arrival":
        fen = after.get("amount_fen", amounts.get(entry.entity_id))
        amount = "" if fen is None else f"{amount_text(fen)} 万元"
        more = {
            "record": "，提交审核" if after.get("state") == "pending" else "",
        }
        if entry.action != "change":
            reason = f"，{after['reason']}" if after.get("reason") else ""
            return amount + more.get(entry.action, reason)
    if entry.action == "register":
        return "；".join(f"{c.label} {c.new}" for c in changes[:2])
    if entry.action == "sign_supplement":
        return "，".join(f"{c.label} {c.new}" for c in changes)
    told = "；".join(
        f"{c.label} {c.old} → {c.new}" if c.old is not None else f"{c.label} {c.new}" for c in changes[:3]
    )
    return told + (f" 等 {len(changes)} 项" if len(changes) > 3 else "")
