"""A brief on its way: begun from the figures, refreshed, submitted, sent back, signed, issued, archived."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.operations import note
from app.audit.rules import Actor
from app.briefs.facts import take_snapshot
from app.briefs.models import Brief, BriefDocument, BriefState, BriefStep
from app.briefs.operations.prose import check_document_version
from app.briefs.queries.documents import find_document, list_paragraphs, list_steps, next_number
from app.briefs.rules import (
    DocumentState,
    Moved,
    check_month,
    check_signer,
    check_snapshot,
    check_step,
    check_writable,
    moved,
    numbers,
    usual_outline,
    write_brief,
)
from app.briefs.rules.codes import digest_of, document_code
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
    number = month.month if month.month >= next_number(session, zone.id, month.year) else None
    document = BriefDocument(
        zone_id=zone.id,
        year=month.year,
        month=month.month,
        state=DocumentState.draft,
        number=number or next_number(session, zone.id, month.year),
        total=snapshot["zone"]["total"],
        issued_on=issued_on,
        outline=zone.brief_outline or usual_outline(),
        snapshot=snapshot,
        taken_at=now,
        started_by=actor.user_id,
        started_name=actor.name,
        started_at=now,
    )
    session.add(document)
    session.flush()
    _step(session, actor, document, DocumentState.draft, "起草", now)
    return document, True


def _read_figures(session: Session, zone: Zone, month: Month, issued_on: dt.date, public_url: str) -> Data:
    """A snapshot without its words: they are written anew whenever somebody looks."""
    snapshot = take_snapshot(session, zone, month, issued_on=issued_on, public_url=public_url)
    del snapshot["content"]
    return snapshot


def moved_since(
    session: Session, zone: Zone, document: BriefDocument, *, public_url: str
) -> tuple[list[Moved], Data]:
    """The numbers of the document that the records word differently now, and the snapshot of now."""
    month = Month(document.year, document.month, zone.cutoff_day)
    fresh = _read_figures(session, zone, month, document.issued_on, public_url)
    printed = printable(session, document)["content"]
    newer = write_brief(fresh)
    return moved([printed["opening"], printed["sections"]], [newer["opening"], newer["sections"]]), fresh


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


def objections(session: Session, zone: Zone, document: BriefDocument, *, public_url: str) -> list[str]:
    """What keeps the document from being submitted or signed, each a sentence; empty: nothing."""
    snapshot = printable(session, document)
    found = check_snapshot(snapshot)
    gone = [run["t"] for run in numbers(snapshot["content"]["sections"]) if "gone" in run]
    gone += [run["t"] for run in numbers(snapshot["content"]["opening"]) if "gone" in run]
    found += [f"正文中的“{text}”已没有对应的数据，请删除或改用现有数字" for text in gone]
    changed, _fresh = moved_since(session, zone, document, public_url=public_url)
    if changed:
        found.append(f"起草后有 {len(changed)} 个数字变动，请先更新")
    return found


def submit(
    session: Session,
    actor: Actor,
    zone: Zone,
    document: BriefDocument,
    *,
    version: int,
    now: dt.datetime,
    public_url: str,
) -> None:
    """Hand the draft in for signature. Raises ``DomainError`` with everything that is against it."""
    check_document_version(document, version)
    check_step(document.state, DocumentState.review)
    found = objections(session, zone, document, public_url=public_url)
    if found:
        raise DomainError("还不能提交签发：\n" + "\n".join(found))
    _step(session, actor, document, DocumentState.review, "", now)


def send_back(
    session: Session, actor: Actor, document: BriefDocument, *, remark: str, version: int, now: dt.datetime
) -> None:
    """Back to the writers, with a reason."""
    check_document_version(document, version)
    check_step(document.state, DocumentState.draft)
    if not remark.strip():
        raise DomainError("请写明退回修改的原因", "remark")
    _step(session, actor, document, DocumentState.draft, remark.strip(), now)


def sign(
    session: Session,
    actor: Actor,
    zone: Zone,
    document: BriefDocument,
    *,
    version: int,
    now: dt.datetime,
    public_url: str,
) -> Brief:
    """Sign the document: its file is printed next, and the document is issued with it.

    Raises ``DomainError`` while the month is not closed, for one's own submission, and as ``submit``.
    """
    check_document_version(document, version)
    check_step(document.state, DocumentState.issued)
    submitted = [s for s in list_steps(session, document) if s.state is DocumentState.review]
    check_signer(submitted[-1].person_id if submitted else None, actor.user_id)
    found = objections(session, zone, document, public_url=public_url)
    if found:
        raise DomainError("还不能签发：\n" + "\n".join(found))
    brief = Brief(
        zone_id=document.zone_id,
        year=document.year,
        month=document.month,
        document_id=document.id,
        issues=True,
        state=BriefState.making,
        step="等待开始",
        made_by=actor.user_id,
        made_name=actor.name,
        made_at=now,
    )
    session.add(brief)
    document.version += 1
    session.flush()
    note(
        session,
        actor,
        action="sign",
        entity="brief_document",
        entity_id=document.id,
        after={"brief": brief.id},
    )
    return brief


def finish_issue(
    session: Session, actor: Actor, document: BriefDocument, brief: Brief, *, now: dt.datetime
) -> None:
    """The signed file is there: the document is issued with it. A second run changes nothing."""
    if document.state is not DocumentState.review or not brief.issues or brief.sha256 is None:
        return
    document.sha256, document.code = brief.sha256, code_of(printable(session, document))
    _step(session, actor, document, DocumentState.issued, "", now)


def archive(
    session: Session, actor: Actor, document: BriefDocument, *, version: int, now: dt.datetime
) -> None:
    """Put an issued document away; it can still be read."""
    check_document_version(document, version)
    check_step(document.state, DocumentState.archived)
    _step(session, actor, document, DocumentState.archived, "", now)


def code_of(snapshot: Data) -> str:
    """The document's own number, from everything that is printed but itself."""
    rest = {key: value for key, value in snapshot.items() if key != "code"}
    month = snapshot["month"]
    return document_code(digest_of(rest), int(month[:4]), int(month[5:7]))


def _step(
    session: Session,
    actor: Actor,
    document: BriefDocument,
    state: DocumentState,
    remark: str,
    now: dt.datetime,
) -> None:
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
