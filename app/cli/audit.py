"""``audit verify``: whether anybody has touched the audit log."""

from __future__ import annotations

import sys

import click

from app.audit.queries import verify_chain
from app.audit.rules import Head
from app.cli.context import work


@click.group()
def audit() -> None:
    """The audit log (操作记录)."""


@audit.command()
@click.option("--zone", "zone_name", required=True, help="开发区名称")
@click.option("--known", help="先前记下的链尾，如 1024:9f86…；能发现整条链被改写或截短")
def verify(zone_name: str, known: str | None) -> None:
    """Check the chain of a zone: exit 0 when it is whole, 1 when not, naming the first bad entry."""
    with work(zone_name, read_only=True) as job:
        report = verify_chain(job.session, job.zone.id, Head.parse(known) if known else None)
    if report.bad_seq is not None:
        click.echo(f"操作记录不完整：第 {report.bad_seq} 条{report.reason}", err=True)
        sys.exit(1)
    click.echo(f"操作记录完整，共 {report.entries} 条")
    click.echo(f"链尾 {report.head}")
