"""Reading a ledger of 20,000 rows and 25 columns: seconds, and the memory of the child that reads it.

Run with ``python -m bench.workbook``. The file is made with XlsxWriter and thrown away.
"""

from __future__ import annotations

import datetime as dt
import resource
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

from app.ledger.workbook import read_workbook
from app.ledger.workbook.writing import Column, write_table

ROWS, COLUMNS = 20_000, 25
MOST_SECONDS, MOST_MIB = 8, 500


def make_ledger(path: Path) -> None:
    """A table of text, amounts, dates, counts and blanks in equal parts."""
    kinds = [
        Column("名称", "text", 30),
        Column("金额（万元）", "amount"),
        Column("日期", "date"),
        Column("个数", "count"),
    ]
    columns = [
        Column(f"{kinds[n % 5].head}{n}", kinds[n % 5].kind) if n % 5 < 4 else Column(f"空{n}")
        for n in range(COLUMNS)
    ]
    day = dt.date(2024, 1, 1)

    def row(number: int) -> list[str | Decimal | dt.date | int | None]:
        some = (
            f"锂电新能源项目{number}",
            Decimal(number * 101) / 100,
            day + dt.timedelta(number % 900),
            number,
            None,
        )
        return [some[n % 5] for n in range(COLUMNS)]

    with path.open("wb") as stream:
        write_table(stream, sheet="项目台账", columns=columns, rows=map(row, range(ROWS)))


def main() -> int:
    """Print what was measured; 1 when it is more than was promised."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.xlsx"
        start = time.perf_counter()
        make_ledger(path)
        made = time.perf_counter() - start
        start = time.perf_counter()
        sheet = read_workbook(path).sheets[0]
        seconds = time.perf_counter() - start
    child_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    own_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert len(sheet.rows) == ROWS + 1
    print(f"write {ROWS:,} × {COLUMNS}: {made:.2f} s")
    print(f"read  {ROWS:,} × {COLUMNS}: {seconds:.2f} s (at most {MOST_SECONDS})")
    print(f"memory: child {child_mib:.0f} MiB (at most {MOST_MIB}), caller {own_mib:.0f} MiB")
    return int(seconds > MOST_SECONDS or child_mib > MOST_MIB)


if __name__ == "__main__":
    sys.exit(main())
