"""The Word edition says what the PDF says, in styles that offices know, with links and pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE

from app.briefs.operations.editions import make_word
from app.briefs.rules import numbers
from app.briefs.rules.runs import plain
from tests.briefs.samples import FONTS, sample, written


@pytest.fixture(scope="module")
def snapshot():
    return written(sample(public_url="http://zone.test"))


@pytest.fixture(scope="module")
def word(snapshot, tmp_path_factory):
    target = tmp_path_factory.mktemp("word") / "brief.docx"
    make_word(snapshot, target, fonts=FONTS)
    assert [path.name for path in target.parent.iterdir()] == ["brief.docx"]
    return Document(str(target))


def text_of(paragraph):
    return "".join(node.text or "" for node in paragraph._p.iter("{*}t"))


def test_every_paragraph_stands_in_its_style(snapshot, word):
    body = [text_of(p) for p in word.paragraphs if p.style.name == "公文正文"]
    blocks = [
        *snapshot["content"]["opening"],
        *(b for s in snapshot["content"]["sections"] for b in s["blocks"]),
    ]
    for block in blocks:
        if block["kind"] == "p":
            assert block["label"] + plain(block["text"]) in body
    heads = [text_of(p) for p in word.paragraphs if p.style.name == "公文一级标题"]
    assert heads == [section["heading"] for section in snapshot["content"]["sections"]]
    assert (
        word.styles["公文正文"].element.rPr.rFonts.get(
            "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia"
        )
        == "仿宋_GB2312"
    )


def test_every_number_of_a_table_is_there_and_linked(snapshot, word):
    links = {rel.target_ref for rel in word.part.rels.values() if rel.reltype == RELATIONSHIP_TYPE.HYPERLINK}
    assert links == {f"http://zone.test{run['u']}" for run in numbers(snapshot["content"])}
    cells = " ".join(node.text or "" for table in word.tables for node in table._tbl.iter("{*}t"))
    tables = [b for s in snapshot["content"]["sections"] for b in s["blocks"] if b["kind"] == "table"]
    printed = [run["t"] for run in numbers([*tables, snapshot["content"]["annexes"]])]
    assert printed
    for text in printed:
        assert text in cells


def test_charts_are_pictures_with_words_for_those_who_cannot_see_them(snapshot, word):
    charts = [b for s in snapshot["content"]["sections"] for b in s["blocks"] if b["kind"] == "chart"]
    shapes = word.inline_shapes
    assert [shape._inline.docPr.get("descr") for shape in shapes] == [block["title"] for block in charts]
    assert all(abs(shape.width.mm - 156) < 0.1 for shape in shapes)


def test_without_charts_and_tables_it_is_still_a_brief(tmp_path: Path, snapshot):
    outline = [
        {"key": k, "name": k, "on": k == "next"}
        for k in ("indicators", "projects", "chains", "units", "problems", "next")
    ]
    bare = written(sample(prose={"outline": outline, "paragraphs": []}))
    make_word(bare, tmp_path / "bare.docx", fonts=FONTS)
    assert not Document(str(tmp_path / "bare.docx")).inline_shapes
