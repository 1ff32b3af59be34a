"""What a file is, decided by its first bytes and, for office documents, by the members of its archive."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from app.files.rules.kinds import ACCEPTED_WORDS, FileKind
from app.kernel.errors import DomainError

MAX_MEMBERS = 5_000
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
MAX_TYPES_BYTES = 1024 * 1024
FIELD = "files"
_SIGNATURES = (
    (FileKind.pdf, re.compile(rb"%PDF-\d\.\d")),
    (FileKind.jpeg, re.compile(rb"\xff\xd8\xff")),
    (FileKind.png, re.compile(rb"\x89PNG\r\n\x1a\n")),
    (FileKind.webp, re.compile(rb"RIFF....WEBP", re.DOTALL)),
)
_MAIN_PARTS = {"word/document.xml": FileKind.docx, "xl/workbook.xml": FileKind.xlsx}
_ZIP = b"PK\x03\x04"
_PROGRAM = "是可执行程序或脚本，不能上传"
_WEB = "是网页或 SVG 图形，可能带有脚本，不能上传；请截图或另存为 PDF"
_OLD_OFFICE = "是旧版 Office 文件（.doc、.xls），可能带有宏，不能上传；请另存为 .docx、.xlsx 或 PDF"
_MACRO = "带有宏或可执行内容，不能上传；请另存为不带宏的 .docx、.xlsx，或导出为 PDF"
_HEIC = "是苹果手机的 HEIC 照片，多数电脑打不开；请在手机相册里另存为 JPG 后上传"
_PACKED = "是压缩包，不能上传；请解压后逐个上传"
_BROKEN = "已损坏或不完整，请重新导出后上传"
_REFUSED = (
    (re.compile(rb"MZ|\x7fELF|#!|\xca\xfe\xba\xbe|\xcf\xfa\xed\xfe|L\x00\x00\x00\x01\x14\x02\x00"), _PROGRAM),
    (re.compile(rb"(\xef\xbb\xbf)?\s*<(\?xml|!doctype|!--|html|svg|script|head|body)", re.IGNORECASE), _WEB),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), _OLD_OFFICE),
    (re.compile(rb"....ftyp(hei|hev|mif1|msf1)", re.DOTALL), _HEIC),
    (re.compile(rb"Rar!\x1a|7z\xbc\xaf|\x1f\x8b|PK\x05\x06"), _PACKED),
)
_PROGRAM_ENDINGS = frozenset(
    "exe com scr msi bat cmd ps1 vbs vbe js jse wsf hta lnk jar sh py apk dll reg cpl pif".split()
)
_WEB_ENDINGS = frozenset("svg svgz htm html xhtml mht mhtml xml".split())
_MACRO_ENDINGS = frozenset("docm dotm xlsm xltm xlam xlsb pptm".split())
_ACTIVE_MEMBER = re.compile(
    r"vbaproject|vbadata|/activex/|/ctrlprops/|/macrosheets/|/embeddings/.*\.(bin|exe|com|scr|js|vbs)$",
    re.IGNORECASE,
)


def check_content(name: str, content: bytes) -> FileKind:
    """The kind of ``content``, which ``name`` must agree with.

    Raises ``DomainError`` for every other kind, for macros, and for what is damaged.
    """
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    for endings, words in (
        (_PROGRAM_ENDINGS, _PROGRAM),
        (_WEB_ENDINGS, _WEB),
        (_MACRO_ENDINGS, _MACRO),
    ):
        if extension in endings:
            raise _refusal(name, words)
    kind = _kind(name, content)
    if extension not in kind.extensions:
        wanted = " 或 ".join(f".{one}" for one in kind.extensions)
        raise _refusal(name, f"的内容是{kind.label}，扩展名应为 {wanted}；请核对是否选错了文件")
    return kind


def _kind(name: str, content: bytes) -> FileKind:
    if not content:
        raise _refusal(name, "是空文件，请重新选择")
    head = content[:64]
    for kind, signature in _SIGNATURES:
        if signature.match(head):
            return kind
    if head.startswith(_ZIP):
        return _office_kind(name, content)
    for refused, words in _REFUSED:
        if refused.match(head):
            raise _refusal(name, words)
    raise _refusal(name, f"的类型不能识别；可以上传 {ACCEPTED_WORDS}")


def _office_kind(name: str, content: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _office_archive(name, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise _refusal(name, _BROKEN) from None


def _office_archive(name: str, archive: zipfile.ZipFile) -> FileKind:
    members = archive.infolist()
    names = [member.filename for member in members]
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise _refusal(name, "解开后过大，不能上传；请拆成几个文件")
    if len(set(names)) != len(names) or any(member.flag_bits & 1 for member in members):
        raise _refusal(name, "带有密码或内部结构异常，不能上传；请去掉密码后另存")
    found = [kind for part, kind in _MAIN_PARTS.items() if part in names]
    if "[Content_Types].xml" not in names or len(found) != 1:
        raise _refusal(name, _PACKED)
    if any(_ACTIVE_MEMBER.search(f"/{member}") for member in names):
        raise _refusal(name, _MACRO)
    with archive.open("[Content_Types].xml") as stream:
        types = stream.read(MAX_TYPES_BYTES + 1)
    if len(types) > MAX_TYPES_BYTES:
        raise _refusal(name, _BROKEN)
    if b"macroenabled" in types.lower().replace(b"\x00", b"") or b"vbaProject" in types:
        raise _refusal(name, _MACRO)
    return found[0]


def _refusal(name: str, words: str) -> DomainError:
    return DomainError(f"“{name}”{words}", FIELD)
