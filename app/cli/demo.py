"""``demo load``: the demo zone from its sample ledger, with one sign-in for each role."""

from __future__ import annotations

import os
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import UserAccount, Zone
from app.accounts.operations import UserData, add_user, add_zone, new_password
from app.accounts.rules import Role
from app.audit.rules import SYSTEM_NAME, Actor
from app.cli.context import config, open_session, refusals
from app.directory.models import Chain, ResponsibleUnit
from app.directory.queries import labels
from app.kernel import clock
from app.kernel.errors import DomainError
from app.ledger.operations import import_form
from app.ledger.workbook import read_workbook
from config import ROOT

ZONE = "喀什经济开发区"
LEDGER = ROOT / "demo" / "kashi-2024-template.xlsx"
UNITS = ("招商一部", "招商二部", "招商三部", "招商四部", "驻深圳招商组", "驻山东招商组")
LEADING = ("锂电新能源", "电子信息")
PEOPLE = (
    UserData("zhuanyuan", "吴建军", Role.officer, title="招商专员"),
    UserData("shenhe", "马晓琳", Role.reviewer, title="招商局审核岗"),
    UserData("lingdao", "李文涛", Role.leader, title="管委会副主任"),
    UserData("guanli", "陈志明", Role.administrator, title="信息中心"),
)
OFFICERS_UNIT = "招商四部"


@click.group()
def demo() -> None:
    """The demo zone; never part of a real installation."""


@demo.command()
def load() -> None:
    """Load the demo zone, once; a second run changes nothing."""
    with refusals(), open_session() as session:
        zone = session.scalars(select(Zone).where(Zone.name == ZONE)).one_or_none()
        if zone is None:
            if session.scalars(select(Zone)).first() is not None:
                raise DomainError("数据库中已有其他开发区，演示数据只能载入空数据库")
            zone = _make_zone(session)
            click.echo(f"已载入演示开发区“{ZONE}”")
        else:
            click.echo(f"演示开发区“{ZONE}”已存在，未作改动")
        accounts = _make_people(session, zone)
    if accounts:
        _keep(config().instance_path / "demo-accounts.txt", accounts)


def _make_zone(session: Session) -> Zone:
    zone = add_zone(session, ZONE, province="新疆维吾尔自治区", number_prefix="6531")
    zone.brief_office = f"{ZONE}管委会办公室"
    zone.brief_report_to = "喀什地委、行署，深圳市援疆前方指挥部，管委会领导。"
    zone.brief_send_to = "地区商务局、发展改革委、统计局。"
    zone.brief_issue_to = "管委会各部门，各招商部、驻外招商组。"
    zone.brief_copies = 60
    zone.brief_total_before, zone.brief_total_year = 24, 2024
    actor = Actor(zone.id, None, SYSTEM_NAME)
    for position, name in enumerate(UNITS, 1):
        session.add(ResponsibleUnit(zone_id=zone.id, name=name, position=position))
    session.flush()
    report = import_form(
        session,
        zone,
        actor,
        read_workbook(LEDGER),
        file_name=LEDGER.name,
        today=clock.today(),
        add_lists=True,
    )
    if report.refused:
        problems = [f"{p.cell} {p.message}" for row in report.rows for p in row.problems]
        raise DomainError("演示台账没有通过核对：" + "；".join(problems[:5]))
    for chain in session.scalars(select(Chain).where(Chain.zone_id == zone.id, Chain.name.in_(LEADING))):
        chain.leading = True
    session.flush()
    return zone


def _make_people(session: Session, zone: Zone) -> list[tuple[UserData, str]]:
    """Accounts that do not exist yet, with generated passwords."""
    actor = Actor(zone.id, None, SYSTEM_NAME)
    units = {name: unit_id for unit_id, name in labels(session, zone.id, "unit").items()}
    made = []
    for person in PEOPLE:
        if session.scalars(select(UserAccount).where(UserAccount.login == person.login)).first():
            continue
        unit_id = units[OFFICERS_UNIT] if person.role is Role.officer else None
        data = UserData(person.login, person.name, person.role, unit_id, person.title)
        _, password = add_user(session, actor, data=data, password=new_password())
        made.append((data, password))
    return made


def _keep(path: Path, accounts: list[tuple[UserData, str]]) -> None:
    """Write the sign-ins where only the owner of the installation can read them."""
    lines = [
        f"{data.role.label}\t登录名 {data.login}\t密码 {secret}\t{data.name} {data.title}"
        for data, secret in accounts
    ]
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
