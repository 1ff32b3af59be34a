"""Arrivals on the web: the list, entering, correcting, and the review."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import select

from app.funds.models import FundArrival
from app.funds.rules import ReviewState
from app.pipeline.models import Project
from tests.factories import WAN, YI, make_arrival, make_investor, make_project, make_target
from tests.web.conftest import statements
from tests.web.tables import exported

PENDING = ReviewState.pending


@pytest.fixture
def project(database, cast):
    """A project of the officer's unit with 1亿元 under contract since March 2024; its investor is from abroad."""
    with database() as session:
        owner = make_investor(session, cast.zone, "哈萨盛能", origin="哈萨克斯坦")
        made = make_project(
            session, cast.zone, unit=cast.unit, investor=owner, name="电池扩建项目", number="KS-2024-0007"
        )
        session.commit()
    return made


@pytest.fixture
def arrive(database, cast, project):
    """Makes an arrival of the project, pending unless said otherwise, entered by the officer."""

    def make(fen=100 * WAN, **fields):
        values = {"state": PENDING, "recorded_by": cast.wu.id, "recorded_name": cast.wu.name, **fields}
        with database() as session:
            made = make_arrival(session, cast.zone, session.merge(project), fen, **values)
            session.commit()
        return made

    return make


@pytest.fixture
def only(database):
    """The one stored arrival."""

    def read() -> FundArrival:
        with database() as session:
            return session.scalars(select(FundArrival)).one()

    return read


FORM = {
    "arrived_on": "2024-06-20",
    "currency": "CNY",
    "amount": "3,253.50",
    "amount-unit": "万元",
    "source": "outside",
    "purpose": "土地款",
    "voucher": "PZ2024060608",
}


def errors(page: str) -> list[str]:
    return re.findall(r'class="err"[^>]*>.*?<span>([^<]*)</span>', page, re.DOTALL)


def plain(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def foot(page: str) -> str:
    return plain(page[page.index("<tfoot>") : page.index("</tfoot>")])


def new(project: Project) -> str:
    return f"/funds/new?project={project.id}"


def test_an_officer_finds_the_project_and_records_money(sign_in, project, only, cast):
    client = sign_in("officer")
    assert "电池扩建项目" in client.get("/funds/new?q=盛能").text
    assert "没有找到" in client.get("/funds/new?q=纺织").text
    page = client.get(new(project)).text
    assert (
        re.search(r'<option selected value="abroad">境外|value="abroad" selected', page)
        or 'selected value="abroad"' in page
    )
    answer = client.send(new(project), FORM)
    assert answer.status_code == 303, errors(answer.text)
    arrival = only()
    assert (arrival.amount_fen, arrival.state, arrival.recorded_by) == (3_253_500_000, PENDING, cast.wu.id)
    assert arrival.arrived_on == dt.date(2024, 6, 20)


def test_foreign_money_is_converted_and_echoed(sign_in, project, only):
    client = sign_in("officer")
    sent = {
        **FORM,
        "currency": "USD",
        "amount": "74.76",
        "rate": "7.1",
        "rate_on": "2024-06-20",
        "rate_source": "中间价",
    }
    asked = {"currency": "USD", "amount": "74.76", "unit": "万元", "rate": "7.1"}
    echo = client.get("/funds/equivalent", query_string=asked).json["words"]
    assert echo.startswith("折人民币 530.80 万元")
    assert "伍佰叁拾万柒仟玖佰陆拾元整" in echo
    assert client.send(new(project), sent).status_code == 303
    arrival = only()
    assert (arrival.currency, arrival.original_minor, arrival.amount_fen) == ("USD", 74_760_000, 530_796_000)
    assert (arrival.rate_on, arrival.rate_source) == (dt.date(2024, 6, 20), "中间价")
    assert "74.76 万美元 × 7.1" in client.get(f"/funds/{arrival.id}").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"arrived_on": ""}, "到账日期"),
        ({"arrived_on": "2024-06-31"}, "不存在"),
        ({"arrived_on": "2024-03-14"}, "早于合同签订日期"),
        ({"arrived_on": "2099-01-01"}, "晚于今天"),
        ({"amount": ""}, "到账金额"),
        ({"amount": "1e3"}, "不是金额"),
        ({"amount": "0.00001", "amount-unit": "元"}, "不足一分"),
        ({"amount": "0.5", "amount-unit": "元"}, "不足 1 元"),
        ({"amount": "1.0001", "amount-unit": "亿元"}, "将超过合同总投资"),
        ({"source": ""}, "资金来源"),
        ({"source": "moon"}, "请从列表中选择"),
        ({"currency": "XXX"}, "请从列表中选择"),
        ({"currency": "USD"}, "折算汇率"),
        ({"currency": "USD", "rate": "7.1"}, "汇率日期"),
        ({"currency": "USD", "rate": "7.1", "rate_on": "2024-06-20"}, "汇率来源"),
        ({"currency": "USD", "rate": "0", "rate_on": "2024-06-20", "rate_source": "行"}, "汇率"),
        ({"voucher": "PZ\u200b"}, "控制字符"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(sign_in, database, project, changes, words):
    answer = sign_in("officer").send(new(project), {**FORM, **changes})
    assert answer.status_code == 422
    assert any(words in error for error in errors(answer.text)), errors(answer.text)
    assert 'value="土地款"' in answer.text
    with database() as session:
        assert session.scalars(select(FundArrival)).first() is None


def test_the_same_money_twice_is_asked_about(sign_in, database, project, arrive):
    arrive(3_253_500_000, arrived_on=dt.date(2024, 6, 20), voucher="PZ-1")
    client = sign_in("officer")
    answer = client.send(new(project), FORM)
    assert answer.status_code == 422
    assert "凭证号 PZ-1，吴建军登记" in errors(answer.text)[0]
    assert client.send(new(project), {**FORM, "voucher": "PZ-1", "twice": "y"}).status_code == 422
    assert client.send(new(project), {**FORM, "twice": "y"}).status_code == 303
    with database() as session:
        assert len(session.scalars(select(FundArrival)).all()) == 2


def test_a_project_without_contract_takes_no_money(sign_in, database, cast):
    with database() as session:
        talks = make_project(session, cast.zone, unit=cast.unit, signed_on=None, name="洽谈项目")
        session.commit()
    client = sign_in("officer")
    assert "洽谈项目" not in client.get("/funds/new?q=洽谈").text
    answer = client.send(new(talks), FORM)
    assert answer.status_code == 422
    assert "尚无正式合同" in answer.text


@pytest.mark.parametrize(
    ("name", "status"),
    [("second", 403), ("leader", 403), ("administrator", 403), ("outside_reviewer", 404), ("outsider", 403)],
)
def test_who_may_not_enter_for_the_project(sign_in, database, project, arrive, name, status):
    arrival = arrive()
    client = sign_in(name)
    for address in (new(project), f"/funds/{arrival.id}/edit"):
        assert client.get(address).status_code == status
        assert client.send(address, FORM).status_code == status
    with database() as session:
        assert session.scalars(select(FundArrival.amount_fen)).one() == 100 * WAN


def test_a_reviewer_sees_what_becomes_of_the_month_and_recognises(
    sign_in, database, project, arrive, only, cast
):
    with database() as session:
        stored = session.merge(project)
        make_arrival(session, cast.zone, stored, 1000 * WAN, arrived_on=dt.date(2024, 6, 1))
        make_arrival(session, cast.zone, stored, 500 * WAN, arrived_on=dt.date(2023, 6, 1))
        make_target(session, cast.zone, 4000 * WAN)
        session.commit()
    arrival = arrive(arrived_on=dt.date(2024, 6, 20))
    client = sign_in("reviewer")
    page = plain(client.get(f"/funds/review/{arrival.id}?month=2024-06").text)
    assert "2024年6月的实时数会变成" in page
    assert "本月 万元 1,000.00 → 1,100.00" in page
    assert "同比 增长100.0% → 增长120.0%" in page
    assert "完成率 25.00% → 27.50%" in page
    assert "进度 欠 25.00 个百分点 → 欠 22.50 个百分点" in page
    answer = client.send(f"/funds/{arrival.id}/recognise", {"version": "1"})
    assert (answer.status_code, answer.location) == (303, "/funds/review")
    page = client.get("/funds/review").text
    assert "已认定 100.00 万元（电池扩建项目）" in page
    assert "没有待审核的到账" in page
    with database() as session:
        stored = session.get(FundArrival, (cast.zone.id, arrival.id))
        assert (stored.state, stored.reviewed_by) == (ReviewState.recognised, cast.reviewer.id)
    assert "已认定的到账不能修改" in client.get(f"/funds/{arrival.id}").text
    assert client.get(f"/funds/{arrival.id}/edit").status_code == 403


def test_an_arrival_of_an_earlier_month_moves_the_year_so_far_only(sign_in, arrive, cast):
    arrival = arrive(arrived_on=dt.date(2024, 5, 18))
    page = plain(sign_in("reviewer").get(f"/funds/review/{arrival.id}?month=2024-06").text)
    assert "本月 万元 0.00 → 0.00" in page
    assert "累计 万元 0.00 → 100.00" in page
    page = plain(sign_in("reviewer").get(f"/funds/review/{arrival.id}?month=2023-12").text)
    assert "2024年5月的实时数会变成" in page


def test_a_return_needs_a_reason_and_comes_back_to_the_officer(sign_in, arrive, only):
    arrival = arrive()
    reviewer, officer = sign_in("reviewer"), sign_in("officer")
    answer = reviewer.send(f"/funds/{arrival.id}/return", {"version": "1"})
    assert answer.status_code == 422
    assert "请选择退回原因" in errors(answer.text)[0]
    assert (
        reviewer.send(f"/funds/{arrival.id}/return", {"version": "1", "reason": "金额不符"}).status_code
        == 303
    )
    assert (only().state, only().return_reason) == (ReviewState.returned, "金额不符")
    page = officer.get(f"/funds/{arrival.id}/edit").text
    assert "退回：金额不符" in page
    sent = {**FORM, "arrived_on": "2024-05-20", "version": "2"}
    assert officer.send(f"/funds/{arrival.id}/edit", sent).status_code == 303
    assert (only().state, only().amount_fen, only().return_reason) == (PENDING, 3_253_500_000, "")


def test_nobody_reviews_his_own_entry(sign_in, arrive, only, cast):
    arrival = arrive(recorded_by=cast.reviewer.id, recorded_name=cast.reviewer.name)
    client = sign_in("reviewer")
    for address in (f"/funds/{arrival.id}", f"/funds/review/{arrival.id}"):
        page = client.get(address).text
        assert "您本人登记" in page
        assert f"{arrival.id}/recognise" not in page
    for action in ("recognise", "return"):
        answer = client.send(f"/funds/{arrival.id}/{action}", {"version": "1", "reason": "凭证不清"})
        assert answer.status_code == 422
        assert "本人" in answer.text
    assert only().state is PENDING


def test_a_review_of_a_version_unseen_is_refused(sign_in, arrive, only):
    arrival = arrive()
    reviewer, officer = sign_in("reviewer"), sign_in("officer")
    assert (
        officer.send(
            f"/funds/{arrival.id}/edit", {**FORM, "arrived_on": "2024-05-20", "version": "1"}
        ).status_code
        == 303
    )
    for action in ("recognise", "return"):
        answer = reviewer.send(f"/funds/{arrival.id}/{action}", {"version": "1", "reason": "凭证不清"})
        assert answer.status_code == 409
    assert reviewer.send(f"/funds/{arrival.id}/recognise", {}).status_code == 400
    assert only().state is PENDING
    answer = officer.send(f"/funds/{arrival.id}/edit", {**FORM, "version": "1", "purpose": "设备购置"})
    assert answer.status_code == 422
    assert "其他人修改或审核" in answer.text
    assert 'value="设备购置"' in answer.text


@pytest.mark.parametrize(
    ("name", "status"),
    [("officer", 403), ("second", 403), ("leader", 403), ("administrator", 403), ("outside_reviewer", 404)],
)
def test_who_may_not_review(sign_in, arrive, only, name, status):
    arrival = arrive()
    client = sign_in(name)
    for action in ("recognise", "return"):
        answer = client.send(f"/funds/{arrival.id}/{action}", {"version": "1", "reason": "x"})
        assert answer.status_code == status
    assert only().state is PENDING


def test_the_next_waiting_arrival_opens_by_itself(sign_in, arrive):
    early = arrive(recorded_at=dt.datetime(2024, 6, 1, tzinfo=dt.UTC))
    late = arrive(recorded_at=dt.datetime(2024, 6, 2, tzinfo=dt.UTC), voucher="B")
    client = sign_in("reviewer")
    assert client.get("/funds/review").location == f"/funds/review/{early.id}"
    page = client.get(f"/funds/review/{late.id}").text
    queue = page[page.index("rvlist") :]
    assert queue.index(f"/funds/review/{early.id}") < queue.index(f"/funds/review/{late.id}")
    answer = client.send(f"/funds/{late.id}/recognise", {"version": "1", "next": str(early.id)})
    assert answer.location == f"/funds/review/{early.id}"


def test_the_list_its_sums_and_its_export_agree(sign_in, database, project, arrive, cast):
    arrive(voucher="PZ-A", arrived_on=dt.date(2024, 6, 3))
    arrive(700 * WAN, state=ReviewState.recognised, voucher="PZ-B", arrived_on=dt.date(2024, 5, 3))
    arrive(30 * WAN, state=ReviewState.returned, voucher="PZ-C", return_reason="凭证不清")
    with database() as session:
        other = make_project(session, cast.zone, unit=cast.other_unit, name="二部项目")
        make_arrival(session, cast.zone, other, 5 * WAN)
        foreign = make_project(session, cast.other_zone, name="外区项目")
        make_arrival(session, cast.other_zone, foreign, YI)
        session.commit()
    client = sign_in("leader")
    page = client.get("/funds").text
    assert "外区项目" not in page
    assert "合计 4 笔" in foot(page)
    assert "待审核 1 笔 100.00 已认定 2 笔 705.00 已退回 1 笔 30.00" in re.sub(r"\s+", " ", foot(page))
    assert re.findall(r">(全部|待审核|已认定|已退回) <em>(\d+)</em>", page) == [
        ("全部", "4"),
        ("待审核", "1"),
        ("已认定", "2"),
        ("已退回", "1"),
    ]
    query = f"dept={cast.unit.id}&state=recognised&state=returned&sort=amount&dir=asc"
    page = client.get(f"/funds?{query}").text
    assert re.findall(r"PZ-[ABC](?=</td>)", page) == ["PZ-C", "PZ-B"]
    rows = exported(client.get(f"/funds/export.xlsx?{query}"))
    assert [row[7] for row in rows[2:4]] == ["PZ-C", "PZ-B"]
    assert rows[-1][:2] == ("合计", "2 笔")
    assert rows[-1][8] == 730
    assert "电池扩建项目" in client.get("/funds?q=盛能&from=2024-06-01&to=2024-06-30").text
    assert client.get("/funds?from=x").status_code == 422
    assert client.get("/funds?dept=1").status_code == 422


def test_the_list_takes_six_queries_however_long_it_is(sign_in, arrive, app):
    client = sign_in("reviewer")
    client.get("/funds")
    counts = []
    for more in (2, 60):
        for _ in range(more):
            arrive()
        with statements(app.extensions["engine"]) as found:
            page = client.get("/funds?q=电池").text
        counts.append(len(found.reads))
    assert counts[0] == counts[1] <= 6
    assert page.count("<tr data-row>") == 50


def test_visitors_and_strangers(client, sign_in, arrive):
    arrival = arrive()
    for address in (
        "/funds",
        "/funds/export.xlsx",
        f"/funds/{arrival.id}",
        f"/funds/{arrival.id}/edit",
        "/funds/new",
    ):
        assert client.get(address).location.startswith("/sign-in")
    outsider = sign_in("outside_reviewer")
    assert outsider.get(f"/funds/{arrival.id}").status_code == 404
    assert outsider.get("/funds/999999999999999999999").status_code == 404
    assert "电池" not in outsider.get("/funds").text
    assert outsider.get(f"/funds/new?project={arrival.project_id}").status_code == 404
    assert outsider.get("/funds/new?project=x").status_code == 404
