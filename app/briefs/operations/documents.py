"""A brief on its way: begun from the figures, refreshed, submitted, sent back, signed, issued, archived."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.operations import note
from app.audit.rules import Actor
from app.briefs.facts import take_snapshot
from app.briefs.facts.basis import usual_reading
from app.briefs.models import BriefDocument, BriefStep
from app.briefs.operations.prose import check_document_version
from app.briefs.queries.documents import find_document, free_number, list_paragraphs
from app.briefs.rules import (
    DocumentState,
    Moved,
    check_month,
    check_snapshot,
    check_writable,
    known_numbers,
    moved,
    numbers,
    unwritten,
    usual_outline,
    write_brief,
)
from app.briefs.rules.codes import digest_of, document_code
from app.journal.queries import read_books
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.periods import Month

Data = dict[str, Any]


def open_document(
    session: Session,
    actor: Actor,
    zone: Zone,
    *,
    month: Month,
    issued_on: dt.date,
    now: dt.datetime,
    today: dt.date,
    public_url: str,
) -> tuple[BriefDocument, bool]:
    """The document of ``month`` and False, or a new draft written from the figures and True.

    Raises ``DomainError`` for a month that has not begun.
    """
    check_month(month, today)
    found = find_document(session, zone.id, month)
    if found is not None:
        return found, False
    snapshot = _read_figures(session, zone, month, issued_on, public_url)
    document = BriefDocument(
        zone_id=zone.id,
        year=month.year,
        month=month.month,
        state=DocumentState.draft,
        number=free_number(session, zone.id, month),
        total=snapshot["zone"]["total"],
        issued_on=issued_on,
        outline=zone.brief_outline or usual_outline(),
        snapshot=snapshot,
        taken_at=now,
        close_hash=snapshot.get("close_hash", ""),
        started_by=actor.user_id,
        started_name=actor.name,
        started_at=now,
    )
    session.add(document)
    session.flush()
    take_step(session, actor, document, DocumentState.draft, "起草", now)
    return document, True


def _read_figures(session: Session, zone: Zone, month: Month, issued_on: dt.date, public_url: str) -> Data:
    """A snapshot without its words, on the close of the month when it stands closed: words are written anew
    whenever somebody looks.
    """
    reading = usual_reading(session, zone, month)
    snapshot = take_snapshot(
        session, zone, month, issued_on=issued_on, public_url=public_url, reading=reading
    )
    del snapshot["content"]
    return snapshot


def moved_since(
    session: Session, zone: Zone, document: BriefDocument, *, public_url: str
) -> tuple[list[Moved], Data]:
    """The numbers of the document that the records word differently now, and the snapshot of now."""
    month = Month(document.year, document.month, zone.cutoff_day)
    fresh = _read_figures(session, zone, month, document.issued_on, public_url)
    printed = printable(session, document)["content"]
    words = {"words": document.snapshot.get("words")}
    return moved([printed["opening"], printed["sections"]], known_numbers(fresh | words)), fresh


def refresh_numbers(
    session: Session,
    actor: Actor,
    zone: Zone,
    document: BriefDocument,
    *,
    version: int,
    now: dt.datetime,
    public_url: str,
) -> list[Moved]:
    """Read the figures anew; people's words stay around them. Returns the numbers that changed."""
    check_writable(document.state)
    check_document_version(document, version)
    changed, fresh = moved_since(session, zone, document, public_url=public_url)
    document.snapshot, document.taken_at = fresh, now
    document.close_hash = fresh.get("close_hash", "")
    document.version += 1
    session.flush()
    after = {number.address: number.now for number in changed}
    before = {number.address: number.before for number in changed}
    note(
        session,
        actor,
        action="refresh_numbers",
        entity="brief_document",
        entity_id=document.id,
        before=before,
        after=after,
    )
    return changed


def set_heads(
    session: Session,
    actor: Actor,
    document: BriefDocument,
    *,
    number: int,
    total: int | None,
    issued_on: dt.date,
    version: int,
) -> None:
    """期号, 总期号 and the day under the masthead. Raises ``DomainError`` for a number that is taken."""
    check_writable(document.state)
    check_document_version(document, version)
    before = {"number": document.number, "total": document.total, "issued_on": document.issued_on}
    after = {"number": number, "total": total, "issued_on": issued_on}
    if before == after:
        return
    document.number, document.total, document.issued_on = number, total, issued_on
    document.version += 1
    session.flush()
    note(
        session,
        actor,
        action="set_heads",
        entity="brief_document",
        entity_id=document.id,
        before=before,
        after=after,
    )


def printable(session: Session, document: BriefDocument) -> Data:
    """The whole snapshot of the document as it would be printed now: numbers, people's paragraphs, content."""
    paragraphs = [
        {
            "section": p.section,
            "key": p.key,
            "free": p.free,
            "after": p.after,
            "left_out": p.left_out,
            "runs": p.runs,
        }
        for p in list_paragraphs(session, document)
    ]
    zone = document.snapshot["zone"] | {"number": document.number, "total": document.total}
    snapshot = document.snapshot | {
        "zone": zone,
        "issued_on": document.issued_on.isoformat(),
        "prose": {"outline": document.outline, "paragraphs": paragraphs},
    }
    return snapshot | {"content": write_brief(snapshot)}


def freeze_document(session: Session, document: BriefDocument, *, issues: bool) -> Data:
    """What the file of the document is printed from; an issued one carries its number.

    Raises ``DomainError`` with every failed self-check.
    """
    snapshot = printable(session, document)
    failed = check_snapshot(snapshot)
    if failed:
        raise DomainError("数据自检未通过，未生成简报：\n" + "\n".join(failed))
    if issues:
        check_closed(session, document)
        return snapshot | {"code": code_of(snapshot)}
    when = document.taken_at.astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M")
    return snapshot | {"draft_said": f"草稿，未经签发　数据取自 {when}"}


def check_closed(session: Session, document: BriefDocument) -> None:
    """Refuse to issue a document that ``unclosed`` speaks against."""
    against = unclosed(session, document)
    if against:
        raise DomainError(against)


def unclosed(session: Session, document: BriefDocument) -> str:
    """Why it cannot be issued: the month is open, or the numbers are not of the close that stands; or ""."""
    month = Month(document.year, document.month)
    step = read_books(session, document.zone_id).find(month)
    if step is None:
        return f"{month.label}尚未关账，不能签发；请先在“月度关账”办理关账"
    if step.hash != document.close_hash:
        return f"简报的数据不是按{month.label}现行关账读取的，不能签发；请退回草稿，更新数字后重新提交"
    return ""


def objections(session: Session, zone: Zone, document: BriefDocument, *, public_url: str) -> list[str]:
    """What keeps the document from being submitted or signed, each a sentence; empty: nothing."""
    snapshot = printable(session, document)
    found = check_snapshot(snapshot)
    gone = [run["t"] for run in numbers(snapshot["content"]["sections"]) if "gone" in run]
    gone += [run["t"] for run in numbers(snapshot["content"]["opening"]) if "gone" in run]
    found += [f"正文中的“{text}”已没有对应的数据，请删除或改用现有数字" for text in gone]
    found += unwritten(row.runs for row in list_paragraphs(session, document) if not row.left_out)
    changed, _fresh = moved_since(session, zone, document, public_url=public_url)
    if changed:
        found.append(f"起草后有 {len(changed)} 个数字变动，请先更新")
    return found


def code_of(snapshot: Data) -> str:
    """The document's own number, from everything that is printed but itself."""
    rest = {key: value for key, value in snapshot.items() if key not in ("code", "draft_said")}
    month = snapshot["month"]
    return document_code(digest_of(rest), int(month[:4]), int(month[5:7]))


def take_step(
    session: Session,
    actor: Actor,
    document: BriefDocument,
    state: DocumentState,
    remark: str,
    now: dt.datetime,
) -> None:
    """Write down a step and who took it; the rules have allowed it."""
    before = document.state
    document.state = state
    document.version = (document.version or 0) + 1
    session.add(
        BriefStep(
            zone_id=document.zone_id,
            document_id=document.id,
            state=state,
            person_id=actor.user_id,
            person_name=actor.name,
            remark=remark[:500],
            at=now,
        )
    )
    session.flush()
    note(
        session,
        actor,
        action="brief_step",
        entity="brief_document",
        entity_id=document.id,
        before={"state": before.value},
        after={"state": state.value} | ({"remark": remark} if remark else {}),
    )
