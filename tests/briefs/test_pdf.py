"""The printed brief read back: figures, geometry, lines, links, end block, limits, faces."""

from __future__ import annotations

import hashlib
import re
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from app.briefs.pdf import print_brief
from app.briefs.pdf.faces import FACES, find_faces
from app.briefs.pdf.images import draw_pages
from app.briefs.rules.words import rate, spoken, table_amount
from app.figures.rules import Measure, TargetProgress, get_figure, growth_percent
from app.kernel.errors import DomainError
from app.kernel.periods import Month
from tests.briefs.paper import MM, lines_of, text_of, words_of
from tests.briefs.samples import FONTS, SAMPLE, YI, figure, sample, written

PITCH, SIZE = 28.95, 15.75
LEFT, RIGHT = 28 * MM, (210 - 26) * MM
TOP, BOTTOM = 37 * MM, (297 - 35) * MM
FORBIDDEN_FIRST = "，。、；：？！）》〉」』】〕”’％%"


def test_nothing_was_complained_about(printed):
    assert printed[1].warnings == []
    assert printed[1].fallback == ""
    assert printed[1].pages == 14


def test_the_same_snapshot_prints_the_same_bytes(printed, tmp_path):
    pdf, said = printed
    again = print_brief(written(sample()), tmp_path / "again.pdf", fonts=FONTS)
    assert again.sha256 == said.sha256 == hashlib.sha256(pdf.read_bytes()).hexdigest()
    assert (tmp_path / "again.pdf").read_bytes() == pdf.read_bytes()


def test_every_headline_figure_is_printed(pdf):
    text = text_of(pdf)
    for code, values in SAMPLE["data"]["figures"].items():
        counted = get_figure(code).measure is Measure.count
        for window in ("month", "ytd"):
            assert (f"{values[window]}个" if counted else spoken(values[window])) in text, (code, window)
    for target in SAMPLE["data"]["targets"]:
        progress = TargetProgress(None, target["figure"], target["target"], target["ytd"], Month(2024, 6))
        assert rate(progress.done_percent, 2) in text


def test_tables_print_what_the_numbers_are(pdf):
    page = text_of(pdf, 7)
    for row in SAMPLE["data"]["origins"]:
        assert table_amount(row["funds_fen"])[0] in page
        growth = growth_percent(row["funds_fen"], row["funds_last_fen"])
        assert growth is None or rate(growth) in page
    text = text_of(pdf)
    for row in SAMPLE["data"]["ledger"]:
        assert row["name"] in text


def test_numbers_lead_to_their_rows(pdf):
    addresses = [
        annotation.get_object()["/A"]["/URI"]
        for page in PdfReader(pdf).pages
        for annotation in page.get("/Annots", [])
    ]
    base = "http://127.0.0.1:5000"
    assert f"{base}/figures/signed.count?month=2024-06&w=ytd" in addresses
    assert f"{base}/figures/funds.amount?month=2024-06&w=ahead" in addresses
    assert sum(address.startswith(f"{base}/projects/") for address in addresses) >= 82
    assert all(address.startswith(base) for address in addresses)
    assert len(addresses) > 600


def test_the_document_says_what_it_is(pdf):
    reader = PdfReader(pdf)
    assert reader.metadata is not None
    assert reader.metadata.title == "2024年上半年招商引资工作情况"
    assert reader.metadata.author == "喀什经济开发区管委会办公室"
    outline = [str(entry["/Title"]) for entry in reader.outline if not isinstance(entry, list)]
    assert outline[0] == "2024年上半年招商引资工作情况"
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfaid" in root["/Metadata"].get_data()


def body(lines, page):
    return [
        line
        for line in lines
        if line.page == page and TOP < line.top < BOTTOM and abs(line.height - SIZE) < 1
    ]


def test_the_type_area_of_a_page_of_text(lines):
    found = body(lines, 3)
    assert min(line.left for line in found) == pytest.approx(LEFT, abs=0.6)
    assert max(line.right for line in found) == pytest.approx(RIGHT, abs=0.6)
    tops = [line.top for line in found]
    assert tops[0] == pytest.approx(TOP + (PITCH - SIZE) / 2, abs=0.6)
    assert all(later - sooner == pytest.approx(PITCH, abs=0.2) for sooner, later in pairwise(tops))


def test_even_pages_mirror_the_margins(lines):
    found = [line for line in lines if line.page == 6 and line.text.startswith("（三）投资来源")]
    assert found[0].left == pytest.approx(26 * MM + 2 * SIZE, abs=1.2)
    assert found[0].right == pytest.approx((210 - 28) * MM, abs=1)


def test_page_numbers_lie_outside(lines):
    for page in (1, 3, 5, 7, 9):
        number = [line for line in lines if line.page == page and line.text == f"—{page}—"]
        assert number[0].right == pytest.approx(RIGHT - 14, abs=1)
    for page in (2, 4, 6, 8, 14):
        number = [line for line in lines if line.page == page and line.text == f"—{page}—"]
        assert number[0].left == pytest.approx(26 * MM + 14, abs=1)
        assert number[0].top == pytest.approx(BOTTOM + 4.6 * MM, abs=1)


def test_wide_pages_are_the_same_sheet_turned(pdf):
    pages = PdfReader(pdf).pages
    sizes = [(round(page.mediabox.width / MM), round(page.mediabox.height / MM)) for page in pages]
    assert sizes == [(210, 297)] * 9 + [(297, 210)] * 4 + [(210, 297)]


def test_full_lines_are_flush(lines):
    """A line is full when the next one on its page goes on at the margin."""
    full = []
    for page in range(1, 10):
        left, right = (LEFT, RIGHT) if page % 2 else (26 * MM, (210 - 28) * MM)
        for line, following in pairwise(body(lines, page)):
            if abs(following.top - line.top - PITCH) < 1 and abs(following.left - left) < 1:
                full.append(abs(line.right - right))
    assert len(full) > 50
    assert sum(gap <= 1 for gap in full) / len(full) >= 0.97


def test_no_line_begins_with_a_closing_mark(lines):
    for page in range(1, 10):
        for line in body(lines, page):
            assert line.text[0] not in FORBIDDEN_FIRST, line.text


def test_the_end_block_stands_on_the_bottom_of_the_last_page(lines):
    last = [line for line in lines if line.page == 14]
    printed_on = next(line for line in last if "2024年7月3日印发" in line.text)
    assert printed_on.text == "喀什经济开发区管委会办公室2024年7月3日印发共印60份"
    assert BOTTOM - 30 < printed_on.top < BOTTOM
    assert any(line.text.startswith("报：喀什地委") for line in last)


def test_group_rows_never_end_a_page(lines):
    for page in (10, 11, 12, 13):
        table = [
            line for line in lines if line.page == page and line.left < 200 * MM and "—" not in line.text[:2]
        ]
        assert not re.fullmatch(r".*\d+个[\d.%]*", max(table, key=lambda line: line.top).text) or page == 13


def plain_page(snapshot):
    """Sections replaced by long paragraphs of ideographs only."""
    snapshot["content"]["sections"] = [
        {
            "heading": "一、版心",
            "blocks": [{"kind": "p", "label": "", "text": ["招商引资" * 400], "id": "p2"}],
        }
    ]
    return snapshot


def test_a_plain_page_has_22_lines_of_28_characters(tmp_path):
    target = tmp_path / "plain.pdf"
    print_brief(plain_page(written(sample())), target, fonts=FONTS)
    found = body(lines_of(words_of(target)), 2)
    assert len(found) == 22
    assert {len(line.text) for line in found} == {28}


def test_the_other_masthead(tmp_path):
    snapshot = sample()
    snapshot["zone"] |= {"masthead": "tongbao", "prefix": "喀经开"}
    target = tmp_path / "notice.pdf"
    assert print_brief(written(snapshot), target, fonts=FONTS).warnings == []
    text, last = text_of(target, 1), len(PdfReader(target).pages)
    assert last % 2 == 0, "the end block lies on the back of the last sheet"
    assert text_of(target, last).startswith(
        "抄送：喀什地委、行署，深圳市援疆前方指挥部，管委会领导，地区商务局"
    )
    assert text.startswith(
        "喀什经济开发区管委会办公室文件喀经开〔2024〕6号喀什经济开发区管委会办公室关于2024年上半年招商引资工作情况的通报"
    )
    assert "管委会各部门，各招商部、驻外招商组：现将2024年上半年招商引资工作情况通报如下。上半年，" in text


def test_rare_characters_fall_back_and_are_told(tmp_path):
    snapshot = sample()
    snapshot["data"]["ledger"][0]["name"] = "垚喆堃100㎡厂房项目"
    said = print_brief(written(snapshot), tmp_path / "rare.pdf", fonts=FONTS)
    assert set("垚喆堃㎡") >= set(said.fallback) >= set("垚喆")
    assert said.warnings == []
    assert "垚喆堃100㎡厂房项目" in text_of(tmp_path / "rare.pdf")


def test_hostile_and_long_names_are_only_text(tmp_path):
    snapshot = sample()
    name = '<img src="file:///etc/passwd"><script>alert(1)</script>&amp;' + "很长的项目名称" * 8
    for row in snapshot["data"]["ledger"][:30]:
        row["name"] = row["investor"] = name
    snapshot["data"]["changes"]["signed"][0]["name"] = name
    snapshot["data"]["largest"]["signed"]["name"] = name
    snapshot["zone"]["office"] = "某某国家级高新技术产业开发区管理委员会办公室综合协调处"
    target = tmp_path / "hostile.pdf"
    said = print_brief(written(snapshot), target, fonts=FONTS)
    assert said.warnings == []
    assert '<imgsrc="file:///etc/passwd"><script>alert(1)</script>&amp;' in text_of(target)
    assert all(word.right < 297 * MM for word in words_of(target))


def empty(snapshot):
    data = snapshot["data"]
    for code in data["figures"]:
        figure(snapshot, code, 0, 0, 0)
    data |= {
        "targets": [],
        "ledger": [],
        "dissolved": [],
        "chains": [],
        "origins": [],
        "areas": [],
        "units": [],
    }
    data["changes"] = {"signed": [], "started": [], "produced": []}
    data["largest"] = dict.fromkeys(data["changes"])
    data["stock"] = dict.fromkeys(data["stock"], 0)
    data["months"] = {key: [0] * 6 for key in data["months"]}
    return snapshot


def test_an_empty_zone_prints(tmp_path):
    said = print_brief(written(empty(sample())), tmp_path / "empty.pdf", fonts=FONTS)
    assert said.warnings == []
    text = text_of(tmp_path / "empty.pdf")
    assert "附件：口径说明" in text
    assert "在册签约项目阶段漏斗" not in text


def test_a_january_brief_prints(tmp_path):
    snapshot = sample(month="2024-01")
    snapshot["data"]["before"] = None
    snapshot["data"]["months"] = {key: values[:1] for key, values in snapshot["data"]["months"].items()}
    assert print_brief(written(snapshot), tmp_path / "january.pdf", fonts=FONTS).warnings == []


def test_twelve_months_and_many_rows_print(tmp_path):
    snapshot = sample(month="2024-12")
    data = snapshot["data"]
    data["months"] = {key: [*values, *values] for key, values in data["months"].items()}
    data["changes"]["signed"] *= 6
    data["origins"] += [
        {**data["origins"][0], "origin": name, "funds_fen": YI}
        for name in ("天津市", "河北省", "山西省", "辽宁省", "吉林省", "安徽省", "福建省", "江西省")
    ]
    assert print_brief(written(snapshot), tmp_path / "december.pdf", fonts=FONTS).warnings == []
    assert "12月" in text_of(tmp_path / "december.pdf")


def test_a_missing_face_is_named(tmp_path):
    for face in FACES[1:]:
        shutil.copy(FONTS / face.file, tmp_path)
    with pytest.raises(DomainError, match=r"缺少公文字体：仿宋（FandolFang-Regular\.otf）"):
        print_brief(written(sample()), tmp_path / "x.pdf", fonts=tmp_path)
    assert not (tmp_path / "x.pdf").exists()


def test_a_site_s_own_face_wins(tmp_path):
    shutil.copy(FONTS / "FandolSong-Bold.otf", tmp_path / "方正小标宋简体.otf")
    assert find_faces(FONTS, tmp_path)["BBiao"] == tmp_path / "方正小标宋简体.otf"
    assert find_faces(FONTS, tmp_path)["BFang"] == (FONTS / "FandolFang-Regular.otf").resolve()


def test_a_print_that_takes_too_long_is_stopped(tmp_path):
    with pytest.raises(DomainError, match="未完成，已停止"):
        print_brief(written(sample()), tmp_path / "slow.pdf", fonts=FONTS, wall_seconds=0.2)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_value_is_an_error_and_leaves_no_file(tmp_path):
    snapshot = written(sample())
    del snapshot["content"]["period"]
    with pytest.raises(DomainError, match="排版程序异常退出"):
        print_brief(snapshot, tmp_path / "broken.pdf", fonts=FONTS)
    assert list(tmp_path.iterdir()) == []


def test_pages_are_drawn(pdf: Path, tmp_path: Path):
    assert draw_pages(pdf, tmp_path / "pages") == 14
    names = sorted(path.name for path in (tmp_path / "pages").iterdir())
    assert names[0] == "001.png"
    assert names[-1] == "014.png"


def test_the_basis_of_a_close_is_printed(tmp_path):
    closed = {
        "basis": "closed",
        "close_hash": "ab" * 32,
        "closed_at": "2024-07-02 09:00",
        "closed_by": "马晓琳",
    }
    target = tmp_path / "closed.pdf"
    printed = print_brief(written(sample(**closed)), target, fonts=FONTS)
    assert printed.warnings == []
    assert printed.pages == 14, "the longer definitions make room for the end block"
    assert "报：喀什地委" in text_of(target, printed.pages)
    assert "数据基准：关账数，2024-07-0209:00由马晓琳关账，此后不再变动" in text_of(target)
