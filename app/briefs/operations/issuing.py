"""From draft to archive: submitted, sent back, signed, issued with its file, put away."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.operations import note
from app.audit.rules import Actor
from app.briefs.models import Brief, BriefDocument, BriefState
from app.briefs.operations.documents import check_closed, code_of, objections, printable, take_step
from app.briefs.operations.prose import check_document_version
from app.briefs.operations.wording import take_words
from app.briefs.queries.documents import list_comments, list_steps
from app.briefs.rules import DocumentState, check_signer, check_step
from app.kernel.errors import DomainError


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
    left = _open_comments(session, document)
    if left:
        found.append(f"还有 {left} 条批注没有处理，请在“批注”中逐条处理")
    if found:
        raise DomainError("还不能提交签发：\n" + "\n".join(found))
    take_step(session, actor, document, DocumentState.review, "", now)


def send_back(
    session: Session, actor: Actor, document: BriefDocument, *, remark: str, version: int, now: dt.datetime
) -> None:
    """Back to the writers, with a reason."""
    check_document_version(document, version)
    check_step(document.state, DocumentState.draft)
    if not remark.strip():
        raise DomainError("请写明退回修改的原因", "remark")
    take_step(session, actor, document, DocumentState.draft, remark.strip(), now)
    take_words(session, actor, session.get_one(Zone, document.zone_id), document)


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
    check_closed(session, document)
    found = objections(session, zone, document, public_url=public_url)
    left = _open_comments(session, document)
    if left:
        found.append(f"还有 {left} 条批注没有处理，请退回修改")
    if found:
        raise DomainError("还不能签发：\n" + "\n".join(found))
    brief = _file(session, actor, document, issues=True, now=now)
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


def _open_comments(session: Session, document: BriefDocument) -> int:
    """How many nobody has settled: what a signer wants changed must not be issued unchanged."""
    return sum(row.resolved_at is None for row in list_comments(session, document))


def start_document_file(
    session: Session, actor: Actor, document: BriefDocument, *, now: dt.datetime
) -> Brief:
    """A file of the document as it stands, to be printed next; the document stays what it is."""
    brief = _file(session, actor, document, issues=False, now=now)
    after = {"month": f"{document.year}-{document.month:02d}"}
    note(session, actor, action="start_brief", entity="brief", entity_id=brief.id, after=after)
    return brief


def _file(
    session: Session, actor: Actor, document: BriefDocument, *, issues: bool, now: dt.datetime
) -> Brief:
    brief = Brief(
        zone_id=document.zone_id,
        year=document.year,
        month=document.month,
        document_id=document.id,
        issues=issues,
        state=BriefState.making,
        percent=0,
        step="等待开始",
        made_by=actor.user_id,
        made_name=actor.name,
        made_at=now,
    )
    session.add(brief)
    session.flush()
    return brief


def finish_issue(
    session: Session, actor: Actor, document: BriefDocument, brief: Brief, *, now: dt.datetime
) -> None:
    """The signed file is there: the document is issued with it. A second run changes nothing."""
    if document.state is not DocumentState.review or not brief.issues or brief.sha256 is None:
        return
    document.sha256, document.code = brief.sha256, code_of(printable(session, document))
    take_step(session, actor, document, DocumentState.issued, "", now)


def archive(
    session: Session, actor: Actor, document: BriefDocument, *, version: int, now: dt.datetime
) -> None:
    """Put an issued document away; it can still be read."""
    check_document_version(document, version)
    check_step(document.state, DocumentState.archived)
    take_step(session, actor, document, DocumentState.archived, "", now)
