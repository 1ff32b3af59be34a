"""The same answers in SQL written by hand, through the drivers themselves: what the application is measured against.

Names of parameters are written ``:name`` and rewritten for psycopg. ``figures`` gives the month's
figures of a zone, ``figures_of_all`` those of every zone at once, the others what the pages show.
"""

from __future__ import annotations

import re
import sqlite3
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

_MEMBERS = {
    "area": "p.area_id",
    "chain": "p.chain_id",
    "segment": "p.segment_id",
    "industry": "substr(p.industry, 1, 3)",
    "origin": "i.origin",
    "investor_type": "i.investor_type",
}
_WINDOWS = (("month_start", "end"), ("year_start", "end"), ("last_start", "last_end"))


class Raw:
    """One connection of the bare driver, with the settings the application uses."""

    def __init__(self, url: str) -> None:
        self.address = make_url(url)
        self.postgres = self.address.drivername.startswith("postgresql")
        self._connection: Any
        if self.postgres:
            target = self.address.set(drivername="postgresql").render_as_string(hide_password=False)
            self._connection = psycopg.connect(target, autocommit=True)
        else:
            self._connection = sqlite3.connect(self.address.database or "")
            self._connection.execute("PRAGMA cache_size=-65536")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def rows(self, sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        """All rows of one statement."""
        cursor = self._connection.cursor()
        cursor.execute(self.spelled(sql), values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def spelled(self, sql: str) -> str:
        """``sql`` with the driver's own marks for parameters."""
        if not self.postgres:
            return sql
        return re.sub(r"(?<!:):([a-z_]+)", r"%(\1)s", sql.replace("%", "%%"))

    @property
    def version(self) -> str:
        """Name and version of the database."""
        if self.postgres:
            return "PostgreSQL " + str(self.rows("SHOW server_version", {})[0][0])
        return f"SQLite {sqlite3.sqlite_version}"


def _sums(day: str, ended: str | None, counts: str | None, amount: str) -> str:
    columns = []
    for start, end in _WINDOWS:
        test = f"{day} BETWEEN :{start} AND :{end}"
        if ended:
            test += f" AND ({ended} IS NULL OR {ended} > :{end})"
        columns.append(f"coalesce(sum({counts}) FILTER (WHERE {test}), 0)" if counts else "0")
        columns.append(f"coalesce(sum({amount}) FILTER (WHERE {test}), 0)")
    return ", ".join(columns)


def _in_years(day: str) -> str:
    return f"{day} BETWEEN :last_start AND :end"


def _zone(alias: str, every: bool) -> str:
    return "" if every else f"{alias}.zone_id = :zone AND "


def _total(project: str, day: str) -> str:
    return (
        f"(SELECT sum(s.amount_fen) FROM contract s WHERE s.zone_id = {project}.zone_id"
        f" AND s.project_id = {project}.project_id"
        f" AND (s.kind = 'formal' OR s.kind = 'supplement' AND s.signed_on <= {day}))"
    )


_ENDED = " LEFT JOIN milestone t ON t.zone_id = r.zone_id AND t.project_id = r.project_id AND t.kind = 'terminated'"


def _facts(every: bool) -> list[tuple[str, str]]:
    """Kind and select of the contracts and milestones, one row a fact."""
    signed = (
        "SELECT r.zone_id, r.project_id, r.unit_id, r.signed_on AS day, CASE r.kind WHEN 'formal' THEN 1 ELSE 0 END AS counts,"
        f" r.amount_fen, CASE r.kind WHEN 'formal' THEN r.amount_fen ELSE {_total('r', 'r.signed_on')} END AS total,"
        f" t.reached_on AS ended FROM contract r{_ENDED}"
        f" WHERE {_zone('r', every)}r.kind IN ('formal', 'supplement') AND {_in_years('r.signed_on')}"
    )
    found = [("signed", signed)]
    for kind in ("started", "produced"):
        total = _total("r", "r.reached_on")
        inner = (
            f"SELECT r.zone_id, r.project_id, r.unit_id, r.reached_on AS day, 1 AS counts, {total} AS amount_fen,"
            f" t.reached_on AS ended FROM milestone r{_ENDED} JOIN contract f ON f.zone_id = r.zone_id"
            " AND f.project_id = r.project_id AND f.kind = 'formal'"
            f" WHERE {_zone('r', every)}r.kind = '{kind}' AND {_in_years('r.reached_on')}"
        )
        found.append((kind, f"SELECT m.*, m.amount_fen AS total FROM ({inner}) m"))
    return found


def _arrivals(every: bool) -> str:
    return (
        f"FROM fund_arrival a WHERE {_zone('a', every)}a.state = 'recognised' AND {_in_years('a.arrived_on')}"
    )


def figures(member: str | None = None) -> str:
    """``kind, big, member, six sums`` of one zone; the member is a unit, a source or an attribute of the project."""
    money = _sums("a.arrived_on", None, None, "a.amount_fen")
    parts = []
    if member in (None, "unit", "source"):
        own = {None: "NULL", "unit": "unit_id", "source": "source"}[member]
        for kind, facts in _facts(False):
            if member != "source":
                sums = _sums("day", "ended", "counts", "amount_fen")
                parts.append(
                    f"SELECT '{kind}', total >= 10000000000, {own}, {sums} FROM ({facts}) f GROUP BY 2, 3"
                )
        group = " GROUP BY 3" if member else ""
        parts.append(
            f"SELECT 'funds', {'0' if member == 'source' else '1 = 0'}, {own}, {money} {_arrivals(False)}{group}"
        )
        return " UNION ALL ".join(parts)
    column = _MEMBERS[member or ""]
    joins = " JOIN project p ON p.zone_id = :zone AND p.id = f.project_id"
    if column.startswith("i."):
        joins += " JOIN investor i ON i.zone_id = :zone AND i.id = p.investor_id"
    for kind, facts in _facts(False):
        sums = _sums("f.day", "f.ended", "f.counts", "f.amount_fen")
        parts.append(
            f"SELECT '{kind}', f.total >= 10000000000, {column}, {sums} FROM ({facts}) f{joins} GROUP BY 2, 3"
        )
    by_project = ", ".join(
        f"sum(a.amount_fen) FILTER (WHERE a.arrived_on BETWEEN :{start} AND :{end}) AS s{place}"
        for place, (start, end) in enumerate(_WINDOWS)
    )
    sums = ", ".join(f"0, coalesce(sum(f.s{place}), 0)" for place in range(3))
    inner = f"SELECT a.project_id, {by_project} {_arrivals(False)} GROUP BY a.project_id"
    parts.append(f"SELECT 'funds', 1 = 0, {column}, {sums} FROM ({inner}) f{joins} GROUP BY 3")
    return " UNION ALL ".join(parts)


def figures_of_all() -> str:
    """``kind, big, zone, six sums`` of all zones in one statement."""
    parts = []
    for kind, facts in _facts(True):
        sums = _sums("day", "ended", "counts", "amount_fen")
        parts.append(f"SELECT '{kind}', total >= 10000000000, zone_id, {sums} FROM ({facts}) f GROUP BY 2, 3")
    money = _sums("a.arrived_on", None, None, "a.amount_fen")
    parts.append(f"SELECT 'funds', 1 = 0, a.zone_id, {money} {_arrivals(True)} GROUP BY 3")
    return " UNION ALL ".join(parts)


ROWS = """
SELECT a.project_id, p.number, p.name, i.name, u.name, d.name, c.name, a.arrived_on, a.amount_fen, a.voucher
FROM fund_arrival a
JOIN project p ON p.zone_id = a.zone_id AND p.id = a.project_id
JOIN investor i ON i.zone_id = a.zone_id AND i.id = p.investor_id
JOIN responsible_unit u ON u.zone_id = a.zone_id AND u.id = a.unit_id
LEFT JOIN area d ON d.zone_id = a.zone_id AND d.id = p.area_id
LEFT JOIN chain c ON c.zone_id = a.zone_id AND c.id = p.chain_id
WHERE a.zone_id = :zone AND a.state = 'recognised' AND a.arrived_on BETWEEN :year_start AND :end
ORDER BY a.arrived_on DESC, a.id
"""


def project_page(condition: str, order: str) -> str:
    """Fifty rows of the project list."""
    return f"""
SELECT p.id, p.number, p.name, i.name, p.stage, d.name, c.name, u.name, p.officer, p.signed_on, p.total_fen,
  (SELECT coalesce(sum(a.amount_fen), 0) FROM fund_arrival a
   WHERE a.zone_id = p.zone_id AND a.project_id = p.id AND a.state = 'recognised'),
  CASE p.stage WHEN 'signed' THEN p.signed_on ELSE (SELECT m.reached_on FROM milestone m
   WHERE m.zone_id = p.zone_id AND m.project_id = p.id
   AND m.kind = CASE WHEN p.stage IN ('lead', 'talks') THEN 'first_contact' ELSE p.stage END) END
FROM project p
JOIN investor i ON i.zone_id = p.zone_id AND i.id = p.investor_id
JOIN responsible_unit u ON u.zone_id = p.zone_id AND u.id = p.unit_id
LEFT JOIN area d ON d.zone_id = p.zone_id AND d.id = p.area_id
LEFT JOIN chain c ON c.zone_id = p.zone_id AND c.id = p.chain_id
WHERE p.zone_id = :zone AND {condition}
ORDER BY {order} LIMIT 50 OFFSET :offset
"""


SEARCH = """
SELECT count(*) FROM search_entry
WHERE zone_id = :zone AND (text LIKE :part OR pinyin LIKE :part OR initials LIKE :part)
"""


def project_sums(condition: str) -> str:
    """The sums over the filtered list."""
    return f"""
SELECT count(*), sum(p.total_fen), sum(m.fen), sum(CASE WHEN p.total_fen >= 10000000000 THEN 1 ELSE 0 END),
  sum(CASE WHEN p.total_fen >= 10000000000 THEN p.total_fen ELSE 0 END)
FROM project p LEFT JOIN (SELECT project_id, sum(amount_fen) AS fen FROM fund_arrival
  WHERE zone_id = :zone AND state = 'recognised' GROUP BY project_id) m ON m.project_id = p.id
WHERE p.zone_id = :zone AND {condition}
"""


PROJECT_TABS = """
SELECT count(*),
  count(*) FILTER (WHERE signed_on BETWEEN :year_start AND :end AND stage NOT IN ('terminated', 'lost')),
  count(*) FILTER (WHERE total_fen >= 10000000000),
  count(*) FILTER (WHERE stage IN ('signed', 'landed')),
  count(*) FILTER (WHERE stage = 'talks')
FROM project WHERE zone_id = :zone
"""


def posted_figures(member: str | None = None) -> str:
    """As ``figures``, from the entries of the books up to step ``:seq``; what they took back is below zero."""
    column = {None: "NULL", "industry": "substr(industry, 1, 3)"}.get(member) or (
        f"{member}_id" if member in ("unit", "area", "chain", "segment") else member
    )
    sums = _sums("on_day", "ended_on", "sign * counts", "sign * amount_fen")
    return (
        f"SELECT kind, big, {column}, {sums} FROM journal_entry"
        " WHERE zone_id = :zone AND seq <= :seq AND kind IN ('signed', 'started', 'produced', 'funds')"
        f" AND {_in_years('on_day')} GROUP BY 1, 2, 3"
    )
