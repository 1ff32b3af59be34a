"""Writing a PDF without what pydyf does again and again, or more thoroughly than it pays."""

from __future__ import annotations

import zlib
from typing import Any

import pydyf


class Packer:
    """In the place of the module ``zlib``: a quarter of the time for two hundredths more of size."""

    compress = staticmethod(zlib.compress)

    @staticmethod
    def compressobj(**_level: int) -> Any:
        """At the usual level instead of the highest."""
        return zlib.compressobj()


class Written(pydyf.Object):
    """An object with its bytes, compressed already, in the place of the object itself."""

    data: bytes = b""
    compressible: bool = False

    def __init__(self, source: pydyf.Object) -> None:
        super().__init__()
        self.number, self.generation, self.free = source.number, source.generation, source.free
        self.compressible, self.data = source.compressible, source.data


def install() -> None:
    """Have streams packed faster, and the list of pages, which every tag asks for, made when pages were added."""
    pydyf.zlib = Packer
    pydyf.PDF.page_references = property(_page_references)


def _page_references(pdf: pydyf.PDF) -> tuple[bytes, ...]:
    pages = pdf.pages["Kids"][::3]
    found: tuple[bytes, ...] = getattr(pdf, "_page_references", ())
    if len(found) != len(pages):
        found = pdf._page_references = tuple(f"{page} 0 R".encode() for page in pages)
    return found


def write_once(_document: Any, pdf: pydyf.PDF) -> None:
    """A finisher for WeasyPrint: objects are written out for the file, and not again for its identifier."""
    pdf.objects[:] = [source if source.free == "f" else Written(source) for source in pdf.objects]
