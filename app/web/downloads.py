"""Tables for download: at once when they are short, by a worker when they are long."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

from flask import Response as Answer
from flask import g, render_template, request, send_file
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from app.audit.operations import note
from app.kernel import clock
from app.kernel.errors import DomainError
from app.ledger.workbook.writing import Column, Item, write_table
from app.web.session import current, db, separately

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_ONCE = 3000
"""More rows than these take longer than a page may; a worker writes them."""
TOLD_EVERY = 500
Row = TypeVar("Row")


class TooLongError(Exception):
    """There are more rows than can be written while somebody waits."""


@dataclass
class LongTable:
    """Where a worker wants the table that an address answers with; ``name`` is filled in when it is there."""

    path: Path
    tell: Callable[[str, int], None]
    name: str = ""


def send_table(
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Item]],
    totals: Sequence[Item] | None,
    *,
    conditions: str = "",
    **options: Any,
) -> Response:
    """An .xlsx called ``name``, written row by row to a file on disk and sent from there.

    With more than ``AT_ONCE`` rows the answer is a page that offers to have it written in the background. Who
    took it, and the ``conditions`` of its list, stand below the table and in the audit log (domain.md §7.7); a worker's
    job is in the log already.
    """
    mark = made_by() + (f"，条件：{conditions}" if conditions else "")
    options |= {"columns": columns, "totals": False if totals is None else totals, "mark": mark}
    wanted: LongTable | None = g.get("long_table")
    if wanted is not None:
        with wanted.path.open("wb") as file:
            write_table(file, rows=_told(rows, wanted.tell), **options)
        wanted.name = name
        return Answer(status=204)
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when it has been sent
    try:
        with _cursors_closed():
            written = write_table(stream, rows=_few(rows), **options)
    except TooLongError:
        stream.close()
        address = request.full_path.rstrip("?")
        return Answer(render_template("jobs/long.html", name=name, address=address, limit=AT_ONCE))
    stream.seek(0)
    record_export(f"{name}.xlsx", written)
    return send_file(stream, XLSX, as_attachment=True, download_name=f"{name}.xlsx")


def made_by() -> str:
    """Who makes a table here and when, as it stands below the table."""
    person = current()
    at = clock.now().astimezone(clock.BEIJING)
    return f"制表：{person.zone.name}　{person.name}（{person.role.label}）　{at:%Y-%m-%d %H:%M} 由系统导出"


def record_export(name: str, rows: int) -> None:
    """Note in the audit log that the person took a table, in a transaction of its own: the page itself only reads.

    Raises ``DomainError`` when the log cannot be written now; then the table is not handed out.
    """
    address = unquote(request.full_path.rstrip("?"))[:500]
    after = {"file": name, "rows": rows, "conditions": address}
    try:
        with separately() as session:
            zone_id = current().zone.id
            note(session, current().actor, action="export", entity="export", entity_id=zone_id, after=after)
    except OperationalError:
        raise DomainError("系统正忙，导出没有记入操作记录，文件未生成，请稍后再试") from None


@contextmanager
def _cursors_closed() -> Iterator[None]:
    """Rows come through cursors on the server; those that are not read to their end are closed."""
    opened: list[Any] = []

    def keep(_connection: Any, cursor: Any, *_rest: Any) -> None:
        opened.append(cursor)

    connection = db().connection()
    event.listen(connection, "after_cursor_execute", keep)
    try:
        yield
    except TooLongError:
        for cursor in opened:
            cursor.close()
        raise
    finally:
        event.remove(connection, "after_cursor_execute", keep)


def _few(rows: Iterable[Row]) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if number >= AT_ONCE:
            raise TooLongError
        yield row


def _told(rows: Iterable[Row], tell: Callable[[str, int], None]) -> Iterator[Row]:
    """The rows, saying now and then how many there were; how many come is not known, so the bar creeps."""
    for number, row in enumerate(rows):
        if number % TOLD_EVERY == 0:
            tell(f"已写 {number:,} 行", min(95, 5 + number // TOLD_EVERY))
        yield row
