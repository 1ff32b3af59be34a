"""A committee's own ledger through a real browser: recognised, put right, written, looked at, taken back."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser import check, follow, see, serve, sign_in
from tests.factories import WAN, make_investor, make_project
from tests.web.ledgers import line, officers_ledger

pytestmark = pytest.mark.parametrize("migrated", ["sqlite"], indirect=True)
MATRIX = Path(__file__).parents[1] / "ledger" / "data" / "kashi-2024-matrix.xlsx"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the application is served."""
    with serve(app) as found:
        yield found


def send(
    page: Page, name: str, content: bytes, do_jobs: Callable[[], int], *, add_lists: bool = True
) -> None:
    page.locator("#file").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    expect(page.locator("[data-chosen]")).to_contain_text(name)
    if add_lists:
        page.get_by_label("自动加入本区名单").check()
    follow(page.get_by_role("button", name="上传并识别"))
    see(page, "可以离开本页")
    assert do_jobs() == 1
    page.wait_for_url("**/recognise")


def damaged() -> bytes:
    """The sample ledger with a day that does not exist and an amount with a digit too many."""
    book = openpyxl.load_workbook(MATRIX)
    sheet = book.worksheets[0]
    sheet["K5"] = "2024-13-05"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def figures(page: Page, address: str) -> str:
    """What the figures page says of June."""
    page.goto(f"{address}/figures/funds.amount?month=2024-06")
    expect(page.locator("main")).to_contain_text("到位资金")
    return page.locator("main").inner_text()


def test_the_sample_ledger_goes_in_and_comes_out_again(page, address, cast, database, do_jobs):
    with database() as session:
        owner = make_investor(session, cast.zone, "江苏恒科商贸实业有限公司")
        make_project(
            session,
            cast.zone,
            unit=cast.unit,
            investor=owner,
            name="高端装备零部件扩建项目（旧）",
            total_fen=26350 * WAN,
        )
        session.commit()
    sign_in(page, address, "maxiaolin", "/ledger/")
    before = figures(page, address)
    page.goto(f"{address}/ledger/")
    check(page)
    send(page, "2024年招商台账.xlsx", damaged(), do_jobs)
    panel = page.get_by_role("complementary", name="识别结果")
    expect(panel).to_contain_text("130 个项目")
    expect(panel).to_contain_text("万元（取自 K2）")
    expect(page.get_by_role("region", name="2024年台账")).to_contain_text("→ 已用作金额单位")
    check(page)
    # Any column can be told by hand, found by the words an official would type, and put back.
    head = page.locator("[data-column=J]")
    head.click()
    page.get_by_label("找字段").fill("固投")
    expect(page.locator("#chooser .opt:visible")).to_have_count(1)
    check(page)
    page.keyboard.press("Enter")
    expect(head).to_have_text("其中：固定资产投资")
    head.click()
    page.get_by_role("button", name="恢复自动识别").click()
    expect(head).to_have_text("合同类型")
    page.get_by_role("link", name=re.compile("展开无疑问的")).click()
    expect(page.locator("[data-column=E]")).to_be_visible()
    page.locator("[data-headrow='2']").click()
    expect(page.get_by_text("现在的表头是第 3—4 行")).to_be_visible()
    page.get_by_role("button", name="核对差异").click()
    see(page, "可以离开本页")
    assert do_jobs() == 1
    page.wait_for_url("**/verdicts")
    check(page)
    page.get_by_role("link", name=re.compile("^拒收")).click()
    bad = page.locator("tr.refused").filter(has_text="2024-13-05")
    bad.get_by_text("改这格").click()
    field = bad.get_by_role("textbox")
    expect(field).to_be_focused()
    field.fill("2024-05-29")
    check(page)
    bad.get_by_role("button", name="改好").click()
    expect(page.get_by_role("status")).to_contain_text("第 5 行已改")
    page.get_by_role("link", name=re.compile("^存疑")).click()
    expect(page.locator(".tabs .on")).to_contain_text("存疑")
    every = page.get_by_role("button", name="全部按表内")
    if every.count():
        every.click()
        expect(page.locator("tr.question button[aria-pressed=true]").first).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^写入 \d+ 行")).click()
    see(page, "可以离开本页")
    assert do_jobs() == 1
    page.wait_for_url("**/result")
    expect(page.get_by_text(re.compile(r"已写入 \d+ 行"))).to_be_visible()
    moved = page.locator("tr.moved").first
    expect(moved).to_contain_text("+")
    check(page)
    result = page.url
    assert figures(page, address) != before
    page.goto(result)
    page.get_by_text("撤销整批").click()
    follow(page.get_by_role("button", name="确认撤销"))
    see(page, "可以离开本页")
    assert do_jobs() == 1
    see(page, "已撤销整批")
    check(page)
    assert figures(page, address) == before


def test_on_a_phone_a_ledger_is_put_right_in_cards(phone, address, cast, do_jobs):
    page = phone
    sign_in(page, address, "maxiaolin", "/ledger/")
    check(page)
    rows = [line(1, "电池项目"), line(2, "纺织项目", 签约时间="2024-13-05"), line(3, "冷链项目")]
    send(page, "推进表.xlsx", officers_ledger(rows).getvalue(), do_jobs)
    check(page)
    page.get_by_role("button", name="核对差异").click()
    see(page, "可以离开本页")
    assert do_jobs() == 1
    page.wait_for_url("**/verdicts")
    check(page)
    page.get_by_text("改这格").first.click()
    page.locator("details.fix[open] [name=text]").fill("2023-12-05")
    check(page)
    page.get_by_role("button", name="改好").click()
    expect(page.get_by_role("status")).to_contain_text("现在是“新增”")
    page.get_by_role("checkbox", name=re.compile("冷链项目")).click()
    page.get_by_role("button", name="写入 2 行").click()
    see(page, "可以离开本页")
    assert do_jobs() == 1
    page.wait_for_url("**/result")
    expect(page.get_by_text("已写入 2 行")).to_be_visible()
    check(page)
