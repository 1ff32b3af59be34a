"""What is accepted as a file, and under which name."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.files.rules import FileKind, check_content, clean_label, clean_name
from app.files.rules.names import LONGEST_NAME
from app.kernel.errors import DomainError
from app.kernel.text import has_control
from tests.files.samples import office, pdf, picture

GOOD = [
    ("回单.pdf", pdf(), FileKind.pdf),
    ("现场.jpg", picture("JPEG"), FileKind.jpeg),
    ("现场.JPEG", picture("JPEG"), FileKind.jpeg),
    ("截图.png", picture("PNG"), FileKind.png),
    ("照片.webp", picture("WEBP"), FileKind.webp),
    ("纪要.docx", office(), FileKind.docx),
    ("清单.xlsx", office("xl/workbook.xml"), FileKind.xlsx),
]


def packed(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


BAD = [
    ("空.pdf", b"", "空文件"),
    ("程序.exe", b"MZ" + b"\0" * 100, "可执行程序"),
    ("回单.pdf", b"MZ" + b"\0" * 100, "可执行程序"),
    ("回单.pdf.exe", pdf(), "可执行程序"),
    ("脚本.png", b"#!/bin/sh\nrm -rf /\n", "可执行程序"),
    ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG"),
    ("图.png", b"\xef\xbb\xbf  <?xml version='1.0'?><svg/>", "SVG"),
    ("页.pdf", b"<!DOCTYPE html><script>alert(1)</script>", "网页"),
    ("页.html", picture("JPEG"), "网页"),
    ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 Office"),
    ("照片.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
    ("包.zip", packed(a=b"x"), "压缩包"),
    ("包.rar", b"Rar!\x1a\x07\x01\0", "压缩包"),
    ("宏.docm", office(), "宏"),
    ("宏.docx", office(more={"word/vbaProject.bin": b"x"}), "宏"),
    ("宏.docx", office(types="application/vnd.ms-word.document.macroEnabled.main+xml"), "宏"),
    ("宏.xlsx", office("xl/workbook.xml", more={"xl/macrosheets/sheet1.xml": b"x"}), "宏"),
    ("对象.docx", office(more={"word/embeddings/oleObject1.bin": b"x"}), "宏"),
    ("控件.docx", office(more={"word/activeX/activeX1.xml": b"x"}), "宏"),
    ("断.docx", office()[:60], "损坏"),
    ("说明.txt", "普通文字".encode(), "不能识别"),
    ("回单.jpg", pdf(), ".pdf"),
    ("回单.pdf", picture("PNG"), ".png"),
    ("无扩展名", pdf(), ".pdf"),
    ("清单.xlsx", office(), ".docx"),
]


@pytest.mark.parametrize(("name", "content", "kind"), GOOD, ids=[name for name, *_ in GOOD])
def test_the_content_says_what_a_file_is(name: str, content: bytes, kind: FileKind) -> None:
    assert check_content(name, content) is kind


@pytest.mark.parametrize(("name", "content", "words"), BAD, ids=[f"{name}-{words}" for name, _, words in BAD])
def test_everything_else_is_refused_with_a_reason(name: str, content: bytes, words: str) -> None:
    with pytest.raises(DomainError, match=words) as refused:
        check_content(name, content)
    assert refused.value.field == "files"
    assert name in refused.value.message


def test_an_archive_that_unpacks_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.files.rules.content.MAX_UNPACKED_BYTES", 1000)
    with pytest.raises(DomainError, match="过大"):
        check_content("大.docx", office(more={"big": b"\0" * 2000}))


def test_an_archive_with_a_member_twice_is_refused() -> None:
    stream = io.BytesIO(office())
    with zipfile.ZipFile(stream, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/document.xml", b"<other/>")
    with pytest.raises(DomainError, match="结构异常"):
        check_content("双.docx", stream.getvalue())


@given(st.binary(max_size=400))
def test_no_bytes_break_the_check(content: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"%PDF-1.7"):
        try:
            kind = check_content("x.pdf", start + content)
        except DomainError:
            continue
        assert kind is FileKind.pdf


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("C:\\Users\\吴\\回单.pdf", "回单.pdf"),
        ("../../etc/passwd", "passwd"),
        ("回单\u202efdp.exe", "回单fdp.exe"),
        ("a\u200bb\x00c\n.pdf", "abc.pdf"),
        ("  回单 . pdf ", "回单.pdf"),
        ("...", "附件"),
        (".pdf", "pdf"),
        ("<b>回单</b>.pdf", "b>.pdf"),
        ("", "附件"),
    ],
)
def test_names_lose_folders_and_unseen_characters(name: str, cleaned: str) -> None:
    assert clean_name(name) == cleaned


@given(st.text(max_size=300))
def test_every_name_can_be_stored(name: str) -> None:
    found = clean_name(name)
    assert 0 < len(found) <= LONGEST_NAME
    assert not has_control(found)
    assert not {"/", "\\", "\n", "\t"} & set(found)
    assert clean_name(found) == found


def test_a_long_name_keeps_its_ending() -> None:
    assert clean_name("长" * 300 + ".pdf") == "长" * (LONGEST_NAME - 4) + ".pdf"


def test_a_label_is_one_line() -> None:
    assert clean_label("  银行\u202e 回单 ") == "银行 回单"
    with pytest.raises(DomainError, match="最多"):
        clean_label("长" * 61)
