"""Prose around bound numbers: what a person writes in a brief, and how it meets the numbers again.

A paragraph is a list of runs (``runs.py``): plain text, or a number ``{"t": "58.32亿元", "u": address}``. The
address says which figure of which window it is, so it is the number's identity: the text is never believed, it
is looked up again in the book of all numbers that the system itself wrote from the same snapshot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from app.briefs.rules.runs import Run, Text, identity, plain, sentence
from app.kernel.errors import DomainError
from app.kernel.text import has_control

MAX_CHARACTERS = 2000
"""Of one paragraph."""
BLANK = "（请填写）"
"""What the editor puts into a new paragraph."""
AMOUNT = re.compile(r"\d[\d,，.．]*\s*(?:亿元|万元|亿美元|万美元|个百分点|%|％)")
"""A number with a unit that only the records can know."""
DIGITS = re.compile(r"[\d.,−-]+")


@dataclass(frozen=True)
class Moved:
    """A number that is no longer what it was: its address, both texts (``now`` None: it is gone), how often."""

    address: str
    before: str
    now: str | None
    places: int


class Book:
    """The numbers of one written brief by address; one address may be worded in several ways (2个, 2家)."""

    def __init__(self, content: Any) -> None:
        self.texts: dict[str, list[str]] = {}
        self._addresses: dict[str, str] = {}
        for run in numbers(content):
            key = identity(run["u"])
            known = self.texts.setdefault(key, [])
            self._addresses.setdefault(key, run["u"])
            if run["t"] not in known:
                known.append(run["t"])

    def address(self, number: dict[str, str]) -> str:
        """The address of ``number`` on the basis of the book; its own when the book has it no more."""
        return self._addresses.get(identity(number["u"]), number["u"])

    def find(self, number: dict[str, str]) -> str | None:
        """The text of ``number`` today: worded alike when there is a choice; None when the book has it no more."""
        known = self.texts.get(identity(number["u"]))
        if not known:
            return None
        if number["t"] in known:
            return number["t"]
        return next((text for text in known if _wording(text) == _wording(number["t"])), known[0])


def _wording(text: str) -> str:
    return DIGITS.sub("#", text)


def numbers(content: Any) -> Iterator[dict[str, str]]:
    """Every linked number in the order of the pages, from any nest of blocks."""
    if isinstance(content, dict):
        if "t" in content and "u" in content:
            yield content
        else:
            for value in content.values():
                yield from numbers(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from numbers(value)


def bind(runs: Iterable[Run], book: Book) -> Text:
    """``runs`` with today's numbers; one that is gone keeps its text and says so (``"gone"``)."""
    result: Text = []
    for run in runs:
        if isinstance(run, str):
            result = sentence(result, run)
        else:
            text = book.find(run)
            kept = (
                {"t": run["t"], "u": run["u"], "gone": "1"}
                if text is None
                else {"t": text, "u": book.address(run)}
            )
            result = sentence(result, kept)
    return result


def read_runs(data: Any, book: Book) -> Text:
    """Runs as the browser sent them, every number's text taken from ``book``.

    Raises ``DomainError`` for what is no paragraph, is too long, or binds a number that is not in the book.
    """
    if not isinstance(data, list):
        raise DomainError("段落内容无法识别，请刷新页面后重试")
    result: Text = []
    for run in data:
        if isinstance(run, str):
            text = run.replace("\r", "").replace("\n", "").replace("\t", " ").replace("\xa0", " ")
            if has_control(text):
                raise DomainError("段落含有不可见字符，请重新输入")
            result = sentence(result, text)
        elif isinstance(run, dict) and isinstance(run.get("u"), str) and isinstance(run.get("t"), str):
            number = {"t": run["t"], "u": run["u"]}
            text_now = book.find(number)
            if text_now is None:
                raise DomainError(f"数字“{run['t']}”不是本期简报的数据，请从右侧“数字”中选取")
            result = sentence(result, {"t": text_now, "u": book.address(run)})
        else:
            raise DomainError("段落内容无法识别，请刷新页面后重试")
    if len(plain(result)) > MAX_CHARACTERS:
        raise DomainError(f"一段不超过 {MAX_CHARACTERS} 字，请分段")
    return result


def unbound(text: Text) -> list[str]:
    """Amounts and rates that somebody typed: they have no rows behind them."""
    return [found for run in text if isinstance(run, str) for found in AMOUNT.findall(run)]


def unwritten(texts: Iterable[Text]) -> list[str]:
    """A sentence for paragraphs that still say ``BLANK``: begun, and never written."""
    left = sum(BLANK in plain(text) for text in texts)
    return [f"正文有 {left} 段还是“{BLANK}”，请写好或删除"] if left else []


def moved(content: Any, book: Book) -> list[Moved]:
    """The numbers of ``content`` that ``book``, written from newer records, words differently or has no more."""
    result = dict[tuple[str, str], Moved]()
    for run in numbers(content):
        text = book.find(run)
        if text == run["t"]:
            continue
        key = (run["u"], run["t"])
        places = result[key].places + 1 if key in result else 1
        result[key] = Moved(run["u"], run["t"], text, places)
    return list(result.values())
