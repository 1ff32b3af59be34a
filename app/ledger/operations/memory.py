"""How a row that is refused is taken out of the memory of a taking-in again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")
NOT_THERE: Final = object()


class Memory:
    """What is known of rows taken so far; a row that is refused is forgotten with everything it taught."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], None] | tuple[dict[Any, Any], Any, Any]] = []
        """What is done again, or the value that stood under a key."""

    def on_refusal(self, undo: Callable[[], None]) -> None:
        """Let ``undo`` be done when the row in hand is refused."""
        self._undo.append(undo)

    def put(self, known: dict[Key, Value], key: Key, value: Value) -> None:
        """Remember ``value`` under ``key``."""
        self._undo.append((known, key, known.get(key, NOT_THERE)))
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
            undo = self._undo.pop()
            if not isinstance(undo, tuple):
                undo()
                continue
            known, key, before = undo
            if before is NOT_THERE:
                del known[key]
            else:
                known[key] = before
