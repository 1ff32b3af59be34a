"""What PDF/A-3a asks for and can be seen without a validator: the file is produced as PDF/A-3, not validated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pikepdf
import pytest

ACTIONS = {"/JavaScript", "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData"}


@pytest.fixture(scope="module")
def book(pdf: Path) -> Any:
    with pikepdf.open(pdf) as opened:
        yield opened


def dictionaries(book: Any) -> list[Any]:
    return [thing for thing in book.objects if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream)]


def test_it_says_part_3_level_a_and_agrees_with_its_information(book):
    with book.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["dc:title"] == str(book.docinfo["/Title"]) == "2024年上半年招商引资工作情况"
        assert metadata.get("pdf:Producer") == str(book.docinfo["/Producer"])
    assert "/Filter" not in book.Root.Metadata, "readable without unpacking"
    assert not book.is_encrypted
    assert len(book.trailer.ID) == 2


def test_colours_have_an_output_intent_with_a_profile(book):
    intent = book.Root.OutputIntents[0]
    assert intent.S == "/GTS_PDFA1"
    assert intent.DestOutputProfile.N == 3
    assert b"acsp" in intent.DestOutputProfile.read_bytes()[:64]


def test_every_face_is_embedded_with_its_signs(book):
    faces = [thing for thing in dictionaries(book) if thing.get("/Type") == "/FontDescriptor"]
    assert faces
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(face.keys()) for face in faces)
    assert all("/ToUnicode" in thing for thing in dictionaries(book) if thing.get("/Subtype") == "/Type0")


def test_the_data_are_associated_files_with_their_relationship(book):
    files = {str(spec.F): spec for spec in book.Root.AF}
    assert set(files) == {"figures.json", "figures.xlsx"} == set(book.attachments)
    assert all(
        spec.AFRelationship == "/Data" and "/UF" in spec and "/Desc" in spec for spec in files.values()
    )
    assert all("/Subtype" in spec.EF.F and "/ModDate" in spec.EF.F.Params for spec in files.values())


def test_it_is_tagged_in_chinese_and_does_nothing_by_itself(book):
    assert book.Root.Lang == "zh-CN"
    assert book.Root.MarkInfo.Marked
    assert book.Root.StructTreeRoot.K[0].S == "/Document"
    assert all(page.obj.Tabs == "/S" for page in book.pages)
    figures = [thing for thing in dictionaries(book) if thing.get("/S") == "/Figure"]
    assert figures
    assert all(str(figure.Alt) for figure in figures)
    assert not ACTIONS & {str(thing.get("/S")) for thing in dictionaries(book)}
    assert not {"/AA", "/OpenAction"} & set(book.Root.keys())
    assert all(thing.F == 4 for thing in dictionaries(book) if thing.get("/Subtype") == "/Link")
