"""The reviewer's queue: evidence beside the entry, less than claimed, several at once, keys, and who is refused."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.figures.queries import headline
from app.files.models import StoredFile
from app.funds.models import ArrivalShare, FundArrival
from app.funds.rules import EvidenceKind, ReviewState
from app.kernel.periods import Month
from app.pipeline.models import Project
from tests.browser import accessibility_faults, check, follow, open_page, see, serve, shoot
from tests.factories import WAN, make_arrival, make_investor, make_project
from tests.files.samples import pdf, picture
from tests.web.conftest import XSS, Cast, Client, statements, token_for

SignIn = Callable[[str], Client]
Open = Callable[[], Session]
Arrive = Callable[..., int]
FORM = {
    "arrived_on": "2024-06-20",
    "currency": "CNY",
    "amount": "100",
    "amount-unit": "万元",
    "source": "outside",
    "voucher": "PZ1",
    "evidence": "capital",
    "payer": "某投资有限公司",
}


@pytest.fixture
def project(database: Open, cast: Cast) -> Project:
    with database() as session:
        investor = make_investor(session, cast.zone, "某投资有限公司")
        made = make_project(session, cast.zone, unit=cast.unit, investor=investor, name="电池扩建项目")
        session.commit()
    return made


@pytest.fixture
def arrive(database: Open, cast: Cast, project: Project) -> Arrive:
    """Makes a pending arrival, an hour after the one before; its id."""
    hours = iter(range(100))

    def make(fen: int = 100 * WAN, **fields: Any) -> int:
        at = dt.datetime(2024, 6, 20, tzinfo=dt.UTC) + dt.timedelta(hours=next(hours))
        values = {
            "arrived_on": dt.date(2024, 6, 20),
            "state": ReviewState.pending,
            "recorded_by": cast.wu.id,
            "recorded_name": "吴建军",
            "recorded_at": at,
            **fields,
        }
        with database() as session:
            made = make_arrival(session, cast.zone, session.merge(project), fen, **values)
            session.commit()
        return made.id

    return make


def get(database: Open, cast: Cast, arrival_id: int) -> FundArrival:
    with database() as session:
        found = session.get(FundArrival, (cast.zone.id, arrival_id))
        assert found
        return found


def enter(client: Client, project: Project, *files: tuple[str, bytes], **more: Any) -> Any:
    sent = {**FORM, "files": [(io.BytesIO(content), name) for name, content in files], **more}
    answer = client.send(f"/funds/new?project={project.id}", sent, content_type="multipart/form-data")
    answer.get_data()
    answer.close()
    return answer


def test_an_entry_brings_its_evidence_and_its_shares(
    sign_in: SignIn, database: Open, cast: Cast, project: Project
) -> None:
    shares = {
        "shares-unit": [str(cast.unit.id), str(cast.other_unit.id), ""],
        "shares-percent": ["60", "40%", ""],
    }
    answer = enter(sign_in("officer"), project, ("验资报告.pdf", pdf()), **shares)
    assert answer.status_code == 303, answer.text
    with database() as session:
        arrival = session.scalars(select(FundArrival)).one()
        assert (arrival.evidence, arrival.payer, arrival.claimed_fen) == (
            EvidenceKind.capital,
            "某投资有限公司",
            100 * WAN,
        )
        file = session.scalars(select(StoredFile)).one()
        assert (file.entity, file.entity_id, file.label) == ("fund_arrival", arrival.id, "验资报告")
        parts = {share.unit_id: share.amount_fen for share in session.scalars(select(ArrivalShare))}
        assert parts == {cast.unit.id: 60 * WAN, cast.other_unit.id: 40 * WAN}
    page = sign_in("leader").get(f"/funds/{arrival.id}").text
    assert "招商二部" in page
    assert "40%" in page
    form = sign_in("officer").get(f"/funds/{arrival.id}/edit").text
    assert 'value="40"' in form


@pytest.mark.parametrize(
    ("units", "percents", "words"),
    [
        (("unit", "other_unit"), ("60", "39.99"), "合计 99.99%"),
        (("unit", "unit"), ("60", "40"), "只能填一行"),
        (("unit", "other_zone"), ("60", "40"), "从列表中选择"),
        (("unit", ""), ("60", "40"), "请选择单位"),
        (("unit", "other_unit"), ("60", "四十"), "不是数字"),
        (("unit", "other_unit"), ("60", "39.999"), "两位小数"),
    ],
)
def test_shares_that_cannot_be_are_refused_beside_the_field(
    sign_in: SignIn,
    database: Open,
    cast: Cast,
    project: Project,
    units: tuple[str, ...],
    percents: tuple[str, ...],
    words: str,
) -> None:
    ids = [str(getattr(cast, name).id) if name else "" for name in units]
    answer = enter(
        sign_in("officer"),
        project,
        ("a.pdf", pdf()),
        **{"shares-unit": ids, "shares-percent": list(percents)},
    )
    assert answer.status_code == 422
    assert words in answer.text
    with database() as session:
        assert session.scalars(select(FundArrival)).all() == []
        assert session.scalars(select(StoredFile)).all() == []


def test_an_entry_with_a_bad_file_is_not_saved(sign_in: SignIn, database: Open, project: Project) -> None:
    answer = enter(sign_in("officer"), project, ("宏.exe", b"MZ"))
    assert answer.status_code == 422
    assert "可执行" in answer.text
    with database() as session:
        assert session.scalars(select(FundArrival)).all() == []


def test_less_is_recognised_with_a_reason_and_the_figure_moves_by_it(
    sign_in: SignIn, database: Open, cast: Cast, arrive: Arrive
) -> None:
    arrival_id, client = arrive(), sign_in("reviewer")
    address = f"/funds/{arrival_id}/recognise"
    answer = client.send(address, {"version": "1", "amount": "60", "amount-unit": "万元"})
    assert answer.status_code == 422
    assert "写明原因" in answer.text
    answer = client.send(address, {"version": "1", "amount": "100.01", "cut_reason": "x"})
    assert answer.status_code == 422
    assert "不能超过登记金额" in answer.text
    assert get(database, cast, arrival_id).state is ReviewState.pending
    answer = client.send(address, {"version": "1", "amount": "60", "cut_reason": "四十万元为借款"})
    assert answer.status_code == 303
    with database() as session:
        zone = session.merge(cast.zone)
        assert headline(session, zone, Month(2024, 6), ["funds.amount"])["funds.amount"].ytd == 60 * WAN
    page = sign_in("leader").get(f"/funds/{arrival_id}").text
    assert "登记 100.00 万元，认定 60.00 万元：四十万元为借款" in page


def test_the_effect_of_another_amount_is_shown_before(sign_in: SignIn, arrive: Arrive) -> None:
    arrival_id = arrive()
    client = sign_in("reviewer")
    address = f"/funds/{arrival_id}/effect?month=2024-06"
    assert "<b>60.00</b>" in client.get(f"{address}&amount=60&unit=万元").text
    assert "不能超过登记金额" in client.get(f"{address}&amount=100.01").text
    assert "不是金额" in client.get(f"{address}&amount=<script>").text
    assert sign_in("officer").get(address).status_code == 403
    assert sign_in("outside_reviewer").get(address).status_code == 404


def test_guards_are_seen_as_notes(sign_in: SignIn, arrive: Arrive) -> None:
    arrive(voucher="PZ-1")
    arrival_id = arrive(payer="另一家公司", voucher="PZ-2")
    page = sign_in("reviewer").get(f"/funds/review/{arrival_id}").text
    for words in ("同日有同样金额：PZ-1", "付款方不是投资方", "没有附件", "未超合同总投资"):
        assert words in page


def test_a_return_has_a_reason_from_the_list_and_words(
    sign_in: SignIn, database: Open, cast: Cast, arrive: Arrive
) -> None:
    first, second = arrive(), arrive()
    client = sign_in("reviewer")
    for sent, words in (
        ({}, "请选择退回原因"),
        ({"reason": "看不顺眼"}, "从列表中选择"),
        ({"reason": "其他"}, "写明原因"),
    ):
        answer = client.send(f"/funds/{first}/return", {"version": "1", **sent})
        assert answer.status_code == 422
        assert words in answer.text
    client.send(f"/funds/{first}/return", {"version": "1", "reason": "金额不符", "words": "回单为 90 万元"})
    client.send(f"/funds/{second}/return", {"version": "1", "reason": "其他", "words": "项目已撤"})
    assert get(database, cast, first).return_reason == "金额不符：回单为 90 万元"
    assert get(database, cast, second).return_reason == "项目已撤"


def test_several_are_recognised_each_with_its_verdict(
    sign_in: SignIn, database: Open, cast: Cast, arrive: Arrive
) -> None:
    good, own, stale = arrive(), arrive(recorded_by=cast.reviewer.id), arrive(version=3)
    client = sign_in("reviewer")
    answer = client.send("/funds/review/several", {"pick": [f"{good}:1", f"{own}:1", f"{stale}:1"]})
    assert answer.location == "/funds/review"
    page = client.get(f"/funds/review/{stale}").text
    assert "已认定 1 笔，100.00 万元" in page
    assert "不能审核本人登记的到账" in page
    assert "修改或审核" in page
    states = [get(database, cast, one).state for one in (good, own, stale)]
    assert states == [ReviewState.recognised, ReviewState.pending, ReviewState.pending]
    assert client.send("/funds/review/several", {"pick": ["x:1"]}).status_code == 400
    client.send("/funds/review/several", {})
    assert "没有勾选到账" in client.get(f"/funds/review/{stale}").text


def test_ones_own_entry_stands_grey_with_the_reason(sign_in: SignIn, cast: Cast, arrive: Arrive) -> None:
    own = arrive(recorded_by=cast.reviewer.id)
    client = sign_in("reviewer")
    page = client.get("/funds/review").text
    assert "其余都是您本人登记的" in page
    assert "本人登记，须他人审核" in page
    assert "disabled" in page
    page = client.get(f"/funds/review/{own}").text
    assert f"/funds/{own}/recognise" not in page


@pytest.mark.parametrize("who", ["officer", "second", "leader", "administrator"])
def test_other_roles_have_no_queue(sign_in: SignIn, arrive: Arrive, who: str) -> None:
    arrival_id, client = arrive(), sign_in(who)
    for address in ("/funds/review", f"/funds/review/{arrival_id}"):
        assert client.get(address).status_code == 403
    assert client.send("/funds/review/several", {"pick": f"{arrival_id}:1"}).status_code == 403


def test_another_zone_has_none_of_it(sign_in: SignIn, database: Open, cast: Cast, arrive: Arrive) -> None:
    arrival_id, outsider = arrive(), sign_in("outside_reviewer")
    assert outsider.get(f"/funds/review/{arrival_id}").status_code == 404
    assert "电池" not in outsider.get("/funds/review").text
    outsider.send("/funds/review/several", {"pick": f"{arrival_id}:1"})
    assert "没有这笔到账" in outsider.get("/funds/review").text
    assert get(database, cast, arrival_id).state is ReviewState.pending


def test_hostile_text_stays_text(sign_in: SignIn, arrive: Arrive) -> None:
    arrival_id = arrive(payer=XSS, voucher=XSS[:60], purpose=XSS[:60], recorded_name=XSS[:60])
    for page in (
        sign_in("reviewer").get(f"/funds/review/{arrival_id}").text,
        sign_in("officer").get(f"/funds/{arrival_id}").text,
        sign_in("officer").get(f"/funds/{arrival_id}/edit").text,
    ):
        assert XSS[:10] not in page


def test_the_queue_asks_no_more_the_longer_it_is(sign_in: SignIn, app: Flask, arrive: Arrive) -> None:
    arrival_id, client, counts = arrive(), sign_in("reviewer"), []
    client.get(f"/funds/review/{arrival_id}")
    for more in (1, 20):
        for _ in range(more):
            arrive()
        with statements(app.extensions["engine"]) as found:
            assert client.get(f"/funds/review/{arrival_id}").status_code == 200
        counts.append(len(found.reads))
    assert counts[0] == counts[1] <= 15


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_the_queue_by_keys(
    app: Flask,
    cast: Cast,
    browser: Browser,
    sign_in: SignIn,
    database: Open,
    arrive: Arrive,
    width: int,
    height: int,
) -> None:
    first, second, third, fourth = (arrive(n * 100 * WAN) for n in (1, 2, 3, 4))
    officer = sign_in("officer")
    answer = officer.send(
        f"/files/fund_arrival/{first}",
        {"files": [(io.BytesIO(pdf()), "银行回单.pdf"), (io.BytesIO(picture()), "现场.jpg")]},
        content_type="multipart/form-data",
    )
    answer.close()
    with serve(app) as address, open_page(browser, width=width, height=height) as page:
        page.context.add_cookies(
            [{"name": "zhaoshang", "value": token_for(app, cast.reviewer), "url": address}]
        )
        page.goto(f"{address}/funds/review?month=2024-06")
        expect(page).to_have_url(f"{address}/funds/review/{first}")
        paper = page.locator(".paper img")
        paper.evaluate("image => image.decode()")
        check(page)
        if width > 1000:
            assert page.evaluate("document.documentElement.scrollHeight") <= height
        shoot(page, f"review-{width}")
        with page.expect_navigation(url=f"{address}/funds/review/{second}"):
            page.keyboard.press("j")
        with page.expect_navigation(url=f"{address}/funds/review/{first}"):
            page.keyboard.press("k")
        # Less than claimed: the effect is shown before, a reason is asked for.
        page.get_by_label("认定金额").fill("60")
        expect(page.locator("[data-amount-shown]")).to_have_text("60.00")
        page.get_by_label("少认定的原因").fill("四十万元为借款")
        page.get_by_label("少认定的原因").blur()
        with page.expect_navigation(url=f"{address}/funds/review/{second}"):
            page.keyboard.press("r")
        see(page, "已认定 60.00 万元")
        # A return: the reason by its number, then b.
        page.keyboard.press("2")
        expect(page.get_by_label("金额不符")).to_be_checked()
        with page.expect_navigation(url=f"{address}/funds/review/{third}"):
            page.keyboard.press("b")
        see(page, "已退回 200.00 万元")
        # The rest at once.
        page.get_by_label("全选").check()
        expect(page.locator("[data-picked]")).to_have_text("2 笔 700.00 万元")
        follow(page.get_by_role("button", name="认定勾选的"))
        see(page, "没有待审核的到账")
        assert accessibility_faults(page) == []
    states = [get(database, cast, one).state.value for one in (first, second, third, fourth)]
    assert states == ["recognised", "returned", "recognised", "recognised"]
