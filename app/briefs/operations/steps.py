"""The making of a brief's file in steps, each of which may be run again: what is kept already is not made anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.briefs.models import Brief, BriefState
from app.briefs.operations.making import (
    fail_brief,
    file_of,
    finish_brief,
    freeze_brief,
    keep_snapshot,
    maker_of,
    page_of,
    tell,
)
from app.briefs.pdf import Printed, print_brief
from app.briefs.pdf.images import draw_pages
from app.kernel import clock
from config import Config


@dataclass(frozen=True)
class Workshop:
    """What the steps work with: the settings, and sessions that are committed when their block ends."""

    config: Config
    open_session: Callable[[bool], AbstractContextManager[Session]]
    """Called with whether the session only reads."""


def freeze_once(shop: Workshop, zone_id: int, brief_id: int, *, issued_on: dt.date) -> None:
    """Read the figures once and keep them. Raises ``DomainError`` with every failed self-check."""
    with shop.open_session(False) as session:
        row, _actor = maker_of(session, zone_id, brief_id)
        if row.snapshot is not None:
            return
        tell(session, row, "正在汇总数据", 5)
    with shop.open_session(True) as session:
        zone = session.get_one(Zone, zone_id)
        row, _actor = maker_of(session, zone_id, brief_id)
        snapshot = freeze_brief(session, zone, row, issued_on=issued_on, public_url=shop.config.public_url)
    with shop.open_session(False) as session:
        keep_snapshot(session, maker_of(session, zone_id, brief_id)[0], snapshot)


def print_pages(shop: Workshop, zone_id: int, brief_id: int) -> Printed:
    """Print what was kept; the file appears whole or not at all. Raises ``DomainError`` when it can't be printed."""
    with shop.open_session(True) as session:
        row, _actor = maker_of(session, zone_id, brief_id)
        snapshot, file = row.snapshot, brief_file(shop, zone_id, brief_id, session)
    if snapshot is None:
        raise RuntimeError("a brief is printed after it was frozen")
    file.parent.mkdir(parents=True, exist_ok=True)
    settings = shop.config
    printed = print_brief(snapshot, file, fonts=settings.fonts_path, site_fonts=settings.site_fonts_path)
    with shop.open_session(False) as session:
        tell(session, maker_of(session, zone_id, brief_id)[0], "正在生成页面预览", 80)
    return printed


def draw_preview(shop: Workshop, zone_id: int, brief_id: int) -> None:
    """Draw the printed pages as images. Raises ``DomainError`` when poppler is missing or fails."""
    with shop.open_session(True) as session:
        row, _actor = maker_of(session, zone_id, brief_id)
        file, folder = (
            file_of(shop.config.instance_path, row),
            page_of(shop.config.instance_path, row, 1).parent,
        )
    draw_pages(file, folder)


def complete_brief(shop: Workshop, zone_id: int, brief_id: int, printed: Printed) -> None:
    """The brief is ready. A second run changes nothing."""
    with shop.open_session(False) as session:
        row, actor = maker_of(session, zone_id, brief_id)
        finish_brief(session, actor, row, printed=printed, now=clock.now())


def give_up_brief(shop: Workshop, zone_id: int, brief_id: int, reason: str) -> None:
    """Write down why there is no file."""
    with shop.open_session(False) as session:
        row, actor = maker_of(session, zone_id, brief_id)
        fail_brief(session, actor, row, reason=reason, now=clock.now())


def is_making(shop: Workshop, zone_id: int, brief_id: int) -> bool:
    """Whether the brief is still to be made."""
    with shop.open_session(True) as session:
        return maker_of(session, zone_id, brief_id)[0].state is BriefState.making


def brief_file(shop: Workshop, zone_id: int, brief_id: int, session: Session) -> Path:
    """Where its PDF lies or will lie."""
    return file_of(shop.config.instance_path, maker_of(session, zone_id, brief_id)[0])


def begin_again(session: Session, brief: Brief, *, now: dt.datetime) -> None:
    """Let a brief that failed be made once more, with the figures of today; its job notes who asked."""
    if brief.state is BriefState.failed:
        brief.state, brief.percent, brief.step = BriefState.making, 0, "等待开始"
        brief.snapshot, brief.made_at, brief.finished_at = None, now, None
        session.flush()
