"""One zone's figures on each basis and the pages of 统计 and 月度关账 at full size, beside SQL written by hand.

    chrt -f 10 .venv/bin/python -m bench.bases [--engine sqlite|postgresql] [--url …] [--runs 9] [--closed 20]

``--closed`` zones close 2026-09 and 2026-10 first, so that the journal of all zones is as large as its records.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app import create_app
from app.accounts.models import Zone
from app.audit.rules import Actor
from app.closing.operations import close_month
from app.figures.queries import breakdown, headline, month_series
from app.figures.rules import get_figure
from app.journal.models import JournalEntry
from app.journal.queries import find_reading, read_books
from app.journal.rules import Basis, Dimension
from bench import raw_sql
from bench.cases import MONTH, Case, parameters
from bench.generate import Size, add_size_options, prepare, settle
from bench.raw_sql import Raw
from bench.run import databases, print_case, sign_in
from bench.timing import QueryCount
from config import Config

FIRST = MONTH.previous()
PAGES = (
    ("统计：单位×指标 matrix", "/figures?by=unit"),
    ("统计：产业链 matrix by chain", "/figures?by=chain"),
    ("统计：全部指标 all figures", "/figures?by=figures"),
    ("到位资金明细 rows", "/figures/funds.amount?w=ytd"),
    ("到位资金曲线 series", "/figures/funds.amount/series.json"),
    ("在册项目 register", "/figures/stock.count"),
    ("签约未开工 stalled", "/figures/stalled.count"),
)
OTHERS = (
    ("月度关账 the books", "/close/"),
    ("  一个月 a closed month", f"/close/{MONTH}"),
    ("项目截至 projects as of", "/projects?asof=2026-06-30"),
    ("企业 companies", "/investors"),
)


def close_zones(engine: Engine, number: int) -> None:
    """Close both months of the first ``number`` zones that stand open."""
    with Session(engine) as session:
        for zone in session.scalars(select(Zone).order_by(Zone.id).limit(number)).all():
            if read_books(session, zone.id).last is not None:
                continue
            for month in (FIRST, MONTH):
                start = time.perf_counter()
                made = close_month(
                    session, Actor(zone.id, None, "测量"), zone=zone, month=month, waive_rest="测量"
                )
                session.commit()
                print(
                    f"{zone.name} {month}: {made.entries:,} in {time.perf_counter() - start:.1f} s",
                    flush=True,
                )
        entries = session.scalars(select(func.count()).select_from(JournalEntry)).one()
    print(f"{entries:,} entries in the journal", flush=True)


def basis_cases(engine: Engine, raw: Raw, zone_id: int) -> Iterator[Case]:
    """Figures of the zone on each basis, with the look-up of the close; the raw SQL has none of that."""
    reader = engine.execution_options(read_only=True)

    def read(work: Callable[..., Any], basis: Basis) -> Any:
        with Session(reader) as session:
            zone = session.scalars(select(Zone).where(Zone.id == zone_id)).one()
            return work(session, zone, MONTH, reading=find_reading(session, zone_id, MONTH, basis))

    with Session(reader) as session:
        last = read_books(session, zone_id).last
    values = parameters(zone_id)
    posted = values | {"seq": last.seq if last else 0}

    def by(dimension: Dimension, *asked: Any, **named: Any) -> Any:
        return breakdown(*asked, dimension, **named)

    def series(session: Session, zone: Zone, month: Any, **named: Any) -> Any:
        return month_series(session, zone, month, get_figure("funds.amount"), **named)

    for basis in Basis:
        live = basis is Basis.live

        def figures(member: str | None = None, live: bool = live) -> list[Any]:
            statement = raw_sql.figures(member) if live else raw_sql.posted_figures(member)
            return raw.rows(statement, values if live else posted)

        yield Case(f"{basis.label}数 {basis}", partial(read, headline, basis), figures, _same, "figures")
        for dimension in Dimension:
            yield Case(
                f"  按{dimension.label} by {dimension}",
                partial(read, partial(by, dimension), basis),
                partial(figures, dimension.value),
            )
        yield Case("  逐月 series", partial(read, series, basis))


def _same(app: Any, sql: list[Any]) -> bool:
    return app["funds.amount"].ytd == sum(int(row[6]) for row in sql if row[0] == "funds")


def page_cases(client: Any) -> Iterator[Case]:
    """Pages as a signed-in officer gets them."""

    def page(address: str) -> None:
        response = client.get(address)
        assert response.status_code == 200, f"{address}: {response.status}"

    for name, address in PAGES:
        joined = "&" if "?" in address else "?"
        for basis in Basis:
            asked = f"{address}{joined}month={MONTH}&basis={basis}"
            yield Case(f"{name} {basis}", partial(page, asked))
    for name, address in OTHERS:
        yield Case(name, partial(page, address))


def run(url: str, runs: int, closed: int, instance: Path) -> None:
    """Measure one database and print a line for each case."""
    config = Config(database_url=url, instance_path=instance, secret_key="bench", testing=True)  # noqa: S106
    app = create_app(config)
    engine: Engine = app.extensions["engine"]
    close_zones(engine, closed)
    settle(engine)
    raw, count = Raw(url), QueryCount(engine)
    with Session(engine) as session:
        zone_id = session.scalars(select(Zone.id).order_by(Zone.id)).all()[closed // 3]
    client = app.test_client()
    sign_in(client, engine, config, zone_id)
    for case in (*basis_cases(engine, raw, zone_id), *page_cases(client)):
        print_case(case, count, runs)
    raw.close()
    engine.dispose()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_size_options(parser)
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], help="only this one")
    parser.add_argument("--url", help="measure this database only; it is filled when it is empty")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--closed", type=int, default=20, help="zones whose months are closed")
    options = parser.parse_args()
    size = Size(options.zones, options.projects, options.arrivals, options.seed)
    for url in databases(options.engine, options.url):
        print(prepare(url, size), flush=True)
        with tempfile.TemporaryDirectory() as folder:
            run(url, options.runs, min(options.closed, options.zones), Path(folder))


if __name__ == "__main__":
    main()
