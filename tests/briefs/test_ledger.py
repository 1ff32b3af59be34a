"""The ledger's sheets are set by ourselves, from a few cells that the engine laid out: the same as it would set them."""

from __future__ import annotations

import json
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from weasyprint.document import Document, Page
from weasyprint.formatting_structure import boxes

from app.briefs.pdf import print_brief
from app.briefs.pdf.coverage import lacking
from app.briefs.pdf.document import Part, layouts
from app.briefs.pdf.faces import characters, find_faces
from app.briefs.pdf.ledger import Ledger
from app.briefs.pdf.sheets import Sheet, rows_of
from tests.briefs.paper import text_of
from tests.briefs.samples import FONTS, sample, written

ROWS = 130
NAMES = (
    "短",
    "新疆昆仑锂业新能源动力电池正极材料及配套产业园一期扩建改造升级项目（二期）",
    "AI-driven logistics WWWWWWWWWWWWWWW park 2024",
    "两个  空格 垚喆堃",
    "末尾标点恰好落在行尾，不得置于行首的顿号、逗号。",
    "R&D <b>中心</b>",
)


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
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("ledger") / "long.pdf"
    done = print_brief(long_ledger(ROWS), target, fonts=FONTS)
    assert done.warnings == []
    assert done.pages % 2 == 0
    return target


def test_every_row_and_page_number_is_there_in_its_order(long):
    with pikepdf.open(long) as book:
        pages = len(book.pages)
    texts = [text_of(long, page) for page in range(1, pages + 1)]
    for number, text in enumerate(texts, 1):
        assert f"—{number}—" in text
    ledger = next(rows_of(block) for block in long_ledger(ROWS)["content"]["annexes"][0]["blocks"])
    prefixes = [row.cells[1]["r"][0]["t"][:4] for row in ledger if not row.kind]
    found = [[number for number, text in enumerate(texts) if prefix in text] for prefix in prefixes]
    assert len(found) == ROWS
    assert all(len(pages) == 1 for pages in found)
    assert found == sorted(found)


def test_tags_links_bookmarks_and_faces_are_whole(long):
    with pikepdf.open(long) as book:
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
        assert len(names) == len(set(names)) == 6
        with book.open_outline() as outline:
            assert [entry.title for entry in outline.root[0].children][-2].startswith("亿元以上项目台账")
        assert json.loads(book.attachments["figures.json"].get_file().read_bytes())["form"]


def _elements(element: Any) -> Any:
    yield element
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from _elements(kid)


def test_cells_lie_where_the_engine_lays_them():
    """Texts, links and the rows' edges of the first sheet, beside the engine's own table of the same rows."""
    snapshot = long_ledger(len(NAMES) * 2)
    for place, row in enumerate(snapshot["data"]["ledger"]):
        row |= {"name": NAMES[place % len(NAMES)], "investor": NAMES[-1 - place % len(NAMES)]}
    snapshot = written(snapshot)
    faces = find_faces(FONTS)
    missing = lacking(characters(snapshot["content"]), tuple(faces.values()))
    assert missing >= set("垚喆堃")
    lay_out = layouts(snapshot, faces, missing)

    def set_by_engine(models: Sheet) -> Document:
        part = Part(annexes=(0,), models=models)
        return lay_out("brief.html", content=snapshot["content"], tight={}, part=part)

    block = snapshot["content"]["annexes"][0]["blocks"][0]
    ledger = Ledger(block, snapshot["public_url"], missing, set_by_engine)
    part = Part(annexes=(0,), sheets=tuple(ledger.sheets))
    page, *_others = ledger.fill(
        lay_out("brief.html", content=snapshot["content"], tight={}, part=part).pages
    )
    (by_engine,) = set_by_engine(ledger.sheets[0]).pages
    found, wanted = list(_places(page)), list(_places(by_engine))
    assert [each[0] for each in found] == [each[0] for each in wanted]
    assert sum(name == "TextBox" for (name, _words, _link), *_place in wanted) > 120
    for one, other in zip(found, wanted, strict=True):
        assert one[1] == pytest.approx(other[1], abs=0.01), one[0]


def _places(page: Page) -> Any:
    """Texts, links and rows with their edges."""
    for box in page._page_box.descendants():
        if isinstance(box, boxes.TextBox | boxes.TableRowBox | boxes.TableBox) or box.link:
            edges = (box.position_x, box.position_y, box.width, box.height)
            yield (type(box).__name__, getattr(box, "text", ""), box.link), edges
