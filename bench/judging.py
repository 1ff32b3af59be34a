"""A ledger against a zone's records on the whole road of a dry run: read, matched, judged, figures counted.

Run with ``python -m bench.judging [ROWS]`` (default 20,000), for a ledger of 25 columns with twelve months a row (twelve
arrivals each) and for one whose 25 columns are all of projects. Each case runs in a process of its own on a fresh SQLite
database: all rows new, then (of fewer rows, since they must be written first) all rows known. Processor time counts.
"""

from __future__ import annotations

import datetime as dt
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy.orm import Session

import bench.recognising as ledger
from app.accounts.models import Zone
from app.accounts.operations.zones import add_zone
from app.audit.rules import Actor
from app.db import migrations
from app.db.engine import make_engine
from app.db.trial import trial
from app.kernel.collector import collector_off
from app.ledger.operations.importing import Wish, take_rows
from app.ledger.operations.recognising import recognise_in_zone
from app.ledger.operations.trial import read_figures
from app.ledger.rules import Verdict
from app.ledger.workbook import Workbook, read_workbook

TODAY = dt.date(2024, 12, 31)
KNOWN_OF = 10
"""One of so many rows is written for judging it again."""


def main(rows: int) -> None:
    """Both ledgers, new and known."""
    for shape in ledger.SHAPES:
        for count, known in ((rows, False), (rows // KNOWN_OF, True)):
            subprocess.run(
                [sys.executable, "-m", "bench.judging", shape, str(count), *(["known"] if known else [])],
                check=True,
            )


def one(shape: str, rows: int, *, known: bool) -> None:
    """One case in this process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.xlsx"
        ledger.SHAPES[shape](path, rows)
        engine = make_engine(f"sqlite:///{folder}/judging.db")
        migrations.upgrade(engine)
        with Session(engine) as session:
            zone = add_zone(session, "试验开发区", province="新疆维吾尔自治区", number_prefix="SY")
            if known:
                _take(session, zone, read_workbook(path), Verdict.new)
            session.commit()
            session.expunge_all()
            zone = session.merge(zone)
            start, clock = ledger.spent(), time.perf_counter()
            with trial(session), collector_off():
                workbook = read_workbook(path)
                read = ledger.spent() - start
                judged = _take(session, zone, workbook, Verdict.same if known else Verdict.new)
            seconds, wall = ledger.spent() - start, time.perf_counter() - clock
        engine.dispose()
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{shape}, {rows:,} {'known' if known else 'new'}: read {read:.1f}, matched {judged[0]:.1f}, judged {judged[1]:.1f}, "
        f"figures {judged[2]:.1f}, together {seconds:.1f} s ({1000 * seconds / rows:.2f} ms a row), {wall:.1f} s on the "
        f"clock; {own:.0f} MiB"
    )


def _take(session: Session, zone: Zone, workbook: Workbook, expected: Verdict) -> tuple[float, float, float]:
    """Seconds of matching, judging (or writing) and counting."""
    wish = Wish("ledger.xlsx", TODAY, add_lists=True)
    times = [time.process_time()]
    found = recognise_in_zone(session, zone.id, workbook, wish.answers)
    times.append(time.process_time())
    report = take_rows(session, zone, Actor(zone.id, None, "bench"), workbook, found, wish)
    times.append(time.process_time())
    read_figures(session, zone, report.years, TODAY, report.effect)
    times.append(time.process_time())
    verdicts = {row.verdict for row in report.rows}
    if verdicts != {expected}:
        raise SystemExit(f"{verdicts} instead of {expected}: {report.rows[0]}")
    return times[1] - times[0], times[2] - times[1], times[3] - times[2]


if __name__ == "__main__":
    if len(sys.argv) > 2:
        one(sys.argv[1], int(sys.argv[2]), known=len(sys.argv) > 3)
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
