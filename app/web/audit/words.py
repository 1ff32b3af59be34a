"""Entries of the audit log in Chinese: what was done, to what, and each field before and after."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.accounts.rules import Role
from app.activities.rules import ActivityKind
from app.audit.models import AuditEntry
from app.briefs.models import BriefState
from app.jobs.rules import JobKind
from app.leads.rules import LeadSource, LeadState
from app.web.audit.deeds import ACTIONS, ENTITIES, FIELDS
from app.web.filters import when
from app.web.pipeline.words import NOTHING, Names, readable

REASONS = {"locked": "账号已锁定", "disabled": "账号已停用", "wrong_password": "密码不对"}
KINDS: Mapping[tuple[str, str], type[StrEnum]] = {
    ("activity", "kind"): ActivityKind,
    ("brief", "state"): BriefState,
    ("job", "kind"): JobKind,
    ("lead", "source"): LeadSource,
    ("lead", "state"): LeadState,
    ("user_account", "role"): Role,
}


@dataclass(frozen=True)
class Change:
    """One field: its Chinese name, the old value (None: there was none to compare with) and the new."""

    label: str
    old: str | None
    new: str


def what(entry: AuditEntry) -> str:
    """修改项目, 登录, 认定到账: the deed in words."""
    deed = ACTIONS.get(entry.action, entry.action)
    if entry.entity == "user_account" and entry.action in ("sign_in", "sign_out", "refuse_sign_in"):
        return deed
    return f"{ENTITIES.get(entry.entity, entry.entity)}：{deed}"


def ids_in(entries: Iterable[AuditEntry]) -> set[int]:
    """Every record that the entries are about or mention."""
    found = set()
    for entry in entries:
        found.add(entry.entity_id)
        for values in (entry.before or {}, entry.after or {}):
            found |= {value for name, value in values.items() if name.endswith("_id") and value}
    return {key for key in found if isinstance(key, int)}


def changes(entry: AuditEntry, names: Mapping[int, str]) -> list[Change]:
    """The fields of an entry as one reads them; ``names`` are the records mentioned."""
    before, after = entry.before, entry.after or {}
    return [
        Change(
            FIELDS.get(name, name),
            None if before is None else _read(entry.entity, name, before.get(name), names),
            _read(entry.entity, name, after.get(name), names) if name in after else NOTHING,
        )
        for name in {**(before or {}), **after}
    ]


def _read(entity: str, name: str, value: Any, names: Mapping[int, str]) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if name.endswith("_id"):
        return names.get(value, "（已删除）")
    if name.endswith("_at") or name == "locked_until":
        return when(dt.datetime.fromisoformat(value))
    if name == "reason":
        return REASONS.get(value, value)
    kind = KINDS.get((entity, name))
    if kind is not None:
        return str(getattr(kind(value), "label", value))
    if entity in ("project", "fund_arrival", "investor") or name.endswith("_fen"):
        return readable(name, value, Names())
    return str(value)
