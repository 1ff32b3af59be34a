"""What the PDF carries: figures with rows as JSON and workbook, its number and code, and how it is verified."""

from __future__ import annotations

import datetime as dt
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader

from app.briefs.facts import take_snapshot
from app.briefs.models import BriefDocument
from app.briefs.operations.verifying import Verdict, as_printed, verify_code, verify_file
from app.briefs.pdf import print_brief
from app.briefs.rules import DocumentState, check_snapshot, usual_outline
from app.briefs.rules.codes import digest_of, document_code
from app.figures.rules import CATALOGUE, Measure
from app.kernel.periods import Month
from tests.briefs.samples import FONTS
from tests.factories import NOW, make_arrival, make_project, make_zone

JUNE = Month(2024, 6)
DAY = dt.date(2024, 7, 3)


@pytest.fixture
def snapshot(session: Any) -> dict[str, Any]:
    zone = make_zone(session)
    project = make_project(session, zone, name="=HYPERLINK(1)项目", signed_on=dt.date(2024, 3, 5))
    make_arrival(session, zone, project, amount_fen=123_456_789_01, arrived_on=dt.date(2024, 6, 9))
    return take_snapshot(session, zone, JUNE, issued_on=DAY, public_url="http://zone.test")


def carried(path: Path) -> dict[str, bytes]:
    return {name: files[0] for name, files in PdfReader(path).attachments.items()}


def test_the_embedded_rows_add_up_to_the_headline(snapshot, tmp_path):
    code = document_code(digest_of(snapshot), 2024, 6)
    file = tmp_path / "brief.pdf"
    first = print_brief(snapshot | {"code": code, "close_hash": "ab" * 32}, file, fonts=FONTS)
    again = print_brief(
        snapshot | {"code": code, "close_hash": "ab" * 32}, tmp_path / "again.pdf", fonts=FONTS
    )
    assert first.sha256 == again.sha256
    files = carried(file)
    data = json.loads(files["figures.json"])
    assert data["code"] == code
    assert set(data["figures"]) == set(CATALOGUE)
    for figure in data["figures"].values():
        assert sum(Decimal(row["value"]) for row in figure["rows"]) == Decimal(figure["ytd"])
    assert data["figures"]["funds.amount"]["ytd"] == "123456789.01"
    book = openpyxl.load_workbook(io.BytesIO(files["figures.xlsx"]))
    heads = {row[0].value: row[4].value for row in book["指标"].iter_rows(min_row=2)}
    for code_, figure in CATALOGUE.items():
        rows = [row for row in book["明细"].iter_rows(min_row=2) if row[0].value == code_]
        total = sum(Decimal(str(row[9].value)) for row in rows)
        assert (
            total
            == Decimal(str(heads[code_]))
            == snapshot["data"]["figures"][code_]["ytd"]
            / (Decimal(1) if figure.measure is Measure.count else Decimal(100))
        )
    assert all(cell.data_type != "f" for row in book["明细"].iter_rows() for cell in row)
    text = "".join(page.extract_text() for page in PdfReader(file).pages)
    assert code in text
    assert "abababababababab" in text


def test_rows_that_do_not_add_up_are_not_printed(snapshot):
    snapshot["rows"]["funds.amount"][0]["value"] += 1
    assert any("到位资金明细" in sentence for sentence in check_snapshot(snapshot))


def test_a_file_is_the_issued_one_or_it_is_not(session, snapshot, tmp_path):
    zone = make_zone(session)
    code = document_code(digest_of(snapshot), 2024, 6)
    file, draft = tmp_path / "brief.pdf", tmp_path / "draft.pdf"
    printed = print_brief(snapshot | {"code": code}, file, fonts=FONTS)
    print_brief(snapshot, draft, fonts=FONTS)
    document = BriefDocument(
        zone_id=zone.id, year=2024, month=6, state=DocumentState.issued, number=6, issued_on=DAY,
        outline=usual_outline(), snapshot=snapshot, taken_at=NOW, code=code, sha256=printed.sha256,
        started_name="马晓琳", started_at=NOW,
    )  # fmt: skip
    session.add(document)
    session.flush()
    content = file.read_bytes()
    assert verify_file(session, zone.id, content).verdict is Verdict.issued
    assert verify_file(session, zone.id, content + b"\n").verdict is Verdict.altered
    assert verify_file(session, zone.id, draft.read_bytes()).verdict is Verdict.draft
    assert verify_file(session, make_zone(session).id, content).verdict is Verdict.unknown
    for other in (b"", b"%PDF-1.7 not one", b"PK\x03\x04", content[: len(content) // 2]):
        assert verify_file(session, zone.id, other).verdict is Verdict.unknown
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert as_printed(typed) == code
    assert verify_code(session, zone.id, typed) is document
    assert verify_code(session, zone.id, "202406-0000-0000-0000") is None
