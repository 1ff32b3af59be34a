"""合同与承诺 in a real browser, at a desk and on a phone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from app.kernel import clock
from app.pipeline.models import Project
from app.pipeline.rules import ContractKind, ReviewKind, ReviewResult, Side
from tests.browser import follow, look, serve, shoot, sign_in
from tests.factories import (
    WAN,
    YI,
    make_commitment,
    make_contract,
    make_investor,
    make_project,
    make_review,
)
from tests.web.conftest import Cast

pytestmark = pytest.mark.parametrize("migrated", ["sqlite"], indirect=True)


@pytest.fixture
def project(database: Callable[[], Session], cast: Cast) -> Project:
    """A signed project with a framework, a supplement, two opinions and three commitments."""
    with database() as session:
        zone, unit = session.merge(cast.zone), session.merge(cast.unit)
        made = make_project(
            session, zone, unit=unit, investor=make_investor(session, zone, "湖北达泰高端科技有限公司"),
            name="高端装备零部件生产线项目（二期）", officer="吴建军", total_fen=65_070 * WAN,
        )  # fmt: skip
        make_contract(
            session, zone, made, kind=ContractKind.framework, number="KJ-2023-0017",
            signed_on=dt.date(2023, 11, 8), amount_fen=8 * YI,
        )  # fmt: skip
        make_contract(
            session, zone, made, kind=ContractKind.supplement, number="BC-2024-0003",
            signed_on=dt.date(2024, 6, 12), amount_fen=5000 * WAN, note="二期增加喷涂线",
        )  # fmt: skip
        make_review(
            session, zone, made, body="市司法局", number="司审〔2024〕12号", opined_on=dt.date(2024, 3, 1)
        )
        make_review(
            session, zone, made, kind=ReviewKind.fair_competition, result=ReviewResult.conditional,
            body="市市场监督管理局", remark="删去第七条对注册地的限制后可以签订", opined_on=dt.date(2024, 3, 5),
        )  # fmt: skip
        today = clock.today()
        make_commitment(
            session, zone, made, side=Side.zone, what="完成进场道路和 10 千伏供电线路接入",
            due_on=today - dt.timedelta(days=12),
        )  # fmt: skip
        make_commitment(
            session,
            zone,
            made,
            what="建成投产",
            measure="带动就业 300 人",
            due_on=today + dt.timedelta(days=20),
        )
        make_commitment(
            session, zone, made, what="二期固定资产投资到位", amount_fen=2 * YI, due_on=None, condition="一期投产后一年内",
        )  # fmt: skip
        session.commit()
        session.expunge_all()
        return made


@pytest.fixture
def address(app: Flask, project: Project) -> Iterator[str]:
    """The application with that project."""
    with serve(app) as address:
        yield address


def walk(page: Page, address: str, project: Project, width: str) -> None:
    """Read the terms, enter a commitment, settle another."""
    sign_in(page, address, path=f"/projects/{project.id}/contracts")
    look(page, f"terms-{width}")
    expect(page.get_by_text("升格为正式合同，不另计金额")).to_be_visible()
    expect(page.get_by_text("逾期 12 天")).to_be_visible()
    follow(page.get_by_role("link", name="登记园区承诺"))
    look(page, f"commitment-{width}")
    page.get_by_label("承诺内容").fill("接通供水管网")
    page.get_by_label("兑现期限").fill((clock.today() + dt.timedelta(days=5)).isoformat())
    follow(page.get_by_role("button", name="登记承诺"))
    expect(page.get_by_text("接通供水管网").first).to_be_visible()
    follow(page.get_by_role("link", name="登记结果：完成进场道路"))
    look(page, f"settle-{width}")
    page.get_by_label("依据或原因").fill("已通车、通电")
    follow(page.get_by_role("button", name="登记结果"))
    expect(page.get_by_text("已通车、通电")).to_be_visible()
    page.goto(f"{address}/projects/{project.id}#contracts")
    expect(page.locator("#contracts").get_by_text("有条件通过")).to_be_visible()
    shoot(page, f"project-{width}")


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["desk", "phone"])
def test_the_terms_of_a_project(page: Page, address: str, project: Project, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    walk(page, address, project, str(size[0]))
