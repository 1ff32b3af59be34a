"""Order by pinyin, the same on both engines."""

from __future__ import annotations

from app.kernel.text import name_key


def pinyin_key(text: str) -> str:
    """``text`` in full pinyin, folded, at most 200 characters: a sort key (stack.md §1)."""
    # Its dictionaries take 0.2 s to load, which the process that prints briefs need not spend.
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415

    return " ".join(lazy_pinyin(name_key(text), style=Style.NORMAL))[:200]
