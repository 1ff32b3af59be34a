"""The kinds of file that are accepted."""

from __future__ import annotations

from enum import StrEnum

_OFFICE = "application/vnd.openxmlformats-officedocument"


class FileKind(StrEnum):
    """A kind, told by its content and never by its name."""

    pdf = "pdf"
    jpeg = "jpeg"
    png = "png"
    webp = "webp"
    docx = "docx"
    xlsx = "xlsx"

    @property
    def media_type(self) -> str:
        """The MIME type under which it is delivered."""
        return _MEDIA_TYPES[self]

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _LABELS[self]

    @property
    def extensions(self) -> tuple[str, ...]:
        """The endings a name of this kind may have, without the dot."""
        return ("jpg", "jpeg") if self is FileKind.jpeg else (self.value,)

    @property
    def is_image(self) -> bool:
        """Whether it is a picture by itself."""
        return self in (FileKind.jpeg, FileKind.png, FileKind.webp)

    @property
    def has_preview(self) -> bool:
        """Whether a picture of it can be shown in the page."""
        return self.is_image or self is FileKind.pdf


_MEDIA_TYPES = {
    FileKind.pdf: "application/pdf",
    FileKind.jpeg: "image/jpeg",
    FileKind.png: "image/png",
    FileKind.webp: "image/webp",
    FileKind.docx: f"{_OFFICE}.wordprocessingml.document",
    FileKind.xlsx: f"{_OFFICE}.spreadsheetml.sheet",
}
_LABELS = {
    FileKind.pdf: "PDF",
    FileKind.jpeg: "JPG 图片",
    FileKind.png: "PNG 图片",
    FileKind.webp: "WebP 图片",
    FileKind.docx: "Word 文档",
    FileKind.xlsx: "Excel 表格",
}
_BY_MEDIA_TYPE = {media_type: kind for kind, media_type in _MEDIA_TYPES.items()}
ACCEPT = ",".join(f".{extension}" for kind in FileKind for extension in kind.extensions)
"""For the file field of a page."""
ACCEPTED_WORDS = "PDF、JPG、PNG、WebP、Word（.docx）、Excel（.xlsx）"


def kind_of(media_type: str) -> FileKind:
    """The kind of a stored file."""
    return _BY_MEDIA_TYPE[media_type]
