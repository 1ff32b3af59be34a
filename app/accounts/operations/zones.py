"""Making a zone, and its own settings."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from app.accounts.models import UserAccount, Zone
from app.accounts.operations.users import UserData, add_user
from app.accounts.queries import find_zone, has_zone, lock_first_run
from app.accounts.rules import Role
from app.audit.operations import note
from app.audit.rules import Actor, difference
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.kernel.text import clean, has_control

MASTHEADS = {"jianbao": "简报", "tongbao": "通报"}


@dataclass(frozen=True)
class ZoneData:
    """What a zone chooses for itself; fields as in ``Zone``. ``province`` is a full name."""

    name: str
    province: str
    number_prefix: str = ""
    cutoff_day: int = 0
    brief_masthead: str = "jianbao"
    brief_office: str = ""
    brief_prefix: str = ""
    brief_report_to: str = ""
    brief_send_to: str = ""
    brief_issue_to: str = ""
    brief_copies: int = 0
    brief_total_before: int | None = None
    brief_total_year: int | None = None
    draft_day: int | None = None


def add_zone(session: Session, name: str, *, province: str, number_prefix: str = "") -> Zone:
    """Make a zone with empty lists. Raises ``DomainError`` for an empty or taken name.

    ``province`` is a full name as ``app.directory.rules.read_origin`` gives it.
    """
    name = _checked_name(session, name, None)
    zone = Zone(
        name=name,
        province=province,
        number_prefix=clean(number_prefix),
        brief_office=f"{name}管委会办公室",
        created_at=clock.now(),
    )
    session.add(zone)
    session.flush()
    return zone


def set_up(
    session: Session, *, zone_name: str, province: str, login: str, name: str, password: str
) -> tuple[Zone, UserAccount]:
    """The first zone and its first administrator. Raises ``ConflictError`` when there is a zone already."""
    lock_first_run(session)
    if has_zone(session):
        raise ConflictError("系统已经完成初始设置，请直接登录")
    zone = add_zone(session, zone_name, province=province)
    actor = Actor(zone.id, None, name)
    user, _ = add_user(session, actor, data=UserData(login, name, Role.administrator), password=password)
    note(session, actor, action="set_up", entity="zone", entity_id=zone.id, after={"name": zone.name})
    return zone, user


def change_zone(session: Session, actor: Actor, zone: Zone, *, data: ZoneData) -> None:
    """Change the zone's settings. Raises ``DomainError`` for a taken name , half an issue count or a day no month has."""
    if (data.brief_total_before is None) != (data.brief_total_year is None):
        raise DomainError("总期数的基数和年份要么都填，要么都不填", "brief_total_before")
    if data.draft_day is not None and not 1 <= data.draft_day <= 28:
        raise DomainError("自动起草日请填 1 至 28；不自动起草请留空", "draft_day")
    before = {name: getattr(zone, name) for name in asdict(data)}
    after = {**asdict(data), "name": _checked_name(session, data.name, zone)}
    for name, value in after.items():
        setattr(zone, name, value)
    session.flush()
    old, new = difference(before, after)
    note(session, actor, action="change_zone", entity="zone", entity_id=zone.id, before=old, after=new)


def _checked_name(session: Session, name: str, zone: Zone | None) -> str:
    name = clean(name)
    if not name or len(name) > 60 or has_control(name):
        raise DomainError("请填写开发区名称（不超过 60 字）", "name")
    other = find_zone(session, name)
    if other is not None and other is not zone:
        raise DomainError(f"开发区“{name}”已经建立", "name")
    return name
