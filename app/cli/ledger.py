"""``ledger import | template``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from app.cli.context import Work, work
from app.kernel import clock
from app.kernel.errors import DomainError
from app.ledger.operations import UndecidedError, import_form, import_ledger, is_own_form, write_empty_ledger
from app.ledger.rules import Answers, Report, Verdict, read_answers
from app.ledger.workbook import Workbook, read_workbook


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
@click.option("--dry-run", is_flag=True, help="只核对，不写入")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出核对结果")
def import_file(
    file: Path, zone_name: str, add_lists: bool, mapping: Path | None, dry_run: bool, as_json: bool
) -> None:
    """Take the ledger FILE in, all or nothing: the product's own form, or any other that can be recognised."""
    with work(zone_name) as job:
        answers = _answers(mapping)
        try:
            report = _take_in(job, read_workbook(file), file.name, answers, add_lists)
        except UndecidedError as undecided:
            job.session.rollback()
            _print_doubts(undecided, as_json)
            sys.exit(1)
        if report.refused or dry_run:
            job.session.rollback()
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    else:
        _print(report, dry_run)
    if report.refused:
        click.echo("有未通过的行，未写入任何数据。请改正后重新导入。", err=True)
        sys.exit(1)


def _answers(mapping: Path | None) -> Answers | None:
    """What the mapping file says. Raises ``DomainError`` when it cannot be read."""
    if mapping is None:
        return None
    try:
        return read_answers(mapping.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        raise DomainError(f"映射文件“{mapping.name}”无法读取，请核对位置，并保存为 UTF-8") from None


def _take_in(job: Work, workbook: Workbook, name: str, answers: Answers | None, add_lists: bool) -> Report:
    """The product's own form by its heads, any other as it is recognised."""
    today = clock.today()
    if answers is None and is_own_form(workbook):
        return import_ledger(
            job.session, job.zone, job.actor, workbook, file_name=name, today=today, add_lists=add_lists
        )
    return import_form(
        job.session, job.zone, job.actor, workbook,
        file_name=name, today=today, answers=answers, add_lists=add_lists,
    )  # fmt: skip


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
    """The verdicts in words: counts per sheet, then every row that is changed or refused."""
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
    if not report.refused:
        click.echo("核对通过，未写入（试运行）。" if dry_run else "导入完成。")
