"""``ledger import | batches | undo | template``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from app.audit.rules import Actor
from app.cli.context import config, work
from app.kernel import clock
from app.kernel.errors import DomainError
from app.ledger.operations import (
    UndecidedError,
    ask_undo,
    import_file_at_once,
    undo_batch,
    write_empty_ledger,
)
from app.ledger.queries import get_batch, list_batches
from app.ledger.rules import Report, Verdict
from app.ledger.rules.mapping import read_mapping

COMMAND_LINE = "命令行"


@click.group()
def ledger() -> None:
    """Ledgers (台账)."""


@ledger.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--zone", "zone_name", required=True, help="开发区名称")
@click.option(
    "--add-lists", is_flag=True, help="自动补充名单：把台账中新的片区、责任单位、产业链、环节加入本区名单"
)
@click.option(
    "--mapping",
    type=click.Path(path_type=Path),
    help="JSON 文件：指定各列对应的字段、单位、年份等识别不出的内容",
)
@click.option("--accept-questions", is_flag=True, help="疑问（单位跳变、相近项目等）一律按台账所写处理")
@click.option("--dry-run", is_flag=True, help="只核对，不写入")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出核对结果")
def import_file(
    file: Path,
    zone_name: str,
    add_lists: bool,
    mapping: Path | None,
    accept_questions: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take the ledger FILE in, all or nothing; it can be undone with ``ledger undo``."""
    with work(zone_name) as job:
        actor = Actor(job.zone.id, None, COMMAND_LINE)
        try:
            batch_id, report = import_file_at_once(
                job.session, job.zone, actor, file,
                folder=config().instance_path, today=clock.today(), answers=_answers(mapping),
                accept=accept_questions, add_lists=add_lists, dry_run=dry_run,
            )  # fmt: skip
        except UndecidedError as undecided:
            job.session.rollback()
            _print_doubts(undecided, as_json)
            sys.exit(1)
        if report.refused or dry_run:
            job.session.rollback()
    if as_json:
        click.echo(json.dumps(report.as_json() | {"batch": batch_id}, ensure_ascii=False, indent=1))
    else:
        _print(report, dry_run)
        if batch_id is not None:
            click.echo(f"批次 {batch_id}（撤销：ledger undo {batch_id} --zone {zone_name}）")
    if report.refused:
        click.echo("有未通过或待确认的行，未写入任何数据。请改正后重新导入。", err=True)
        if any(row.undecided for row in report.rows):
            click.echo(
                '待确认的行可在映射文件的 choices 中回答，如 {"choices": {"unit_jump": "use", "台账!7": "skip"}}，'
                "或用 --accept-questions 一律按台账处理。",
                err=True,
            )
        sys.exit(1)


def _answers(mapping: Path | None) -> dict[str, Any]:
    """What the mapping file says. Raises ``DomainError`` when it cannot be read."""
    if mapping is None:
        return {}
    try:
        return read_mapping(mapping.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        raise DomainError(f"映射文件“{mapping.name}”无法读取，请核对位置，并保存为 UTF-8") from None


@ledger.command()
@click.option("--zone", "zone_name", required=True, help="开发区名称")
@click.option("--limit", default=20, show_default=True, help="列出最近几次")
def batches(zone_name: str, limit: int) -> None:
    """List the imports of a zone, newest first."""
    with work(zone_name, read_only=True) as job:
        for batch in list_batches(job.session, job.zone.id, limit):
            made = batch.made_at.astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M")
            click.echo(f"{batch.id}  {made}  {batch.made_name}  {batch.state.label}  {batch.file_name}")


@ledger.command()
@click.argument("batch_id", type=int)
@click.option("--zone", "zone_name", required=True, help="开发区名称")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
def undo(batch_id: int, zone_name: str, as_json: bool) -> None:
    """Undo the import BATCH_ID: what it changed goes back unless it was edited since, which is then named."""
    with work(zone_name) as job:
        batch = get_batch(job.session, job.zone.id, batch_id)
        ask_undo(job.session, Actor(job.zone.id, None, COMMAND_LINE), batch)
        undo_batch(job.session, job.zone, batch)
        report: dict[str, Any] = batch.undo_report or {}
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
        return
    click.echo(f"已撤销：恢复 {report['restored']} 个值，删除 {report['removed']} 条记录。")
    for kept in report["kept"]:
        click.echo(f"  保留 {kept['record']} {kept['field']}：导入为 {kept['imported']}，现为 {kept['now']}")
    for left in report["left"]:
        click.echo(f"  保留 {left['record']}：{left['why']}")
    if report["note"]:
        click.echo(report["note"])


def _print_doubts(undecided: UndecidedError, as_json: bool) -> None:
    """What was recognised, and by sheet, cell and head what must be decided first."""
    if as_json:
        click.echo(json.dumps(undecided.found.as_json(), ensure_ascii=False, indent=1))
    else:
        for text in undecided.found.notes:
            click.echo(text)
    for doubt in undecided.found.doubts:
        place = f"工作表“{doubt.sheet}” {doubt.cell}".strip() if doubt.sheet else "文件"
        click.echo(f"  {place}：{doubt.message}", err=True)
    click.echo(
        f"{undecided.message}。请改正台账，或用 --mapping 指定一个 JSON 文件，"
        '如 {"columns": {"L": "合同总投资"}, "unit": "万元", "year": 2024, "defaults": {"责任单位": "招商局"}, '
        '"accept_totals": true}。',
        err=True,
    )


@ledger.command()
@click.option("--zone", "zone_name", required=True, help="开发区名称")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="保存为")
def template(zone_name: str, output: Path) -> None:
    """Write the empty ledger of a zone to a file."""
    with work(zone_name, read_only=True) as job, output.open("wb") as stream:
        write_empty_ledger(job.session, job.zone, stream)
    click.echo(f"空白台账模板：{output}")


def _print(report: Report, dry_run: bool) -> None:
    """The verdicts in words: counts per sheet, then every row that is changed, asks something or is refused."""
    for sheet, counts in report.counts().items():
        click.echo(f"{sheet}：" + "，".join(f"{Verdict(name).label} {n} 行" for name, n in counts.items()))
    for name, labels in report.added_lists.items():
        click.echo(f"补充名单 {name}：{'、'.join(labels)}")
    for text in report.notes:
        click.echo(text)
    for row in report.rows:
        for change in row.changes:
            click.echo(
                f"  {row.sheet} 第 {row.row} 行 {row.label}：{change.head} {change.old or '空'} → {change.new or '空'}"
            )
        for problem in row.problems:
            place = problem.cell or "整行"
            click.echo(f"  {row.sheet} {place} {problem.head} {row.label}：{problem.message}", err=True)
        for question in row.questions if row.undecided else ():
            said = "、".join(f"{value}＝{label}" for value, label in question.choices)
            place = question.cell or f"第 {row.row} 行"
            click.echo(f"  {row.sheet} {place} {question.code}：{question.message}（{said}）", err=True)
    if not report.refused:
        click.echo("核对通过，未写入（试运行）。" if dry_run else "导入完成。")
