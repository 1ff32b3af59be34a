"""Text as officials type it, made comparable."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPACE = re.compile(r"\s+")
_NOT_NAME = re.compile(r"[\s()\[\]{}<>〈〉《》【】「」『』·•,，.。、\-_—–/\\'\"“”‘’]+")
_MOBILE = re.compile(r"(?<![0-9A-Za-z])(1[3-9][0-9])[ -]?[0-9]{4}[ -]?([0-9]{4})(?![0-9A-Za-z])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def has_control(text: str) -> bool:
    """Whether invisible control or direction-changing characters hide in ``text``."""
    return bool(_CONTROL.search(text))


def clean(text: str) -> str:
    """``text`` trimmed, with runs of white space folded to one space; full-width forms are kept."""
    # Nearly every text: of white space only the plain space is printable.
    if text.isprintable() and "  " not in text:
        return text.strip()
    return _SPACE.sub(" ", text).strip()


def narrow(text: str) -> str:
    """Full-width digits, letters and signs as half-width ones (NFKC), trimmed."""
    return unicodedata.normalize("NFKC", text).strip()


@lru_cache(maxsize=20_000)
def name_key(text: str) -> str:
    """A key under which spellings of one name meet: width, case, spaces, brackets and signs folded."""
    return _NOT_NAME.sub("", unicodedata.normalize("NFKC", text)).casefold()


def masked_phone(text: str) -> str:
    """A telephone number as lists show it: 138****1234; of a short one only the last two digits."""
    flat = clean(text)
    if len(flat) >= 8:
        return f"{flat[:3]}****{flat[-4:]}"
    return f"****{flat[-2:]}" if flat else ""


def masked_phones(text: str) -> str:
    """``text`` with the mobile numbers in it masked; of an account name that is one as well."""
    return _MOBILE.sub(r"\1****\2", text)
