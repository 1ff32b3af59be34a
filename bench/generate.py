"""Fill a migrated database with an invented province, in bulk, on either engine.

    python -m bench.generate --url sqlite:///instance/bench/bench.db

A database that already holds what is asked for is used as it stands.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

from app.db import migrations
from app.db.engine import make_single_use_engine
from bench.projects import projects
from bench.world import COLUMNS, Project, Row, World

ROOT = Path(__file__).resolve().parents[1]
DEFAULT_URL = f"sqlite:///{ROOT / 'instance' / 'bench' / 'bench.db'}"
_ORDER = list(COLUMNS)
_CHUNK = 20_000


@dataclass(frozen=True)
class Size:
    """How much to make."""

    zones: int = 20
    projects: int = 100_000
    arrivals: int = 1_200_000
    seed: int = 1


class Writer:
    """Writes rows of one transaction: COPY on PostgreSQL, executemany on SQLite, through the raw driver."""

    def __init__(self, connection: Any, *, postgres: bool) -> None:
        self._cursor = connection.cursor()
        self._postgres = postgres
        if postgres:
            self._cursor.execute("SET TIME ZONE 'UTC'")
        else:
            self._cursor.execute("BEGIN IMMEDIATE")

    def write(self, table: str, rows: Iterable[Row]) -> None:
        """Write rows of one table."""
        columns = COLUMNS[table].split()
        names = ", ".join(f'"{column}"' for column in columns)
        if self._postgres:
            with self._cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(columns))
            self._cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)

    def write_mixed(self, rows: Iterable[tuple[str, Row]]) -> None:
        """Write rows of several tables, in chunks, parents first."""
        stream = iter(rows)
        while chunk := list(islice(stream, _CHUNK)):
            sorted_out: dict[str, list[Row]] = {}
            for table, row in chunk:
                sorted_out.setdefault(table, []).append(row)
            for table in sorted(sorted_out, key=_ORDER.index):
                self.write(table, sorted_out[table])


def is_complete(engine: Engine, size: Size) -> bool:
    """Whether the database is at the newest revision and holds as much as asked for."""
    if migrations.current(engine) is None:
        return False
    migrations.upgrade(engine)
    counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in ("zone", "project", "fund_arrival"))
    with engine.connect() as connection:
        found = tuple(connection.execute(text(f"SELECT {counts}")).one())
    if found == (0, 0, 0):
        return False
    if found != (size.zones, size.projects, size.arrivals):
        raise SystemExit(
            f"the database holds other data (zones, projects, arrivals: {found}); give another --url"
        )
    return True


def fill(engine: Engine, size: Size) -> None:
    """Write everything in one transaction, so that a broken-off run leaves nothing."""
    postgres = engine.dialect.name == "postgresql"
    world = World(size.seed)
    connection = engine.raw_connection()
    try:
        writer = Writer(connection.driver_connection, postgres=postgres)
        for rows in _everything(world, size):
            writer.write_mixed(rows)
        connection.commit()
    finally:
        connection.close()


def _everything(world: World, size: Size) -> Iterator[Iterable[tuple[str, Row]]]:
    yield world.lists(size.zones)
    yield world.investors(size.projects * 7 // 10)
    signed: list[Project] = []
    yield projects(world, size.projects, signed)
    yield (("fund_arrival", row) for row in world.arrivals(signed, size.arrivals))


def settle(engine: Engine) -> None:
    """What PostgreSQL's autovacuum would have done by the next morning; SQLite has nothing of the kind."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def bytes_of(engine: Engine) -> int:
    """The size of the database on disk."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            size: int = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
            return size
    path = Path(engine.url.database or "")
    return sum(file.stat().st_size for file in path.parent.glob(path.name + "*"))


def prepare(url: str, size: Size) -> str:
    """Make the database at ``url`` when it is not there; says in one line what there is."""
    file = make_url(url)
    if file.drivername.startswith("sqlite") and file.database:
        Path(file.database).parent.mkdir(parents=True, exist_ok=True)
    engine = make_single_use_engine(url)
    start = time.perf_counter()
    if is_complete(engine, size):
        done = "found"
    else:
        migrations.upgrade(engine)
        fill(engine, size)
        settle(engine)
        done = f"generated in {time.perf_counter() - start:.1f} s"
    megabytes = bytes_of(engine) / 1_000_000
    return (
        f"{engine.dialect.name}: {size.zones} zones, {size.projects} projects, {size.arrivals} arrivals, "
        f"{megabytes:.0f} MB, {done}"
    )


def add_size_options(parser: argparse.ArgumentParser) -> None:
    """``--zones``, ``--projects``, ``--arrivals``, ``--seed``."""
    for name in ("zones", "projects", "arrivals", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Size(), name))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_size_options(parser)
    parser.add_argument("--url", default=DEFAULT_URL, help="an SQLAlchemy address (default: %(default)s)")
    options = parser.parse_args()
    print(prepare(options.url, Size(options.zones, options.projects, options.arrivals, options.seed)))


if __name__ == "__main__":
    main()
