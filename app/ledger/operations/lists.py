"""The zone's lists as a ledger names them, extended only when the importer said so."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor
from app.directory.models import Area, Chain, ResponsibleUnit, Segment
from app.directory.queries import LISTS, labels, list_segments
from app.kernel.errors import DomainError
from app.kernel.text import name_key
from app.ledger.operations.memory import Memory

LIST_NAMES = {"area": "落地片区", "unit": "责任单位", "chain": "产业链", "segment": "链上环节"}


class Lists:
    """Names to ids of one zone's areas, units, chains and segments during one import."""

    def __init__(self, session: Session, actor: Actor, memory: Memory, *, may_add: bool) -> None:
        self._session = session
        self._memory = memory
        self._actor = actor
        self._may_add = may_add
        zone_id = actor.zone_id
        self.names = {name: labels(session, zone_id, name) for name in ("area", "unit", "chain")}
        segments = list_segments(session, zone_id)
        self.segment_names = {segment.id: segment.name for segment in segments}
        self._keys = {name: {name_key(v): k for k, v in known.items()} for name, known in self.names.items()}
        self._segments = {(segment.chain_id, name_key(segment.name)): segment.id for segment in segments}
        self.added: dict[str, list[str]] = {}
        self.touch: Callable[[], None] = lambda: None
        """Told before anything is written."""

    def find(self, name: str, label: str) -> int:
        """The id of ``label`` in list ``name``. Raises ``DomainError`` when it is missing and may not be added."""
        known = self._keys[name].get(name_key(label))
        if known is not None:
            return known
        kind = LISTS[name]
        row = self._add(
            kind(zone_id=self._actor.zone_id, name=label, position=len(self.names[name]) + 1), name, label
        )
        self._memory.put(self._keys[name], name_key(label), row)
        self._memory.put(self.names[name], row, label)
        return row

    def find_segment(self, chain_id: int, label: str) -> int:
        """The id of segment ``label`` of a chain. Raises ``DomainError`` like ``find``."""
        key = (chain_id, name_key(label))
        if key not in self._segments:
            count = select(func.count()).where(
                Segment.zone_id == self._actor.zone_id, Segment.chain_id == chain_id
            )
            segment = Segment(
                zone_id=self._actor.zone_id,
                chain_id=chain_id,
                name=label,
                position=self._session.scalars(count).one() + 1,
            )
            self._memory.put(self._segments, key, self._add(segment, "segment", label))
            self._memory.put(self.segment_names, self._segments[key], label)
        return self._segments[key]

    def _add(self, row: Area | ResponsibleUnit | Chain | Segment, name: str, label: str) -> int:
        title = LIST_NAMES[name]
        if not self._may_add:
            raise DomainError(
                f"{title}“{label}”不在本区名单中，请先在“管理”中添加，或勾选“自动补充名单”后再导入"
            )
        self.touch()
        self._session.add(row)
        self._session.flush()
        added = self.added.setdefault(title, [])
        added.append(label)
        self._memory.on_refusal(lambda: added.remove(label))
        note(self._session, self._actor, action="add", entity=name, entity_id=row.id, after={"name": label})
        return row.id
