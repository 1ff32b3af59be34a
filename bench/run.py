"""``make bench``: the product beside SQL written by hand, on the same database in the same run.

    python -m bench.run [--engine sqlite|postgresql] [--runs 7] [--zones … --projects … --arrivals …]

SQLite keeps its database in instance/bench; PostgreSQL is a throw-away server as in the tests.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app import create_app
from app.accounts.models import UserAccount, Zone
from app.accounts.operations import settle_sign_in
from app.accounts.rules import Role
from app.directory.models import ResponsibleUnit
from app.kernel import clock
from bench.cases import AIMS, Case, figure_cases, page_cases, search_cases
from bench.generate import DEFAULT_URL, Size, add_size_options, prepare
from bench.raw_sql import Raw
from bench.timing import QueryCount, measure
from config import Config
from tests.postgres import Server


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_size_options(parser)
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], help="only this one")
    parser.add_argument("--url", help="measure this database only; it is filled when it is empty")
    parser.add_argument(
        "--runs", type=int, default=7, help="measured runs of each line (default: %(default)s)"
    )
    options = parser.parse_args()
    size = Size(options.zones, options.projects, options.arrivals, options.seed)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, load {load}")
    for url in databases(options.engine, options.url):
        print()
        print(prepare(url, size), flush=True)
        with tempfile.TemporaryDirectory() as folder:
            run(url, options.runs, Path(folder))


def databases(engine: str | None, url: str | None) -> Iterator[str]:
    """Addresses to measure; a throw-away server lives as long as its turn."""
    if url:
        yield url
        return
    if engine != "postgresql":
        yield DEFAULT_URL
    if engine != "sqlite":
        server = Server(shared_buffers="128MB")  # PostgreSQL's own default; the tests need less
        try:
            yield server.create_database("bench")
        finally:
            server.stop()


def run(url: str, runs: int, instance: Path) -> None:
    """Measure one database and print a line for each case."""
    config = Config(database_url=url, instance_path=instance, secret_key="bench", testing=True)  # noqa: S106
    app = create_app(config)
    engine: Engine = app.extensions["engine"]
    raw, count = Raw(url), QueryCount(engine)
    with Session(engine) as session:
        zones = list(session.scalars(select(Zone.id).order_by(Zone.id)))
        zone_id = zones[len(zones) // 3]
        units = select(ResponsibleUnit.id).where(ResponsibleUnit.zone_id == zone_id)
        unit_id = session.scalars(units.order_by(ResponsibleUnit.position)).all()[3]
    print(f"{raw.version}: medians of {runs} runs in ms; in brackets the fastest")
    print(f"{'':44}{'queries':>8}{'app':>18}{'raw SQL':>18}{'ratio':>8}{'aim':>10}")
    client = app.test_client()
    sign_in(client, engine, config, zone_id)
    for case in figure_cases(engine, raw, zones, zone_id):
        print_case(case, count, runs)
    for case in search_cases(engine, raw, zone_id):
        print_case(case, count, runs)
    for case in page_cases(client, raw, zone_id, unit_id):
        print_case(case, count, runs)
    raw.close()
    engine.dispose()


def sign_in(client: FlaskClient, engine: Engine, config: Config, zone_id: int) -> None:
    """An open session of the zone's officer, as the sign-in page leaves it behind."""
    with Session(engine) as session:
        officer = select(UserAccount).where(UserAccount.zone_id == zone_id, UserAccount.role == Role.officer)
        key = zone_id, session.scalars(officer).one().id
        token = settle_sign_in(
            session,
            key,
            fits=True,
            now=clock.now(),
            hours=config.session_hours,
            address="127.0.0.1",
            agent="bench",
        )
        session.commit()
    client.set_cookie("zhaoshang", token or "")


def print_case(case: Case, count: QueryCount, runs: int) -> None:
    queries = count.of(case.app)
    app = measure(case.app, runs)
    line = f"{_padded(case.name, 44)}{queries:>8}{app.median:>9.1f} ({app.fastest:6.1f})"
    if case.raw:
        raw = measure(case.raw, runs)
        assert case.same is None or case.same(app.result, raw.result), f"{case.name}: the answers differ"
        line += f"{raw.median:>9.1f} ({raw.fastest:6.1f}){app.median / raw.median:>7.1f}×"
    else:
        line += " " * 26
    if case.aim:
        line += f"{'kept' if app.median <= AIMS[case.aim] else 'MISSED':>8} {AIMS[case.aim]:.0f}"
    print(line, flush=True)


def _padded(text: str, width: int) -> str:
    """``text`` filled up to ``width`` columns; Chinese characters take two."""
    return text + " " * (width - sum(2 if ord(c) > 0x2E7F else 1 for c in text))


if __name__ == "__main__":
    main()
