"""What makes an investor's record true."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from stdnum.cn import uscc

from app.accounts.rules import Permission, Role, Scope
from app.kernel.errors import DomainError
from app.kernel.text import narrow


class InvestorType(StrEnum):
    """企业性质; ``unknown`` until somebody has said it."""

    private = "private"
    state = "state"
    central = "central"
    foreign = "foreign"
    other = "other"
    unknown = "unknown"

    @property
    def label(self) -> str:
        """The Chinese name."""
        names = {
            "private": "民营企业",
            "state": "地方国企",
            "central": "央企",
            "foreign": "外资企业",
            "other": "其他",
        }
        return names.get(self.value, "未填")


class NameKind(StrEnum):
    """Why a company is found under another name."""

    former = "former"
    short = "short"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"former": "曾用名", "short": "简称"}[self.value]


def read_uscc(text: str) -> str:
    """The unified social credit code in ``text``, upper case. Refuses a wrong one (GB 32100-2015)."""
    code = narrow(text).replace(" ", "").replace("-", "").upper()
    if not uscc.is_valid(code):
        raise DomainError(
            f"统一社会信用代码“{text[:24]}”有误（应为 18 位且校验码正确），请按营业执照核对", "uscc"
        )
    return code


def may_reveal(scope: Scope, *, works: bool, own: bool) -> bool:
    """Whether somebody may be shown a contact's number: reviewers, administrators, and officers of a unit
    that works with the company (``works``: it has a project, a lead or an activity there) or who recorded
    the contact themselves (``own``). Leaders and auditors never need it."""
    if not scope.may(Permission.read_phone):
        return False
    return scope.role is not Role.officer or scope.unit_id is None or works or own


def may_correct(scope: Scope, *, works: bool, nobodys: bool) -> bool:
    """Whether somebody may correct a company and its contacts: reviewers, officers of a unit that works
    with it, and any officer as long as nobody does."""
    if not scope.may(Permission.enter):
        return False
    return scope.role is not Role.officer or scope.unit_id is None or works or nobodys


PHONE = re.compile(r"[0-9+()（）/、转 \-]{5,40}")


def check_phone(text: str) -> None:
    """Refuse what nobody can dial; several numbers and an extension may stand in one field."""
    if text and not (PHONE.fullmatch(text) and sum(c.isdigit() for c in text) >= 5):
        raise DomainError("联系电话请填数字，如 13800001234 或 0998-2560000 转 801", "phone")


def check_parent(child: int, parent: int | None, parent_of: Mapping[int, int | None]) -> None:
    """Refuse a parent that belongs, itself or through others, to ``child``."""
    seen = parent
    while seen is not None:
        if seen == child:
            raise DomainError("母公司不能是本企业，也不能是它下属的企业", "parent")
        seen = parent_of.get(seen)
