"""``report list | fill``: 上报表 from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import click

from app.cli.context import config, work
from app.journal.queries import find_reading
from app.kernel import clock
from app.kernel.errors import DomainError, NotFoundError
from app.kernel.periods import Month
from app.reporting.operations import Occasion, basis_of, fill_form, kept_at, setups_of
from app.reporting.queries import find_form, list_forms


@click.group()
def report() -> None:
    """Tables for superiors (上报表)."""


@report.command("list")
@click.option("--zone", "zone_name", required=True, help="开发区名称")
def list_all(zone_name: str) -> None:
    """List the forms of a zone."""
    with work(zone_name, read_only=True) as job:
        for form in list_forms(job.session, job.zone.id):
            click.echo(f"{form.name}　第 {form.version} 版　{'、'.join(form.setup)}")


@report.command()
@click.argument("name")
@click.argument("month")
@click.option("--zone", "zone_name", required=True, help="开发区名称")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="保存为")
@click.option("--live", is_flag=True, help="已关账的月份也用实时数据")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出核对结果")
def fill(name: str, month: str, zone_name: str, output: Path, live: bool, as_json: bool) -> None:
    """Fill the form NAME for MONTH (2024-06): a closed month from the books, unless --live."""
    with work(zone_name, read_only=True) as job:
        form = find_form(job.session, job.zone.id, name)
        if form is None:
            names = "、".join(one.name for one in list_forms(job.session, job.zone.id))
            raise NotFoundError(
                f"没有名为“{name}”的上报表。现有：{names or '（尚未设置，请在网页“导入导出—上报表”中添加）'}"
            )
        if not output.resolve().parent.is_dir():
            raise DomainError(f"文件夹“{output.resolve().parent}”不存在，请先建立或换一个位置")
        period = Month.parse(month, job.zone.cutoff_day)
        basis = basis_of(job.session, job.zone.id, period, live=live)
        reading = find_reading(job.session, job.zone.id, period, basis)
        occasion = Occasion(job.zone, period, clock.today(), job.actor.name, reading)
        template = kept_at(config().instance_path, job.zone.id, form.sha256)
        outcome = fill_form(job.session, occasion, template, setups_of(form.setup), output)
    if as_json:
        click.echo(json.dumps(outcome, ensure_ascii=False, indent=1))
        return
    click.echo(f"已填入 {outcome['rows']} 个项目、{outcome['cells']} 个指标：{output}")
    for check in outcome["checks"]:
        state = {True: "一致", None: "有差额", False: "不一致"}[check["agrees"]]
        more = f"，相差 {check['difference']}：{check['reason']}" if check["difference"] else ""
        click.echo(
            f"{check['sheet']} {check['what']}：本表 {check['shown']}，系统指标 {check['expected']}，{state}{more}"
        )
