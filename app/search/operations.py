"""Keeping the index; called by the operations that name records."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.db.trial import is_trial
from app.search.models import SearchEntry
from app.search.rules import spell


def index_record(
    session: Session,
    zone_id: int,
    record_id: int,
    *,
    entity: str,
    title: str,
    subtitle: str = "",
    words: Iterable[str] = (),
    target_id: int | None = None,
    unit_id: int | None = None,
) -> None:
    """Make the record findable under its title and ``words``; replaces what was indexed before. Not in a trial."""
    if is_trial(session):
        return
    spelling = spell(title, words)
    entry = session.get(SearchEntry, (zone_id, record_id))
    if entry is None:
        entry = SearchEntry(zone_id=zone_id, id=record_id)
        session.add(entry)
    entry.entity = entity
    entry.title = title[:200]
    entry.subtitle = subtitle[:300]
    entry.target_id = target_id or record_id
    entry.unit_id = unit_id
    entry.text, entry.pinyin, entry.initials = spelling.text, spelling.pinyin, spelling.initials
    entry.tokens = spelling.tokens(zone_id, entity)
    session.flush()


def forget_record(session: Session, zone_id: int, record_id: int) -> None:
    """Let the record be found no more. Not in a trial."""
    if is_trial(session):
        return
    entry = session.get(SearchEntry, (zone_id, record_id))
    if entry is not None:
        session.delete(entry)
        session.flush()
