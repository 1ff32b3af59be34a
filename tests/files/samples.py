"""Files made for tests: sound ones of each kind, and hostile ones."""

from __future__ import annotations

import io
import zipfile

from PIL import Image
from pypdf import PdfWriter

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def picture(kind: str = "JPEG", size: tuple[int, int] = (320, 200), colour: str = "steelblue") -> bytes:
    """A picture of one colour."""
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, kind)
    return stream.getvalue()


def pdf(pages: int = 1, width: int = 300) -> bytes:
    """A PDF with empty pages."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width, 400)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def office(main: str = "word/document.xml", types: str = WORD, more: dict[str, bytes] | None = None) -> bytes:
    """An office document with a main part; ``more`` are further members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml", f'<Types><Override PartName="/{main}" ContentType="{types}"/></Types>'
        )
        archive.writestr(main, b"<document/>")
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return stream.getvalue()
