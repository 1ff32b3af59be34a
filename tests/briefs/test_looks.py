"""The printed pages beside reference pictures, which see a moved block, a lost column, a box glyph, another face."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from app.briefs.pdf import print_brief
from tests.briefs.looks import PHONE_PAGES, Look, differences, looks_of, reference
from tests.briefs.samples import FONTS, sample, written

TOLERATED = 5
"""Points of a page that may be another shade. The weakest planted fault changes more than three times as many."""
RENEW = "看过页面后可用 python -m tests.briefs.looks 更新"


def worst(found: list[Look], wanted: list[Look]) -> int:
    return max(differences(*pair) for pair in zip(found, wanted, strict=False))


def table_of(snapshot: dict[str, Any]) -> dict[str, Any]:
    blocks = (block for section in snapshot["content"]["sections"] for block in section["blocks"])
    return next(block for block in blocks if block["kind"] == "table")


@pytest.fixture(scope="module")
def wanted() -> dict[str, list[Look]]:
    return reference()


def test_the_paper_looks_as_it_did(pdf, wanted):
    found = looks_of(pdf)
    assert len(found) == len(wanted["paper"]) == 14
    changed = {n: differences(*pair) for n, pair in enumerate(zip(found, wanted["paper"], strict=True), 1)}
    assert {n: count for n, count in changed.items() if count > TOLERATED} == {}, RENEW


def test_the_phone_edition_looks_as_it_did(tmp_path, wanted):
    print_brief(written(sample()), tmp_path / "phone.pdf", fonts=FONTS, edition="phone")
    assert worst(looks_of(tmp_path / "phone.pdf", PHONE_PAGES), wanted["phone"]) <= TOLERATED, RENEW


def box_glyph(snapshot):
    first = snapshot["content"]["opening"][0]["text"]
    first[0] = "\U000f0000" + first[0][1:]


def lost_column(snapshot):
    for body in table_of(snapshot)["bodies"]:
        for row in body["rows"]:
            row["cells"][-1]["r"] = [""]


def moved_block(snapshot):
    blocks = snapshot["content"]["sections"][1]["blocks"]
    blocks[0], blocks[1] = blocks[1], blocks[0]


def narrower_column(snapshot):
    widths = table_of(snapshot)["widths"]
    widths[0], widths[-1] = widths[-1], widths[0]


def no_fault(_snapshot):
    """The measure itself: the text alone is what it is in the whole brief."""


@pytest.mark.parametrize("plant", [no_fault, box_glyph, lost_column, moved_block, narrower_column])
def test_a_planted_fault_is_seen(tmp_path, wanted, plant):
    snapshot = written(sample())
    plant(snapshot)
    print_brief(snapshot, tmp_path / "text.pdf", fonts=FONTS, edition="text")
    seen = worst(looks_of(tmp_path / "text.pdf"), wanted["paper"])
    assert seen == 0 if plant is no_fault else seen > 3 * TOLERATED


def test_another_face_is_seen(tmp_path, wanted):
    shutil.copy(FONTS / "FandolSong-Regular.otf", tmp_path / "楷体.otf")
    target: Path = tmp_path / "text.pdf"
    print_brief(written(sample()), target, fonts=FONTS, site_fonts=tmp_path, edition="text")
    assert worst(looks_of(target), wanted["paper"]) > 3 * TOLERATED


def test_a_lost_column_of_the_landscape_ledger_is_seen(tmp_path, wanted):
    snapshot = written(sample())
    for group in snapshot["content"]["annexes"][0]["blocks"][0]["groups"]:
        for row in group["rows"]:
            row["cells"][-1]["r"] = [""]
    print_brief(snapshot, tmp_path / "paper.pdf", fonts=FONTS)
    found = looks_of(tmp_path / "paper.pdf")
    assert differences(found[9], wanted["paper"][9]) > 3 * TOLERATED
