"""``brief verify FILE.pdf``: whether a file is an issued brief, unaltered, and still equals the journal."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.briefs.operations.verifying import Verdict, compare_with_books, verify_file
from app.cli.context import work

MAKE = "make"
SAID = {
    Verdict.issued: "是本区印发的简报，与印发时逐字节相同，未经改动",
    Verdict.altered: "文件带有已印发简报的文号码，但内容与印发的文件不同",
    Verdict.draft: "是本系统生成的草稿或直接生成的文件，未经签发",
    Verdict.unknown: "不是本区用本系统印发的简报，或文件已损坏",
}


class OrMake(click.Group):
    """A group whose unknown first word is the month of a brief to make, so that ``brief 2024-06`` keeps working."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Whatever is no command's name belongs to the making command."""
        if args[:1] != ["--help"] and (not args or args[0] not in self.commands):
            args = [MAKE, *args]
        return super().parse_args(ctx, args)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--zone", "zone_name", required=True, help="开发区名称")
def verify(file: Path, zone_name: str) -> None:
    """Verify FILE against the issued briefs of the zone and its journal; exit code 1 unless all of it holds."""
    with work(zone_name, read_only=True) as job:
        found = verify_file(job.session, job.zone.id, file.read_bytes())
        standing = compare_with_books(job.session, job.zone, found.document) if found.document else None
        lines = [f"{SAID[found.verdict]}", f"SHA-256 {found.sha256}"]
        if found.document is not None:
            document = found.document
            lines.append(
                f"{document.year}年{document.month}月　第{document.number}期　文号码 {document.code}　印发 {document.issued_on}"
            )
    holds = found.verdict is Verdict.issued and standing is not None and standing.holds
    for line in lines:
        click.echo(line, err=not holds)
    if standing is not None:
        click.echo(
            f"印发的数与账簿一致，关账 {standing.month_hash}"
            if standing.holds
            else "印发的数与账簿不一致：" + "；".join(standing.faults),
            err=not holds,
        )
    if not holds:
        sys.exit(1)
