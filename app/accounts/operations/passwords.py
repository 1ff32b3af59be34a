"""Hashing passwords with argon2id."""

from __future__ import annotations

import secrets
import string
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
# Each hash takes 64 MiB; more than two at a time in one process would invite exhaustion by sign-in attempts.
_gate = threading.BoundedSemaphore(2)
_LOOKALIKES = set("0O1lI")
_SIGNS = "@#%+=?"


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    with _gate:
        return _hasher.hash(password)


def is_password(stored: str | None, password: str) -> bool:
    """Whether ``password`` fits the stored hash; takes as long for an account that does not exist (None)."""
    reference = _nobodys_hash() if stored is None else stored
    with _gate:
        try:
            _hasher.verify(reference, password)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


@cache
def _nobodys_hash() -> str:
    return hash_password(secrets.token_urlsafe(16))


def new_password() -> str:
    """A random password of 14 characters, without look-alikes, that meets ``rules.check_password``."""
    letters = [c for c in string.ascii_letters + string.digits if c not in _LOOKALIKES]
    while True:
        text = "".join(secrets.choice(letters) for _ in range(13)) + secrets.choice(_SIGNS)
        if (
            any(c.islower() for c in text)
            and any(c.isupper() for c in text)
            and any(c.isdigit() for c in text)
        ):
            return text
