"""How long it takes to write and to check the audit log of one zone.

python -m bench.audit --entries 100000
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.operations import note
from app.audit.queries import verify_chain
from app.audit.rules import Actor
from app.db import migrations
from app.db.engine import make_single_use_engine
from app.kernel import clock

BATCH = 5000


def measure(url: str, entries: int) -> None:
    """Write ``entries`` in transactions of ``BATCH`` to a fresh database at ``url`` and check them."""
    engine = make_single_use_engine(url)
    migrations.upgrade(engine)
    with Session(engine) as session:
        zone = Zone(name="测量区", created_at=clock.now())
        session.add(zone)
        session.commit()
        zone_id = zone.id
    started = time.perf_counter()
    with Session(engine) as session:
        actor = Actor(zone_id, 1, "测量", session_id=1, address="10.0.0.1", request_id="0" * 16)
        for number in range(entries):
            before = {"officer": "张三", "investment_fen": 5_800_000_000_00}
            after = {"officer": "李四", "investment_fen": 6_000_000_000_00 + number}
            note(
                session,
                actor,
                action="change",
                entity="project",
                entity_id=number,
                before=before,
                after=after,
            )
            if number % BATCH == BATCH - 1:
                session.commit()
                session.expunge_all()
        session.commit()
    written = time.perf_counter()
    with Session(engine.execution_options(read_only=True)) as session:
        report = verify_chain(session, zone_id)
    checked = time.perf_counter()
    assert report.whole
    print(f"{engine.dialect.name}: {report.entries:,} entries written in {written - started:.1f} s, ", end="")
    print(f"checked in {checked - written:.2f} s")


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="an empty database; a temporary SQLite file when not given")
    parser.add_argument("--entries", type=int, default=100_000)
    wanted = parser.parse_args()
    if wanted.url:
        measure(wanted.url, wanted.entries)
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(f"sqlite:///{Path(folder) / 'audit.db'}", wanted.entries)


if __name__ == "__main__":
    main()
