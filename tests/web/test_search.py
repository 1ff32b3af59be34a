"""The search box: from a name to its page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.audit.rules import Actor
from app.investors.operations import InvestorData, register_investor
from app.pipeline.operations import ProjectData, register_project
from tests.web.conftest import Cast, Client, statements

NAME = "锂电<b>池</b>示范项目"


@pytest.fixture
def project(database: Callable[[], Session], cast: Cast) -> int:
    with database() as session:
        actor = Actor(cast.zone.id, None, "测试")
        investor = register_investor(session, actor, InvestorData("盛源新能源有限公司"))
        data = ProjectData(name=NAME, number="KS-1", unit_id=cast.unit.id)
        made = register_project(session, actor, investor.id, data, today=dt.date(2024, 7, 1), source="测试")
        session.commit()
        return made.id


@pytest.mark.parametrize("words", ["锂电", "ld", "lidian", "KS-1", "盛源新能源"])
def test_a_project_is_found(sign_in: Callable[[str], Client], project: int, words: str) -> None:
    page = sign_in("officer").get("/search", query_string={"q": words})
    assert f"/projects/{project}" in page.text
    assert "<b>池" not in page.text
    box = sign_in("leader").get("/search", query_string={"q": words, "box": "1"})
    assert f"/projects/{project}" in box.text
    assert "<html" not in box.text


def test_a_short_or_foreign_word_is_answered_kindly(sign_in: Callable[[str], Client], project: int) -> None:
    client = sign_in("officer")
    assert "至少输入两个字" in client.get("/search?q=锂").text
    assert "没有找到" in client.get("/search?q=不存在的东西").text
    assert "<script>x" not in client.get("/search?q=<script>x</script>").text


def test_another_zone_and_a_visitor_find_nothing(
    sign_in: Callable[[str], Client], client: Client, project: int
) -> None:
    outside = sign_in("outside_reviewer").get("/search?q=锂电").text
    assert f"/projects/{project}" not in outside
    assert client.get("/search?q=锂电").status_code == 303


def test_searching_asks_the_database_little(
    sign_in: Callable[[str], Client], app: Flask, project: int
) -> None:
    client = sign_in("officer")
    client.get("/search?q=锂电")
    with statements(app.extensions["engine"]) as sent:
        client.get("/search?q=锂电池示范")
    assert len(sent.reads) <= 6
