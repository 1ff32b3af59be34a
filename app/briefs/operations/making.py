"""Making a brief: begun by a person, frozen, printed in a process of its own, finished or failed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.operations import note
from app.audit.rules import Actor
from app.briefs.facts import take_snapshot
from app.briefs.facts.basis import usual_reading
from app.briefs.models import Brief, BriefState
from app.briefs.operations.documents import freeze_document
from app.briefs.operations.issuing import finish_issue
from app.briefs.pdf import Printed
from app.briefs.queries import find_making, get_brief, get_document
from app.briefs.queries.documents import find_document
from app.briefs.rules import check_month, check_snapshot, is_silent, write_brief
from app.kernel.errors import DomainError
from app.kernel.periods import Month


def start_brief(
    session: Session, actor: Actor, zone: Zone, *, month: Month, now: dt.datetime, today: dt.date
) -> tuple[Brief, bool]:
    """A new brief of ``month`` in state making, and True; or the one being made just now, and False.

    Raises ``DomainError`` for a month that has not begun, and for one whose brief is issued: a second file
    beside it would pass for it.
    """
    check_month(month, today)
    document = find_document(session, zone.id, month)
    if document is not None and document.state.is_final:
        raise DomainError(f"{month.label}简报已印发，请下载印发的文件；以后的更正列入下月简报")
    running = find_making(session, zone.id, month)
    if running is not None and not is_silent(running.made_at, now):
        return running, False
    brief = Brief(
        zone_id=zone.id,
        year=month.year,
        month=month.month,
        state=BriefState.making,
        percent=0,
        step="等待开始",
        made_by=actor.user_id,
        made_name=actor.name,
        made_at=now,
    )
    session.add(brief)
    session.flush()
    note(
        session, actor, action="start_brief", entity="brief", entity_id=brief.id, after={"month": str(month)}
    )
    return brief, True


def freeze_facts(
    session: Session, zone: Zone, *, month: Month, issued_on: dt.date, public_url: str
) -> dict[str, Any]:
    """The checked snapshot of ``month``, on its close when it stands closed; reads only. Raises ``DomainError`` with every failed self-check."""
    reading = usual_reading(session, zone, month)
    snapshot = take_snapshot(
        session, zone, month, issued_on=issued_on, public_url=public_url, reading=reading
    )
    if zone.brief_outline:
        snapshot |= {"prose": {"outline": zone.brief_outline, "paragraphs": []}}
        snapshot["content"] = write_brief(snapshot)
    failed = check_snapshot(snapshot)
    if failed:
        raise DomainError("数据自检未通过，未生成简报：\n" + "\n".join(failed))
    return snapshot


def freeze_brief(
    session: Session, zone: Zone, brief: Brief, *, issued_on: dt.date, public_url: str
) -> dict[str, Any]:
    """What the file of ``brief`` is printed from: its document, or the records of its month. Raises as both do."""
    if brief.document_id is not None:
        document = get_document(session, brief.zone_id, brief.document_id)
        return freeze_document(session, document, issues=brief.issues)
    month = Month(brief.year, brief.month, zone.cutoff_day)
    return freeze_facts(session, zone, month=month, issued_on=issued_on, public_url=public_url)


def keep_snapshot(session: Session, brief: Brief, snapshot: dict[str, Any]) -> None:
    """Store what the brief is printed from."""
    brief.snapshot = snapshot
    tell(session, brief, "正在排版", 30)


def tell(session: Session, brief: Brief, step: str, percent: int) -> None:
    """How far the making is; said only of one that is under way."""
    if brief.state is BriefState.making:
        brief.step, brief.percent = step, percent
        session.flush()


def finish_brief(session: Session, actor: Actor, brief: Brief, *, printed: Printed, now: dt.datetime) -> None:
    """The file is there: the brief is ready. A second run changes nothing."""
    if brief.state is not BriefState.making:
        return
    brief.state, brief.percent, brief.finished_at = BriefState.ready, 100, now
    brief.pages, brief.sha256 = printed.pages, printed.sha256
    brief.step = f"以下字由后备字体代替，请核对：{printed.fallback}" if printed.fallback else "已生成"
    session.flush()
    after = {"pages": printed.pages, "sha256": printed.sha256}
    note(session, actor, action="finish_brief", entity="brief", entity_id=brief.id, after=after)
    if brief.document_id is not None and brief.issues:
        finish_issue(session, actor, get_document(session, brief.zone_id, brief.document_id), brief, now=now)


def fail_brief(session: Session, actor: Actor, brief: Brief, *, reason: str, now: dt.datetime) -> None:
    """The making ended without a file; ``reason`` is a Chinese sentence for its maker."""
    if brief.state is not BriefState.making:
        return
    brief.state, brief.step, brief.finished_at = BriefState.failed, reason[:300], now
    session.flush()
    note(
        session,
        actor,
        action="fail_brief",
        entity="brief",
        entity_id=brief.id,
        after={"reason": reason[:300]},
    )


def maker_of(session: Session, zone_id: int, brief_id: int) -> tuple[Brief, Actor]:
    """A brief of the zone, and the person who asked for it."""
    brief = get_brief(session, zone_id, brief_id)
    return brief, Actor(zone_id, brief.made_by, brief.made_name)


def file_of(folder: Path, brief: Brief) -> Path:
    """Where the PDF of a brief lies below the instance folder; page images lie beside it."""
    return folder / "briefs" / str(brief.zone_id) / f"{brief.id}.pdf"


def page_of(folder: Path, brief: Brief, number: int) -> Path:
    """The image of one page, counted from 1."""
    return file_of(folder, brief).with_suffix("") / f"{number:03d}.png"
