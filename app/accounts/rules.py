"""Roles and what they may do; passwords; locks."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from app.kernel.errors import DomainError

MAX_FAILURES = 5
LOCK_MINUTES = 15
MIN_PASSWORD = 10
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}", re.ASCII)


class Role(StrEnum):
    """What a person is in a zone (domain.md §7.1)."""

    officer = "officer"
    reviewer = "reviewer"
    leader = "leader"
    administrator = "administrator"
    auditor = "auditor"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {
            "officer": "招商专员",
            "reviewer": "审核岗",
            "leader": "管委会领导",
            "administrator": "系统管理员",
            "auditor": "审计员",
        }[self.value]


class Permission(StrEnum):
    """One thing a route may ask for."""

    read = "read"
    read_leads = "read_leads"
    """Leads are commercially sensitive (domain.md §7.7): nobody reads them for administration's sake."""
    enter = "enter"
    review = "review"
    import_ledger = "import_ledger"
    make_form = "make_form"
    """Upload a superior's workbook (上报表) and tie it to fields and figures."""
    fill_form = "fill_form"
    """Fill a form for a month and take the file away."""
    make_brief = "make_brief"
    issue_brief = "issue_brief"
    """Sign a brief that another has submitted (签发)."""
    close_month = "close_month"
    """Close a month (关账), and take what is open on its checklist upon oneself (豁免)."""
    reopen_month = "reopen_month"
    """Open the month closed last again; nobody who may close."""
    hand_over = "hand_over"
    acknowledge = "acknowledge"
    """Accept an excuse for a warning; never one's own."""
    administer = "administer"
    read_phone = "read_phone"
    """See a contact's whole number, which goes on record; ``app.investors.rules.may_reveal`` says whose."""
    merge_investors = "merge_investors"
    audit = "audit"
    """Read who did what; an auditor does nothing else (三员分立, domain.md §8)."""


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.officer: frozenset(
        {
            Permission.read,
            Permission.read_leads,
            Permission.enter,
            Permission.fill_form,
            Permission.read_phone,
        }
    ),
    Role.reviewer: frozenset(
        {
            Permission.read,
            Permission.read_leads,
            Permission.enter,
            Permission.make_form,
            Permission.fill_form,
            Permission.review,
            Permission.read_phone,
            Permission.merge_investors,
            Permission.import_ledger,
            Permission.make_brief,
            Permission.close_month,
            Permission.hand_over,
            Permission.acknowledge,
        }
    ),
    Role.leader: frozenset(
        {
            Permission.read,
            Permission.read_leads,
            Permission.fill_form,
            Permission.acknowledge,
            Permission.issue_brief,
        }
    ),
    Role.administrator: frozenset(
        {
            Permission.read,
            Permission.import_ledger,
            Permission.make_form,
            Permission.fill_form,
            Permission.make_brief,
            Permission.issue_brief,
            Permission.reopen_month,
            Permission.hand_over,
            Permission.administer,
            Permission.read_phone,
            Permission.merge_investors,
            Permission.audit,
        }
    ),
    Role.auditor: frozenset({Permission.read, Permission.read_leads, Permission.audit}),
}


def may(role: Role, permission: Permission) -> bool:
    """Whether ``role`` holds ``permission``."""
    return permission in PERMISSIONS[role]


@dataclass(frozen=True)
class Scope:
    """What a person may see and do: the zone, the own unit and the role, decided on the server."""

    zone_id: int
    unit_id: int | None
    role: Role

    def may(self, permission: Permission) -> bool:
        """Whether the role holds ``permission``."""
        return may(self.role, permission)

    def may_edit_unit(self, unit_id: int) -> bool:
        """Officers edit projects of their own unit; reviewers those of the whole zone."""
        if not self.may(Permission.enter):
            return False
        return self.role is Role.reviewer or self.unit_id is None or self.unit_id == unit_id


def check_password(password: str, *, login: str) -> None:
    """Refuse a weak password: ten characters, three of four classes, not the sign-in name (等保, domain.md §8)."""
    classes = [
        any(c.islower() for c in password),
        any(c.isupper() for c in password),
        any(c.isdigit() for c in password),
        any(not c.isalnum() for c in password),
    ]
    if len(password) < MIN_PASSWORD or sum(classes) < 3:
        raise DomainError("密码至少 10 位，并包含大写字母、小写字母、数字、符号中的三类", "password")
    if login and login.casefold() in password.casefold():
        raise DomainError("密码不能包含登录名", "password")


def locked_after(failures: int, now: dt.datetime) -> dt.datetime | None:
    """Until when an account is locked after so many failures in a row; None when it is not."""
    return now + dt.timedelta(minutes=LOCK_MINUTES) if failures >= MAX_FAILURES else None


def is_locked(locked_until: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether an account may not sign in yet."""
    return locked_until is not None and locked_until > now


def check_login(login: str) -> None:
    """Refuse a sign-in name that cannot be typed everywhere."""
    if not LOGIN.fullmatch(login):
        raise DomainError("登录名请用 2 至 40 位小写字母、数字、点、横线或下划线，以字母或数字开头", "login")
