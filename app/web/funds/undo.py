"""What a reviewer has just decided, and may take back with one key: kept with the browser, until the next decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from flask import session as browser_session

from app.kernel import clock
from app.web.session import current

KEY = "undo"
KEPT = dt.timedelta(minutes=30)


@dataclass(frozen=True)
class Undo:
    """One decision, or one batch: what was done in words, and the arrivals with the versions it left behind."""

    words: str
    versions: dict[int, int]


def remember(words: str, versions: Mapping[int, int]) -> None:
    """Offer to take back what was decided about exactly these arrivals, in these versions."""
    browser_session[KEY] = {
        "user": current().user_id,
        "until": int((clock.now() + KEPT).timestamp()),
        "words": words,
        "picks": [f"{key}:{version}" for key, version in versions.items()],
    }


def forget() -> None:
    """Nothing is offered any more."""
    browser_session.pop(KEY, None)


def offered() -> Undo | None:
    """What can be taken back; None when nothing was decided lately, or by somebody else on this browser."""
    kept = browser_session.get(KEY)
    if not kept or kept["user"] != current().user_id or kept["until"] < clock.now().timestamp():
        return None
    picks = (pick.split(":") for pick in kept["picks"])
    return Undo(kept["words"], {int(key): int(version) for key, version in picks})
