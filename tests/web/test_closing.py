"""月度关账 on the web: the checklist leads to its cures, waivers bear a name, the close is done once and kept."""

from __future__ import annotations

import datetime as dt
import re

import lxml.html  # type: ignore[import-untyped]
import pytest
from sqlalchemy import select

from app.briefs.models import BriefDocument
from app.briefs.rules import DocumentState
from app.closing.operations import close_month
from app.funds.models import FundArrival
from app.funds.rules import ReviewState
from app.jobs.models import Job
from app.journal.models import CloseWaiver, MonthClose
from app.journal.queries import read_books
from app.kernel.periods import Month
from app.pipeline.models import Contract
from tests.factories import NOW, WAN, YI, actor_of, make_arrival, make_project
from tests.web.conftest import statements
from tests.web.tables import exported

MAY, JUNE = Month(2024, 5), Month(2024, 6)


@pytest.fixture
def june(database, cast) -> dict[str, int]:
    """May stands closed; in June there are a contract, money with a voucher, and an arrival nobody has reviewed."""
    with database() as session:
        zone, unit, reviewer = (session.merge(each) for each in (cast.zone, cast.unit, cast.reviewer))
        old = make_project(
            session, zone, unit=unit, name="老项目", total_fen=2 * YI, signed_on=dt.date(2024, 3, 5)
        )
        make_arrival(session, zone, old, 300 * WAN, arrived_on=dt.date(2024, 4, 8), voucher="PZ0")
        close_month(session, actor_of(reviewer), zone=zone, month=MAY)
        new = make_project(
            session, zone, unit=unit, name="新项目", total_fen=YI, signed_on=dt.date(2024, 6, 3)
        )
        make_arrival(session, zone, new, 100 * WAN, arrived_on=dt.date(2024, 6, 10), voucher="PZ1")
        waiting = make_arrival(
            session,
            zone,
            new,
            769 * WAN,
            arrived_on=dt.date(2024, 6, 18),
            state=ReviewState.pending,
            voucher="PZ2",
        )
        session.commit()
        return {"old": old.id, "new": new.id, "waiting": waiting.id}


def waive(client, waiting: int, reason: str = "回单户名待银行更正，7月处理"):
    return client.send("/close/2024-06/waive", {"item": "pending", "row": waiting, "reason": reason})


def words(answer) -> str:
    assert answer.status_code == 200, answer.text[:500]
    return re.sub(r"\s+", " ", lxml.html.fromstring(answer.text).find(".//main").text_content())


def test_the_page_says_what_is_open_and_leads_to_its_cure(june, sign_in):
    page = sign_in("reviewer").get("/close/2024-06")
    shown = words(page)
    assert "待审核到账" in shown
    assert "1 笔，还有 1 笔未处理" in shown
    assert "769.00 万元" in shown
    assert f'href="/funds/review/{june["waiting"]}"' in page.text
    assert "disabled" in lxml.html.fromstring(page.text).xpath("//form[@class='closebar']//button")[0].attrib
    assert "共 2 笔" in shown
    assert "本月发生" in shown


def test_the_figures_before_and_after_and_the_checks_come_with_a_second_answer(june, sign_in):
    part = sign_in("leader").get("/close/2024-06/numbers").text
    rows = [
        [cell.text_content().strip() for cell in row.findall("td")]
        for row in lxml.html.fromstring(part).xpath("//table//tbody/tr")
    ]
    assert [row[0] for row in rows] == ["5月累计", "本月入账", "6月累计"]
    assert [row[1] for row in rows] == ["1", "1", "2"]
    assert [row[5] for row in rows] == ["300.00", "100.00", "400.00"]
    assert "数字自检" in part
    assert "6 / 6" in part


def test_a_waiver_bears_name_and_reason_and_without_reason_nothing_is_written(june, sign_in, database):
    client = sign_in("reviewer")
    refused = waive(client, june["waiting"], " ")
    assert refused.status_code == 422
    assert "请写明原因" in refused.text
    assert waive(client, june["waiting"], "x" * 201).status_code == 422
    with database() as session:
        assert session.scalars(select(CloseWaiver)).all() == []
    assert waive(client, june["waiting"]).status_code == 303
    shown = words(client.get("/close/2024-06"))
    assert "回单户名待银行更正，7月处理 马晓琳" in shown.replace("　", " ")
    assert "关账 2024年6月" in shown
    assert waive(client, june["waiting"]).status_code == 404


def test_all_rows_of_an_item_are_waived_each_by_itself(june, sign_in, database, cast):
    with database() as session:
        zone = session.merge(cast.zone)
        project = make_project(session, zone, unit=session.merge(cast.unit), name="小项目")
        for number in range(3):
            make_arrival(session, zone, project, WAN, state=ReviewState.pending, voucher=f"W{number}")
        session.commit()
    client = sign_in("reviewer")
    answer = client.send("/close/2024-06/waive", {"item": "pending", "reason": "7月一并处理"})
    assert answer.status_code == 303
    with database() as session:
        found = session.scalars(select(CloseWaiver)).all()
        assert len({waiver.subject_id for waiver in found}) == 4
        assert {(waiver.user_name, waiver.reason) for waiver in found} == {("马晓琳", "7月一并处理")}


@pytest.mark.parametrize(
    "sent", [{"item": "nothing"}, {"item": "pending", "row": "x"}, {"item": "pending", "row": "9" * 25}]
)
def test_a_made_up_item_is_refused(june, sign_in, sent):
    assert sign_in("reviewer").send("/close/2024-06/waive", {**sent, "reason": "试"}).status_code == 422


def test_what_is_open_refuses_the_close_with_its_list(june, sign_in, database):
    answer = sign_in("reviewer").send("/close/2024-06/close", {"agreed": "yes"})
    assert answer.status_code == 422
    assert "待审核到账：1笔（新项目）" in answer.text
    with database() as session:
        assert session.scalars(select(Job)).all() == []


def test_the_close_is_done_once_and_the_second_person_is_told(june, sign_in, do_jobs, database):
    first, second = sign_in("reviewer"), sign_in("reviewer")
    waive(first, june["waiting"])
    assert first.send("/close/2024-06/close").status_code == 422  # not agreed to
    assert first.send("/close/2024-06/close", {"agreed": "yes"}).status_code == 303
    again = second.send("/close/2024-06/close", {"agreed": "yes"})
    assert again.status_code == 409
    assert "马晓琳已提交2024年6月关账" in again.text
    assert first.get("/close/2024-06/progress").json["running"] is True
    assert do_jobs() == 1
    assert first.get("/close/2024-06/progress").json == {"running": False}
    late = second.send("/close/2024-06/close", {"agreed": "yes"})
    assert late.status_code == 409
    assert "2024年6月已由马晓琳关账" in late.text
    with database() as session:
        assert len(session.scalars(select(MonthClose)).all()) == 2


def test_who_lost_the_right_meanwhile_closes_nothing(june, sign_in, do_jobs, database, cast):
    client = sign_in("reviewer")
    waive(client, june["waiting"])
    client.send("/close/2024-06/close", {"agreed": "yes"})
    with database() as session:
        session.merge(cast.reviewer).active = False
        session.commit()
    do_jobs()
    shown = words(sign_in("leader").get("/close/2024-06"))
    assert "马晓琳现在没有关账的权限" in shown
    with database() as session:
        assert read_books(session, cast.zone.id).find(JUNE) is None


def close_june(june, sign_in, do_jobs):
    client = sign_in("reviewer")
    waive(client, june["waiting"])
    assert client.send("/close/2024-06/close", {"agreed": "yes"}).status_code == 303
    do_jobs()
    return client


def test_the_record_has_hashes_waivers_figures_and_a_check(june, sign_in, do_jobs, database, cast):
    client = close_june(june, sign_in, do_jobs)
    with database() as session:
        may, step = read_books(session, cast.zone.id).steps
    shown = words(client.get("/close/2024-06?check=1"))
    for expected in (
        step.hash,
        may.hash,
        "回单户名待银行更正，7月处理",
        "核验通过",
        "2 次关账与重开，4 笔",
        "400.00",
    ):
        assert expected in shown, expected
    issued = words(client.get("/figures/funds.amount?month=2024-06&basis=closed&w=ytd"))
    assert "400.00" in issued


def test_a_late_correction_is_posted_by_the_next_month(june, sign_in, do_jobs, database, cast):
    client = close_june(june, sign_in, do_jobs)
    with database() as session:
        contract = session.scalars(select(Contract).where(Contract.project_id == june["old"])).one()
        contract.signed_on = dt.date(2024, 4, 4)
        late = session.get_one(FundArrival, (cast.zone.id, june["waiting"]))
        late.state, late.recognised_on, late.reviewed_at = ReviewState.recognised, dt.date(2024, 7, 2), NOW
        session.commit()
    page = client.get("/close/2024-07?only=corrected")
    shown = words(page)
    assert "更正日期 2024-03-05 → 2024-04-04" in shown
    assert "以前月份的事，本月补记" in shown
    assert len(lxml.html.fromstring(page.text).xpath("//table[contains(@class,'postings')]//tbody/tr")) == 3
    rows = exported(client.get("/close/2024-07/entries.xlsx"))[2:]
    assert [(row[1], row[2], row[7]) for row in rows] == [
        ("冲销", "签约", -20000),
        ("重记", "签约", 20000),
        ("新增", "到账", 769),
    ]


def test_months_are_closed_in_order(june, sign_in):
    client = sign_in("reviewer")
    months = words(client.get("/close/?month=2024-08")).replace(" ", "")
    assert "2024年6月未关账现在应关" in months
    assert "2024年4月已接入随第一次关账" in months
    shown = words(client.get("/close/2024-08"))
    assert "现在应关2024年6月" in shown
    assert "核对" not in shown
    assert client.send("/close/2024-08/close", {"agreed": "yes"}).status_code == 422
    assert client.get("/close/2024-08/numbers").status_code == 422
    assert client.get("/close/2024-13").status_code == 422


def test_the_administrator_reopens_with_a_reason_until_the_brief_is_out(
    june, sign_in, do_jobs, database, cast
):
    close_june(june, sign_in, do_jobs)
    client = sign_in("administrator")
    assert client.send("/close/2024-06/reopen", {"reason": ""}).status_code == 422
    with database() as session:
        document = BriefDocument(
            zone_id=cast.zone.id, year=2024, month=6, state=DocumentState.issued, number=6,
            issued_on=dt.date(2024, 7, 4), outline=[], snapshot={}, taken_at=NOW, code="X-1", sha256="0" * 64,
            started_name="马晓琳", started_at=NOW,
        )  # fmt: skip
        session.add(document)
        session.commit()
    assert "第6期简报已印发" in words(client.get("/close/2024-06"))
    refused = client.send("/close/2024-06/reopen", {"reason": "更正"})
    assert refused.status_code == 422
    assert "不能重开" in refused.text
    with database() as session:
        session.merge(document).state = DocumentState.draft
        session.commit()
    assert client.send("/close/2024-06/reopen", {"reason": "漏了一笔"}).status_code == 303
    shown = words(client.get("/close/2024-06"))
    assert "漏了一笔" in shown
    kept = words(client.get("/close/2024-06?step=2"))
    assert "这次关账后来重开了" in kept
    history = words(client.get("/close/"))
    assert "2024年6月 重开" in history
    assert "2024年6月 关账" in history


def test_closed_again_unchanged_the_month_shows_what_is_still_posted(june, sign_in, do_jobs, database, cast):
    client = close_june(june, sign_in, do_jobs)
    first = exported(client.get("/close/2024-06/entries.xlsx"))
    sign_in("administrator").send("/close/2024-06/reopen", {"reason": "核对"})
    close_june(june, sign_in, do_jobs)
    page = client.get("/close/2024-06")
    assert "下面是第 2 次" in words(page)
    assert f"所记的 {len(first) - 2} 笔" in words(page)
    assert "与账上一致，没有要记的分录" not in words(page)
    link = re.search(r'href="(/close/2024-06/entries\.xlsx[^"]*)"', page.text)
    assert link
    assert exported(client.get(link[1])) == first
    with database() as session:
        contract = session.scalars(select(Contract).where(Contract.project_id == june["old"])).one()
        contract.amount_fen += WAN
        session.commit()
    sign_in("administrator").send("/close/2024-06/reopen", {"reason": "改了合同"})
    close_june(june, sign_in, do_jobs)
    shown = words(client.get("/close/2024-06"))
    assert "第 2 次关账的" in shown
    assert "这次只记不同的部分" in shown


@pytest.mark.parametrize("who", ["officer", "leader", "administrator", "outside_reviewer"])
def test_others_read_and_neither_waive_nor_close(june, sign_in, who, database, cast):
    client = sign_in(who)
    page = client.get("/close/2024-06")
    assert page.status_code == 200
    assert '<form class="closebar"' not in page.text or who == "outside_reviewer"
    assert waive(client, june["waiting"]).status_code in (403, 404)
    assert client.send("/close/2024-06/close", {"agreed": "yes"}).status_code in (
        (403,) if who != "outside_reviewer" else (303, 422)
    )
    if who == "outside_reviewer":
        assert "新项目" not in page.text
    with database() as session:
        assert session.scalars(select(CloseWaiver)).all() == []
        assert read_books(session, cast.zone.id).find(JUNE) is None


def test_closing_and_reopening_are_two_peoples_rights(june, sign_in, do_jobs):
    client = close_june(june, sign_in, do_jobs)
    assert client.send("/close/2024-06/reopen", {"reason": "更正"}).status_code == 403
    assert "重开 2024年6月" not in client.get("/close/2024-06").text


def test_the_navigation_counts_what_is_open_for_who_may_close(june, sign_in):
    found = sign_in("reviewer").get("/close/count").json
    assert found == {"number": 1, "words": "2024年6月关账还有未处理：待审核到账 1 笔"}
    assert sign_in("officer").get("/close/count").json == {"number": 0}


def test_the_desk_of_who_may_close_shows_the_checklist_in_counts(june, sign_in):
    client = sign_in("reviewer")
    assert 'data-part="/close/open"' in client.get("/").text
    shown = re.sub(r"\s+", "", client.get("/close/open").text)
    assert "2024年6月关账核对" in shown
    assert '待审核到账</a><bclass="bad">1笔' in shown
    assert "/close/open" not in sign_in("officer").get("/").text
    assert sign_in("officer").get("/close/open").status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "/close/",
        "/close/2024-06",
        "/close/2024-05?check=1",
        "/close/count",
        "/close/open",
        "/close/2024-06?only=funds",
    ],
)
def test_the_number_of_queries_is_small_whatever_the_rows(june, app, sign_in, database, cast, address):
    client = sign_in("reviewer")
    client.get(address)
    with statements(app.extensions["engine"]) as few:
        client.get(address)
    with database() as session:
        zone = session.merge(cast.zone)
        project = make_project(session, zone, unit=session.merge(cast.unit), name="又一个", total_fen=WAN)
        for number in range(60):
            state = ReviewState.pending if number % 2 else ReviewState.recognised
            make_arrival(session, zone, project, WAN, arrived_on=dt.date(2024, 6, 2), state=state)
        session.commit()
    with statements(app.extensions["engine"]) as many:
        client.get(address)
    assert len(many.reads) == len(few.reads) <= 15
    assert not many.writes
