"""``figures MONTH``: the month's figures as text or JSON, or the rows behind one of them (figures.md §5)."""

from __future__ import annotations

import json
from typing import Any

import click

from app.cli.context import Work, work
from app.figures.queries import breakdown, chain_pictures, headline, list_rows, target_progress
from app.figures.rules import (
    CATALOGUE,
    WHOLE_ZONE,
    Figure,
    Measure,
    Values,
    WindowName,
    beside_issued,
    get_figure,
)
from app.journal.queries import find_reading
from app.journal.rules import LIVE, Basis, Dimension, Reading
from app.kernel.money import FEN_PER_WAN, cut_zeros, in_unit
from app.kernel.periods import Month


@click.command()
@click.argument("month")
@click.option("--zone", "zone_name", required=True, help="开发区名称")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，金额单位万元")
@click.option("--basis", type=click.Choice(list(Basis)), default="live", help="数据基准：实时、关账、重述")
@click.option("--known-at", help="重述所依据的关账月份，默认为最近一次")
@click.option(
    "--last-year",
    type=click.Choice(["restated", "issued"]),
    default="restated",
    help="同比的上年数：按本基准重述，或上年同月关账时的数",
)
@click.option("--rows", "code", help="列出某一指标背后的明细，如 funds.amount")
@click.option(
    "--window", type=click.Choice([w.value for w in WindowName]), default="ytd", help="明细的统计时段"
)
def figures(
    month: str,
    zone_name: str,
    as_json: bool,
    basis: str,
    known_at: str | None,
    last_year: str,
    code: str | None,
    window: str,
) -> None:
    """Print the figures of MONTH (2024-06)."""
    with work(zone_name, read_only=True) as job:
        period = Month.parse(month, job.zone.cutoff_day)
        later = Month.parse(known_at, job.zone.cutoff_day) if known_at else None
        reading = find_reading(job.session, job.zone.id, period, Basis(basis), known_at=later)
        if code is not None:
            document = _rows(job, reading.of(period), get_figure(code), WindowName(window), reading)
        else:
            document = month_document(job, reading.of(period), reading, as_issued=last_year == "issued")
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=1))
    elif code is not None:
        _print_rows(document)
    else:
        _print_figures(document)


def month_document(
    job: Work, month: Month, reading: Reading = LIVE, *, as_issued: bool = False
) -> dict[str, Any]:
    """All figures of a month, every number a string, in the shape of figures.md §5.

    ``as_issued`` compares with last year as closed then. Raises ``DomainError`` when that month never was.
    """
    whole = headline(job.session, job.zone, month, reading=reading)
    by = {d: breakdown(job.session, job.zone, month, d, reading=reading) for d in Dimension}
    if as_issued:
        issued = find_reading(job.session, job.zone.id, month.last_year, Basis.closed)
        base = headline(job.session, job.zone, month.last_year, reading=issued)
        whole = beside_issued(whole, base)
        for dimension, parts in by.items():
            then = breakdown(job.session, job.zone, month.last_year, dimension, reading=issued)
            by[dimension] = {code: beside_issued(found, then[code]) for code, found in parts.items()}
    targets = target_progress(
        job.session, job.zone, month, whole=whole, by_unit=by[Dimension.unit], reading=reading
    )
    return {
        "zone": job.zone.name,
        "month": str(month),
        "basis": reading.basis.value,
        "unit": "万元",
        "figures": {code: _values(CATALOGUE[code], values) for code, values in whole.items()},
        "by": {
            dimension.value: {
                code: {member: _values(CATALOGUE[code], values) for member, values in members.items()}
                for code, members in found.items()
            }
            for dimension, found in by.items()
        },
        "chains": {
            picture.chain: {
                "projects": picture.projects,
                "segments": picture.segments,
                "investment": _wan(picture.total_fen),
                "output": _wan(picture.output_fen),
            }
            for picture in chain_pictures(job.session, job.zone.id, month.last_day, reading=reading)
        },
        "targets": [
            {
                "unit": target.unit or WHOLE_ZONE,
                "figure": target.figure,
                "target": _number(CATALOGUE[target.figure], target.target),
                "ytd": _number(CATALOGUE[target.figure], target.ytd),
                "done_percent": str(target.done_percent),
                "ahead_points": str(target.ahead_points),
            }
            for target in targets
        ],
    }


def _rows(job: Work, month: Month, figure: Figure, window: WindowName, reading: Reading) -> dict[str, Any]:
    rows, number, total = list_rows(job.session, job.zone, month, figure, window, reading=reading)
    return {
        "zone": job.zone.name,
        "month": str(month),
        "basis": reading.basis.value,
        "figure": figure.code,
        "name": figure.name,
        "window": window.value,
        "unit": figure.unit,
        "total": _number(figure, total),
        "number_of_rows": number,
        "rows": [
            {
                "number": row.number,
                "project": row.project,
                "investor": row.investor,
                "responsible_unit": row.unit,
                "date": row.on_day.isoformat(),
                "amount": _wan(row.amount_fen),
                "value": _number(figure, row.value),
                "voucher": row.voucher,
            }
            for row in rows
        ],
    }


def _values(figure: Figure, values: Values) -> dict[str, str | None]:
    percent = values.yoy_percent
    return {
        "month": _number(figure, values.month),
        "ytd": _number(figure, values.ytd),
        "last_year_ytd": _number(figure, values.last_year_ytd),
        "yoy_percent": None if percent is None else str(percent),
    }


def _number(figure: Figure, value: int) -> str:
    return str(value) if figure.measure is Measure.count else _wan(value)


def _wan(fen: int) -> str:
    """万元, exact: as many decimals as the fen need."""
    return cut_zeros(in_unit(fen, "万元")).replace("−", "-") if fen % FEN_PER_WAN else str(fen // FEN_PER_WAN)


def _print_figures(document: dict[str, Any]) -> None:
    click.echo(
        f"{document['zone']} {document['month']}（基准：{Basis(document['basis']).label}，金额单位：万元）"
    )
    for code, values in document["figures"].items():
        yoy = "—" if values["yoy_percent"] is None else f"{values['yoy_percent']}%"
        click.echo(
            f"{code:22} {CATALOGUE[code].name}　本月 {values['month']}　累计 {values['ytd']}　"
            f"上年同期 {values['last_year_ytd']}　同比 {yoy}"
        )
    for target in document["targets"]:
        click.echo(
            f"{target['unit']} {CATALOGUE[target['figure']].name}　年度目标 {target['target']}　累计 {target['ytd']}　"
            f"完成率 {target['done_percent']}%　超（欠）进度 {target['ahead_points']} 个百分点"
        )


def _print_rows(document: dict[str, Any]) -> None:
    click.echo(
        f"{document['zone']} {document['month']} {document['name']}（{document['figure']}，{document['window']}）"
    )
    for row in document["rows"]:
        click.echo(
            f"{row['date']}  {row['number']}  {row['project']}  {row['responsible_unit']}  {row['voucher'] or ''}  {row['value']}"
        )
    click.echo(f"合计 {document['number_of_rows']} 行　{document['total']} {document['unit']}")
