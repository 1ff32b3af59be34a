"""File names and labels as they may be stored and shown."""

from __future__ import annotations

import re
import unicodedata

from app.kernel.errors import DomainError
from app.kernel.text import clean

LONGEST_NAME = 120
LONGEST_LABEL = 60
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Control, format (bidi, zero-width), surrogate, private, unassigned; line and paragraph separators."""
_FOLDERS = re.compile(r"[/\\]")


def clean_name(name: str) -> str:
    """The last part of ``name`` without folders and unseen characters, its ending kept when it is shortened."""
    last = _FOLDERS.split(unicodedata.normalize("NFC", name))[-1]
    last = clean(_visible(last)).strip(". ")
    stem, dot, extension = last.rpartition(".")
    if not dot:
        return last[:LONGEST_NAME] or "附件"
    extension = extension.strip()[:10]
    return f"{stem[: LONGEST_NAME - len(extension) - 1].strip('. ') or '附件'}.{extension}"


def clean_label(label: str) -> str:
    """What a file proves, as typed. Raises ``DomainError`` when it is too long."""
    found = clean(_visible(label))
    if len(found) > LONGEST_LABEL:
        raise DomainError(f"文件说明最多 {LONGEST_LABEL} 个字", "label")
    return found


def _visible(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c) not in _UNSEEN)
