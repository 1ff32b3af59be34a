"""The zip archive that an .xlsx is: refused before anything large is unpacked."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from app.ledger.workbook.cells import WorkbookError
from app.ledger.workbook.signature import SAVE_AS

MAX_MEMBERS = 2_000
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_RATIO = 200
_RATIO_FROM_BYTES = 10 * 1024 * 1024
_CHUNK = 256 * 1024

WORKBOOK_PART = "xl/workbook.xml"
ODS_PART, ODS_MANIFEST = "content.xml", "META-INF/manifest.xml"
BROKEN = f"文件已损坏或不完整，请重新导出；{SAVE_AS}"
UNUSUAL = f"文件的内部结构不规范，可能由其他软件生成；{SAVE_AS}"
_LOCKED = "文件已加密，需要密码才能打开，请取消密码后再上传"
_HOSTILE = "文件内含有异常内容，为安全起见不予读取，请用 Excel 或 WPS 新建工作簿，把数据复制过去后再上传"


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet's name and the member it is stored in."""

    name: str
    part: str


class Archive:
    """An opened .xlsx whose members were checked. Raises ``WorkbookError`` when they cannot be trusted."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise WorkbookError(BROKEN) from None
        _check_members(self._zip.infolist())
        self.names = set(self._zip.namelist())
        self.is_ods = ODS_PART in self.names and WORKBOOK_PART not in self.names
        if self.is_ods:
            self._check_open()
            self.parse(ODS_PART)
        else:
            _check_kind(self.names)

    def _check_open(self) -> None:
        """Refuse an .ods with a password, of which the manifest alone can be read."""
        if ODS_MANIFEST not in self.names:
            return
        found: set[str] = set()
        parser = expat.ParserCreate()
        parser.StartElementHandler = lambda name, _: found.add(name.rpartition(":")[2])
        self.parse(ODS_MANIFEST, parser)
        if "encryption-data" in found:
            raise WorkbookError(_LOCKED)

    def check_rest(self, sheets: list[SheetPart]) -> None:
        """Refuse a malformed or hostile XML part among those that are not worksheets."""
        for part in sorted(self.names - {sheet.part for sheet in sheets}):
            if part.endswith((".xml", ".rels")):
                self.parse(part)

    def parse(self, part: str, parser: expat.XMLParserType | None = None) -> None:
        """Run a part through ``parser``. Refuses a missing or malformed one, and any DTD (bombs, XXE)."""
        parser = parser or expat.ParserCreate()
        parser.StartDoctypeDeclHandler = _refuse_doctype
        try:
            for chunk in self._chunks(part):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError:
            raise WorkbookError(BROKEN) from None

    def _chunks(self, part: str) -> Iterator[bytes]:
        """The unpacked part; a wrong length or checksum is found here, as by no later reader."""
        try:
            with self._zip.open(part) as stream:
                while chunk := stream.read(_CHUNK):
                    yield chunk
        except (KeyError, zipfile.BadZipFile, EOFError, OSError, NotImplementedError, zlib.error):
            raise WorkbookError(BROKEN) from None


def _refuse_doctype(*_: object) -> NoReturn:
    raise WorkbookError(_HOSTILE)


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    """Number, names, sizes and packing of the members."""
    if len(members) > MAX_MEMBERS:
        raise WorkbookError(f"文件内部有 {len(members)} 个部件，超过 {MAX_MEMBERS} 个，{_HOSTILE}")
    seen: set[str] = set()
    for member in members:
        name = member.orig_filename
        if "\\" in name or "\0" in name or name.startswith("/") or ":" in name or ".." in name.split("/"):
            raise WorkbookError(_HOSTILE)
        if name.lower() in seen:
            raise WorkbookError(UNUSUAL)
        seen.add(name.lower())
        if member.flag_bits & 1:
            raise WorkbookError(_LOCKED)
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise WorkbookError(UNUSUAL)
        ratio = member.file_size / max(member.compress_size, 1)
        if member.file_size > _RATIO_FROM_BYTES and ratio > MAX_RATIO:
            raise WorkbookError(f"文件解压后异常膨胀（{ratio:.0f} 倍），{_HOSTILE}")
    total = sum(member.file_size for member in members)
    if total > MAX_UNPACKED_BYTES:
        raise WorkbookError(
            f"文件解压后有 {total / 1024**2:.0f} MB，超过 200 MB，请删除无关内容或分成几个文件"
        )


def _check_kind(names: set[str]) -> None:
    """That it is a workbook without macros."""
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise WorkbookError(f"文件含有宏（.xlsm），为安全起见不予读取，{SAVE_AS}")
    if WORKBOOK_PART in names:
        return
    if "xl/workbook.bin" in names:
        raise WorkbookError(f"文件是二进制工作簿（.xlsb），{SAVE_AS}")
    if "word/document.xml" in names:
        raise WorkbookError("这是 Word 文档，不是 Excel 工作簿，请选择 .xlsx 文件")
    if "ppt/presentation.xml" in names:
        raise WorkbookError("这是演示文稿，不是 Excel 工作簿，请选择 .xlsx 文件")
    if any(name.lower().endswith((".xlsx", ".xls")) for name in names):
        raise WorkbookError("这是压缩包，请先解压，再上传其中的 .xlsx 文件")
    raise WorkbookError(f"文件里没有工作簿，{SAVE_AS}")


def list_sheets(archive: Archive) -> tuple[list[SheetPart], bool]:
    """The worksheets in order, and whether the workbook says its formulas are still to be computed."""
    if set(_relations(archive, "_rels/.rels", "/", "officeDocument").values()) != {WORKBOOK_PART}:
        raise WorkbookError(UNUSUAL)
    found: list[tuple[str, str]] = []
    uncomputed = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal uncomputed
        tag = name.rpartition(":")[2]
        if tag == "sheet":
            found.append((attributes.get("name", ""), _relation_id(attributes)))
        elif tag == "calcPr":
            uncomputed = attributes.get("fullCalcOnLoad") in ("1", "true")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    archive.parse(WORKBOOK_PART, parser)
    targets = _relations(archive, "xl/_rels/workbook.xml.rels", "/xl", "worksheet")
    sheets = [SheetPart(name, targets[relation]) for name, relation in found if relation in targets]
    if len({sheet.name for sheet in sheets}) < len(sheets) or any(
        s.part not in archive.names for s in sheets
    ):
        raise WorkbookError(UNUSUAL)
    return sheets, uncomputed


def _relation_id(attributes: dict[str, str]) -> str:
    """``r:id``, whatever prefix the file gives the namespace."""
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")


def _relations(archive: Archive, part: str, base: str, kind: str) -> dict[str, str]:
    """Ids and targets of the relations of one kind; a target is relative to the folder ``base``."""
    targets: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "Relationship" and attributes.get("Type", "").endswith(f"/{kind}"):
            target = posixpath.normpath(posixpath.join(base, attributes.get("Target", "")))
            targets[attributes.get("Id", "")] = target.lstrip("/")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    archive.parse(part, parser)
    return targets
