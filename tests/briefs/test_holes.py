"""Little of a page stays blank before a chart or a table that went to the next one, and none loses its number."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.briefs.pdf import print_brief
from tests.briefs.paper import MM, lines_of, words_of
from tests.briefs.samples import FONTS, sample, written

MORE = "并持续跟踪有关项目的进展情况，及时协调解决问题。"
BOTTOM, AREA = 262 * MM, 225 * MM
TEXT_PAGES = 8


@pytest.mark.parametrize("sentences", [4, 8])
def test_no_page_is_more_than_a_quarter_blank_before_a_chart_or_a_table(
    tmp_path: Path, sentences: int
) -> None:
    """With so much more text a chart (4), and a table half a page high (both), would not fit their page."""
    snapshot = written(sample())
    snapshot["content"]["opening"][0]["text"].append(MORE * sentences)
    print_brief(snapshot, tmp_path / "brief.pdf", fonts=FONTS)
    lines = lines_of(words_of(tmp_path / "brief.pdf"))
    for page in range(1, TEXT_PAGES):
        lowest = max(line.top for line in lines if line.page == page and line.top < BOTTOM)
        assert (BOTTOM - lowest) / AREA < 0.25 + 0.04, page
    for kind in "表图":
        found = [
            line.text
            for line in lines
            if line.page <= TEXT_PAGES + 1 and re.match(kind + r"\d　?[^。]*$", line.text)
        ]
        numbers = [int(text[1]) for text in found]
        assert numbers == sorted(set(numbers))
        assert len(numbers) >= 3
