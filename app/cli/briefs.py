"""``brief MONTH``: print the monthly brief; ``brief verify FILE``: see ``brief_verify``; ``brief-sample``: its print design."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import click

from app.briefs.operations import start_brief
from app.briefs.operations.steps import (
    Workshop,
    brief_file,
    complete_brief,
    draw_preview,
    freeze_once,
    give_up_brief,
    print_pages,
)
from app.briefs.pdf import Printed, print_brief
from app.briefs.rules import write_brief
from app.cli.brief_verify import MAKE, OrMake, verify
from app.cli.context import config, open_session, refusals, work
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.periods import Month
from config import ROOT

SAMPLE = ROOT / "reports" / "monthly_brief" / "sample.json"
DAY = click.DateTime(["%Y-%m-%d"])


@click.group(cls=OrMake)
def brief() -> None:
    """Print the brief of a month (``brief 2024-06``), or verify a file."""


brief.add_command(verify)


@brief.command(MAKE)
@click.argument("month")
@click.option("--zone", "zone_name", required=True, help="开发区名称")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="保存为")
@click.option("--issued-on", type=DAY, help="印发日期，如 2024-07-03；默认今天")
def make(month: str, zone_name: str, output: Path, issued_on: dt.datetime | None) -> None:
    """Print the brief of MONTH (2024-06) as PDF."""
    with work(zone_name) as job:
        period, today = Month.parse(month, job.zone.cutoff_day), clock.today()
        if not output.resolve().parent.is_dir():
            raise DomainError(f"文件夹 {output.resolve().parent} 不存在，请先建立")
        made, _new = start_brief(job.session, job.actor, job.zone, month=period, now=clock.now(), today=today)
        zone_id, brief_id = made.zone_id, made.id
    with refusals():
        file, printed = _make(zone_id, brief_id, issued_on.date() if issued_on else today)
        shutil.copyfile(file, output)
    click.echo(f"{period.label}招商引资工作简报：{output}（{printed.pages} 页）")
    if printed.fallback:
        click.echo(f"以下字公文字体中没有，已用后备字体代替，请核对：{printed.fallback}", err=True)


@click.command("brief-sample")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="保存为")
def brief_sample(output: Path) -> None:
    """Print the sample brief of reports/monthly_brief, without a database: for work on the print design."""
    settings, snapshot = config(), json.loads(SAMPLE.read_text(encoding="utf-8"))
    with refusals():
        printed = print_brief(
            snapshot | {"content": write_brief(snapshot)},
            output,
            fonts=settings.fonts_path,
            site_fonts=settings.site_fonts_path,
        )
    click.echo(f"样张：{output}（{printed.pages} 页）")
    for warning in printed.warnings:
        click.echo(warning, err=True)


def _make(zone_id: int, brief_id: int, issued_on: dt.date) -> tuple[Path, Printed]:
    """Freeze, print, draw, finish; a failure is written down before it goes on."""
    shop = Workshop(config(), lambda read_only: open_session(read_only=read_only))
    try:
        freeze_once(shop, zone_id, brief_id, issued_on=issued_on)
        printed = print_pages(shop, zone_id, brief_id)
        draw_preview(shop, zone_id, brief_id)
        complete_brief(shop, zone_id, brief_id, printed)
    except DomainError as error:
        give_up_brief(shop, zone_id, brief_id, error.message)
        raise
    except Exception:
        give_up_brief(shop, zone_id, brief_id, "系统生成时出错，请联系管理员")
        raise
    with open_session(read_only=True) as session:
        return brief_file(shop, zone_id, brief_id, session), printed
