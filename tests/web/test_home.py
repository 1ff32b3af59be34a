"""The first page says the same numbers as the figures, to each role what concerns it."""

from __future__ import annotations

import datetime as dt
import itertools

import lxml.html  # type: ignore[import-untyped]
import pytest

from app.funds.rules import ReviewState
from app.pipeline.rules import MilestoneKind
from app.web.home.curve import NARROW, WIDE, draw_curve
from tests.factories import WAN, YI, make_arrival, make_project, make_target

KPI = ("新签约项目", "合同总投资", "亿元以上新开工", "新投产项目", "到位资金")


@pytest.fixture
def june(database, cast):
    """A zone with something to say about June 2024."""
    with database() as session:
        zone, unit, other = (session.merge(each) for each in (cast.zone, cast.unit, cast.other_unit))
        names = {"signed": "新签约的项目", "started": "新开工的项目", "produced": "新投产的项目"}
        signed = make_project(session, zone, unit=unit, name=names["signed"], signed_on=dt.date(2024, 6, 3))
        started = {MilestoneKind.started: dt.date(2024, 6, 10)}
        make_project(session, zone, unit=unit, name=names["started"], total_fen=3 * YI, reached=started)
        reached = {MilestoneKind.started: dt.date(2024, 1, 5), MilestoneKind.produced: dt.date(2024, 6, 30)}
        make_project(
            session, zone, unit=unit, name=names["produced"], signed_on=dt.date(2024, 1, 2), reached=reached
        )
        make_project(
            session, zone, unit=other, name="停滞的项目", total_fen=2 * YI, signed_on=dt.date(2023, 1, 10)
        )
        make_project(
            session, zone, unit=other, name="不足一亿的项目", total_fen=YI - 1, signed_on=dt.date(2024, 6, 4)
        )
        make_arrival(session, zone, signed, 5000 * WAN, arrived_on=dt.date(2024, 6, 20))
        make_arrival(session, zone, signed, 4000 * WAN, arrived_on=dt.date(2023, 6, 20))
        make_arrival(session, zone, signed, 700 * WAN, state=ReviewState.pending, recorded_by=cast.wu.id)
        make_arrival(
            session,
            zone,
            signed,
            300 * WAN,
            state=ReviewState.returned,
            return_reason="回单看不清",
            recorded_by=cast.wu.id,
        )
        make_target(session, zone, 10 * YI)
        make_target(session, zone, 5 * YI, unit=unit)
        make_target(session, zone, 4 * YI, unit=other)
        session.commit()


def text_of(answer) -> str:
    assert answer.status_code == 200
    return words_of(lxml.html.fromstring(answer.text))


def words_of(element) -> str:
    """The text of an element, a space between its parts."""
    return " ".join(" ".join(element.itertext()).split())


def test_the_five_numbers(sign_in, june):
    page = lxml.html.fromstring(sign_in("leader").get("/?month=2024-06").text)
    shown = [words_of(each) for each in page.find_class("kpi")]
    assert [text.split()[0] for text in shown] == list(KPI)
    assert "4 个" in shown[0]
    assert "上年同期 1 个" in shown[0]
    assert "6.00 亿元" in shown[1]
    assert "0.50 亿元" in shown[4]
    assert "同比 增长25.0%" in shown[4]
    assert "完成 5.00%" in shown[4]
    assert "欠 45.00 个百分点" in shown[4]
    links = [link.get("href") for link in page.xpath('//div[contains(@class, "kpi")]//a')]
    assert links[4] == "/figures/funds.amount?month=2024-06&w=ytd"


def test_the_month_alone(sign_in, june):
    page = lxml.html.fromstring(sign_in("leader").get("/?month=2024-06&w=month").text)
    shown = [words_of(each) for each in page.find_class("kpi")]
    assert "2 个" in shown[0]
    assert "累计 4 个" in shown[0]
    assert "6月情况" in page.text_content()


def test_what_changed_in_big_projects(sign_in, june):
    page = lxml.html.fromstring(sign_in("leader").get("/?month=2024-06").text)
    groups = {words_of(g).split()[0]: words_of(g) for g in page.find_class("grp")}
    assert "新签约的项目" in groups["新签约"]
    assert "不足一亿的项目" not in groups["新签约"]
    assert "新开工的项目" in groups["新开工"]
    assert "新投产的项目" in groups["新投产"]
    assert "停滞的项目" in groups["停滞"]
    assert "537 天" in groups["停滞"]


def test_warnings_name_units_and_projects(sign_in, june):
    text = text_of(sign_in("leader").get("/?month=2024-06"))
    assert "招商二部 到位资金欠进度 50.00 个百分点" in text
    assert "停滞的项目 签约 537 天未开工" in text


def test_an_officer_sees_the_own_unit(sign_in, june):
    text = text_of(sign_in("officer").get("/?month=2024-06"))
    assert "招商一部，在册 3 个" in text
    assert "被退回" in text
    assert "回单看不清" in text
    assert "全区位次" in text
    assert "1 / 2" in text
    assert "笔到账待审核" not in text
    other = text_of(sign_in("second").get("/?month=2024-06"))
    assert "回单看不清" not in other
    assert "2 / 2" in other


def test_a_reviewer_sees_what_waits(sign_in, june):
    text = text_of(sign_in("reviewer").get("/?month=2024-06"))
    assert "1 笔到账待审核" in text
    assert "700.00 万元" in text
    assert "本部项目" not in text


def test_an_empty_zone_has_a_page_too(sign_in, cast):
    for who in ("officer", "reviewer", "leader", "administrator", "outsider"):
        text = text_of(sign_in(who).get("/"))
        assert "未设目标" in text
        assert ("没有触发的规则" if who == "officer" else "没有触发预警的事项") in text
        assert "上年同期无基数" in text


def test_the_month_in_work_follows_the_records(sign_in, june):
    assert "2024年6月" in text_of(sign_in("leader").get("/"))


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize(
    ("now", "before", "target"),
    [
        ([0] * 6, [0] * 6, None),
        ([1] * 12, [0] * 12, 12),
        ([YI] * 6, [2 * YI] * 6, 122 * YI),
        ([10**15] * 12, [1] * 12, 1),
        ([99], [10**9], 10**13),
    ],
)
def test_the_curve_stays_in_its_frame(now, before, target, size):
    curve = draw_curve(now, before, target, size)
    points = [curve.this_year, curve.last_year, *([curve.target] if curve.target else [])]
    for x, y in (map(float, pair.split(",")) for line in points for pair in line.split()):
        assert size.left <= x <= size.width - size.right
        assert size.top - 1 <= y <= size.height - size.bottom + 1
    assert 2 <= len(curve.ticks) <= 7
    words = [end.words_y for end in curve.ends]
    assert all(b - a >= 18 for a, b in itertools.pairwise(words))
    assert all(0 < y <= size.height - size.bottom for y in words)
