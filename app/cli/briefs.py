"""``brief MONTH``: print the monthly brief; ``brief-sample``: its print design; ``brief-run``: for the web page."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import click

from app.accounts.models import Zone
from app.briefs.models import BriefState
from app.briefs.operations import (
    fail_brief,
    file_of,
    finish_brief,
    freeze_brief,
    keep_snapshot,
    maker_of,
    page_of,
    start_brief,
    tell,
)
from app.briefs.pdf import Printed, print_brief
from app.briefs.pdf.images import draw_pages
from app.briefs.rules import write_brief
from app.cli.context import config, open_session, refusals, work
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.periods import Month
from config import ROOT

SAMPLE = ROOT / "reports" / "monthly_brief" / "sample.json"
DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("month")
@click.option("--zone", "zone_name", required=True, help="开发区名称")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="保存为")
@click.option("--issued-on", type=DAY, help="印发日期，如 2024-07-03；默认今天")
def brief(month: str, zone_name: str, output: Path, issued_on: dt.datetime | None) -> None:
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


@click.command("brief-run", hidden=True)
@click.argument("zone_id", type=int)
@click.argument("brief_id", type=int)
def brief_run(zone_id: int, brief_id: int) -> None:
    """Make a brief that was begun on the web page. Run twice, the second changes nothing."""
    with refusals():
        with open_session(read_only=True) as session:
            begun = maker_of(session, zone_id, brief_id)[0].state
        if begun is BriefState.making:
            _make(zone_id, brief_id, clock.today())


def _make(zone_id: int, brief_id: int, issued_on: dt.date) -> tuple[Path, Printed]:
    """Freeze, print, draw, finish; each step is told, and a failure is written down before it goes on."""
    try:
        return _steps(zone_id, brief_id, issued_on)
    except DomainError as error:
        _fail(zone_id, brief_id, error.message)
        raise
    except Exception:
        _fail(zone_id, brief_id, "系统生成时出错，请联系管理员查看 jobs.log")
        raise


def _steps(zone_id: int, brief_id: int, issued_on: dt.date) -> tuple[Path, Printed]:
    settings = config()
    with open_session() as session:
        tell(session, maker_of(session, zone_id, brief_id)[0], "正在汇总数据", 5)
    with open_session(read_only=True) as session:
        zone = session.get_one(Zone, zone_id)
        row, _actor = maker_of(session, zone_id, brief_id)
        file = file_of(settings.instance_path, row)
        pages = page_of(settings.instance_path, row, 1).parent
        snapshot = freeze_brief(session, zone, row, issued_on=issued_on, public_url=settings.public_url)
    with open_session() as session:
        keep_snapshot(session, maker_of(session, zone_id, brief_id)[0], snapshot)
    file.parent.mkdir(parents=True, exist_ok=True)
    printed = print_brief(snapshot, file, fonts=settings.fonts_path, site_fonts=settings.site_fonts_path)
    with open_session() as session:
        tell(session, maker_of(session, zone_id, brief_id)[0], "正在生成页面预览", 80)
    draw_pages(file, pages)
    with open_session() as session:
        row, actor = maker_of(session, zone_id, brief_id)
        finish_brief(session, actor, row, printed=printed, now=clock.now())
    return file, printed


def _fail(zone_id: int, brief_id: int, reason: str) -> None:
    with open_session() as session:
        row, actor = maker_of(session, zone_id, brief_id)
        fail_brief(session, actor, row, reason=reason, now=clock.now())
