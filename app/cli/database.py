"""``db upgrade | downgrade | check | revise``."""

from __future__ import annotations

import sys

import click

from app.cli.context import engine
from app.db import migrations


@click.group()
def db() -> None:
    """Migrate the database."""


@db.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the database to REVISION (head)."""
    migrations.upgrade(engine(), revision)
    click.echo(f"数据库已是版本 {migrations.current(engine())}")


@db.command()
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take the database back to REVISION (base: empty)."""
    migrations.downgrade(engine(), revision)
    click.echo(f"数据库已退回到 {migrations.current(engine()) or '空库'}")


@db.command()
def check() -> None:
    """Compare the models with the database."""
    differences = migrations.check(engine())
    for difference in differences:
        click.echo(str(difference), err=True)
    if differences:
        sys.exit(1)
    click.echo("模型与数据库一致")


@db.command()
@click.argument("message")
def revise(message: str) -> None:
    """Write a new revision from the differences between models and database."""
    migrations.revise(engine(), message)
