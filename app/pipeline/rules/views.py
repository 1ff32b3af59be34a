"""Saved views of the project list: what they may be called, and who may do what with them."""

from __future__ import annotations

from app.kernel.errors import DomainError
from app.kernel.text import clean, has_control

LONGEST_VIEW_NAME = 20
MOST_VIEWS = 20
"""Views one person may keep; more tabs than that nobody finds again."""
USUAL_NAMES = frozenset({"全部", "本年新签约", "在册亿元以上", "签约未开工", "在谈"})
"""The tabs that everybody has."""


def check_view_name(name: str, others: frozenset[str]) -> str:
    """The name as it is kept. Raises ``DomainError`` for one that is empty, too long, hidden or taken."""
    kept = clean(name)
    if not kept:
        raise DomainError("请给视图起个名字", "name")
    if has_control(kept):
        raise DomainError("名称含有看不见的字符，请手工重新输入", "name")
    if len(kept) > LONGEST_VIEW_NAME:
        raise DomainError(f"名称最多 {LONGEST_VIEW_NAME} 个字", "name")
    if kept in others or kept in USUAL_NAMES:
        raise DomainError(f"已有名为“{kept}”的视图，请换个名称", "name")
    return kept


def check_view_count(kept: int) -> None:
    """Refuse one view too many."""
    if kept >= MOST_VIEWS:
        raise DomainError(f"每人最多保存 {MOST_VIEWS} 个视图，请先删除不用的", "name")


def check_view_owner(owner_id: int, user_id: int | None) -> None:
    """A view is changed by whoever made it; others save their own."""
    if owner_id != user_id:
        raise DomainError("这个视图是别人共享的，不能修改；可以另存为自己的视图")


def check_view_removal(owner_id: int, user_id: int | None, *, administers: bool, shared: bool) -> None:
    """A shared view is taken away by whoever made it or by an administrator; a private one by its owner."""
    if owner_id != user_id and not (administers and shared):
        raise DomainError("共享视图只能由保存人或系统管理员删除")
