"""Making a zone."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.directory.rules import read_origin
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.text import clean, has_control


def add_zone(session: Session, name: str, *, province: str, number_prefix: str = "") -> Zone:
    """Make a zone with empty lists. Raises ``DomainError`` for an empty or taken name or an unknown province."""
    name = clean(name)
    if not name or len(name) > 60 or has_control(name):
        raise DomainError("请填写开发区名称（不超过 60 字）", "name")
    if session.scalars(select(Zone).where(Zone.name == name)).first():
        raise DomainError(f"开发区“{name}”已经建立", "name")
    zone = Zone(
        name=name,
        province=read_origin(province),
        number_prefix=clean(number_prefix),
        brief_office=f"{name}管委会办公室",
        created_at=clock.now(),
    )
    session.add(zone)
    session.flush()
    return zone
