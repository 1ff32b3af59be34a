"""Files that must be refused, made when asked for: name, maker, and words the refusal must hold."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.ledger.books import MAIN, RELATIONS, ROOT, SHEET, STRINGS, WORKBOOK, make_book, make_zip

MIB = 1024 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
GOOD = make_book('<c r="A1"><v>1</v></c>')
VALUE = "<v>1</v>"


@dataclass(frozen=True)
class Case:
    """A file and what its refusal must say."""

    name: str
    make: Callable[[], bytes]
    words: str


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """No more processor time than this, here and in ended children: that a machine is busy is no fault."""
    before = sum(os.times()[:4])
    try:
        yield
    finally:
        assert sum(os.times()[:4]) - before < seconds


def _ole(stream: str) -> bytes:
    return OLE + b"\0" * 1024 + stream.encode("utf-16-le") + b"\0" * 4096


ODS_TABLE = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="台账">{}</table:table></office:spreadsheet></office:body></office:document-content>'
)
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def make_ods(rows: str) -> bytes:
    """An .ods of one sheet 台账."""
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return make_zip(
        {"mimetype": ODS_TYPE, "META-INF/manifest.xml": manifest, "content.xml": ODS_TABLE.format(rows)}
    )


def _encrypted_ods() -> bytes:
    manifest = '<m:manifest xmlns:m="x"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    return make_zip(
        {"mimetype": ODS_TYPE, "META-INF/manifest.xml": manifest, "content.xml": b"\x8f\x01" * 99}
    )


def _repeated_ods(rows: int, columns: int) -> bytes:
    cell = f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type="string"><text:p>x</text:p></table:table-cell>'
    return make_ods(f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>')


def _sheet(inner: str) -> Callable[[], bytes]:
    return lambda: make_book(sheet=inner)


def _row(cells: str, strings: str | None = None) -> Callable[[], bytes]:
    return lambda: make_book(cells, strings=strings)


def _parts(**parts: str | bytes | None) -> Callable[[], bytes]:
    names = {"sheet": SHEET, "strings": STRINGS, "workbook": WORKBOOK, "relations": RELATIONS}
    return lambda: make_book(
        '<c r="A1"><v>1</v></c>', parts={names[key]: part for key, part in parts.items()}
    )


def _member(name: str, content: bytes = b"x") -> Callable[[], bytes]:
    return lambda: make_book('<c r="A1"><v>1</v></c>', parts={name: content})


def _bomb(name: str, head: str, unit: str, size: int) -> Callable[[], bytes]:
    """A member of ``size`` bytes that repeats ``unit``."""

    def make() -> bytes:
        stream = io.BytesIO(GOOD)
        with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            block = unit.encode() * (MIB // len(unit.encode()))
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(head.encode())
                for _ in range(size // len(block)):
                    member.write(block)
        return stream.getvalue()

    return make


def _lying() -> bytes:
    """An archive whose directory says that the 30 MiB sheet has 1,000 bytes."""
    size = 30 * MIB
    content = bytearray(make_book(sheet="<sheetData/>" + " " * size))
    true = struct.pack("<L", size + len(f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'))
    assert content.count(true) == 2
    return bytes(content.replace(true, struct.pack("<L", 1000)))


def _encrypted_member() -> bytes:
    content = bytearray(GOOD)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(signature)
        content[at + offset] |= 1
    return bytes(content)


def _flipped() -> bytes:
    content = bytearray(
        make_book("".join(f"<c><v>{number * 7919 % 104729}</v></c>" for number in range(400)))
    )
    content[len(content) // 2] ^= 0xFF
    return bytes(content)


def _repeated_member() -> bytes:
    return make_book('<c r="A1"><v>1</v></c>', parts={"XL/Worksheets/Sheet1.xml": "<worksheet/>"})


_LAUGHS = '<!DOCTYPE w [<!ENTITY a "' + "ha" * 100 + '">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
) + "]>"  # fmt: skip
_XXE = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
_BODY = f'<worksheet xmlns="{MAIN}"><sheetData><row><c t="inlineStr"><is><t>&i;&x;</t></is></c></row></sheetData></worksheet>'
_TEXT_HTML = "<html><head><meta charset=utf-8></head><table><tr><td>1</td></tr></table></html>"
_XML_2003 = '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>'
_CORNER = f'<c r="A1">{VALUE}</c></row><row r="1048576"><c r="XFD1048576">{VALUE}</c>'
_PREFIXED = f'<x:sheetData xmlns:x="{MAIN}"><x:row><x:c r="A1"><x:v>1</x:v></x:c></x:row><x:row><x:c t="n" r="XFD1048576"><x:v>1</x:v></x:c></x:row></x:sheetData>'
_MANY_SHEETS = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, 302))

OTHER_FILES = [
    Case("0 bytes", lambda: b"", "空的"),
    Case("one byte", lambda: b"\x01", "不是 Excel 工作簿"),
    Case("noise", lambda: bytes(range(128, 256)) * 40 + b"\0\1\2", "不是 Excel 工作簿"),
    Case("HTML", lambda: _TEXT_HTML.encode(), "网页"),
    Case("HTML with BOM", lambda: b"\xef\xbb\xbf\r\n " + _TEXT_HTML.encode(), "网页"),
    Case("XML 2003", _XML_2003.encode, "XML 表格"),
    Case("PDF", lambda: b"%PDF-1.7\n...", "PDF"),
    Case("picture", lambda: b"\x89PNG\r\n\x1a\n", "图片"),
    Case("RAR", lambda: b"Rar!\x1a\x07", "压缩包"),
    Case("text without an encoding", lambda: b"\xff\xff,\xfe\x81\n" * 9, "无法识别"),
    Case("a row beyond the limit", lambda: b"a,b\n" * 100_001, "100000 行"),
    Case("a column beyond the limit", lambda: b"a" + b"," * 600, "500 列"),
    Case(
        "DTD in .ods",
        lambda: make_zip({"content.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}),
        "异常内容",
    ),
    Case("a quote that is never closed", lambda: b'a,b\n1,"2\n' + b"3,4\n" * 99, "引号没有配对"),
    Case("encrypted .ods", _encrypted_ods, "密码"),
    Case("ODS repeated without end", lambda: _repeated_ods(1_000_000, 16_000), "打不开"),
    Case("ODS too wide", lambda: _repeated_ods(2, 600), "过大"),
    Case("old .xls", lambda: _ole("Workbook"), "打不开"),
    Case("encrypted .xlsx", lambda: _ole("EncryptedPackage"), "密码"),
    Case("old Word", lambda: _ole("WordDocument"), "Word"),
    Case("empty zip", lambda: make_zip({}), "没有任何内容"),
    Case("zip of something", lambda: make_zip({"readme.txt": "x"}), "没有工作簿"),
    Case("zip of a workbook", lambda: make_zip({"台账.xlsx": GOOD}), "解压"),
    Case("ODS", lambda: make_zip({"mimetype": "x", "content.xml": "<x/>"}), "打不开"),
    Case("Word", lambda: make_zip({"word/document.xml": "<x/>"}), "Word"),
    Case("slides", lambda: make_zip({"ppt/presentation.xml": "<x/>"}), "演示文稿"),
    Case("binary workbook", lambda: make_zip({"xl/workbook.bin": b"x"}), "xlsb"),
    Case("macros", _member("xl/vbaProject.bin"), "宏"),
]

BROKEN_FILES = [
    Case("cut in the middle", lambda: GOOD[: len(GOOD) // 2], "损坏"),
    Case("cut at the end", lambda: GOOD[:-10], "损坏"),
    Case("only a head", lambda: b"PK\x03\x04", "损坏"),
    Case("flipped byte", _flipped, "损坏"),
    Case("no sheet", lambda: make_book(sheets=""), "没有工作表"),
    Case("only a chart", _parts(relations="<Relationships/>"), "没有工作表"),
    Case(
        "another workbook",
        lambda: make_book(
            parts={
                ROOT: '<Relationships><Relationship Id="rId1" Type="x/officeDocument" Target="xl/other.xml"/></Relationships>',
                "xl/other.xml": "<workbook/>",
            }
        ),
        "不规范",
    ),
    Case("no root relations", lambda: make_book(parts={ROOT: None}), "损坏"),
    Case("no relations", _parts(relations=None), "损坏"),
    Case("sheet missing", _parts(sheet=None), "不规范"),
    Case("sheet empty", _parts(sheet=b""), "损坏"),
    Case("malformed sheet", _sheet("<sheetData><row>"), "损坏"),
    Case("malformed strings", _parts(strings="<sst><si>"), "损坏"),
    Case("malformed workbook", _parts(workbook="<workbook>"), "损坏"),
    Case("301 sheets", lambda: make_book(sheets=_MANY_SHEETS), "301 个工作表"),
    Case(
        "one name twice",
        lambda: make_book(sheets='<sheet name="a" r:id="rId1"/><sheet name="a" r:id="rId1"/>'),
        "不规范",
    ),
    Case("two sheetData", _sheet("<sheetData/><sheetData><row><c><v>1</v></c></row></sheetData>"), "不规范"),
    Case("cell twice", _row(f'<c r="A1">{VALUE}</c><c r="A1"><v>2</v></c>'), "不规范"),
    Case("rows out of order", _row(f'<c r="A2">{VALUE}</c></row><row r="1"><c r="A1">{VALUE}</c>'), "不规范"),
    Case("row is no number", lambda: make_book(data=f'<row r="x"><c>{VALUE}</c></row>'), "不规范"),
    Case("address is none", _row(f'<c r="1A">{VALUE}</c>'), "不规范"),
    Case("address in row 0", _row(f'<c r="A0">{VALUE}</c>'), "不规范"),
    Case("address too wide", _row(f'<c r="ZZZZZ1">{VALUE}</c>'), "不规范"),
    Case("unknown type", _row(f'<c t="zz">{VALUE}</c>'), "损坏"),
    Case("truth value 7", _row('<c t="b"><v>7</v></c>'), "损坏"),
    Case("string index too high", _row('<c t="s"><v>5</v></c>', "<si><t>a</t></si>"), "损坏"),
    Case("string index negative", _row('<c t="s"><v>-1</v></c>', "<si><t>a</t></si>"), "不规范"),
    Case("string index is a word", _row('<c t="s"><v>x</v></c>', "<si><t>a</t></si>"), "不规范"),
    Case("no strings at all", _row('<c t="s"><v>0</v></c>'), "损坏"),
    Case("digit as reference", _row("<c><v>5&#48;</v></c>"), "不规范"),
    Case("digits in CDATA", _row("<c><v><![CDATA[70000]]></v></c>"), "不规范"),
    Case("two values", _row("<c><v>1</v><v>2</v></c>"), "不规范"),
]

HOSTILE_FILES = [
    Case("billion laughs in the sheet", _parts(sheet=_LAUGHS + _BODY), "异常内容"),
    Case("billion laughs in the strings", _parts(strings=_LAUGHS + "<sst><si><t>&i;</t></si></sst>"), "异常内容"),
    Case("XXE in the sheet", _parts(sheet=_XXE + _BODY), "异常内容"),
    Case("XXE in the workbook", _parts(workbook=_XXE + "<workbook/>"), "异常内容"),
    Case("XXE in UTF-16", _parts(sheet=('<?xml version="1.0" encoding="UTF-16"?>' + _XXE + _BODY).encode("utf-16")), "异常内容"),
    Case("DTD in a part nobody reads", lambda: make_book(VALUE, parts={"docProps/app.xml": _XXE + "<a/>"}), "异常内容"),
    Case("outer DTD", _parts(strings='<!DOCTYPE s SYSTEM "http://127.0.0.1:9/x.dtd"><sst/>'), "异常内容"),
    Case("300 MB of blanks", _bomb("xl/media/a.bin", "", " ", 300 * MIB), "膨胀"),
    Case("297 MB sheet", _bomb("xl/worksheets/sheet9.xml", "<worksheet>", '<c r="A1"><v>1</v></c>', 297 * MIB), "297 MB"),
    Case("directory lies about the size", _lying, "损坏"),
    Case("corner cell", _row(_CORNER), "XFD1048576"),
    Case("corner cell with prefixes", _sheet(_PREFIXED), "XFD1048576"),
    Case("row 100,001", lambda: make_book(data=f'<row r="100001"><c>{VALUE}</c></row>'), "A100001"),
    Case("column 501", _row(f'<c r="SG1">{VALUE}</c>'), "SG1"),
    Case("far apart", _row(f'<c r="A1">{VALUE}</c></row><row><c r="SF100000">{VALUE}</c>'), "SF100000"),
    Case("1,000,001 cells", lambda: make_book(data=f"<row>{f'<c>{VALUE}</c>' * 100}</row>" * 10_001, compression=zipfile.ZIP_STORED), "1000000 个单元格"),
    Case("2,001 members", lambda: make_zip({f"xl/{n}.xml": "<a/>" for n in range(2001)}), "2001 个部件"),
    Case("name goes up", _member("../../evil.xml"), "异常内容"),
    Case("name goes up inside", _member("xl/../../evil.xml"), "异常内容"),
    Case("absolute name", _member("/etc/cron.d/evil"), "异常内容"),
    Case("name with backslash", _member("xl\\..\\evil.xml"), "异常内容"),
    Case("name of a drive", _member("C:evil.xml"), "异常内容"),
    Case("one member twice", _repeated_member, "不规范"),
    Case("member with a password", _encrypted_member, "密码"),
    Case("packed with bzip2", lambda: make_zip({WORKBOOK: "<workbook/>"}, zipfile.ZIP_BZIP2), "不规范"),
    Case("packed with LZMA", lambda: make_zip({WORKBOOK: "<workbook/>"}, zipfile.ZIP_LZMA), "不规范"),
    Case("sheet outside the archive", _parts(relations=(
        '<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="../../../etc/passwd"/></Relationships>'
    )), "不规范"),
    Case("merged ranges over each other", lambda: make_book(sheet=(
        f"<sheetData><row><c>{VALUE}</c></row></sheetData><mergeCells>"
        + '<mergeCell ref="A1:SF5000"/>' * 40 + "</mergeCells>"
    )), "合并单元格"),
    Case("one long text 200,000 times", lambda: make_book(
        data=("<row>" + '<c t="s"><v>0</v></c>' * 100 + "</row>") * 1_999, strings=f"<si><t>{'项' * 32_000}</t></si>",
        compression=zipfile.ZIP_STORED,
    ), "过大"),
]  # fmt: skip
