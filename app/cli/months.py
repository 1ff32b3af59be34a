"""``month close|reopen|status|verify YYYY-MM``: the zone's books (figures.md §5)."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

import click

from app.cli.context import Work, work
from app.closing.operations import close_month, reopen_month
from app.closing.queries import preview
from app.journal.models import MonthClose
from app.journal.queries import list_corrections, read_books, read_close, verify_books
from app.journal.rules import CloseAction, Step, Why
from app.kernel.clock import BEIJING
from app.kernel.periods import Month

ZONE = click.option("--zone", "zone_name", required=True, help="开发区名称")


@click.group()
def month() -> None:
    """Close, reopen and check statistical months."""


@month.command()
@click.argument("period")
@ZONE
@click.option("--waive", help="把清单上未处理的各项全部豁免，并记下这一原因")
def close(period: str, zone_name: str, waive: str | None) -> None:
    """Close the month PERIOD (2024-06) of a zone."""
    with work(zone_name) as job:
        closed = close_month(
            job.session, job.actor, zone=job.zone, month=_month(job, period), waive_rest=waive
        )
        lines = list(_close_lines(closed))
    _say(lines)


@month.command()
@click.argument("period")
@ZONE
@click.option("--reason", required=True, help="重开的原因，随记录留存")
def reopen(period: str, zone_name: str, reason: str) -> None:
    """Open the month closed last again, until its brief is issued."""
    with work(zone_name) as job:
        opened = reopen_month(job.session, job.actor, zone=job.zone, month=_month(job, period), reason=reason)
        line = f"{opened.year}年{opened.month}月已重开，原因：{opened.reason}"
    click.echo(line)


@month.command()
@click.argument("period")
@ZONE
def status(period: str, zone_name: str) -> None:
    """Say whether PERIOD is closed; if not, what is open and what would be posted."""
    with work(zone_name, read_only=True) as job:
        asked = _month(job, period)
        books = read_books(job.session, job.zone.id)
        step = books.find(asked)
        if step is not None:
            _say(_close_lines(read_close(job.session, job.zone.id, step.seq)))
            for correction in list_corrections(job.session, job.zone.id, step):
                click.echo(f"本月调整以前月份数据（{correction.kind.label}）{correction.facts} 笔")
        else:
            _print_open(job, asked)
        _print_steps(books.steps)


@month.command()
@click.argument("period")
@ZONE
def verify(period: str, zone_name: str) -> None:
    """Check the whole chain of closes, PERIOD with it: exit code 1 and the first fault when it is broken."""
    with work(zone_name, read_only=True) as job:
        step = read_books(job.session, job.zone.id).get(_month(job, period))
        report = verify_books(job.session, job.zone.id)
        if not report.whole:
            click.echo(f"校验未通过：{report.fault}", err=True)
            sys.exit(1)
        click.echo(f"校验通过：{report.steps} 次关账与重开，{report.entries} 笔分录与哈希一致，前后相接")
        click.echo(f"{step.period.label}  哈希 {step.hash}")


def _month(job: Work, text: str) -> Month:
    return Month.parse(text, job.zone.cutoff_day)


def _say(lines: Iterable[str]) -> None:
    """Said when it is committed, never before."""
    for line in lines:
        click.echo(line)


def _close_lines(closed: MonthClose) -> Iterator[str]:
    at = closed.at.astimezone(BEIJING)
    yield f"{closed.year}年{closed.month}月已关账  {closed.user_name}  {at:%Y-%m-%d %H:%M:%S}"
    yield f"分录 {closed.entries} 笔：记账 {closed.posted}，冲销 {closed.reversed}"
    for item in closed.checks:
        for waived in item["waived"]:
            yield f"豁免  {item['label']}  {waived['subject']}  {waived['reason']}  {waived['by']}"
    yield f"本次哈希 {closed.hash}"
    yield f"上次哈希 {closed.prev_hash}"


def _print_open(job: Work, asked: Month) -> None:
    found = preview(job.session, job.zone, asked, limit=0)
    click.echo(f"{asked.label}未关账")
    for item in found.items:
        click.echo(
            f"{'通过' if item.passes else '未过'}  {item.code.label if item.passes else item.sentence()}"
        )
    names = {Why.new: "新增", Why.changed: "更正（冲销与重记）", Why.removed: "冲销"}
    for (why, kind), number in sorted(found.sums.items()):
        click.echo(f"将记账  {names[why]}  {kind.label}  {number} 笔")


def _print_steps(steps: tuple[Step, ...]) -> None:
    for step in steps:
        at = step.at.astimezone(BEIJING)
        text = f"{step.reason}" if step.action is CloseAction.reopen else f"{step.entries} 笔"
        click.echo(
            f"{step.seq}  {step.period}  {step.action.label}  {step.user_name}  {at:%Y-%m-%d %H:%M}  {text}  {step.hash[:12]}"
        )
