"""What judging says is what writing does: a trial leaves out what nobody looks at, never a refusal."""

from __future__ import annotations

import datetime as dt
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.accounts.operations.zones import add_zone
from app.audit.models import AuditEntry
from app.db.trial import is_trial, once, trial
from app.funds.models import FundArrival
from app.ledger.models import BatchState, ImportBatch
from app.ledger.operations import choose
from app.ledger.operations.trial import beside, read_figures
from app.ledger.rules import Verdict
from app.pipeline.models import Project
from app.search.models import SearchEntry
from tests.ledger.batches import TODAY, actor_in, business, judged, rows_of, taken_in, write
from tests.ledger.sheets import ARRIVAL, PROJECT, workbook
from tests.ledger.test_forms import book

NUMBERS = st.sampled_from(["P-1", "P-2", "P-3"])
AMOUNTS = st.sampled_from(
    [Decimal(80), Decimal(847), Decimal(4100), Decimal(9000), Decimal(12500), Decimal(0)]
)
DAYS = st.sampled_from(
    [dt.date(2024, 3, day) for day in range(2, 9)] + [dt.date(2023, 1, 1), dt.date(2031, 1, 1)]
)
PROJECTS = st.fixed_dictionaries(
    {"项目编号": NUMBERS},
    optional={
        "项目名称": st.sampled_from(["储能电站", "光伏组件厂", "电\u200b站"]),
        "合同编号": st.sampled_from(["HT-1", "HT-2"]),
        "投资方名称": st.sampled_from(["海川新能源有限公司", "盛源理电有限公司", None]),
        "链上环节": st.sampled_from(["正极材料", None]),
        "当前阶段": st.sampled_from(["开工", "在谈", "投产"]),
        "合同总投资": AMOUNTS,
        "开工日期": DAYS,
        "合同签订日期": DAYS,
        "终止日期": DAYS,
        "合同类型": st.sampled_from(["框架协议"]),
        "统一社会信用代码": st.sampled_from(["91653101MA775Q4X3U", "91650100MA7AAHM086"]),
    },
).map(lambda said: PROJECT | {"合同编号": f"HT{said['项目编号']}"} | said)
ARRIVALS = st.fixed_dictionaries(
    {
        "项目编号": NUMBERS,
        "凭证号": st.sampled_from(["PZ-1", *(f"PZ-{number}" for number in range(2, 9)), None]),
        "到账日期": DAYS,
    },
    optional={"审核状态": st.sampled_from(["已退回", "待审核"])},
)
SMALL = settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@SMALL
@given(
    st.lists(PROJECTS, min_size=2, max_size=3, unique_by=lambda said: said["项目编号"]),
    st.lists(st.tuples(ARRIVALS, AMOUNTS), max_size=5),
    st.sampled_from(["", "funds", "signed"]),
)
def test_what_is_judged_is_what_is_written(
    session: Session,
    projects: list[dict[str, Any]],
    arrivals: list[tuple[dict[str, Any], Decimal]],
    by_recognition: str,
) -> None:
    money = [
        ARRIVAL | said | {"折人民币（万元）": amount, "原币金额（万）": amount} for said, amount in arrivals
    ]
    attempt = session.begin_nested()
    with tempfile.TemporaryDirectory() as folder:
        zone = add_zone(session, "喀什经济开发区", province="新疆维吾尔自治区", number_prefix="6531")
        zone.by_recognition = by_recognition
        taken_in(session, zone, workbook(arrivals=[ARRIVAL]), Path(folder))
        before = business(session, zone)
        batch = judged(session, zone, workbook(projects, money), Path(folder))
        assert business(session, zone) == before
        check_written(session, zone, batch, Path(folder))
    attempt.rollback()


HEADS = "项目名称 投资商名称 来源地 责任单位 合同类型 签约时间 总投资（万元）".split()
MONTHS = [f"2024年{month}月到位资金（万元）" for month in range(1, 9)]
MATRIX = st.tuples(
    st.sampled_from(["2023.5.6", "2024.3.9", None]),
    st.sampled_from([900, 20000]),
    st.lists(st.sampled_from([None, 0, 1, 80, 400, 4_000_000, "约80"]), min_size=8, max_size=8),
)


@SMALL
@given(st.lists(MATRIX, min_size=1, max_size=3))
def test_months_in_columns_are_judged_as_they_are_written(
    session: Session, rows: list[tuple[str | None, int, list[Any]]]
) -> None:
    lines = [
        [f"{name}项目", f"{name}投资有限公司", "江苏", "一部", "正式合同", signed_on, total, *months]
        for name, (signed_on, total, months) in zip("甲乙丙", rows, strict=False)
    ]
    attempt = session.begin_nested()
    with tempfile.TemporaryDirectory() as folder:
        zone = add_zone(session, "喀什经济开发区", province="新疆维吾尔自治区", number_prefix="6531")
        batch = judged(session, zone, book(["2024年项目清单"], [*HEADS, *MONTHS], *lines), Path(folder))
        check_written(session, zone, batch, Path(folder))
        again = judged(session, zone, book(["2024年项目清单"], [*HEADS, *MONTHS], *lines), Path(folder))
        assert {row.verdict for row in rows_of(session, again)} <= {Verdict.same, Verdict.refused}
    attempt.rollback()


def check_written(session: Session, zone: Zone, batch: ImportBatch, folder: Path) -> None:
    """Every question answered as it was tried, the batch writes exactly the rows that were not refused or the same."""
    for row in rows_of(session, batch):
        if row.questions and row.verdict is not Verdict.refused:
            first = {question["key"]: question["choices"][0]["value"] for question in row.questions}
            choose(session, actor_in(zone), batch, [row.id], first)
    wanted = [row for row in rows_of(session, batch) if row.take]
    assert {row.id for row in wanted} == {
        row.id for row in rows_of(session, batch) if row.verdict not in (Verdict.refused, Verdict.same)
    }
    foreseen = [figure["after"] for figure in batch.figures or []]
    if not wanted:
        return
    write(session, zone, batch, folder)
    assert batch.state is BatchState.done, [(row.label, row.problems) for row in wanted]
    assert all(row.record_id for row in wanted)
    years = {int(figure["period"][:4]) for figure in batch.figures or [] if figure["window"] == "year"}
    now = beside({}, read_figures(session, zone, years, TODAY))
    assert [f["after"] for f in now] == [f["after"] for f in batch.figures or []] == foreseen
    search = set(session.scalars(select(SearchEntry.id).where(SearchEntry.zone_id == zone.id)))
    assert search >= set(session.scalars(select(Project.id).where(Project.zone_id == zone.id)))


def test_a_trial_leaves_nothing_and_what_comes_after_it_is_logged(session: Session, tmp_path: Path) -> None:
    zone = add_zone(session, "喀什经济开发区", province="新疆维吾尔自治区", number_prefix="6531")
    asked: list[int] = []
    with trial(session):
        assert is_trial(session)
        for _ in range(2):
            once(session, "setting", lambda: asked.append(1))
    assert len(asked) == 1
    assert not is_trial(session)
    once(session, "setting", lambda: asked.append(1))
    assert len(asked) == 2
    batch = judged(session, zone, workbook(arrivals=[ARRIVAL]), tmp_path)
    assert session.scalars(select(func.count(FundArrival.id))).one() == 0
    write(session, zone, batch, tmp_path)
    session.commit()
    logged = select(AuditEntry.entity).where(AuditEntry.entity.in_(["project", "fund_arrival", "investor"]))
    assert sorted(session.scalars(logged)) == ["fund_arrival", "investor", "project"]


def test_figures_are_foreseen_at_the_totals_of_their_days(session: Session, tmp_path: Path) -> None:
    """A 补充协议 lifts a project above 100 million yuan between its contract and its start; another is dissolved."""
    zone = add_zone(session, "喀什经济开发区", province="新疆维吾尔自治区", number_prefix="6531")
    heads = "项目名称 投资商名称 来源地 责任单位 合同类型 签约时间 开工时间 终止时间 总投资（万元）".split()
    rows: list[list[Any]] = [
        ["电池项目", "江苏恒科有限公司", "江苏", "一部", "正式合同", "2023.2.5", "2023.6.1", None, 9500],
        ["电池项目补充协议", None, None, None, "补充协议", "2023.4.6", None, None, 1000],
        [
            "光伏项目",
            "浙江光科有限公司",
            "浙江",
            "一部",
            "正式合同",
            "2023.3.5",
            "2023.5.1",
            "2023.9.1",
            20000,
        ],
    ]
    batch = taken_in(session, zone, book(["2023年项目清单"], heads, *rows), tmp_path)
    after = {(f["code"], f["window"]): f["after"] for f in batch.figures or []}
    signed = (
        after["signed.count", "year"],
        after["signed.amount", "year"],
        after["signed_big.amount", "year"],
    )
    assert signed == ("1", "10500", "1000")
    assert (after["started_big.count", "year"], after["started_big.amount", "year"]) == ("1", "10500")
