"""Hand-made .xlsx files, part by part, so that tests can make them as broken as they like."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
ROOT = "_rels/.rels"
WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
STYLE_FORMATS = (0, 14, 20, 22, 31, 46, 57, 176, 177, 178)
"""Number formats of the styles that ``make_book`` has, in order."""


def make_book(
    cells: str = "",
    *,
    data: str | None = None,
    sheet: str | None = None,
    strings: str | None = None,
    settings: str = "",
    sheets: str = '<sheet name="台账" sheetId="1" r:id="rId1"/>',
    after: str = "",
    parts: Mapping[str, str | bytes | None] | None = None,
    compression: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """A workbook of one sheet. ``cells`` fill row 1, ``data`` the sheetData, ``sheet`` the worksheet.

    ``parts`` replaces members, adds them, or with None leaves them out.
    """
    data = f'<row r="1">{cells}</row>' if data is None else data
    sheet = f"<sheetData>{data}</sheetData>" if sheet is None else sheet
    members: dict[str, str | bytes | None] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        ROOT: f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        WORKBOOK: f'<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}">{settings}<sheets>{sheets}</sheets>{after}</workbook>',
        RELATIONS: f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId8" Type="{DOCUMENT}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId9" Type="{DOCUMENT}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": _styles(),
        STRINGS: f'<sst xmlns="{MAIN}">{strings}</sst>' if strings is not None else None,
        SHEET: f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
    }
    return make_zip({**members, **(parts or {})}, compression)


def _styles() -> str:
    own = {176: 'yyyy"年"m"月"d"日";@', 177: "[$-804]yyyy/m/d;@", 178: "0.00_);[Red]\\(0.00\\)"}
    formats = "".join(
        f'<numFmt numFmtId="{number}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
        for number, code in own.items()
    )
    styles = "".join(f'<xf numFmtId="{number}"/>' for number in STYLE_FORMATS)
    return f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>'


def make_zip(members: Mapping[str, str | bytes | None], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of the members that are not None."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in members.items():
            if content is not None:
                archive.writestr(name, content)
    return stream.getvalue()


def unpack(content: bytes) -> dict[str, bytes]:
    """The members of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def save(folder: Path, content: bytes, name: str = "台账.xlsx") -> Path:
    """``content`` as a file."""
    path = folder / name
    path.write_bytes(content)
    return path
