"""A ledger goes in whole or not at all, and every cell that is wrong is named."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.accounts.operations.zones import add_zone
from app.audit.models import AuditEntry
from app.audit.operations import seal
from app.audit.rules import Actor
from app.cli.context import Work
from app.cli.figures import month_document
from app.db.base import Base
from app.directory.models import Area
from app.directory.operations import switch_entry
from app.figures.queries import breakdown
from app.funds.models import FundArrival
from app.investors.models import Investor
from app.journal.rules import Dimension
from app.kernel.periods import Month
from app.ledger.operations import import_form
from app.ledger.rules import Answers, Report, Verdict
from app.ledger.workbook import Cell, Sheet, Workbook, read_workbook
from app.pipeline.models import Contract, Project
from tests.ledger.sheets import ARRIVAL, PROJECT, TARGET, workbook

DEMO = Path(__file__).parents[2] / "demo" / "kashi-2024-template.xlsx"
TODAY = dt.date(2024, 7, 1)


@pytest.fixture
def zone(session: Session) -> Zone:
    return add_zone(session, "喀什经济开发区", province="新疆维吾尔自治区", number_prefix="6531")


def take(
    session: Session,
    zone: Zone,
    book: Workbook,
    *,
    add_lists: bool = True,
    today: dt.date = TODAY,
    **more: Any,
) -> Report:
    """Import as the command does: a refused file leaves nothing."""
    savepoint = session.begin_nested()
    report = import_form(
        session,
        zone,
        Actor(zone.id, None, "测试"),
        book,
        file_name="台账.xlsx",
        today=today,
        add_lists=add_lists,
        **more,
    )
    if report.refused:
        savepoint.rollback()
    else:
        savepoint.commit()
    seal(session)
    return report


def verdicts(report: Report) -> list[str]:
    return [row.verdict.value for row in report.rows]


def rows_of_business(session: Session) -> dict[str, int]:
    """The number of rows of every table but the zone's."""
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
        if table.name != "zone"
    }


def test_the_demo_ledger_gives_the_published_figures(session: Session, zone: Zone) -> None:
    report = take(session, zone, read_workbook(DEMO))
    assert report.counts()["项目台账"] == {
        "new": 130, "changed": 0, "same": 0, "question": 0, "refused": 0,
    }  # fmt: skip
    work = Work(session, zone, Actor(zone.id, None, "测试"))
    expected = json.loads(DEMO.with_suffix(".expected.json").read_text(encoding="utf-8"))
    for month in expected:
        found = month_document(work, Month.parse(month["month"]))
        _contained(month, found, month["month"])


def _contained(expected: Any, found: Any, path: str) -> None:
    """Every number of ``expected`` stands in ``found``; a member without any fact may be missing."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            _contained(value, found.get(key) if isinstance(found, dict) else None, f"{path}/{key}")
    elif isinstance(expected, list):
        index = {(row["unit"], row["figure"]): row for row in found}
        for row in expected:
            _contained(row, index[row["unit"], row["figure"]], f"{path}/{row['unit']}")
    elif expected is None or found is None:
        assert expected == found, path
    else:
        try:
            assert Decimal(str(expected)) == Decimal(str(found)), path
        except ArithmeticError:
            assert str(expected) == str(found), path


def test_the_same_file_twice_changes_nothing(session: Session, zone: Zone) -> None:
    book = read_workbook(DEMO)
    take(session, zone, book)
    before = rows_of_business(session)
    again = take(session, zone, book)
    assert set(verdicts(again)) == {"same"}
    assert rows_of_business(session) == before | {"audit_entry": before["audit_entry"] + 1}


def test_a_newer_copy_updates_cell_by_cell(session: Session, zone: Zone) -> None:
    take(session, zone, workbook([PROJECT], [ARRIVAL], [TARGET]))
    newer = workbook(
        [PROJECT | {"合同总投资": Decimal(15000), "投产日期": dt.date(2024, 6, 1), "当前阶段": "投产"}],
        [ARRIVAL | {"原币金额（万）": Decimal(900), "折人民币（万元）": Decimal(900)}],
        [TARGET | {"目标值": Decimal(1300000)}],
    )
    report = take(session, zone, newer)
    assert verdicts(report) == ["changed", "changed", "changed"]
    changes = {c.head: (c.old, c.new) for row in report.rows for c in row.changes}
    assert changes["合同总投资"] == ("12900", "15000")
    assert changes["投产日期"] == ("", "2024-06-01")
    assert changes["当前阶段"] == ("开工", "投产")
    assert changes["折人民币（万元）"] == ("847", "900")
    assert changes["目标值"] == ("1224600", "1300000")


def test_an_empty_cell_leaves_what_is_stored(session: Session, zone: Zone) -> None:
    take(session, zone, workbook([PROJECT], [ARRIVAL]))
    thin = {k: v for k, v in PROJECT.items() if k in ("项目编号", "项目名称", "投资方名称")}
    report = take(session, zone, workbook([thin]))
    assert verdicts(report) == ["same"]


def test_a_refused_row_keeps_the_whole_file_out(session: Session, zone: Zone) -> None:
    before = rows_of_business(session)
    report = take(
        session,
        zone,
        workbook([PROJECT, PROJECT | {"项目编号": "P-2", "合同编号": "HT-2", "合同总投资": "壹万"}]),
    )
    assert report.refused
    assert verdicts(report) == ["new", "refused"]
    assert rows_of_business(session) == before


@pytest.mark.parametrize(
    ("cells", "head", "message"),
    [
        ({"项目名称": None}, "项目名称", "请填写"),
        ({"责任单位": None}, "责任单位", "请填写"),
        ({"合同总投资": "三千万"}, "合同总投资", "不是金额"),
        ({"合同总投资": Decimal("-1")}, "合同总投资", "负数"),
        ({"合同总投资": Decimal("0.00001")}, "合同总投资", "不足 1 万元"),
        ({"合同总投资": Decimal("0.0000001")}, "合同总投资", "不足一分"),
        ({"合同总投资": Decimal("1e18")}, "合同总投资", "10 万亿元"),
        ({"合同总投资": Decimal("NaN")}, "合同总投资", "有限"),
        ({"合同总投资": Cell(None, "公式没有计算结果，请在 Excel 中打开并保存")}, "合同总投资", "公式"),
        ({"合同签订日期": "2024-02-30"}, "合同签订日期", "不存在"),
        ({"合同签订日期": "去年"}, "合同签订日期", "无法识别"),
        ({"合同签订日期": dt.date(2024, 12, 1)}, "合同签订日期", "请填写"),
        ({"合同签订日期": dt.date(1899, 12, 30)}, "合同签订日期", "不合常理"),
        ({"开工日期": dt.date(2024, 1, 20)}, "开工日期", "早于落地日期"),
        ({"落地日期": dt.date(2023, 1, 1)}, "落地日期", "早于合同签订日期"),
        ({"统一社会信用代码": "91653101M3YQUB7RLX"}, "统一社会信用代码", "有误"),
        ({"投资方所在地": "火星"}, "投资方所在地", "无法识别"),
        ({"行业代码": "9999"}, "行业代码", "GB/T 4754"),
        ({"当前阶段": "投产"}, "当前阶段", "已填日期表明"),
        ({"合同类型": "口头约定"}, "合同类型", "无法识别"),
        ({"合同类型": None}, "合同类型", "合同类型为空"),
        ({"产业链": None}, "链上环节", "产业链为空"),
        ({"带动就业": Decimal("1.5")}, "带动就业", "整数"),
        ({"用地面积": Decimal("-3")}, "用地面积", "负数"),
        ({"项目名称": "项目\u202e倒序"}, "项目名称", "不可见字符"),
        ({"项目名称": "长" * 121}, "项目名称", "超过 120 字"),
    ],
)
def test_a_bad_cell_is_refused_with_its_address(
    session: Session, zone: Zone, cells: dict[str, Any], head: str, message: str
) -> None:
    report = take(session, zone, workbook([PROJECT | cells]))
    assert report.refused
    problems = [p for p in report.rows[0].problems if p.head == head]
    assert problems, report.rows[0].problems
    assert message in problems[0].message
    assert problems[0].cell.endswith("2")


@pytest.mark.parametrize(
    ("cells", "head", "message"),
    [
        ({"项目编号": "P-9"}, "项目编号", "没有编号为 P-9 的项目"),
        ({"项目名称": "别的项目"}, "项目名称", "请核对编号或名称"),
        ({"到账日期": dt.date(2023, 12, 31)}, "到账日期", "早于合同签订日期"),
        ({"到账日期": dt.date(2024, 7, 2)}, "到账日期", "晚于今天"),
        ({"折人民币（万元）": Decimal(900)}, "折人民币（万元）", "应一致"),
        ({"折算汇率": Decimal("7.1")}, "折算汇率", "应为 1"),
        ({"币种": "美元", "折算汇率": None}, "折算汇率", "请填写"),
        ({"币种": "美元", "折算汇率": Decimal("7.1")}, "折人民币（万元）", "不符"),
        ({"币种": "比特币"}, "币种", "无法识别"),
        ({"资金来源": "天上"}, "资金来源", "无法识别"),
        ({"审核状态": None}, "审核状态", "请填写"),
        (
            {"原币金额（万）": Decimal("0.00001"), "折人民币（万元）": Decimal("0.00001")},
            "折人民币（万元）",
            "不足 1 元",
        ),
    ],
)
def test_a_bad_arrival_is_refused(
    session: Session, zone: Zone, cells: dict[str, Any], head: str, message: str
) -> None:
    report = take(session, zone, workbook([PROJECT], [ARRIVAL | cells]))
    assert report.refused
    problems = [p for p in report.rows[1].problems if p.head == head]
    assert problems, report.rows[1].problems
    assert message in problems[0].message


def test_foreign_money_keeps_its_original(session: Session, zone: Zone) -> None:
    dollars = ARRIVAL | {
        "币种": "美元",
        "原币金额（万）": Decimal("74.76"),
        "折算汇率": Decimal("7.1"),
        "折人民币（万元）": Decimal("530.8"),
        "资金来源": "境外",
    }
    assert not take(session, zone, workbook([PROJECT], [dollars])).refused
    arrival = session.scalars(select(FundArrival)).one()
    assert (arrival.currency, arrival.original_minor, arrival.rate_millionths) == (
        "USD",
        74_760_000,
        7_100_000,
    )
    assert arrival.amount_fen == 530_800_000


def test_duplicates_inside_a_file_are_refused(session: Session, zone: Zone) -> None:
    other = PROJECT | {"项目编号": "P-2", "合同编号": "HT-1"}
    report = take(session, zone, workbook([PROJECT, other, PROJECT], [ARRIVAL, ARRIVAL]))
    assert verdicts(report) == ["new", "refused", "refused", "new", "refused"]
    assert "HT-1 已用于" in report.rows[1].problems[0].message
    assert "第 2 行" in report.rows[2].problems[0].message


def test_unknown_lists_need_consent(session: Session, zone: Zone) -> None:
    report = take(session, zone, workbook(), add_lists=False)
    assert {p.head for p in report.rows[0].problems} >= {"产业链", "落地片区", "责任单位"}
    assert all("自动补充名单" in p.message for p in report.rows[0].problems)
    assert not take(session, zone, workbook()).refused
    assert not take(session, zone, workbook(), add_lists=False).refused


def test_what_is_switched_off_is_refused_for_new_projects_and_kept_by_known_ones(
    session: Session, zone: Zone
) -> None:
    assert not take(session, zone, workbook()).refused
    for area in session.scalars(select(Area).where(Area.zone_id == zone.id)):
        switch_entry(session, Actor(zone.id, None, "管理员"), area, off=True)
    assert not take(session, zone, workbook()).refused
    other = PROJECT | {"项目编号": "P-9", "项目名称": "另一个项目", "合同编号": "HT-9"}
    report = take(session, zone, workbook([PROJECT, other], []))
    assert verdicts(report) == ["same", "refused"]
    assert "已停用" in report.rows[1].problems[0].message


def test_a_unit_that_changes_takes_over_from_the_day_of_import(session: Session, zone: Zone) -> None:
    take(session, zone, workbook([PROJECT], [ARRIVAL]))
    take(session, zone, workbook([PROJECT | {"责任单位": "招商二部"}]))
    later = ARRIVAL | {"到账日期": TODAY, "凭证号": "PZ-2"}
    take(session, zone, workbook([PROJECT | {"责任单位": "招商二部"}], [ARRIVAL, later]))
    by_unit = breakdown(session, zone, Month(2024, 7), Dimension.unit)
    assert {name: values.ytd for name, values in by_unit["funds.amount"].items()} == {
        "招商一部": 847_000_000,
        "招商二部": 847_000_000,
    }
    assert {name: values.ytd for name, values in by_unit["signed.count"].items()} == {
        "招商一部": 1,
        "招商二部": 0,
    }


def test_a_framework_that_becomes_a_contract_counts_once(session: Session, zone: Zone) -> None:
    talks = {k: v for k, v in PROJECT.items() if k not in ("落地日期", "开工日期")}
    framework = talks | {"合同类型": "框架协议", "合同编号": "KJ-1", "当前阶段": "在谈"}
    take(session, zone, workbook([framework]))
    formal = talks | {"合同签订日期": dt.date(2024, 5, 1), "当前阶段": "签约"}
    report = take(session, zone, workbook([formal]))
    assert verdicts(report) == ["changed"]
    kinds = sorted(c.kind.value for c in session.scalars(select(Contract)))
    assert kinds == ["formal", "framework"]
    signed = breakdown(session, zone, Month(2024, 6), Dimension.unit)["signed.count"]["招商一部"]
    assert signed.ytd == 1


def test_one_company_is_one_investor(session: Session, zone: Zone) -> None:
    twin = PROJECT | {"项目编号": "P-2", "合同编号": "HT-2", "投资方名称": "盛源锂电 有限公司"}
    take(session, zone, workbook([PROJECT, twin]))
    assert session.scalar(select(func.count()).select_from(Investor)) == 1


def test_everything_taken_in_is_in_the_audit_log(session: Session, zone: Zone) -> None:
    take(session, zone, workbook([PROJECT], [ARRIVAL], [TARGET]))
    found = {
        entry.entity for entry in session.scalars(select(AuditEntry).where(AuditEntry.zone_id == zone.id))
    }
    assert found >= {"project", "investor", "fund_arrival", "annual_target", "ledger", "unit"}


def test_rows_of_another_zone_are_out_of_reach(session: Session, zone: Zone) -> None:
    take(session, zone, workbook([PROJECT], [ARRIVAL]))
    other = add_zone(session, "库车经济技术开发区", province="新疆维吾尔自治区")
    report = take(session, other, workbook([], [ARRIVAL]))
    assert "没有编号为" in report.rows[0].problems[0].message
    take(session, other, workbook([PROJECT], [ARRIVAL]))
    assert session.scalar(select(func.count()).select_from(Project)) == 2


def test_a_ledger_of_projects_alone_is_one_too(session: Session, zone: Zone) -> None:
    first = workbook().sheets[0]
    headless = Sheet(name=first.name, first_row=1, rows=[row[:-3] for row in first.rows], hidden=False)
    told = Answers(unit="万元")
    assert verdicts(take(session, zone, Workbook([headless]), answers=told)) == ["new"]


def test_a_row_without_number_means_the_project_of_that_name(session: Session, zone: Zone) -> None:
    anonymous = PROJECT | {"项目编号": None, "当前阶段": "开工"}
    report = take(session, zone, workbook([anonymous]))
    assert verdicts(report) == ["new"]
    assert session.scalars(select(Project.number)).one() == "6531-2024-0001"
    assert verdicts(take(session, zone, workbook([anonymous]))) == ["same"]


def test_the_report_counts_every_row(session: Session, zone: Zone) -> None:
    report = take(session, zone, workbook([PROJECT], [ARRIVAL], [TARGET]))
    document = report.as_json()
    assert sum(sum(counts.values()) for counts in document["counts"].values()) == len(report.rows) == 3
    assert all(row["verdict"] == Verdict.new for row in document["rows"])
