"""Refusals in the words of the user."""

from __future__ import annotations


class DomainError(Exception):
    """A rule refused something; ``message`` is a Chinese sentence that says what to do.

    ``field`` names the form field or ledger column it belongs to, when there is one.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotFoundError(DomainError):
    """The named thing does not exist in this zone."""


class ConflictError(DomainError):
    """Somebody else changed the record since it was read."""
