"""How long it takes to close a month of one zone with many facts, beside a plain INSERT … SELECT of the same rows.

python -m bench.close --facts 100000 [--engine sqlite|postgresql]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.rules import Actor
from app.closing.operations import close_month
from app.db.engine import make_single_use_engine
from app.figures.queries import breakdown, headline
from app.journal.models import JournalEntry
from app.journal.queries import find_reading, verify_books
from app.journal.rules import Basis, Dimension
from app.kernel.periods import Month
from bench.generate import Size, prepare
from tests.postgres import Server

AIM_SECONDS, AIM_MS = 10.0, 50.0
FIRST, SECOND = Month(2026, 9), Month(2026, 10)
"""The first close takes over three years, the second one month."""


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of wall time, and what came out."""
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def measure(url: str, facts: int) -> None:
    """Close two months of a zone with about ``facts`` facts, read figures back on each basis, check the books."""
    projects = max(facts // 14, 10)
    print(prepare(url, Size(1, projects, facts - facts // 5, 1)), flush=True)
    engine = make_single_use_engine(url)
    with Session(engine) as session:
        zone = session.scalars(select(Zone)).one()
        actor = Actor(zone.id, None, "测量")

        def close(month: Month) -> int:
            made = close_month(session, actor, zone=zone, month=month, waive_rest="测量")
            session.commit()
            return made.entries

        for month in (FIRST, SECOND):
            seconds, entries = timed(lambda month=month: close(month))
            print(f"close of {month}: {entries:,} entries in {seconds:.1f} s", flush=True)
            if month is FIRST:
                plain = _plain(session)
                verdict = "kept" if seconds <= AIM_SECONDS else "MISSED"
                print(
                    f"  plain INSERT … SELECT of the same rows {plain:.2f} s, ratio {seconds / plain:.1f}; {verdict} {AIM_SECONDS:.0f} s"
                )
        seconds, report = timed(lambda: verify_books(session, zone.id))
        print(
            f"verify: {report.entries:,} entries in {seconds:.1f} s, {'whole' if report.whole else report.fault}"
        )
        for basis in Basis:
            _figures(session, zone, basis)


def _plain(session: Session) -> float:
    """The same rows into a table of the same columns and indexes, without triggers, links or hashes."""
    session.execute(text("CREATE TABLE plain AS SELECT * FROM journal_entry WHERE 1 = 0"))
    for number, index in enumerate((["zone_id", "seq", "line"], *_indexes())):
        session.execute(text(f"CREATE INDEX plain_{number} ON plain ({', '.join(index)})"))
    seconds, _ = timed(
        lambda: session.execute(text("INSERT INTO plain SELECT * FROM journal_entry ORDER BY line"))
    )
    session.execute(text("DROP TABLE plain"))
    session.commit()
    return seconds


def _indexes() -> list[list[str]]:
    table: Any = JournalEntry.__table__
    return [[column.name for column in index.columns] for index in table.indexes]


def _figures(session: Session, zone: Zone, basis: Basis) -> None:
    facts = session.scalars(select(func.count()).select_from(JournalEntry)).one()

    def read(work: Callable[[Any], Any]) -> float:
        def once() -> None:
            work(find_reading(session, zone.id, SECOND, basis))

        once()
        return sorted(timed(once)[0] for _ in range(7))[3] * 1000

    whole = read(lambda reading: headline(session, zone, SECOND, reading=reading))
    by_unit = read(lambda reading: breakdown(session, zone, SECOND, Dimension.unit, reading=reading))
    by_chain = read(lambda reading: breakdown(session, zone, SECOND, Dimension.chain, reading=reading))
    verdict = "kept" if whole <= AIM_MS else "MISSED"
    print(
        f"figures {basis:9} of {facts:,}: all {whole:.0f} ms ({verdict} {AIM_MS:.0f}), by unit {by_unit:.0f}, by chain {by_chain:.0f}"
    )


def main() -> None:
    """Read the arguments and measure on both engines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=int, default=100_000)
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], help="only this one")
    wanted = parser.parse_args()
    if wanted.engine != "postgresql":
        with tempfile.TemporaryDirectory() as folder:
            measure(f"sqlite:///{Path(folder) / 'close.db'}", wanted.facts)
    if wanted.engine != "sqlite":
        server = Server(shared_buffers="128MB")
        try:
            measure(server.create_database("close"), wanted.facts)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
