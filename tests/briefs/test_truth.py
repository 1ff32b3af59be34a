"""The paper read back: what its links say is what was written, and what was written are the figures."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.briefs.facts import take_snapshot
from app.briefs.facts.basis import usual_reading
from app.briefs.pdf import print_brief
from app.briefs.rules import numbers
from app.figures.queries import breakdown, headline, target_progress
from app.figures.rules import CATALOGUE, Measure, Values
from app.journal.rules import Dimension
from app.kernel.money import round_half_up
from app.kernel.periods import Month
from tests.briefs.links import links_of
from tests.briefs.register import register_of, value_in
from tests.briefs.samples import FONTS, SAMPLE, sample, written
from tests.briefs.test_facts import ISSUED, JUNE, close, zone

__all__ = ["zone"]
PRINTED = re.compile(r"(增长|下降)?([−-]?[\d.]+)(亿元|万元|个百分点|个|家|笔|%)?")
UNITS = {"亿元": 10**10, "万元": 10**6}


def said_by_links(pdf: Path) -> dict[str, str]:
    """All words of the links to each address, one after another."""
    said: dict[str, str] = defaultdict(str)
    for address, words in links_of(pdf):
        parts = urlsplit(address)
        said[f"{parts.path}?{parts.query}" if parts.query else parts.path] += words
    return said


def written_in(content: Any) -> dict[str, str]:
    said: dict[str, str] = defaultdict(str)
    for run in numbers(content):
        said[run["u"]] += "".join(run["t"].split())
    return said


def test_every_number_of_the_sample_is_printed_in_its_link(pdf):
    wanted, found = written_in(written(sample())["content"]), said_by_links(pdf)
    assert {address: "".join(words.split()) for address, words in found.items()} == wanted
    assert sum(map(len, wanted.values())) > 2000


@pytest.fixture
def closed(session, zone, tmp_path):
    """June, closed, as snapshot, with its figures on that basis, and printed."""
    for month in (Month(2024, 5), JUNE):
        close(session, zone, month)
    reading = usual_reading(session, zone, JUNE)
    snapshot = take_snapshot(
        session, zone, JUNE, issued_on=ISSUED, public_url="http://zone.test", reading=reading
    )
    print_brief(snapshot, tmp_path / "june.pdf", fonts=FONTS)
    return snapshot, reading, said_by_links(tmp_path / "june.pdf")


def agrees(printed: str, value: Decimal, unit: str) -> bool:
    """Whether ``value`` (fen, a count, percent or points), rounded as it is printed, is what is printed."""
    match = PRINTED.fullmatch(printed)
    if match is None:
        return printed.endswith("持平") and value == 0
    text = match[2].replace("−", "-")
    places = len(text.partition(".")[2])
    scale = UNITS.get(match[3] or "亿元", 1) if unit == "fen" else 1
    shown = Decimal(text) * (-1 if match[1] == "下降" else 1)
    return abs(round_half_up(abs(value) / scale, places)) == abs(shown)


def test_every_number_of_a_closed_month_is_the_figure(session, zone, closed):
    snapshot, reading, printed = closed
    assert printed == written_in(snapshot["content"])
    whole = headline(session, zone, JUNE, reading=reading)
    parts = {
        d.value: breakdown(session, zone, JUNE, d, reading=reading)
        for d in (Dimension.unit, Dimension.area, Dimension.chain, Dimension.origin)
    }
    targets = {(t.figure, t.unit): t for t in target_progress(session, zone, JUNE, reading=reading)}
    compared = 0
    for run in numbers(snapshot["content"]):
        address = urlsplit(run["u"])
        query = {key: found[0] for key, found in parse_qs(address.query).items()}
        code, window = address.path.removeprefix("/figures/"), query.pop("w", "")
        narrowed = {key: value for key, value in query.items() if key not in ("month", "basis")}
        if code not in CATALOGUE or len(narrowed) > 1 or not narrowed.keys() <= parts.keys():
            continue
        key, member = next(iter(narrowed.items()), ("", ""))
        values = parts[key][code].get(member) if key else whole[code]
        found = value_of(window, code, values, targets.get((code, member or None)))
        if values is not None and found is not None:
            assert agrees(run["t"], *found), (run, found)
            compared += 1
    assert compared > 80


def test_every_number_of_the_register_is_what_the_records_say(session, zone, closed):
    """Stock, shares, warnings and single projects, against one loop over the records."""
    snapshot, _reading, _printed = closed
    rows = register_of(session, zone.id, JUNE.last_day)
    settled_by = dt.date.fromisoformat(snapshot["data"]["warnings"]["settled_by"])
    compared: dict[str, int] = defaultdict(int)
    for run in numbers(snapshot["content"]):
        address = urlsplit(run["u"])
        query = {key: found[0] for key, found in parse_qs(address.query).items()}
        code, window = address.path.removeprefix("/figures/"), query.pop("w", "")
        narrowed = {key: value for key, value in query.items() if key not in ("month", "basis")}
        found = value_in(rows, code, window, narrowed, settled_by)
        if found is not None:
            assert agrees(run["t"], *found), (run, found)
            compared[code] += 1
    assert compared.keys() >= {
        "stock.count", "stock.amount", "stock.output", "stock_big.amount", "stock_big.arrived",
        "funds.amount", "funds.rate", "stalled.count", "stalled.amount", "slow.count", "slow.rate",
    }  # fmt: skip
    assert sum(compared.values()) > 40


def value_of(window: str, code: str, values: Values | None, target: Any) -> tuple[Decimal, str] | None:
    """The figure that an address of this window means, and in what it is counted."""
    unit = "count" if CATALOGUE[code].measure is Measure.count else "fen"
    if values is not None and window in ("month", "ytd", "last_year_ytd"):
        return Decimal(getattr(values, window)), unit
    if values is not None and window == "yoy" and values.last_year_ytd:
        return Decimal(values.ytd - values.last_year_ytd) * 100 / values.last_year_ytd, "%"
    if target is None or window not in ("target", "done", "ahead"):
        return None
    elapsed = Decimal(JUNE.month) * 100 / 12
    done = Decimal(target.ytd) * 100 / target.target
    return {"target": (Decimal(target.target), unit), "done": (done, "%"), "ahead": (done - elapsed, "%")}[
        window
    ]


def test_a_number_that_was_altered_is_seen(tmp_path):
    """The reading back itself: one digit of one table cell differs from what the rules write."""
    altered = written(sample())
    run = next(r for r in numbers(altered["content"]["sections"]) if r["t"] == "122.46")
    run["t"] = "122.64"
    print_brief(altered, tmp_path / "altered.pdf", fonts=FONTS, edition="text")
    found = said_by_links(tmp_path / "altered.pdf")
    wanted = written_in([written(sample())["content"][key] for key in ("opening", "sections")])
    assert [address for address, words in wanted.items() if found.get(address) != words] == [run["u"]]
    assert SAMPLE["data"]["targets"]
