"""How a row that is refused is taken out of the memory of a taking-in again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Memory:
    """What is known of rows taken so far; a row that is refused is forgotten with everything it taught."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], None]] = []

    def on_refusal(self, undo: Callable[[], None]) -> None:
        """Let ``undo`` be done when the row in hand is refused."""
        self._undo.append(undo)

    def put(self, known: dict[Key, Value], key: Key, value: Value) -> None:
        """Remember ``value`` under ``key``."""
        if key in known:
            before = known[key]
            self.on_refusal(lambda: known.__setitem__(key, before))
        else:
            self.on_refusal(lambda: known.__delitem__(key))
        known[key] = value

    def assign(self, record: object, name: str, value: object) -> None:
        """Set a field of ``record``."""
        before = getattr(record, name)
        self.on_refusal(lambda: setattr(record, name, before))
        setattr(record, name, value)

    def keep(self) -> None:
        """The row stands."""
        self._undo.clear()

    def forget(self) -> None:
        """The row is refused."""
        while self._undo:
            self._undo.pop()()
