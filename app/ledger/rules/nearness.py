"""Which of many names are worth comparing with a new one: those that share its rarest pairs of characters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

Key = TypeVar("Key")
RAREST = 4
MOST = 60
"""So many names are compared at most: a pair that more names share tells nothing."""


class Names(Generic[Key]):
    """Names by their pairs of characters."""

    def __init__(self, names: Iterable[tuple[Key, str]]) -> None:
        self._with: dict[str, list[Key]] = {}
        for key, name in names:
            for pair in _pairs(name):
                self._with.setdefault(pair, []).append(key)

    def near(self, name: str) -> list[Key]:
        """The keys of names that may be like ``name``."""
        lists = sorted((self._with[pair] for pair in _pairs(name) if pair in self._with), key=len)
        found: dict[Key, None] = {}
        for keys in lists[:RAREST]:
            if len(keys) <= MOST:
                found |= dict.fromkeys(keys)
        return list(found)[:MOST]


def _pairs(name: str) -> set[str]:
    return {name[at : at + 2] for at in range(len(name) - 1)} or {name}
