"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

from app.ledger.workbook.cells import WorkbookError

MAX_FILE_BYTES = 50 * 1024 * 1024
SAVE_AS = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后再上传"

_HEAD_BYTES = 4096
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORD = "WordDocument".encode("utf-16-le")
_OTHERS = {
    b"%PDF": "PDF 文件",
    b"Rar!": "RAR 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
    b"\x1f\x8b": "压缩包",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"{\\rtf": "RTF 文档",
}
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<", re.ASCII)


class Form(StrEnum):
    """The kinds of file that hold tables; a zip archive may be an .xlsx or an .ods."""

    zipped = "zipped"
    xls = "xls"
    text = "text"


def check_signature(path: Path) -> Form:
    """What the file is. Refuses, in words that name what it is, one that does not start like a table.

    Raises ``WorkbookError``. Reads at most ``MAX_FILE_BYTES``.
    """
    if not path.is_file():
        raise WorkbookError(f"找不到文件“{path.name}”，请核对文件名和位置")
    size = path.stat().st_size
    if not size:
        raise WorkbookError("文件是空的（0 字节），请重新导出或重新上传")
    if size > MAX_FILE_BYTES:
        raise WorkbookError(f"文件有 {size / 1024**2:.0f} MB，超过 50 MB，请删除图片等无关内容或分成几个文件")
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
            reason = _refusal(head, stream.read() if head.startswith(_OLE) else b"")
    except PermissionError:
        raise WorkbookError(f"没有读取“{path.name}”的权限，请核对文件权限") from None
    if reason:
        raise WorkbookError(reason)
    if head.startswith(_ZIP):
        return Form.zipped
    return Form.xls if head.startswith(_OLE) else Form.text


def _refusal(head: bytes, rest: bytes) -> str | None:
    """Why these bytes are no .xlsx; None when they may be one."""
    if head.startswith(_ZIP):
        return None
    if head.startswith(_EMPTY_ZIP):
        return f"文件里没有任何内容，{SAVE_AS}"
    if head.startswith(_OLE):
        return _ole_refusal(head + rest)
    for magic, kind in _OTHERS.items():
        if head.startswith(magic):
            return f"这是{kind}，不是 Excel 工作簿，请选择 .xlsx 文件"
    if _MARKUP.match(head):
        kind = "XML 表格" if b"<?xml" in head[:200] and b"Excel.Sheet" in head else "网页（HTML）"
        return f"文件实际是{kind}，不是 Excel 工作簿，{SAVE_AS}"
    if _is_text(head):
        return None
    return f"无法识别的文件，不是 Excel 工作簿，{SAVE_AS}"


def _ole_refusal(content: bytes) -> str | None:
    if _ENCRYPTED in content:
        return "文件已加密，需要密码才能打开，请在 Excel 或 WPS 中取消密码后另存，再上传"
    if _WORD in content:
        return "这是 Word 文档，不是 Excel 工作簿，请选择 .xlsx 文件"
    if not any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        return f"无法识别的文件，不是 Excel 工作簿，{SAVE_AS}"
    return None


def _is_text(head: bytes) -> bool:
    """Whether the bytes are text in an encoding that Chinese offices use; the cut at the end is forgiven."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if _BINARY.search(head):
        return False
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False
