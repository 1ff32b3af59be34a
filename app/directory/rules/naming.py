"""Order by pinyin, the same on both engines."""

from __future__ import annotations

from pypinyin import Style, lazy_pinyin

from app.kernel.text import name_key


def pinyin_key(text: str) -> str:
    """``text`` in full pinyin, folded, at most 200 characters: a sort key (stack.md §1)."""
    return " ".join(lazy_pinyin(name_key(text), style=Style.NORMAL))[:200]
