"""An import is taken back: what nobody has touched since is as before, what somebody has edited stays and is named."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.accounts.operations.zones import add_zone
from app.activities.operations import ActivityData, log_activity
from app.activities.rules import About, AboutKind, ActivityKind
from app.audit.models import AuditEntry
from app.audit.operations import seal
from app.funds.models import FundArrival
from app.investors.models import Investor
from app.kernel.errors import DomainError
from app.ledger.models import BatchState
from app.ledger.operations import ask_undo
from app.pipeline.models import Project
from app.pipeline.operations import move_stage
from app.pipeline.rules import How, Stage
from app.search.queries import find_records
from app.targets.models import AnnualTarget
from tests.ledger.batches import TODAY, actor_in, business, judged, rows_of, taken_in, undone, write
from tests.ledger.sheets import ARRIVAL, PROJECT, TARGET, workbook

SECOND = PROJECT | {
    "项目编号": "P-2", "项目名称": "光伏支架生产项目", "投资方名称": "海川新能源有限公司", "合同编号": "HT-2",
    "责任单位": "招商二部", "产业链": "光伏", "链上环节": "支架",
}  # fmt: skip
NEWER = PROJECT | {
    "合同总投资": Decimal(15000), "责任单位": "招商三部", "投产日期": dt.date(2024, 6, 1), "当前阶段": "投产",
    "项目名称": "电池扩能项目", "带动就业": Decimal(80), "备注": "改过",
}  # fmt: skip


@pytest.fixture
def zone(session: Session) -> Zone:
    return add_zone(session, "喀什经济开发区", province="新疆维吾尔自治区", number_prefix="6531")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def one(session: Session, number: str) -> Project:
    return session.scalars(select(Project).where(Project.number == number)).one()


def found(session: Session, zone: Zone, words: str) -> list[str]:
    hits = find_records(session, zone.id, words, entities=["project"], near=False)
    return [hit.title for hit in hits]


def test_two_imports_are_taken_back_one_after_the_other(session: Session, zone: Zone, folder: Path) -> None:
    empty = business(session, zone)
    first = taken_in(session, zone, workbook([PROJECT], [ARRIVAL], [TARGET]), folder)
    before = business(session, zone)
    newer = workbook(
        [NEWER, SECOND],
        [ARRIVAL | {"原币金额（万）": Decimal(900), "折人民币（万元）": Decimal(900)},
         ARRIVAL | {"项目编号": "P-2", "凭证号": "PZ-2"}],
        [TARGET | {"目标值": Decimal(1300000)}],
    )  # fmt: skip
    second = taken_in(session, zone, newer, folder)
    assert business(session, zone) != before
    report = undone(session, zone, second)
    assert business(session, zone) == before
    assert (report["kept"], report["left"]) == ([], [])
    assert found(session, zone, "电池扩能") == []
    assert undone(session, zone, first)["removed"] > 0
    assert business(session, zone) == empty
    assert second.state is BatchState.undone
    with pytest.raises(DomainError, match="已撤销"):
        ask_undo(session, actor_in(zone), second)
    seal(session)
    undos = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "undo")
    assert session.scalar(undos) == 2


def test_what_was_edited_since_stays_and_is_named(session: Session, zone: Zone, folder: Path) -> None:
    taken_in(session, zone, workbook([PROJECT]), folder)
    batch = taken_in(session, zone, workbook([NEWER]), folder)
    project = one(session, "P-1")
    project.jobs = 120
    session.flush()
    report = undone(session, zone, batch)
    session.expire_all()
    assert (project.jobs, project.note, project.name, project.stage) == (
        120,
        "",
        "电池生产线项目",
        Stage.started,
    )
    [kept] = report["kept"]
    assert (kept["field"], kept["imported"], kept["now"]) == ("带动就业", "80", "120")
    assert "电池" in kept["record"]
    assert kept["project_id"] == project.id


def test_what_somebody_works_on_is_not_removed(session: Session, zone: Zone, folder: Path) -> None:
    batch = taken_in(session, zone, workbook([PROJECT, SECOND], [ARRIVAL]), folder)
    project = one(session, "P-1")
    data = ActivityData(ActivityKind.talk, TODAY, "谈用地")
    about = About(AboutKind.project, project.id)
    log_activity(session, actor_in(zone), data, about=about, unit_id=project.unit_id, today=TODAY)
    report = undone(session, zone, batch)
    assert session.scalars(select(Project.number)).all() == ["P-1"]
    assert [investor.name for investor in session.scalars(select(Investor))] == ["盛源锂电有限公司"]
    assert session.scalars(select(FundArrival)).all() == []
    assert any("电池生产线项目" in left["record"] for left in report["left"])
    assert found(session, zone, "电池生产线") == ["电池生产线项目"]
    assert found(session, zone, "光伏支架") == []


def test_a_project_that_has_moved_on_keeps_its_road(session: Session, zone: Zone, folder: Path) -> None:
    taken_in(session, zone, workbook([PROJECT]), folder)
    batch = taken_in(session, zone, workbook([NEWER]), folder)
    project = one(session, "P-1")
    move_stage(
        session, actor_in(zone), project, Stage.full,
        effective_on=dt.date(2024, 6, 20), today=TODAY, source=How.form, recording=True,
    )  # fmt: skip
    report = undone(session, zone, batch)
    session.expire_all()
    assert (project.stage, project.jobs) == (Stage.full, None)
    assert any("阶段" in left["why"] for left in report["left"])


OFFICERS, TEXTS = st.sampled_from(["", "张三", "李四"]), st.sampled_from(["", "甲", "乙"])


@st.composite
def ledgers(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Up to three projects with an arrival each, and a target."""
    projects, arrivals = [], []
    for number in draw(st.sets(st.sampled_from([1, 2, 3]), min_size=1)):
        own = {"项目编号": f"P-{number}", "项目名称": f"第{number}号项目", "合同编号": f"HT-{number}"}
        projects.append(PROJECT | own | {
            "投资方名称": draw(st.sampled_from(["盛源锂电有限公司", "海川新能源有限公司"])),
            "责任人": draw(OFFICERS), "备注": draw(TEXTS), "带动就业": Decimal(draw(st.integers(50, 60))),
            "责任单位": draw(st.sampled_from(["招商一部", "招商二部"])),
            "合同总投资": Decimal(draw(st.integers(12000, 12900))),
            "投产日期": draw(st.sampled_from([None, dt.date(2024, 6, 1)])), "当前阶段": None,
        })  # fmt: skip
        if draw(st.booleans()):
            money = Decimal(draw(st.integers(800, 840)))
            arrivals.append(
                ARRIVAL
                | {"项目编号": f"P-{number}", "凭证号": f"PZ-{number}", "资金用途": draw(TEXTS)}
                | {"原币金额（万）": money, "折人民币（万元）": money}
            )
    return projects, arrivals, [TARGET | {"目标值": Decimal(draw(st.integers(1000, 1010)))}]


EDITS: dict[str, tuple[Any, str, Any]] = {
    "officer": (Project, "officer", "王五"),
    "note": (Project, "note", "手工补记"),
    "jobs": (Project, "jobs", 77),
    "purpose": (FundArrival, "purpose", "手工用途"),
    "target": (AnnualTarget, "value", 424242),
}


# Not shrunk: a smaller example takes as long as a large one.
@settings(
    max_examples=8,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(ledgers(), ledgers(), st.sets(st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 2))))
def test_exactly_what_was_edited_stays(
    session: Session, zone: Zone, folder: Path, old: Any, new: Any, edits: set[tuple[str, int]]
) -> None:
    assume(old != new)
    with session.begin_nested() as example:
        taken_in(session, zone, workbook(*old), folder)
        before = business(session, zone)
        batch = judged(session, zone, workbook(*new), folder)
        assume(any(row.take for row in rows_of(session, batch)))
        write(session, zone, batch, folder)
        imported = business(session, zone)
        for name, at in edits:
            kind, column, value = EDITS[name]
            records = session.scalars(select(kind).order_by(kind.id)).all()
            if at < len(records):
                setattr(records[at], column, value)
        edited = business(session, zone)
        undone(session, zone, batch)
        after = business(session, zone)
        for place, row in before.items():
            for column, value in row.items():
                stays = edited[place][column] != imported[place][column]
                wanted = edited[place][column] if stays else value
                assert after[place][column] == wanted, (place, column)
        worked_on = {place for place in imported if edited[place] != imported[place]}
        if not worked_on - set(before):
            assert set(after) == set(before), "what the import made is gone"
        else:
            assert worked_on - set(before) <= set(after), "what was worked on is still there"
        example.rollback()
        session.expire_all()


def test_a_company_that_stays_keeps_no_change_of_a_project_that_went_back(
    session: Session, zone: Zone, folder: Path
) -> None:
    taken_in(session, zone, workbook([PROJECT]), folder)
    before = business(session, zone)
    moved = PROJECT | {"投资方名称": "海川新能源有限公司"}
    second = moved | {"项目编号": "P-2", "项目名称": "储能项目", "合同编号": "HT-2"}
    batch = taken_in(session, zone, workbook([moved, second]), folder)
    made = session.scalars(select(Project).where(Project.number == "P-2")).one()
    made.note = "手工补记"
    undone(session, zone, batch)
    after = business(session, zone)
    assert {place: after[place] for place in before} == before
    assert not [place for place in after if place[0] == "investor_change"]
