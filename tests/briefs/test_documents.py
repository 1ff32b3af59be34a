"""A brief as a document: numbers stay bound, people's words stay, every step is somebody's."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit.rules import Actor
from app.briefs.models import BriefState
from app.briefs.operations.documents import (
    freeze_document,
    moved_since,
    open_document,
    printable,
    refresh_numbers,
)
from app.briefs.operations.issuing import archive, finish_issue, send_back, sign, submit
from app.briefs.operations.prose import add_paragraph, leave_out, set_outline, use_generated, write_paragraph
from app.briefs.operations.verifying import compare_with_books
from app.briefs.pdf import print_brief
from app.briefs.queries import list_steps
from app.briefs.rules import (
    Book,
    DocumentState,
    moved,
    numbers,
    read_runs,
    unbound,
    usual_outline,
    write_brief,
)
from app.briefs.rules.runs import plain
from app.journal.operations import post_close, post_reopening
from app.kernel.errors import ConflictError, DomainError
from app.kernel.periods import Month
from tests.briefs.samples import FONTS, sample
from tests.factories import NOW, make_arrival, make_project, make_zone

JUNE, TODAY = Month(2024, 6), dt.date(2024, 7, 3)
WRITER, SIGNER = 11, 12


def actor(zone: Any, person: int = WRITER) -> Actor:
    return Actor(zone.id, person, f"第{person}号")


def begin(session: Any, zone: Any) -> Any:
    document, new = open_document(
        session, actor(zone), zone, month=JUNE, issued_on=TODAY, now=NOW, today=TODAY, public_url="http://x"
    )
    assert new
    return document


def close(session: Any, zone: Any) -> None:
    session.flush()
    post_close(session, actor(zone), zone=zone, month=JUNE, checks=[])


def blocks_of(session: Any, document: Any) -> dict[str, Any]:
    content = printable(session, document)["content"]
    return {b["key"]: b for s in content["sections"] for b in s["blocks"] if "key" in b} | {
        b["key"]: b for b in content["opening"]
    }


def text_of(session: Any, document: Any, key: str) -> str:
    return plain(blocks_of(session, document)[key]["text"])


def test_people_write_around_the_numbers(session):
    zone = make_zone(session)
    make_project(session, zone, signed_on=dt.date(2024, 6, 3))
    document = begin(session, zone)
    number = next(numbers(blocks_of(session, document)["opening"]))
    runs = ["今年以来，共", number | {"t": "999个"}, "。"]
    write_paragraph(session, actor(zone), document, "opening", runs, version=0, now=NOW)
    assert text_of(session, document, "opening") == f"今年以来，共{number['t']}。"
    with pytest.raises(ConflictError):
        write_paragraph(session, actor(zone), document, "opening", ["别的"], version=0, now=NOW)
    use_generated(session, actor(zone), document, "opening", version=1)
    assert "今年以来" not in text_of(session, document, "opening")


def test_a_number_that_moved_is_found_and_follows(session):
    zone = make_zone(session)
    make_project(session, zone, signed_on=dt.date(2024, 6, 3))
    document = begin(session, zone)
    number = next(
        n
        for n in numbers(blocks_of(session, document)["opening"])
        if n["u"].startswith("/figures/signed.count")
    )
    write_paragraph(session, actor(zone), document, "opening", ["共", number, "。"], version=0, now=NOW)
    assert moved_since(session, zone, document, public_url="http://x")[0] == []
    make_project(session, zone, signed_on=dt.date(2024, 6, 4))
    found, _fresh = moved_since(session, zone, document, public_url="http://x")
    assert ("1个", "2个") in {(m.before, m.now) for m in found if m.address == number["u"]}
    with pytest.raises(DomainError, match="数字变动"):
        submit(session, actor(zone), zone, document, version=document.version, now=NOW, public_url="http://x")
    refresh_numbers(
        session, actor(zone), zone, document, version=document.version, now=NOW, public_url="http://x"
    )
    assert text_of(session, document, "opening") == "共2个。"


def test_free_paragraphs_and_sections(session):
    zone = make_zone(session)
    document = begin(session, zone)
    outline = [*usual_outline(), {"key": "own-1", "name": "重点项目进展", "on": True}]
    outline.insert(0, outline.pop(5))
    set_outline(session, actor(zone), document, outline, version=document.version)
    add_paragraph(session, actor(zone), document, "own-1", ["一季度已供地。"], now=NOW)
    leave_out(session, actor(zone), document, "problems.none", version=0, now=NOW)
    sections = printable(session, document)["content"]["sections"]
    assert [s["heading"] for s in sections][:2] == ["一、下一步工作", "二、主要指标完成情况"]
    assert sections[-1]["heading"].endswith("、重点项目进展")
    assert "problems" not in {s["key"] for s in sections}
    with pytest.raises(DomainError, match="还有段落"):
        set_outline(session, actor(zone), document, usual_outline(), version=document.version)


def test_four_eyes_and_nothing_moves_afterwards(session):
    zone = make_zone(session)
    document = begin(session, zone)
    send: Any = {"now": NOW, "public_url": "http://x"}
    submit(session, actor(zone), zone, document, version=document.version, **send)
    with pytest.raises(DomainError, match="不能修改"):
        write_paragraph(session, actor(zone), document, "opening", ["改"], version=0, now=NOW)
    with pytest.raises(DomainError, match="原因"):
        send_back(session, actor(zone, SIGNER), document, remark=" ", version=document.version, now=NOW)
    send_back(session, actor(zone, SIGNER), document, remark="漏写", version=document.version, now=NOW)
    submit(session, actor(zone), zone, document, version=document.version, **send)
    with pytest.raises(DomainError, match="本人提交"):
        sign(session, actor(zone), zone, document, version=document.version, **send)
    by_signer: Any = {"zone": zone, "document": document, "version": document.version, **send}
    with pytest.raises(DomainError, match="2024年6月尚未关账，不能签发；请先在“月度关账”办理关账"):
        sign(session, actor(zone, SIGNER), **by_signer)
    close(session, zone)
    with pytest.raises(DomainError, match="不是按2024年6月现行关账读取的"):
        sign(session, actor(zone, SIGNER), **by_signer)
    send_back(session, actor(zone, SIGNER), document, remark="已关账", version=document.version, now=NOW)
    refresh_numbers(session, actor(zone), zone, document, version=document.version, **send)
    submit(session, actor(zone), zone, document, version=document.version, **send)
    by_signer["version"] = document.version
    brief = sign(session, actor(zone, SIGNER), **by_signer)
    brief.state, brief.sha256 = BriefState.ready, "a" * 64
    finish_issue(session, actor(zone, SIGNER), document, brief, now=NOW)
    assert document.state is DocumentState.issued
    assert document.code.startswith("202406-")
    with pytest.raises(DomainError, match="不能再修改"):
        write_paragraph(session, actor(zone), document, "opening", ["改"], version=0, now=NOW)
    archive(session, actor(zone), document, version=document.version, now=NOW)
    assert [s.state.value for s in list_steps(session, document)] == [
        "draft", "review", "draft", "review", "draft", "review", "issued", "archived",
    ]  # fmt: skip


def test_words_around_numbers_stay_when_the_month_is_closed(session):
    zone = make_zone(session)
    make_project(session, zone, signed_on=dt.date(2024, 6, 3))
    document = begin(session, zone)
    number = next(numbers(blocks_of(session, document)["opening"]))
    write_paragraph(session, actor(zone), document, "opening", ["共", number, "。"], version=0, now=NOW)
    close(session, zone)
    send: Any = {"now": NOW, "public_url": "http://x"}
    assert refresh_numbers(session, actor(zone), zone, document, version=document.version, **send) == []
    kept = next(numbers(blocks_of(session, document)["opening"]))
    assert kept == {"t": number["t"], "u": number["u"] + "&basis=closed"}
    assert len(document.close_hash) == 64
    assert document.snapshot["basis"] == "closed"


def test_the_same_close_gives_the_same_bytes(session, tmp_path):
    zone = make_zone(session)
    project = make_project(session, zone, signed_on=dt.date(2024, 6, 3))
    make_arrival(session, zone, project, arrived_on=dt.date(2024, 6, 5))
    close(session, zone)
    document = begin(session, zone)
    first = freeze_document(session, document, issues=True)
    later = dt.datetime(2024, 8, 9, tzinfo=dt.UTC)
    refresh_numbers(
        session, actor(zone), zone, document, version=document.version, now=later, public_url="http://x"
    )
    again = freeze_document(session, document, issues=True)
    printed = [
        print_brief(snapshot, tmp_path / f"{place}.pdf", fonts=FONTS).sha256
        for place, snapshot in enumerate((first, again))
    ]
    assert printed[0] == printed[1]
    assert (tmp_path / "0.pdf").read_bytes() == (tmp_path / "1.pdf").read_bytes()
    post_reopening(session, actor(zone), zone=zone, month=JUNE, reason="更正")
    with pytest.raises(DomainError, match="尚未关账，不能签发"):
        freeze_document(session, document, issues=True)


def test_an_issued_brief_is_compared_with_the_books(session):
    zone = make_zone(session)
    make_project(session, zone, signed_on=dt.date(2024, 6, 3))
    close(session, zone)
    document = begin(session, zone)
    assert compare_with_books(session, zone, document).holds
    make_project(session, zone, signed_on=dt.date(2024, 6, 4))
    assert compare_with_books(session, zone, document).holds, "the books stay as they were"
    changed = copy.deepcopy(document.snapshot)
    changed["data"]["figures"]["signed.count"]["ytd"] += 1
    document.snapshot = changed
    assert compare_with_books(session, zone, document).faults == ("新签约合同项目数与账内的数不一致",)
    post_reopening(session, actor(zone), zone=zone, month=JUNE, reason="更正")
    assert not compare_with_books(session, zone, document).holds


def test_a_number_from_elsewhere_cannot_be_bound():
    book = Book(write_brief(sample()))
    with pytest.raises(DomainError, match="不是本期简报的数据"):
        read_runs(["共", {"t": "5个", "u": "/figures/made.up?month=2024-06"}], book)
    for odd in ("text", [3], [{"t": "5个"}], ["\x00"]):
        with pytest.raises(DomainError):
            read_runs(odd, book)
    assert unbound(["全年58.32亿元，增长7%，", {"t": "3万元", "u": "x"}]) == ["58.32亿元", "7%"]


@given(st.data())
def test_whatever_is_sent_the_numbers_are_the_books(data):
    content = write_brief(sample())
    book, known = Book(content), list(numbers([content["opening"], content["sections"]]))
    text = st.text(alphabet="招商引资，。0123456789亿元", max_size=20)
    forged = st.builds(lambda run, t: {"t": t, "u": run["u"]}, st.sampled_from(known), text)
    runs = data.draw(st.lists(st.one_of(text, forged), max_size=8))
    for run in numbers(read_runs(runs, book)):
        assert run["t"] in book.texts[run["u"]]
    assert moved(content, Book(content)) == []
