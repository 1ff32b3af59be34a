"""Text with linked figures: a run is plain text, or text with the page of the rows behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from app.kernel.periods import Month

BASIS = re.compile(r"[?&]basis=[a-z]+$")
"""The basis stands last in an address."""
Run = str | dict[str, str]
"""Plain text, or ``{"t": text, "u": address}``; fit for JSON."""
Text = list[Run]


FROM_RECORDS = ("all",)
"""Windows whose links had no basis in briefs drawn up before the books could be read so far back."""
ELSEWHERE = ("units", "funds.rank")
"""Numbers whose rows stand on a page of today's records, by their code or its family."""


@dataclass(frozen=True)
class Links:
    """Makes runs whose addresses show the rows of a figure, or a project, in the month of the brief."""

    base: str
    month: Month
    basis: str = "live"
    """Carried by the addresses of all numbers whose rows can be read from the books."""

    def figure(self, text: str, code: str, window: str | None = None, **narrowed: Any) -> Run:
        """``text`` linked to the rows of ``code``; ``window`` is month, ytd, last_year_ytd, yoy, done, …"""
        query = {"month": str(self.month)} | ({"w": window} if window else {}) | narrowed
        if self.basis != "live" and not {code, code.split(".")[0]} & {*ELSEWHERE}:
            query["basis"] = self.basis
        return {"t": text, "u": f"{self.base}/figures/{code}?{urlencode(query, quote_via=quote)}"}

    def project(self, name: str, project_id: int) -> Run:
        """A project's name linked to its page."""
        return {"t": name, "u": f"{self.base}/projects/{project_id}"}


def identity(address: str) -> str:
    """What makes a number the same number on every basis: its address without the basis."""
    return BASIS.sub("", address)


def plain(text: Text) -> str:
    """The words without the links."""
    return "".join(run if isinstance(run, str) else run["t"] for run in text)


def sentence(*parts: Run | Text) -> Text:
    """The parts in one list; neighbouring plain texts become one."""
    result: Text = []
    for part in parts:
        for run in part if isinstance(part, list) else [part]:
            if isinstance(run, str) and result and isinstance(result[-1], str):
                result[-1] += run
            elif run != "":
                result.append(run)
    return result


def row_of(items: list[Text] | list[Run], separator: str = "、") -> Text:
    """The items with ``separator`` between them."""
    result: Text = []
    for number, item in enumerate(items):
        result = sentence(result, separator if number else "", item)
    return result
