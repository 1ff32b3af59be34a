"""The long walk, in a real browser at both widths: a newcomer takes a lead to a recognised arrival, and the figures move."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from app.kernel import clock
from tests.browser import accessibility_faults, follow, open_page, serve, shoot, sign_in, wide
from tests.factories import WAN, YI, make_area, make_arrival, make_chain, make_investor, make_project
from tests.web.conftest import Cast

pytestmark = pytest.mark.parametrize("migrated", ["sqlite"], indirect=True)
DESK, PHONE = (1440, 900), (390, 844)
NAME = "锂电池正极材料项目"
FIGURES = {
    "funds.amount month": Decimal("800"),
    "funds.amount ytd": Decimal("800"),
    "signed.count month": Decimal("1"),
    "signed.amount month": Decimal("15000"),
}
"""What the walk adds to each figure: 万元 as recognised and as signed, and one contract."""


@pytest.fixture
def address(app: Flask, database: Callable[[], Session], cast: Cast) -> Iterator[str]:
    """The application, with a company of a like name and money of another unit in the same month."""
    with database() as session:
        make_area(session, cast.zone, "空港产业物流区")
        make_chain(session, cast.zone, "锂电新能源", segments=("正极材料",))
        company = make_investor(session, cast.zone, "湖北达泰新能源科技有限公司")
        for number in range(12):
            other = make_project(
                session, cast.zone, unit=cast.other_unit, investor=company, officer="赵敏",
                name=f"高端装备零部件生产线项目（{number + 1}期）", total_fen=2 * YI,
                signed_on=clock.today() - dt.timedelta(days=400),
            )  # fmt: skip
            make_arrival(session, cast.zone, other, 321 * WAN, arrived_on=clock.today())
        session.commit()
    with serve(app) as found:
        yield found


@dataclass
class Walker:
    """Somebody at a screen; every page passed is looked at."""

    page: Page
    address: str
    shots: str = ""
    pages: int = 0

    def look(self, name: str, *, axe: bool = True) -> None:
        """Nothing axe finds, nothing outside the window, and at a desk no more than one screen of scrolling."""
        self.pages += 1
        shoot(self.page, f"{self.shots}-{self.pages:02}-{name}")
        assert wide(self.page) <= 0, name
        size = self.page.viewport_size
        assert size
        if size["width"] >= DESK[0]:
            assert tall(self.page) <= 2 * size["height"], name
        if axe:
            assert accessibility_faults(self.page) == [], name

    def press(self, name: str) -> None:
        follow(self.page.get_by_role("button", name=name, exact=True))

    def follow(self, name: str | re.Pattern[str]) -> None:
        follow(self.page.get_by_role("link", name=name).filter(visible=True).first)

    def figures(self) -> dict[str, Decimal]:
        """The headline figures of this month, from the pages behind them."""
        found, month = {}, f"{clock.today():%Y-%m}"
        self.page.goto(f"{self.address}/figures?month={month}")
        self.look("figures")
        for asked in FIGURES:
            code, window = asked.split()
            self.page.goto(f"{self.address}/figures/{code}?month={month}&w={window}")
            found[asked] = Decimal(self.page.locator(".bignum b").inner_text().replace(",", ""))
        return found


def tall(page: Page) -> int:
    """The height of the page with all that its own scrolling hides."""
    return page.evaluate(
        "Math.max(document.documentElement.scrollHeight, ...[...document.querySelectorAll('main')].map(e => e.scrollHeight))"
    )


def test_at_a_desk(browser: Browser, address: str, tmp_path: Path) -> None:
    walk(browser, address, tmp_path, DESK)


def test_on_a_phone(browser: Browser, address: str, tmp_path: Path) -> None:
    walk(browser, address, tmp_path, PHONE)


def walk(browser: Browser, address: str, folder: Path, size: tuple[int, int]) -> None:
    """From a lead to a recognised arrival, by two people."""
    papers = make_papers(folder)
    with (
        open_page(browser, width=size[0], height=size[1]) as one,
        open_page(browser, width=size[0], height=size[1]) as two,
    ):
        officer = Walker(one, address, f"{size[0]}-officer")
        reviewer = Walker(two, address, f"{size[0]}-reviewer")
        sign_in(one, address)
        sign_in(two, address, "maxiaolin", "/")
        officer.look("home")
        before = reviewer.figures()
        log_a_lead(officer)
        visit(officer, papers["site.jpg"])
        project = convert(officer)
        see_what_is_missing(officer)
        review_the_draft(officer, project, papers["legality.png"])
        approve(reviewer, project)
        sign(officer, project, papers)
        record_money(officer, project, papers["receipt.png"])
        send_back(reviewer)
        correct(officer)
        recognise(reviewer)
        after = reviewer.figures()
        assert {name: after[name] - before[name] for name in FIGURES} == FIGURES
        name_the_rows(reviewer)


def make_papers(folder: Path) -> dict[str, Path]:
    """A photo and scans."""
    found = {}
    for number, name in enumerate(
        ["site.jpg", "legality.png", "fair.png", "contract.png", "receipt.png"], start=1
    ):
        found[name] = folder / name
        Image.new("RGB", (300, 200), (40 * number, 90, 160)).save(found[name])
    return found


def log_a_lead(walker: Walker) -> None:
    """The short form, with what looks alike in sight."""
    page = walker.page
    page.goto(f"{walker.address}/leads")
    walker.look("leads")
    page.goto(f"{walker.address}/leads/new")
    page.get_by_label("线索名称").fill(NAME)
    page.get_by_label("投资方").fill("湖北达泰新能源有限公司")
    expect(page.locator("[data-alikes]")).to_contain_text("湖北达泰新能源科技有限公司")
    page.get_by_label("拟投资额", exact=True).fill("1.5")
    page.get_by_label("线索来源").select_option("外出招商")
    page.get_by_label("拟投资内容").fill("年产 2 万吨磷酸铁锂正极材料")
    page.get_by_label("联系人", exact=True).fill("张三")
    page.get_by_label("联系电话").fill("13812341234")
    page.get_by_label("为什么不是同一项目").fill("正极材料是另一产品，由新设公司投资")
    walker.look("lead-form")
    walker.press("登记线索")
    expect(page.locator(".note.said")).to_contain_text("首报时间")
    walker.look("lead")


def visit(walker: Walker, photo: Path) -> None:
    """A visit logged from the lead, with a photo and a next step."""
    page = walker.page
    walker.follow("记活动")
    page.get_by_text("来访接待", exact=True).click()
    page.get_by_label("内容").fill("张总一行来访，看了空港地块，要求供电报价，电话 13812341234")
    page.get_by_label("选照片").set_input_files(photo)
    expect(page.get_by_text("已选 1 张")).to_be_visible()
    page.get_by_label("下一步", exact=True).fill("送供电方案")
    page.get_by_label("下一步日期").fill(clock.today().isoformat())
    walker.look("visit")
    walker.press("保存活动")
    expect(page.locator("h1")).to_have_text(NAME)
    expect(page.locator("#activities")).to_contain_text("张总一行来访")


def convert(walker: Walker) -> int:
    """研判, and the lead becomes a project; its number in addresses."""
    page = walker.page
    page.get_by_text("研判：跟进、转出或不跟进").click() if not page.locator(
        "#assess-text"
    ).is_visible() else None
    page.get_by_label("跟进", exact=True).check()
    page.locator("#assess-text").fill("符合锂电主导产业，投资强度达标")
    walker.press("提交研判")
    walker.look("followed")
    walker.follow("转为项目")
    walker.look("convert")
    walker.press("转为在谈项目")
    expect(page).to_have_url(re.compile(r"/projects/\d+$"))
    expect(page.locator("h1")).to_have_text(NAME)
    walker.look("in-talks")
    return int(page.url.rsplit("/", 1)[1])


def see_what_is_missing(walker: Walker) -> None:
    """Before one tries, the page says what 签约 asks for; trying says it again and keeps the stage."""
    gate = walker.page.locator(".gate")
    expect(gate.locator(".lacks")).to_have_text(["正式合同", "投资合同", "合法性审查", "公平竞争审查"])
    walker.follow("推进到签约")
    walker.look("advance")
    walker.press("推进到签约")
    expect(walker.page.locator(".note.said")).to_contain_text("还不能推进到“签约”，缺 3 项")


def review_the_draft(walker: Walker, project: int, scan: Path) -> None:
    """合法性审查 and 公平竞争审查 as opinions on record."""
    page = walker.page
    for kind in ("合法性审查", "公平竞争审查"):
        page.goto(f"{walker.address}/projects/{project}/contracts")
        walker.look("terms")
        walker.follow("登记审查意见")
        page.get_by_label("审查类型").select_option(kind)
        page.get_by_label("审查结果").select_option("通过")
        page.get_by_label("出具日期").fill(clock.today().isoformat())
        page.get_by_label("审查机构").fill("市司法局")
        page.locator("#files").set_input_files(scan)
        walker.look("opinion")
        walker.press("登记审查意见")
        expect(page.locator("#reviews")).to_contain_text(kind)


def approve(walker: Walker, project: int) -> None:
    """The reviewer consents to 项目联审."""
    page = walker.page
    page.goto(f"{walker.address}/projects/{project}")
    walker.look("project")
    page.goto(f"{walker.address}/projects/{project}/advance")
    page.get_by_label("项目联审（上会）意见").fill("第 12 次招商联席会议同意")
    walker.look("approve")
    walker.press("同意")
    expect(page.locator(".approvals")).to_contain_text("收回")


def sign(walker: Walker, project: int, papers: dict[str, Path]) -> None:
    """The scan and the formal contract, and the project is signed."""
    page = walker.page
    page.goto(f"{walker.address}/projects/{project}")
    walker.look("nearly")
    expect(page.locator(".gate .lacks")).to_have_text(["正式合同", "投资合同"])
    walker.follow("推进到签约")
    page.locator("#paper-contract").set_input_files(papers["contract.png"])
    page.get_by_label("合同编号").fill("HT-2026-011")
    page.get_by_role("textbox", name="合同总投资").fill("15000")
    walker.look("signing")
    walker.press("推进到签约")
    expect(page.locator(".note.said")).to_contain_text("已推进到“签约”")
    expect(page.locator(".railbox [aria-current=step]")).to_contain_text("签约")
    walker.look("signed")


def record_money(walker: Walker, project: int, scan: Path) -> None:
    """An arrival with its evidence waits for review and counts nowhere."""
    page = walker.page
    walker.follow("登记到账")
    page.get_by_label("到账日期").fill(clock.today().isoformat())
    page.get_by_role("textbox", name="到账金额（原币）").fill("1200")
    page.get_by_label("资金来源").select_option(index=1)
    page.locator("#voucher").fill("PZ-20261122-7")
    page.locator("#files").set_input_files(scan)
    walker.look("arrival-form")
    walker.press("登记到账")
    expect(page.locator(".note.said")).to_contain_text("等待审核")
    walker.look("waiting")


def send_back(walker: Walker) -> None:
    """The reviewer sees the evidence and returns the entry with a reason."""
    page = walker.page
    page.goto(f"{walker.address}/")
    walker.look("home")
    page.goto(f"{walker.address}/funds/review")
    expect(page.locator(".rvside")).to_contain_text(NAME)
    walker.look("queue")
    page.locator(".rvreasons label").last.click()
    page.locator("#words").fill("回单金额与登记不符，请核对")
    follow(page.locator("[data-return]"))
    expect(page.locator(".undobar")).to_contain_text("退回")


def correct(walker: Walker) -> None:
    """The officer finds it on 工作台 and submits it again."""
    page = walker.page
    page.goto(f"{walker.address}/")
    todo = page.get_by_role("region", name="要办的事")
    expect(todo).to_contain_text("回单金额与登记不符")
    walker.look("home-returned")
    follow(todo.get_by_role("link", name="修改"))
    expect(page.get_by_text("回单金额与登记不符")).to_be_visible()
    page.get_by_role("textbox", name="到账金额（原币）").fill("1000")
    walker.look("correct")
    walker.press("保存并提交审核")
    expect(page.locator(".note.said")).to_contain_text("等待审核")
    walker.look("submitted")


def recognise(walker: Walker) -> None:
    """The reviewer recognises less than was claimed."""
    page = walker.page
    page.goto(f"{walker.address}/funds/review")
    page.locator("#amount").fill("800")
    page.locator("#cut_reason").fill("其中 200 万元为借款")
    walker.look("decide")
    follow(page.locator("[data-recognise]"))
    expect(page.locator(".undobar")).to_contain_text("800")
    walker.look("recognised")


def name_the_rows(walker: Walker) -> None:
    """The rows behind the figures name the project, with exactly what was recognised and signed."""
    page, month = walker.page, f"{clock.today():%Y-%m}"
    for code, shown in (("funds.amount", "800.00"), ("signed.amount", "15,000.00"), ("signed.count", "1")):
        page.goto(f"{walker.address}/figures/{code}?month={month}&w=month")
        row = page.get_by_role("row").filter(has=page.get_by_role("link", name=NAME))
        expect(row).to_contain_text(shown)
        walker.look(code)
