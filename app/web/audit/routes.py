"""The audit log: searched, exported, and checked for tampering."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.audit.models import AuditEntry
from app.audit.queries import AuditFilter, count_entries, iter_entries, search_entries, verify_chain
from app.audit.rules import Head
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.text import clean
from app.ledger.workbook.writing import Column, Item
from app.web.audit.deeds import ENTITIES
from app.web.audit.records import PAGES, find_records, record_names
from app.web.audit.words import Change, changes, ids_in, what
from app.web.downloads import send_table
from app.web.filters import when
from app.web.guards import needs
from app.web.lists import LONGEST_TEXT, PAGE, Chip, in_days, in_words, read_day, read_page, read_text
from app.web.session import current, db

CLOSED = ("lead", "activity", "task")
"""Of these, people who may not read leads see that something was done, but not what it says (domain.md §7.7)."""
blueprint = Blueprint("audit", __name__, url_prefix="/audit")
COLUMNS = [
    Column("序号", "count", 9),
    Column("时间", width=17),
    Column("人员", width=12),
    Column("网络地址", width=16),
    Column("操作", width=18),
    Column("对象", width=32),
    Column("内容", width=80),
    Column("请求号", width=18),
    Column("校验值", width=66),
]


@dataclass(frozen=True)
class Line:
    """One entry in words; ``address`` leads to its record, where that has a page. ``closed``: not for this person."""

    entry: AuditEntry
    what: str
    name: str
    address: str | None
    changes: list[Change]
    closed: bool


@blueprint.get("")
@needs(Permission.audit)
def list_entries() -> str:
    """The entries that match, newest first."""
    zone_id, wanted = current().zone.id, _read_filter()
    total = count_entries(db(), zone_id, wanted)
    page, pages = read_page(request.args, total)
    entries = search_entries(db(), zone_id, wanted, offset=(page - 1) * PAGE, limit=PAGE)
    names = record_names(db(), zone_id, ids_in(entries), leads=_reads_leads())
    return render_template(
        "audit/entries.html",
        lines=[_line(entry, names) for entry in entries],
        entities=ENTITIES,
        asked=_asked(),
        chips=_chips(),
        page=page,
        pages=pages,
        total=total,
        export=url_for(".export_entries", **dict[str, Any](_asked())),
    )


@blueprint.get("/export.xlsx")
@needs(Permission.audit)
def export_entries() -> Response:
    """Exactly the entries that match, oldest first, with their hashes."""
    zone = current().zone
    name = f"{zone.name}操作记录{clock.today():%Y%m%d}"
    return send_table(
        name, COLUMNS, _cells(zone.id, _read_filter()), None, conditions=in_words(_chips()), sheet="操作记录"
    )


@blueprint.get("/check")
@needs(Permission.audit)
def check_chain() -> str:
    """Whether anything of the log was altered, removed, added or moved; beside an end noted earlier if given."""
    text, known, refused = clean(request.args.get("known", "")), None, ""
    try:
        known = Head.parse(text) if text else None
    except DomainError as error:
        refused = error.message
    report = None if refused else verify_chain(db(), current().zone.id, known)
    return render_template(
        "audit/check.html", report=report, known=known, typed=text, refused=refused, at=clock.now()
    )


def _read_filter() -> AuditFilter:
    """What the address asks for. Raises ``DomainError`` for a day that is none."""
    asked = _asked()
    record = asked.get("record", "")
    return AuditFilter(
        who=asked.get("who", ""),
        entity=asked.get("entity", ""),
        records=find_records(db(), current().zone.id, record, leads=_reads_leads()) if record else None,
        since=read_day(request.args, "from"),
        until=read_day(request.args, "to"),
        text=asked.get("q", ""),
        closed=() if _reads_leads() else CLOSED,
    )


def _reads_leads() -> bool:
    return current().may(Permission.read_leads)


def _asked() -> dict[str, str]:
    """The conditions of the address as they were typed, without those that are empty or unknown."""
    asked = {name: clean(request.args.get(name, ""))[:LONGEST_TEXT] for name in ("who", "record")}
    asked["entity"] = request.args.get("entity", "")
    if asked["entity"] not in ENTITIES:
        asked["entity"] = ""
    asked["q"] = read_text(request.args)
    for name in ("from", "to"):
        asked[name] = request.args.get(name, "")
    return {name: text for name, text in asked.items() if text}


def _chips() -> list[Chip]:
    asked = _asked()

    def without(*names: str) -> str:
        kept: dict[str, Any] = {k: v for k, v in asked.items() if k not in names}
        return url_for(".list_entries", **kept)

    words = {"who": "人员", "record": "名称", "q": "内容"}
    found = [Chip(label, asked[name], without(name)) for name, label in words.items() if name in asked]
    if "entity" in asked:
        found.append(Chip("对象", ENTITIES[asked["entity"]], without("entity")))
    days = in_days(read_day(request.args, "from"), read_day(request.args, "to"))
    if days:
        found.append(Chip("日期", days, without("from", "to")))
    return found


def _line(entry: AuditEntry, names: dict[int, str]) -> Line:
    endpoint, argument = PAGES.get(entry.entity, ("", ""))
    name = names.get(entry.entity_id, "")
    values: dict[str, Any] = {argument: entry.entity_id}
    address = url_for(endpoint, **values) if endpoint and name else None
    closed = entry.entity in CLOSED and not _reads_leads()
    return Line(entry, what(entry), name, address, [] if closed else changes(entry, names), closed)


def _cells(zone_id: int, wanted: AuditFilter) -> Iterator[list[Item]]:
    for entries in iter_entries(db(), zone_id, wanted, size=500):
        names = record_names(db(), zone_id, ids_in(entries), leads=_reads_leads())
        for line in (_line(entry, names) for entry in entries):
            entry: Any = line.entry
            yield [
                entry.seq,
                when(entry.at),
                entry.actor_name,
                entry.address,
                line.what,
                line.name,
                "；".join(_told(change) for change in line.changes)[:32000],
                entry.request_id,
                entry.hash,
            ]


def _told(change: Change) -> str:
    return f"{change.label} {change.new if change.old is None else f'{change.old} → {change.new}'}"
