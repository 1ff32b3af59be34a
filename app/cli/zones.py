"""``zone add``."""

from __future__ import annotations

import click

from app.accounts.operations import add_zone
from app.cli.context import open_session, refusals
from app.directory.rules import read_origin


@click.group()
def zone() -> None:
    """Development zones."""


@zone.command()
@click.argument("name")
@click.option("--province", default="新疆维吾尔自治区", help="所在省（自治区、直辖市）")
@click.option("--number-prefix", default="", help="项目编号前缀，如 6531")
def add(name: str, province: str, number_prefix: str) -> None:
    """Add the zone NAME."""
    with refusals(), open_session() as session:
        made = add_zone(session, name, province=read_origin(province), number_prefix=number_prefix)
        click.echo(f"已建立开发区“{made.name}”")
