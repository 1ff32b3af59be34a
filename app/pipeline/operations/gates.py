"""The administrator's table of gates, and the list of reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor, difference
from app.kernel.errors import DomainError
from app.kernel.ids import new_id
from app.kernel.text import clean, has_control
from app.pipeline.models import GateItem, StageReason
from app.pipeline.queries import list_gate_items, list_reasons
from app.pipeline.rules import (
    DEFAULT_GATES,
    DEFAULT_REASONS,
    FIELDS,
    GATED,
    REVIEWS,
    GateKind,
    ReasonKind,
    Stage,
)


@dataclass(frozen=True)
class GateLine:
    """One line of the sheet; ``code`` is empty for a new one that is neither a field nor a review."""

    stage: Stage
    kind: GateKind
    code: str
    label: str
    hint: str = ""
    least: int = 1
    required: bool = True
    active: bool = True


@dataclass(frozen=True)
class ReasonLine:
    """One line of the list of reasons; ``code`` is empty for a new one."""

    kind: ReasonKind
    code: str
    name: str
    active: bool = True


def default_lines() -> list[GateLine]:
    """The defaults as lines."""
    return [
        GateLine(item.stage, item.kind, item.code, item.label, item.hint, item.least, item.required)
        for item in DEFAULT_GATES
    ]


def set_gates(session: Session, actor: Actor, lines: Sequence[GateLine]) -> bool:
    """Make the zone's gates what the sheet says, in its order; whether anything changed.

    Lines that the sheet leaves out stay as they are. Raises ``DomainError`` for an impossible line.
    """
    for line in lines:
        _check_line(line)
    names = [(line.stage, line.label) for line in lines if line.active]
    for stage, label in names:
        if names.count((stage, label)) > 1:
            raise DomainError(f"“{stage.label}”有两项“{label}”，请合并")
    rows = {(row.stage, row.kind, row.code): row for row in list_gate_items(session, actor.zone_id)}
    before = {_name(row): _plain(row) for row in rows.values()} or {
        _name(line): _plain(line) for line in default_lines()
    }
    for position, line in enumerate(lines):
        code = line.code or f"own-{new_id():x}"
        row = rows.get((line.stage, line.kind, code))
        if row is None:
            row = GateItem(zone_id=actor.zone_id, stage=line.stage, kind=line.kind, code=code)
            session.add(row)
        row.label, row.hint, row.position = clean(line.label), clean(line.hint), position
        row.least, row.required, row.active = line.least, line.required, line.active
    session.flush()
    after = {_name(row): _plain(row) for row in list_gate_items(session, actor.zone_id)}
    old, new = difference(before, after)
    if new:
        note(
            session, actor, action="set_gates", entity="zone", entity_id=actor.zone_id,
            before=old, after=new,
        )  # fmt: skip
    return bool(new)


def _check_line(line: GateLine) -> None:
    if line.stage not in GATED:
        raise DomainError(f"“{line.stage.label}”之前没有要件")
    label = clean(line.label)
    if not label or len(label) > 40 or has_control(label):
        raise DomainError(f"“{line.stage.label}”的要件名称请填 1 至 40 个字")
    if len(line.hint) > 60 or has_control(line.hint):
        raise DomainError(f"“{label}”的提示最多 60 个字")
    if not 1 <= line.least <= 20:
        raise DomainError(f"“{label}”的份数请填 1 至 20")
    if line.kind is GateKind.field and line.code not in FIELDS:
        raise DomainError(f"“{label}”不是项目资料中的字段")
    if line.kind is GateKind.review and line.code not in REVIEWS:
        raise DomainError(f"“{label}”不是合同审查的种类")


def _name(line: GateItem | GateLine) -> str:
    return f"{line.stage.value}.{line.code}"


def _plain(line: GateItem | GateLine) -> dict[str, Any]:
    return {
        "label": line.label, "hint": line.hint, "least": line.least,
        "required": line.required, "active": line.active,
    }  # fmt: skip


def set_reasons(session: Session, actor: Actor, lines: Sequence[ReasonLine]) -> bool:
    """Make the zone's reasons what the list says, in its order; whether anything changed."""
    for line in lines:
        name = clean(line.name)
        if not name or len(name) > 60 or has_control(name):
            raise DomainError(f"{line.kind.label}的原因请填 1 至 60 个字")
    rows = {(row.kind, row.code): row for row in list_reasons(session, actor.zone_id)}
    before: dict[str, Any] = {f"{k}.{c}": [r.name, r.active] for (k, c), r in rows.items()} or {
        f"{one.kind}.{one.code}": [one.name, True] for one in DEFAULT_REASONS
    }
    for position, line in enumerate(lines):
        code = line.code or f"own-{new_id():x}"
        row = rows.get((line.kind, code))
        if row is None:
            row = StageReason(zone_id=actor.zone_id, kind=line.kind, code=code)
            session.add(row)
        row.name, row.active, row.position = clean(line.name), line.active, position
    session.flush()
    after: dict[str, Any] = {
        f"{row.kind}.{row.code}": [row.name, row.active] for row in list_reasons(session, actor.zone_id)
    }
    old, new = difference(before, after)
    if new:
        note(
            session, actor, action="set_reasons", entity="zone", entity_id=actor.zone_id,
            before=old, after=new,
        )  # fmt: skip
    return bool(new)
