"""The narrow edition: the same numbers and words on pages as wide as a phone, nothing cut off at the right."""

from __future__ import annotations

import pytest
from pypdf import PdfReader

from app.briefs.pdf import print_brief
from app.briefs.rules import numbers
from app.briefs.rules.phone import phone_content
from app.briefs.rules.runs import plain
from tests.briefs.paper import MM, words_of
from tests.briefs.samples import FONTS, figure, sample, written


@pytest.fixture(scope="module")
def snapshot():
    return written(sample(public_url="http://zone.test"))


@pytest.fixture(scope="module")
def pdf(snapshot, tmp_path_factory):
    target = tmp_path_factory.mktemp("phone") / "phone.pdf"
    printed = print_brief(snapshot, target, fonts=FONTS, edition="phone")
    assert printed.warnings == []
    return target


def test_every_number_of_the_paper_is_on_the_phone(snapshot):
    def found(content):
        return {(run["t"], run["u"]) for run in numbers(content)}

    assert found(snapshot["content"]) - found(phone_content(snapshot)) == {
        # The sums of groups in the ledger: on the phone they stand in the group's title as words.
        (run["t"], run["u"])
        for annex in snapshot["content"]["annexes"]
        for block in annex["blocks"]
        if block["kind"] == "ledger"
        for part in [*block["groups"], block["total"]]
        for run in numbers(part["cells"])
    } - found(phone_content(snapshot))


def test_the_words_are_the_same(snapshot, pdf):
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(pdf).pages)
    for section in snapshot["content"]["sections"]:
        for block in section["blocks"]:
            if block["kind"] == "p":
                first = "".join(plain(block["text"]).split())[:12]
                assert first in text


def test_nothing_leaves_the_page(pdf):
    page = PdfReader(pdf).pages[0].mediabox
    assert round(float(page.width) / MM) == 100
    for word in words_of(pdf):
        assert word.right <= (100 - 6.5) * MM + 1, word
        assert word.left >= 6.5 * MM - 1, word


def test_a_zone_without_target_and_base_has_a_headline_too():
    bare = sample()
    bare["data"]["targets"] = []
    figure(bare, "funds.amount", 0, 0, 0)
    hero = phone_content(written(bare))["hero"]
    assert hero["share"] is None
    assert hero["said"] == "上年同期无基数"
