"""A recognised ledger against a zone's records: all rows new and judged, then written, then all rows known.

Run with ``python -m bench.judging [ROWS]`` (default 500, each with twelve months). Processor time of this process on a
fresh SQLite database; trying a row goes through the operations of the pages, in a trial (``app/db/trial.py``).
"""

from __future__ import annotations

import datetime as dt
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
from app.ledger.operations.importing import Wish, take_rows
from app.ledger.operations.recognising import recognise_in_zone
from app.ledger.rules import Verdict
from app.ledger.workbook import Workbook, read_workbook

TODAY = dt.date(2024, 12, 31)


def main(rows: int) -> None:
    """Print seconds and milliseconds a row."""
    ledger.ROWS = rows
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.xlsx"
        ledger.make_ledger(path)
        workbook = read_workbook(path)
        engine = make_engine(f"sqlite:///{folder}/judging.db")
        migrations.upgrade(engine)
        with Session(engine) as session:
            zone = add_zone(session, "试验开发区", province="新疆维吾尔自治区", number_prefix="SY")
            with trial(session):
                _judge(session, zone, workbook, Verdict.new, "judged")
            _judge(session, zone, workbook, Verdict.new, "written")
            _judge(session, zone, workbook, Verdict.same, "judged")
            session.rollback()
        engine.dispose()


def _judge(session: Session, zone: Zone, workbook: Workbook, expected: Verdict, what: str) -> None:
    wish = Wish("ledger.xlsx", TODAY, add_lists=True)
    found = recognise_in_zone(session, zone.id, workbook, wish.answers)
    start = time.process_time()
    report = take_rows(session, zone, Actor(zone.id, None, "bench"), workbook, found, wish)
    seconds = time.process_time() - start
    verdicts = {row.verdict for row in report.rows}
    if verdicts != {expected}:
        raise SystemExit(f"{verdicts} instead of {expected}")
    print(f"{expected}, {what}: {seconds:.2f} s, {1000 * seconds / len(report.rows):.2f} ms a row")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
