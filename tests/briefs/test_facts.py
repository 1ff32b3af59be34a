"""The snapshot on both engines: what it holds is what ``app.figures`` says, and it passes its own checks."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.audit.rules import Actor
from app.briefs.facts import take_snapshot
from app.briefs.facts.basis import usual_reading
from app.briefs.rules import check_snapshot, numbers
from app.figures.queries import headline, target_progress
from app.funds.models import FundArrival
from app.funds.operations import revoke_review
from app.funds.rules import FundSource, ReviewState
from app.journal.operations import post_close
from app.journal.queries import read_books
from app.journal.rules import LIVE, Reading
from app.kernel.periods import Month
from app.pipeline.rules import ContractKind, MilestoneKind, Stage
from tests.briefs.samples import full_text
from tests.factories import (
    WAN,
    YI,
    make_area,
    make_arrival,
    make_chain,
    make_contract,
    make_investor,
    make_project,
    make_target,
    make_unit,
    make_zone,
)

JUNE = Month(2024, 6)
ISSUED = dt.date(2024, 7, 3)
D = dt.date


def snapshot_of(session: Session, zone, month: Month = JUNE, reading: Reading = LIVE):
    return take_snapshot(
        session, zone, month, issued_on=ISSUED, public_url="http://zone.test", reading=reading
    )


def close(session: Session, zone, month: Month) -> None:
    session.flush()
    post_close(session, Actor(zone.id, None, "马晓琳"), zone=zone, month=month, checks=[])


@pytest.fixture
def zone(session: Session):
    """A small zone with everything that the brief tells."""
    zone = make_zone(session, brief_total_before=24, brief_total_year=2024, brief_copies=60)
    one, two, idle = (
        make_unit(session, zone, "一部"),
        make_unit(session, zone, "二部"),
        make_unit(session, zone, "三部"),
    )
    north = make_area(session, zone, "北区")
    make_area(session, zone, "南区")
    chain = make_chain(session, zone, "锂电", segments=("电池", "材料"), leading=True)
    make_chain(session, zone, "文旅", segments=("景区",))
    hubei = make_investor(session, zone, "湖北一号有限公司", origin="湖北省")
    local = make_investor(session, zone, "新疆二号有限公司", origin="新疆维吾尔自治区")
    place: Any = {"area_id": north.id, "chain_id": chain.id}

    big = make_project(session, zone, unit=one, investor=hubei, total_fen=5 * YI, signed_on=D(2024, 6, 5),
                       reached={MilestoneKind.started: D(2024, 6, 20)}, output_fen=3 * YI, **place)  # fmt: skip
    make_arrival(session, zone, big, 2 * YI, arrived_on=D(2024, 6, 10))
    small = make_project(
        session, zone, unit=two, investor=local, total_fen=5000 * WAN, signed_on=D(2023, 3, 1), **place
    )
    make_arrival(session, zone, small, 1000 * WAN, arrived_on=D(2024, 2, 3), source=FundSource.inside)
    make_arrival(session, zone, small, 500 * WAN, arrived_on=D(2023, 4, 3), source=FundSource.inside)
    make_arrival(session, zone, small, 70 * WAN, arrived_on=D(2024, 6, 3), state=ReviewState.pending)
    make_arrival(session, zone, small, 30 * WAN, arrived_on=D(2024, 7, 3), state=ReviewState.pending)
    slow = make_project(session, zone, unit=two, investor=local, total_fen=2 * YI, signed_on=D(2022, 1, 1),
                        reached={MilestoneKind.started: D(2023, 12, 31)})  # fmt: skip
    make_arrival(session, zone, slow, 1000 * WAN, arrived_on=D(2024, 1, 10))
    make_project(session, zone, unit=one, total_fen=3 * YI, signed_on=D(2023, 12, 31))
    make_project(session, zone, unit=one, total_fen=YI, signed_on=D(2024, 2, 8),
                 reached={MilestoneKind.terminated: D(2024, 5, 16)}, name="终止项目")  # fmt: skip
    make_project(session, zone, unit=two, total_fen=4 * YI, signed_on=None)
    make_project(session, zone, unit=two, total_fen=6 * YI, signed_on=None, stage=Stage.lead)
    make_contract(
        session, zone, small, kind=ContractKind.supplement, amount_fen=6000 * WAN, signed_on=D(2024, 4, 1)
    )
    make_target(session, zone, 10 * YI)
    make_target(session, zone, 4, figure="signed.count")
    make_target(session, zone, 4 * YI, unit=one)
    make_target(session, zone, 4 * YI, unit=two)
    assert idle.id
    return zone


def test_the_snapshot_agrees_with_the_figures(session, zone):
    snapshot = snapshot_of(session, zone)
    whole = headline(session, zone, JUNE)
    data = snapshot["data"]
    assert data["figures"] == {
        code: {"month": v.month, "ytd": v.ytd, "last_year_ytd": v.last_year_ytd} for code, v in whole.items()
    }
    assert data["targets"] == [
        {"figure": p.figure, "target": p.target, "ytd": p.ytd}
        for p in target_progress(session, zone, JUNE)
        if p.unit is None
    ]
    assert check_snapshot(snapshot) == []


def test_it_is_plain_json_and_survives_it(session, zone):
    snapshot = snapshot_of(session, zone)
    again = json.loads(json.dumps(snapshot, ensure_ascii=False))
    assert again == snapshot
    assert check_snapshot(again) == []


def test_what_it_counts(session, zone):
    data = snapshot_of(session, zone)["data"]
    assert data["figures"]["signed.count"] == {"month": 1, "ytd": 1, "last_year_ytd": 1}
    assert data["figures"]["signed.amount"]["ytd"] == 5 * YI + 6000 * WAN
    assert data["months"]["signed"] == [0, 1, 0, 0, 0, 1]
    assert data["months"]["funds"] == [1000 * WAN, 1000 * WAN, 0, 0, 0, 2 * YI]
    assert [row["name"] for row in data["dissolved"]] == ["终止项目"]
    assert data["stock"]["projects"] == 4
    assert data["stock_big"] == {"projects": 4, "total_fen": 5 * YI + 11000 * WAN + 2 * YI + 3 * YI,
                                 "output_fen": 3 * YI, "arrived_fen": 2 * YI + 2500 * WAN, "investors": 3}  # fmt: skip
    assert data["reserve"] == {"leads": 1, "talks": 1, "intended_fen": 10 * YI}
    assert [row["unit"] for row in data["units"]] == ["一部", "二部", "三部"]
    assert [row["rank"] for row in data["units"]] == [1, 2, None]
    assert [row["rank_before"] for row in data["units"]] == [2, 1, None]


def test_what_it_warns_of(session, zone):
    warnings = snapshot_of(session, zone)["data"]["warnings"]
    assert warnings["settled_by"] == "2023-12-31"
    assert warnings["sums"]["stalled"] == {"projects": 2, "total_fen": 3 * YI + 11000 * WAN}
    assert warnings["sums"]["stalled_big"]["projects"] == 2
    assert warnings["sums"]["slow_big"] == {"projects": 1, "total_fen": 2 * YI}
    assert warnings["sums"]["unfunded"]["projects"] == 0
    assert warnings["backlog"] == [
        {"state": "pending", "unit": "二部", "arrivals": 1, "amount_fen": 70 * WAN}
    ]


def test_a_dissolved_contract_leaves_the_year_in_its_month(session, zone):
    may = snapshot_of(session, zone, Month(2024, 5))
    assert may["data"]["left_out"] == {"signed": [1, YI]}
    assert check_snapshot(may) == []
    assert snapshot_of(session, zone)["data"]["left_out"] == {}


@pytest.mark.parametrize(
    "month", ["2024-01", "2024-02", "2024-05", "2024-07", "2024-12", "2023-06", "2025-01", "2020-03"]
)
def test_every_month_passes_its_checks(session, zone, month):
    snapshot = snapshot_of(session, zone, Month.parse(month))
    assert check_snapshot(snapshot) == []
    assert full_text(snapshot)


@pytest.mark.parametrize("month", ["2024-01", "2024-06", "2024-12"])
def test_a_zone_without_anything(session, month):
    snapshot = snapshot_of(session, make_zone(session), Month.parse(month))
    assert check_snapshot(snapshot) == []
    assert "本月无触发预警的事项。" in full_text(snapshot)
    assert [annex["title"] for annex in snapshot["content"]["annexes"]] == ["口径说明"]


def test_projects_without_chain_area_and_origin_are_counted(session):
    zone = make_zone(session)
    project = make_project(session, zone, total_fen=2 * YI)
    make_arrival(session, zone, project)
    snapshot = snapshot_of(session, zone)
    assert check_snapshot(snapshot) == []
    data = snapshot["data"]
    assert [(row["chain"], row["projects"]) for row in data["chains"]] == [("未填", 1)]
    assert [(row["area"], row["projects"]) for row in data["areas"]] == [("未填", 1)]
    assert [(row["group"], row["projects"]) for row in data["origins"]] == [("未填来源地", 1)]


def test_a_zone_that_cuts_off_on_the_25th(session):
    zone = make_zone(session, cutoff_day=25)
    project = make_project(session, zone, signed_on=D(2024, 6, 26))
    make_arrival(session, zone, project, arrived_on=D(2024, 6, 26))
    june = snapshot_of(session, zone, Month(2024, 6, 25))
    july = snapshot_of(session, zone, Month(2024, 7, 25))
    assert june["data"]["figures"]["signed.count"]["ytd"] == 0
    assert july["data"]["figures"]["signed.count"]["month"] == 1
    assert check_snapshot(june) == check_snapshot(july) == []
    assert "截至7月25日，在册签约项目1个" in full_text(july)


def test_another_zone_is_not_seen(session, zone):
    other = make_zone(session)
    assert snapshot_of(session, other)["data"]["stock"]["projects"] == 0


def test_numbers_of_the_issue(session, zone):
    snapshot = snapshot_of(session, zone)
    assert snapshot["zone"] | {"number": 6, "total": 30, "copies": 60} == snapshot["zone"]
    assert snapshot["content"]["issue"] == "第6期（总第30期）"
    zone.brief_total_before = None
    assert snapshot_of(session, zone)["content"]["issue"] == "第6期"


def test_a_closed_month_is_read_from_its_close(session, zone):
    may, june = Month(2024, 5), JUNE
    close(session, zone, may)
    late = make_project(session, zone, name="补记项目", total_fen=YI, signed_on=D(2024, 3, 3))
    make_arrival(session, zone, late, 100 * WAN, arrived_on=D(2024, 4, 4))
    close(session, zone, june)
    reading = usual_reading(session, zone, june)
    snapshot = snapshot_of(session, zone, june, reading)
    assert check_snapshot(snapshot) == []
    assert (snapshot["basis"], snapshot["close_hash"]) == (
        "closed",
        read_books(session, zone.id).get(june).hash,
    )
    figures, before = snapshot["data"]["figures"], snapshot["data"]["before"]
    for code in ("signed.count", "signed.amount", "funds.amount"):
        assert figures[code]["month"] == figures[code]["ytd"] - before[code]["ytd"], code
    assert figures["signed.count"]["month"] == 2
    notes = next(b for b in snapshot["content"]["sections"][0]["blocks"] if b["kind"] == "note")["texts"]
    said = "".join(run if isinstance(run, str) else run["t"] for run in notes[1])
    assert "本月调整以前月份数据2笔，已计入本月数：" in said
    assert "补记项目3月签约由0改为1亿元，原因：当月漏报，补记" in said
    addresses = {run["u"] for run in numbers(snapshot["content"]["opening"])}
    assert all(address.endswith("&basis=closed") for address in addresses)
    make_project(session, zone, total_fen=9 * YI, signed_on=D(2024, 6, 6))
    again = snapshot_of(session, zone, june, reading)
    assert again["data"]["figures"] == figures
    assert again["rows"] == snapshot["rows"]


def test_many_corrections_stand_in_an_annex(session, zone):
    close(session, zone, Month(2024, 5))
    project = make_project(session, zone, name="大项目", signed_on=D(2023, 3, 3))
    for day in range(1, 6):
        make_arrival(session, zone, project, day * WAN, arrived_on=D(2024, 4, day))
    close(session, zone, JUNE)
    snapshot = snapshot_of(session, zone, JUNE, usual_reading(session, zone, JUNE))
    assert check_snapshot(snapshot) == []
    annex = snapshot["content"]["annexes"][-1]
    assert annex["title"] == "以前月份数据调整明细"
    assert len(annex["blocks"][0]["bodies"][0]["rows"]) == len(snapshot["data"]["corrections"]) == 6


def test_more_taken_back_than_came(session, zone):
    june, july = JUNE, Month(2024, 7)
    close(session, zone, june)
    session.execute(
        delete(FundArrival).where(FundArrival.zone_id == zone.id, FundArrival.amount_fen == 2 * YI)
    )
    close(session, zone, july)
    snapshot = snapshot_of(session, zone, july, usual_reading(session, zone, july))
    assert check_snapshot(snapshot) == []
    assert snapshot["data"]["figures"]["funds.amount"]["month"] == -2 * YI
    assert "到位资金净减少2亿元" in full_text(snapshot)
    assert "-2" not in full_text(snapshot)


def test_what_a_reviewer_took_back_says_why(session, zone):
    project = make_project(session, zone, name="石英砂项目", signed_on=D(2024, 1, 3))
    arrival = make_arrival(session, zone, project, 3000 * WAN, arrived_on=D(2024, 5, 6))
    close(session, zone, JUNE)
    reviewer = Actor(zone.id, arrival.reviewed_by, "马晓琳")
    revoke_review(session, reviewer, arrival, reason="款项已退回企业")
    close(session, zone, Month(2024, 7))
    snapshot = snapshot_of(session, zone, Month(2024, 7), usual_reading(session, zone, Month(2024, 7)))
    notes = next(b for b in snapshot["content"]["sections"][0]["blocks"] if b["kind"] == "note")["texts"]
    said = "".join(run if isinstance(run, str) else run["t"] for run in notes[1])
    assert "石英砂项目5月到账3000万元改为0，原因：款项已退回企业" in said


def test_a_month_still_open_says_so(session, zone):
    snapshot = snapshot_of(session, zone)
    assert (snapshot["basis"], snapshot["data"]["corrections"]) == ("live", None)
    assert "close_hash" not in snapshot
    text = str(snapshot["content"]["annexes"][-1])
    assert "实时数（未关账）" in text
