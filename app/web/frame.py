"""What stands around every page: navigation, search, quick entry, the month in work, the person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, current_app, g, request, url_for

from app.accounts.rules import Permission
from app.activities.queries import Waiting, waiting_counts
from app.activities.rules import week_end
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.periods import Month
from app.web.filters import this_page
from app.web.jobs.queueing import COOKIE
from app.web.session import db, find_current, is_closed, month_in_work, remembered_month


@dataclass(frozen=True)
class Entry:
    """One line of the navigation: where it leads, its Chinese name, its icon, and who sees it."""

    endpoint: str
    name: str
    icon: str
    permission: Permission = Permission.read
    group: int = 0
    count: int = 0
    """How much waits there for the person."""
    also: tuple[str, ...] = ()
    """Other areas whose pages stand under it."""
    exact: bool = False
    """It stands for its own page only, not for the others of the area."""
    counted_by: str = ""
    """The endpoint that counts it when the page is there already."""

    @property
    def address(self) -> str:
        """Where it leads."""
        return url_for(self.endpoint)

    @property
    def is_here(self) -> bool:
        """Whether the page belongs to this entry."""
        if self.exact:
            return request.endpoint == self.endpoint
        return (request.endpoint or "").split(".")[0] in (self.endpoint.split(".")[0], *self.also)


NAVIGATION = (
    Entry("home.home", "工作台", "dashboard"),
    Entry("leads.list_leads", "线索", "bulb", Permission.read_leads),
    Entry("pipeline.list_projects", "项目", "factory"),
    Entry("funds.list_arrivals", "到位资金", "coins"),
    Entry("stages.review_requests", "阶段审核", "check", Permission.review),
    Entry("activities.list_activities", "活动", "calendar"),
    Entry("investors.list_investors", "企业", "building"),
    Entry("warnings.list_warnings", "预警", "warning", counted_by="warnings.count_warnings"),
    Entry("figures.catalogue", "统计", "table", group=1),
    Entry("briefs.list_briefs", "简报", "report", group=1),
    Entry("closing.list_months", "月度关账", "lock", group=1, counted_by="closing.count_open"),
    Entry(
        "ledger.list_imports", "导入导出", "transfer", Permission.import_ledger, 2, also=("reporting", "jobs")
    ),
    Entry("jobs.list_all", "导入导出", "transfer", group=2, also=("reporting",)),
    Entry("handover.preview", "工作交接", "handover", Permission.hand_over, group=2),
    Entry("admin.list_users", "管理", "settings", Permission.administer, group=2),
    Entry("audit.list_entries", "操作记录", "history", Permission.audit, group=2),
)
PHONE = (
    Entry("home.home", "今日", "today"),
    Entry("activities.choose_entry", "记一笔", "note", Permission.enter, exact=True),
    Entry("pipeline.list_projects", "项目", "factory"),
    Entry("figures.catalogue", "统计", "table"),
    Entry("briefs.list_briefs", "简报", "report"),
)
ON_PHONE = 4
"""Entries of the bar at the bottom beside 更多; who enters finds 统计 there."""
QUICK = (
    Entry("leads.register_lead", "登记线索", "bulb", Permission.enter),
    Entry("activities.log_activity", "记活动", "calendar", Permission.enter),
    Entry("funds.record_arrival", "登记到账", "coins", Permission.enter),
    Entry("pipeline.register_project", "登记项目", "factory", Permission.enter),
)


def _allowed(entries: tuple[Entry, ...]) -> list[Entry]:
    person = find_current()
    if person is None:
        return []
    allowed = [e for e in entries if e.endpoint in current_app.view_functions and person.may(e.permission)]
    # Two entries of one name lead to the same area by what the person may do there: the first one stands.
    return list({entry.name: entry for entry in reversed(allowed)}.values())[::-1]


def _phone_entries() -> list[Entry]:
    allowed = _allowed(PHONE)
    return [e for e in allowed if len(allowed) <= ON_PHONE or e.endpoint != "figures.catalogue"]


def _counted(entries: list[Entry]) -> list[Entry]:
    """The entries with how much waits: tasks and returned arrivals, and arrivals to review. One query."""
    waiting = waits()
    if waiting is None:
        return entries
    counts = {
        "home.home": waiting.tasks + waiting.returned,
        "funds.list_arrivals": waiting.reviews,
        "stages.review_requests": waiting.stages,
    }
    return [replace(entry, count=counts.get(entry.endpoint, 0)) for entry in entries]


def waits() -> Waiting | None:
    """How much waits for the person, counted once a request; None for who enters nothing."""
    person = find_current()
    if person is None or not person.may(Permission.enter):
        return None
    if "waits" not in g:
        until = week_end(clock.today())
        g.waits = waiting_counts(db(), person.scope, person.user_id, until=until)
    found: Waiting = g.waits
    return found


def _month() -> Month | None:
    """The month shown at the top; a month in the address that is none is told on the page itself."""
    if find_current() is None:
        return None
    try:
        return month_in_work()
    except DomainError:
        return remembered_month()


def _search_address() -> str:
    return url_for("search.find")


def register_frame(app: Flask) -> None:
    """Give the person, the month and the navigation to every template."""

    @app.context_processor
    def frame() -> dict[str, Any]:
        person, month = find_current(), _month()
        navigation, phone = _counted(_allowed(NAVIGATION)), _phone_entries()
        below = {entry.endpoint for entry in phone}
        return {
            "person": person,
            "navigation": navigation,
            "quick_entries": _allowed(QUICK),
            "phone_entries": phone,
            "phone_more": [entry for entry in navigation if entry.endpoint not in below],
            "search_address": _search_address(),
            "same_page": this_page(month=None, page=None) if request.method == "GET" else "/",
            "frame_month": month,
            "frame_closed": month is not None and is_closed(month),
            "jobs_running": request.cookies.get(COOKIE) == "1",
        }
