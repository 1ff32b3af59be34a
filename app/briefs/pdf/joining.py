"""Pages set by another process put into the PDF: their tags, links and faces come along.

pikepdf (qpdf) copies the objects and writes the file. A part gives its tags and faces names of its own
before, while they are still Python objects, so that nothing has to be renamed afterwards.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
import pydyf

from app.briefs.pdf.finish import write_once

KEYS_FROM = 1_000_000
"""Keys of a part's tags begin here: no file has so many of its own."""


def write_part(document: Any, pdf: pydyf.PDF) -> None:
    """A finisher for WeasyPrint: what is numbered or named per file is made different from the main file's."""
    for thing in pdf.objects:
        if not isinstance(thing, pydyf.Dictionary):
            continue
        for key in ("StructParent", "StructParents"):
            if key in thing:
                thing[key] += KEYS_FROM
        if "Nums" in thing:
            thing["Nums"][::2] = [key + KEYS_FROM for key in thing["Nums"][::2]]
        if "ID" in thing:
            thing["ID"].string = f"p{thing['ID'].string}"
        for key in ("BaseFont", "FontName"):
            if key in thing:
                thing[key] = _other_subset(thing[key])
    write_once(document, pdf)


def _other_subset(name: Any) -> Any:
    """The name of a face with another tag: two subsets of one face may not share it."""
    text = name.decode() if isinstance(name, bytes) else str(name)
    tag, plus, face = text.lstrip("/").partition("+")
    if not plus:
        return name
    return f"/{tag[::-1]}+{face}".encode()


def join(main: bytes, part: bytes, place: int) -> bytes:
    """``main`` with the pages of ``part`` after its first ``place`` ones; the same bytes for the same two."""
    with pikepdf.open(BytesIO(main)) as book, pikepdf.open(BytesIO(part)) as other:
        before = {page.obj.objgen for page in book.pages[:place]}
        for number, page in enumerate(other.pages):
            book.pages.insert(place + number, page)
        own = book.Root.StructTreeRoot
        added = book.copy_foreign(other.Root.StructTreeRoot)
        whole = own.K[0]
        elements = list(added.K[0].K)
        for element in elements:
            element.P = whole
        kept = list(whole.K)
        turn = sum(element.Pg.objgen in before for element in kept)
        whole.K = pikepdf.Array([*kept[:turn], *elements, *kept[turn:]])
        own.ParentTree.Nums.extend(added.ParentTree.Nums)
        target = BytesIO()
        book.save(
            target,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            recompress_flate=False,
        )
    return target.getvalue()
