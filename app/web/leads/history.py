"""What happened to a lead, in words, from the audit log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.audit.models import AuditEntry
from app.kernel.money import amount_text
from app.leads.rules import LeadSource, LeadState

NOTHING = "（空）"
VERBS = {
    "register": "首报登记",
    "change": "修改线索",
    "answer": "记录响应",
    "assess": "研判",
    "report": "报进展",
    "hand_over": "移交责任人",
    "read_phone": "查看联系电话",
    "transfer": "转移",
    "dispute": "争议裁定",
    "extend": "延长保护",
    "lapse": "失效",
    "convert": "转为项目",
    "add_file": "上传文件",
    "remove_file": "移除文件",
}
LABELS = {
    "name": "线索名称",
    "investor_name": "投资方",
    "uscc": "统一社会信用代码",
    "origin": "来源地",
    "content": "拟投资内容",
    "amount_fen": "拟投资额",
    "source": "来源",
    "contact_name": "联系人",
    "contact_title": "联系人职务",
    "contact_phone": "联系电话",
    "state": "状态",
    "unit_id": "责任单位",
    "officer_id": "责任人",
    "protected_until": "保护期至",
    "likeness_reason": "与相近记录的区别",
    "project_number": "项目编号",
    "file_name": "文件",
}
_MARKED = {"register": "k", "convert": "k", "lapse": "w", "dispute": "w"}


@dataclass(frozen=True)
class Happening:
    """One entry: ``said`` is what somebody wrote, ``fields`` the label, old and new value of each changed field."""

    at: dt.datetime
    who: str
    what: str
    said: str
    fields: tuple[tuple[str, str | None, str], ...]
    mark: str


def tell(entries: list[AuditEntry], units: Mapping[int, str], people: Mapping[int, str]) -> list[Happening]:
    """The entries in words, in their order."""
    return [_tell(entry, units, people) for entry in entries]


def people_of(entries: list[AuditEntry]) -> set[int]:
    """The officers that the entries mention by id."""
    values = [values.get("officer_id") for e in entries for values in (e.before or {}, e.after or {})]
    return {value for value in values if isinstance(value, int)}


def _tell(entry: AuditEntry, units: Mapping[int, str], people: Mapping[int, str]) -> Happening:
    before, after = entry.before or {}, entry.after or {}
    fields = []
    for name, label in LABELS.items():
        if name not in after or (entry.action == "register" and name in ("state", "unit_id")):
            continue
        new = _readable(name, after[name], units, people)
        old = _readable(name, before[name], units, people) if name in before else None
        if (old is not None or new != NOTHING) and old != new:
            fields.append((label, old, new))
    return Happening(
        at=entry.at,
        who=entry.actor_name,
        what=VERBS.get(entry.action, entry.action),
        said=str(after.get("reason") or after.get("text") or after.get("assessment") or ""),
        fields=tuple(fields),
        mark=_MARKED.get(entry.action, ""),
    )


def _readable(name: str, value: Any, units: Mapping[int, str], people: Mapping[int, str]) -> str:
    if value is None or value == "":
        return NOTHING
    plain = {
        "amount_fen": lambda: f"{amount_text(value)} 万元",
        "source": lambda: LeadSource(value).label,
        "state": lambda: LeadState(value).label,
        "unit_id": lambda: units.get(value, "（已删除）"),
        "officer_id": lambda: people.get(value, "（已停用）"),
    }
    return plain[name]() if name in plain else str(value)
