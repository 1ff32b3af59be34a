"""The brief as a document on the web: written around numbers, previewed, submitted, signed by another, verified."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from sqlalchemy import select

from app.audit.rules import Actor
from app.briefs.models import Brief, BriefDocument
from app.briefs.operations.documents import printable
from app.briefs.operations.issuing import start_document_file
from app.briefs.rules import DocumentState, numbers
from app.journal.operations import post_close
from app.kernel.periods import Month
from app.web.headers import POLICY
from tests.briefs.documents import make_document
from tests.web.conftest import statements
from tests.web.test_briefs import june  # noqa: F401


@pytest.fixture
def draft(sign_in, june):  # noqa: F811
    """The address of a draft of June 2024, begun by the reviewer."""
    client = sign_in("reviewer")
    answer = client.send("/briefs/documents", {"month": "2024-06"})
    assert answer.status_code == 303
    address: str = answer.location
    answer.close()
    return address


def stored(database) -> BriefDocument:
    with database() as session:
        return session.scalars(select(BriefDocument)).one()


def post_json(client: Any, address: str, body: Any) -> Any:
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/").text)
    assert token
    return client.post(address, json=body, headers={"X-CSRFToken": token[1]})


def steps(client: Any, address: str, what: str, /, **more: Any) -> Any:
    version = re.search(r'name="version" value="(\d+)"', client.get(address).text)
    return client.send(f"{address}/{what}", {"version": version[1] if version else "0", **more})


def test_words_are_kept_and_numbers_are_the_systems(sign_in, draft):
    client = sign_in("reviewer")
    page = client.get(draft)
    assert page.headers["Content-Security-Policy"] == POLICY
    address = re.search(r'data-u="(/figures/signed\.count[^"]*)"', page.text)
    assert address
    link = address[1].replace("&amp;", "&")
    runs = ["共签约", {"t": "99999个", "u": link}, "，<script>alert(1)</script>"]
    answer = post_json(client, f"{draft}/paragraphs/opening", {"runs": runs, "version": 0})
    assert answer.status_code == 200, answer.text
    shown = client.get(draft).text
    assert "99999个" not in shown
    assert "<script>alert" not in shown
    assert "共签约" in shown
    stale = post_json(client, f"{draft}/paragraphs/opening", {"runs": ["别的"], "version": 0})
    assert stale.status_code == 409
    assert "其他人修改" in stale.json["message"]
    odd: list[Any] = [
        {"runs": "x", "version": 1},
        {"runs": [{"t": "1", "u": "/figures/x"}], "version": 1},
        [],
    ]
    for body in odd:
        assert post_json(client, f"{draft}/paragraphs/opening", body).status_code in (400, 422)
    assert post_json(client, f"{draft}/paragraphs/nothing", {"runs": ["字"], "version": 0}).status_code == 422


def test_a_draft_is_its_writers(sign_in, draft):
    for who in ("leader", "administrator", "reviewer"):
        assert sign_in(who).get(draft).status_code == 200
    for who in ("officer", "outsider", "outside_reviewer"):
        assert sign_in(who).get(draft).status_code == 404
        assert sign_in(who).send(f"{draft}/word", {"version": "1"}).status_code == 404
    assert 'action="/briefs/documents"' not in sign_in("leader").get("/briefs/?month=2024-06").text


def test_the_file_of_a_draft_is_its_writers(sign_in, draft, database, cast):
    with database() as session:
        document = session.scalars(select(BriefDocument)).one()
        actor = Actor(cast.zone.id, None, "系统")
        brief = start_document_file(session, actor, document, now=document.taken_at)
        address = f"/briefs/{brief.id}"
        session.commit()
    for who, status in (("reviewer", 200), ("leader", 200), ("officer", 404), ("outsider", 404)):
        client = sign_in(who)
        assert client.get(address).status_code == status
        assert (address in client.get("/briefs/?month=2024-06").text) == (status == 200)


def test_sections_heads_and_free_paragraphs(sign_in, draft, database):
    client = sign_in("reviewer")
    told = post_json(
        client, f"{draft}/sections/problems/paragraphs", {"runs": ["用电指标不足。"], "after": ""}
    )
    assert told.status_code == 200
    document = stored(database)
    fields = {"key": [p["key"] for p in document.outline], "name": [p["name"] for p in document.outline]}
    fields["on"] = [key for key in fields["key"] if key != "chains"]
    answer = steps(client, draft, "outline", **fields, new="重点项目进展")
    assert answer.status_code == 303
    text = client.get(draft).text
    assert "重点项目进展" in text
    assert "用电指标不足。" in text
    assert steps(client, draft, "heads", number="7", total="31", issued_on="2024-07-05").status_code == 303
    assert "第7期（总第31期）" in client.get(draft).text
    assert steps(client, draft, "heads", number="0", total="", issued_on="2024-13-40").status_code == 422


def test_a_paragraph_that_nobody_wrote_is_not_submitted(sign_in, draft):
    client = sign_in("reviewer")
    added = post_json(
        client, f"{draft}/sections/problems/paragraphs", {"runs": ["（请填写）"], "after": ""}
    ).json
    shown = client.get(draft).text
    assert "正文有 1 段还是“（请填写）”" in shown
    assert f'action="{draft}/submit"' not in shown
    assert "正文有 1 段还是" in steps(client, draft, "submit").text
    body = {"runs": ["用电指标不足。"], "version": added["version"]}
    assert post_json(client, f"{draft}/paragraphs/{added['key']}", body).status_code == 200
    assert steps(client, draft, "submit").status_code == 303


def test_submitted_sent_back_signed_and_issued(sign_in, draft, database, cast, do_jobs):
    reviewer, leader = sign_in("reviewer"), sign_in("leader")
    assert steps(reviewer, draft, "sign").status_code == 403
    assert steps(reviewer, draft, "submit").status_code == 303
    assert steps(leader, draft, "send-back", remark="").status_code == 422
    assert steps(leader, draft, "send-back", remark="补写重点项目").status_code == 303
    assert "补写重点项目" in reviewer.get(draft).text
    assert steps(reviewer, draft, "submit").status_code == 303
    said = leader.get(draft).text
    assert "尚未关账，不能签发" in said
    assert f'action="{draft}/sign"' not in said
    assert "尚未关账，不能签发" in steps(leader, draft, "sign").text
    with database() as session:
        zone = session.merge(cast.zone)
        post_close(session, Actor(zone.id, None, "马晓琳"), zone=zone, month=Month(2024, 6), checks=[])
        session.commit()
    assert "现行关账" in leader.get(draft).text
    assert "现行关账" in steps(leader, draft, "sign").text
    assert steps(leader, draft, "send-back", remark="已关账").status_code == 303
    assert steps(reviewer, draft, "refresh").status_code == 303
    assert steps(reviewer, draft, "submit").status_code == 303
    assert f'action="{draft}/sign"' in leader.get(draft).text
    assert leader.send(f"{draft}/comments", {"key": "opening", "text": "核对"}).status_code == 303
    said = leader.get(draft).text
    assert f'action="{draft}/sign"' not in said
    assert "还有 1 条批注没有处理，请退回修改" in steps(leader, draft, "sign").text
    settle = re.search(r'action="([^"]+/resolve)"', reviewer.get(draft).text)
    assert settle
    assert reviewer.send(settle[1], {"reply": "已核对"}).status_code == 303
    answer = steps(leader, draft, "sign")
    assert answer.status_code == 303, answer.text
    address = answer.location
    answer.close()
    assert do_jobs() == 1
    document = stored(database)
    assert document.state is DocumentState.issued
    file = leader.get(f"{address}/brief.pdf").data
    listed = reviewer.get("/briefs/?month=2024-06").text
    assert f"{address}/brief.pdf" in listed
    assert "重新生成" not in listed
    assert "重新生成" not in reviewer.get(address).text
    assert "已印发" in reviewer.send("/briefs/", {"month": "2024-06"}).text
    officer = sign_in("officer")
    assert f"{address}/brief.pdf" in officer.get(draft).text
    token = {"file": (io.BytesIO(file), "brief.pdf")}
    shown = officer.send("/verify/", token, content_type="multipart/form-data").text
    assert "印发的数与账簿一致" in shown
    token = {"file": (io.BytesIO(file), "brief.pdf")}
    assert "逐字节相同" in officer.send("/verify/", token, content_type="multipart/form-data").text
    token = {"file": (io.BytesIO(file[:-9] + b"X" * 9), "brief.pdf")}
    assert "逐字节相同" not in officer.send("/verify/", token, content_type="multipart/form-data").text
    assert "是本区印发的简报" in officer.get(f"/verify/{document.code}").text
    assert "没有文号码" in officer.get("/verify/202406-0000-0000-0000").text
    assert "没有文号码" in sign_in("outsider").get(f"/verify/{document.code}").text
    assert (
        post_json(reviewer, f"{draft}/paragraphs/opening", {"runs": ["改"], "version": 0}).status_code == 422
    )


def test_comments_of_a_signer_are_settled_before_the_next_submission(sign_in, draft, database):
    reviewer, leader = sign_in("reviewer"), sign_in("leader")
    assert reviewer.send(f"{draft}/comments", {"key": "opening", "text": "自批"}).status_code == 403
    assert leader.send(f"{draft}/comments", {"key": "opening", "text": " "}).status_code == 422
    assert leader.send(f"{draft}/comments", {"key": "nothing", "text": "字"}).status_code == 422
    said = "<b>核对</b>到位资金"
    assert leader.send(f"{draft}/comments", {"key": "opening", "text": said}).status_code == 303
    page = reviewer.get(draft).text
    assert "&lt;b&gt;核对&lt;/b&gt;到位资金" in page
    assert "还有 1 条批注没有处理" in steps(reviewer, draft, "submit").text
    settle = re.search(r'action="([^"]+/resolve)"', page)
    assert settle
    assert leader.send(settle[1], {"reply": ""}).status_code == 403
    assert reviewer.send(settle[1], {"reply": "已核对"}).status_code == 303
    assert "已由马晓琳处理" in reviewer.send(settle[1], {"reply": "又"}).text
    assert steps(reviewer, draft, "submit").status_code == 303
    assert "已处理：已核对" in leader.get(draft).text
    assert "2024年6月简报待签发" in leader.get("/").text
    assert "待签发" not in reviewer.get("/").text
    with database() as session:
        document = session.scalars(select(BriefDocument)).one()
        assert "核对" not in str(printable(session, document)), "comments are not printed"


def test_numbers_say_where_they_come_from(sign_in, draft):
    page = sign_in("reviewer").get(draft).text
    row = re.search(
        r'<li class="fig" data-u="/figures/signed\.count\?month=2024-06&amp;w=ytd".*?</li>', page, re.S
    )
    assert row
    shown = re.sub(r"<[^>]+>", " ", row[0])
    assert "signed.count" in shown
    assert re.search(r"\d+ 行", shown)
    assert "2024-01-01 至 2024-06-30" in shown
    assert "实时" in shown


def test_the_preview_is_the_pdf(sign_in, draft):
    client = sign_in("reviewer")
    assert f'data-pages="{draft}/preview/pages"' in client.get(f"{draft}/preview").text
    pages = client.get(f"{draft}/preview/pages").json["pages"]
    assert len(pages) >= 2
    image = client.get(pages[0])
    assert image.data.startswith(b"\x89PNG")
    assert client.get(f"{draft}/preview/99.png").status_code == 404


def test_other_editions_are_made_by_a_worker_and_fetched(sign_in, draft, do_jobs):
    client = sign_in("reviewer")
    for edition in ("word", "phone", "word"):
        answer = client.send(f"{draft}/{edition}", {"version": "1"})
        assert (answer.status_code, answer.location) == (303, "/jobs/")
    assert do_jobs() == 2, "asked for twice, made once"
    files = re.findall(r'href="(/jobs/\d+/file)"', client.get("/jobs/").text)
    answers = [client.get(address) for address in files]
    found = {answer.mimetype.rpartition(".")[2]: answer.data[:4] for answer in answers}
    assert found == {"document": b"PK\x03\x04", "application/pdf": b"%PDF"}
    assert sign_in("administrator").get(files[0]).status_code == 404


def test_the_editor_needs_few_reads(app, sign_in, database, cast, tmp_path):
    with database() as session:
        document = make_document(session, session.merge(cast.zone), tmp_path)
        session.commit()
    client = sign_in("reviewer")
    with statements(app.extensions["engine"]) as sent:
        assert client.get(f"/briefs/documents/{document.id}").status_code == 200
    assert len(sent.reads) <= 15
    assert list(numbers(document.snapshot)) == []
    with database() as session:
        assert session.scalars(select(Brief)).all() == []
