"""What a PDF's own structure says: each link with the words drawn inside it, read by their marks, not by their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

_PAIR = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
Fonts = dict[str, dict[int, str]]


def links_of(pdf: Path) -> list[tuple[str, str]]:
    """Address and words of every link in the order of reading; one that runs over two lines comes twice."""
    with pikepdf.open(pdf) as book:
        fonts: dict[tuple[int, int], Fonts] = {}
        marked = {page.obj.objgen: _marked(page, fonts) for page in book.pages}
        return list(_links(book.Root.StructTreeRoot.K[0], marked))


def _links(element: Any, marked: dict[Any, dict[int, str]]) -> Iterator[tuple[str, str]]:
    kids = list(element.get("/K", []))
    for kid in kids:
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR" and element.S == "/Link":
            yield str(kid.Obj.A.URI), "".join(_words(element, marked)).strip()
    for kid in kids:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from _links(kid, marked)


def _words(element: Any, marked: dict[Any, dict[int, str]]) -> Iterator[str]:
    for kid in element.get("/K", []):
        if isinstance(kid, pikepdf.Dictionary):
            if "/S" in kid:
                yield from _words(kid, marked)
        else:
            yield marked[element.Pg.objgen].get(int(kid), "")


def _marked(page: Any, known: dict[tuple[int, int], Fonts]) -> dict[int, str]:
    """The words of a page by the number of their mark."""
    faces = page.obj.Resources.Font
    if faces.objgen not in known:
        known[faces.objgen] = {name: _signs(face) for name, face in faces.items()}
    fonts = known[faces.objgen]
    found: dict[int, str] = {}
    mark: int | None = None
    signs: dict[int, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        match str(instruction.operator):
            case "BDC":
                mark = int(operands[1].MCID) if "/MCID" in operands[1] else None
            case "Tf":
                signs = fonts[str(operands[0])]
            case "Tj" | "TJ" if mark is not None:
                pieces = operands[0] if isinstance(operands[0], pikepdf.Array) else operands
                for piece in pieces:
                    if isinstance(piece, pikepdf.String):
                        raw = bytes(piece)
                        glyphs = (int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2))
                        found[mark] = found.get(mark, "") + "".join(signs.get(g, "?") for g in glyphs)
    return found


def _signs(face: Any) -> dict[int, str]:
    pairs = _PAIR.findall(face.ToUnicode.read_bytes())
    return {int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs}
