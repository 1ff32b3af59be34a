"""A long ledger is set by two processes: the joined file is one document, and the same every time."""

from __future__ import annotations

import json
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from app.briefs.pdf import print_brief
from app.briefs.pdf.sheets import cut, rows_of
from tests.briefs.paper import text_of
from tests.briefs.samples import FONTS, sample, written

ROWS = 200


def long_ledger(rows: int, **changed: Any) -> dict[str, Any]:
    """The sample with a ledger of so many rows, each under a name of its own."""
    snapshot = sample()
    ledger = snapshot["data"]["ledger"]
    snapshot["data"]["ledger"] = [
        row | {"name": f"{place:03d}号{row['name']}"} | changed
        for place, row in enumerate(islice(cycle(ledger), rows))
    ]
    return written(snapshot)


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("joined") / "long.pdf"
    snapshot = long_ledger(ROWS)
    assert len(cut(snapshot["content"]["annexes"][0]["blocks"][0])) >= 7, "long enough for two processes"
    assert print_brief(snapshot, target, fonts=FONTS).warnings == []
    again = print_brief(snapshot, target.with_name("again.pdf"), fonts=FONTS)
    assert target.with_name("again.pdf").read_bytes() == target.read_bytes()
    assert again.pages % 2 == 0
    return target


def test_every_row_and_page_number_is_there_in_its_order(joined):
    with pikepdf.open(joined) as book:
        pages = len(book.pages)
    texts = [text_of(joined, page) for page in range(1, pages + 1)]
    for number, text in enumerate(texts, 1):
        assert f"—{number}—" in text
    ledger = next(rows_of(block) for block in long_ledger(ROWS)["content"]["annexes"][0]["blocks"])
    prefixes = [row.cells[1]["r"][0]["t"][:4] for row in ledger if not row.kind]
    found = [[number for number, text in enumerate(texts) if prefix in text] for prefix in prefixes]
    assert len(found) == ROWS
    assert all(len(pages) == 1 for pages in found)
    assert found == sorted(found)


def test_tags_links_bookmarks_and_faces_of_both_parts_are_whole(joined):
    with pikepdf.open(joined) as book:
        assert book.check_pdf_syntax() == []
        numbers = list(book.Root.StructTreeRoot.ParentTree.Nums)
        keys = [int(key) for key in numbers[::2]]
        assert keys == sorted(set(keys))
        parents = dict(zip(keys, numbers[1::2], strict=True))
        for page in book.pages:
            assert len(parents[int(page.StructParents)]) > 0
            for link in page.get("/Annots", []):
                element = parents[int(link.StructParent)]
                assert str(element.S) in ("/Link", "/Span")
                assert element.Pg.objgen == page.obj.objgen
        whole = book.Root.StructTreeRoot.K[0]
        order = [book.pages.index(pikepdf.Page(element.Pg)) for element in whole.K]
        assert order == sorted(order), "read in the order of the pages"
        assert all(element.P.objgen == whole.objgen for element in whole.K)
        ids = [str(element.ID) for element in _elements(whole) if "/ID" in element]
        assert len(ids) == len(set(ids)) > 100
        names = [str(font.BaseFont) for font in book.objects if isinstance(font, pikepdf.Dictionary) and font.get("/Subtype") == "/Type0"]  # fmt: skip
        assert len(names) == len(set(names)) > 6
        with book.open_outline() as outline:
            assert [entry.title for entry in outline.root[0].children][-2].startswith("亿元以上项目台账")
        assert json.loads(book.attachments["figures.json"].get_file().read_bytes())["form"]


def _elements(element: Any) -> Any:
    yield element
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from _elements(kid)


def test_a_ledger_that_was_cut_wrongly_breaks_where_it_will(tmp_path, monkeypatch):
    """Letters wider than any estimate: the sheets do not fit, and nothing is lost."""
    snapshot = long_ledger(170, investor="iiiiWWWWWWWWWW " * 4, segment="ﷺ" * 3)
    target = tmp_path / "wide.pdf"
    print_brief(snapshot, target, fonts=FONTS)
    text = text_of(target)
    assert all(f"{place:03d}号" in text for place in range(170))
