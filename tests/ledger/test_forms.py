"""A hand-kept ledger of another form goes in by itself, or is refused with what nobody could decide."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.accounts.operations.zones import add_zone
from app.audit.operations import seal
from app.audit.rules import Actor
from app.cli.context import Work
from app.cli.figures import month_document
from app.funds.models import FundArrival
from app.funds.rules import FundSource
from app.kernel.periods import Month
from app.ledger.operations import UndecidedError, import_form
from app.ledger.rules import Answers, Report, read_answers
from app.ledger.workbook import Cell, Sheet, Workbook, read_workbook
from app.ledger.workbook.recognising import recognise
from app.pipeline.models import Project
from app.pipeline.rules import Stage
from tests.ledger.test_importing import rows_of_business, verdicts

MATRIX = Path(__file__).parent / "data" / "kashi-2024-matrix.xlsx"
TODAY = dt.date(2024, 7, 1)
HEADS = [
    "序号",
    "项目名称",
    "投资商\n名称",
    "来源地",
    "责任单位",
    "项目状态",
    "签约时间",
    "总投资（亿元）",
    "是否援疆",
]
ROW = [1, "电池项目", "江苏恒科有限公司", "江苏", "招商一部", "已签约", "2024.3.5", "1.2", "√"]


@pytest.fixture
def zone(session: Session) -> Zone:
    return add_zone(session, "喀什经济开发区", province="新疆维吾尔自治区", number_prefix="6531")


def book(*rows: list[Any], name: str = "台账", **places: Any) -> Workbook:
    """A workbook of one sheet with these rows from row 1 on."""
    width = max(map(len, rows))
    cells = [
        [Cell(Decimal(v) if isinstance(v, int) else v or None) for v in (*row, *[None] * (width - len(row)))]
        for row in rows
    ]
    return Workbook([Sheet(name=name, first_row=1, rows=cells, **places)])


def take(
    session: Session, zone: Zone, workbook: Workbook, answers: Answers | None = None, today: dt.date = TODAY
) -> Report:
    savepoint = session.begin_nested()
    report = import_form(
        session, zone, Actor(zone.id, None, "测试"), workbook,
        file_name="台账.xlsx", today=today, answers=answers, add_lists=True,
    )  # fmt: skip
    if report.refused:
        savepoint.rollback()
    else:
        savepoint.commit()
    seal(session)
    return report


def one_project(session: Session) -> Project:
    return session.scalars(select(Project)).one()


def contained(expected: Any, found: Any, path: str = "") -> None:
    """Every number of ``expected`` stands in ``found``; a member without any fact may be missing."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            contained(value, found.get(key) if isinstance(found, dict) else None, f"{path}/{key}")
    elif expected is None or found is None:
        assert expected == found or (found is None and Decimal(str(expected)) == 0), path
    elif str(expected) != str(found):
        assert Decimal(str(expected)) == Decimal(str(found)), path


def test_the_hand_kept_matrix_gives_the_published_figures(session: Session, zone: Zone) -> None:
    report = take(session, zone, read_workbook(MATRIX))
    assert report.counts()["2024年台账"] == {"new": 130, "changed": 0, "same": 0, "question": 0, "refused": 0}
    work = Work(session, zone, Actor(zone.id, None, "测试"))
    for month in json.loads(MATRIX.with_suffix(".expected.json").read_text(encoding="utf-8")):
        contained(month, month_document(work, Month.parse(month["month"])))


def test_the_matrix_twice_changes_nothing(session: Session, zone: Zone) -> None:
    ledger = read_workbook(MATRIX)
    take(session, zone, ledger)
    before = rows_of_business(session)
    assert set(verdicts(take(session, zone, ledger))) == {"same"}
    assert rows_of_business(session) == before | {"audit_entry": before["audit_entry"] + 1}


def test_another_form_in_words_units_and_columns_of_its_own(session: Session, zone: Zone) -> None:
    assert verdicts(take(session, zone, book(["2024年项目清单"], HEADS, ROW))) == ["new"]
    project = one_project(session)
    assert (project.name, project.stage, project.signed_on) == ("电池项目", Stage.signed, dt.date(2024, 3, 5))
    assert project.total_fen == 12_000_000_000
    assert project.extra == {"是否援疆": "是"}


def test_a_head_of_two_things_is_split_and_who_made_the_table_is_no_unit(
    session: Session, zone: Zone
) -> None:
    heads, row = [*HEADS[:8], "产业/环节"], [*ROW[:8], "锂电新能源/电池"]
    ledger = book(["2024年项目清单"], ["制表单位：招商服务中心"], heads, row)
    [table] = recognise(ledger).tables
    assert table.columns[-1].field == "产业链/链上环节"
    assert table.defaults == {}


def test_a_row_says_first_what_a_person_can_mend(session: Session, zone: Zone) -> None:
    """An impossible day is one fault, not a missing kind of contract; a repeated row names a column that is there."""
    never = [2, "织造项目", *ROW[2:6], "2024-02-31", *ROW[7:]]
    report = take(session, zone, book(["2024年项目清单"], HEADS, ROW, never, [3, *ROW[1:]]))
    said = [[(p.head, p.cell) for p in line.problems] for line in report.rows]
    assert said == [[], [("合同签订日期", "G4")], [("项目名称", "B5")]]


def test_a_month_of_money_is_booked_on_its_last_day_and_corrected_by_a_newer_copy(
    session: Session, zone: Zone
) -> None:
    heads = [*HEADS, "2024年4月到位资金（万元）", "2024年5月到位资金（万元）"]
    take(session, zone, book(["项目清单"], heads, [*ROW, "300", "—"]))
    arrival = session.scalars(select(FundArrival)).one()
    assert (arrival.arrived_on, arrival.amount_fen) == (dt.date(2024, 4, 30), 300_000_000)
    assert arrival.source is FundSource.outside
    report = take(session, zone, book(["项目清单"], heads, [*ROW, "350", "20"]))
    assert verdicts(report) == ["changed"]
    assert [(c.head, c.old, c.new) for c in report.rows[0].changes] == [
        ("2024年4月到位资金", "300", "350"), ("2024年5月到位资金", "", "20")
    ]  # fmt: skip
    stored = session.scalars(select(FundArrival).order_by(FundArrival.arrived_on)).all()
    assert [(a.arrived_on.month, a.amount_fen) for a in stored] == [(4, 350_000_000), (5, 20_000_000)]


def test_in_a_zone_that_cuts_off_early_the_month_stays_the_month(session: Session, zone: Zone) -> None:
    zone.cutoff_day = 25
    take(session, zone, book(["项目清单"], [*HEADS, "2024年4月到位资金（万元）"], [*ROW, "300"]))
    assert session.scalars(select(FundArrival)).one().arrived_on == dt.date(2024, 4, 25)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["项目清单"], [h.removesuffix("（亿元）") for h in HEADS], ROW], "H2 总投资 没有写明单位"),
        ([["单位：万元"], [*HEADS, "1月到位资金"], [*ROW, "30"]], "J2 没有写明是哪一年"),
        ([["清单"], [h for h in HEADS if h != "责任单位"], ROW[:4] + ROW[5:]], "没有找到“责任单位”列"),
        ([["清单"], HEADS, ROW, ["", "合计", "", "", "", "", "", "2.2"]], "H4 合计不一致"),
        ([["清单"], ["序号", "内容"], [1, "无"]], "没有识别出"),
    ],
)
def test_what_cannot_be_decided_is_named_and_nothing_is_written(
    session: Session, zone: Zone, rows: list[list[Any]], said: str
) -> None:
    before = rows_of_business(session)
    with pytest.raises(UndecidedError) as refusal:
        take(session, zone, book(*rows))
    words = "；".join(f"{d.cell} {d.head} {d.message}" for d in refusal.value.found.doubts)
    assert all(part in words for part in said.split()), words
    assert rows_of_business(session) == before


def test_what_was_said_once_is_known_the_next_time(session: Session, zone: Zone) -> None:
    heads = [*HEADS[:7], "盘子大小", "是否援疆"]
    answers = Answers(columns={"H": "合同总投资"}, units={"H": "亿元"})
    ledger = book(["清单"], heads, ROW)
    assert verdicts(take(session, zone, ledger, answers)) == ["new"]
    assert verdicts(take(session, zone, ledger)) == ["same"]
    assert one_project(session).total_fen == 12_000_000_000


def test_a_stage_without_a_column_for_its_date_is_kept_in_words(session: Session, zone: Zone) -> None:
    take(session, zone, book(["清单"], HEADS, [*ROW[:5], "已注册", *ROW[6:]]))
    project = one_project(session)
    assert project.stage is Stage.signed
    assert project.extra == {"是否援疆": "是", "台账阶段": "落地"}


def test_heads_kind_words_and_columns_of_one_sheet_can_be_told(session: Session, zone: Zone) -> None:
    ledger = book(["说明"], ["甲", "乙"], [*HEADS, "性质"], [*ROW, "协议"], name="台账")
    answers = read_answers(
        '{"heads": {"台账": [3, 3]}, "kinds": {"台账": "projects"}, "years": {"台账": 2023},'
        ' "columns": {"台账!J": "合同类型"}, "values": {"合同类型": {"协议": "框架协议"}}}'
    )
    assert verdicts(take(session, zone, ledger, answers)) == ["new"]
    project = one_project(session)
    assert (project.stage, project.signed_on) == (Stage.talks, None)
    assert (project.extra or {})["台账阶段"] == "签约"


def test_what_was_skipped_and_tidied_is_told(session: Session, zone: Zone) -> None:
    rows = [
        [*ROW[:6], "２０２４．３．５", *ROW[7:]],
        [2, "二号项目", "乙公司", "—", "", "在谈", "/", "3", "×"],
    ]
    found = recognise(book(["清单（单位：亿元）"], HEADS, *rows, ["", "合计", "", "", "", "", "", "4.2"]))
    (table,) = found.tables
    assert (table.data_range, table.unit_from) == ((3, 4), "A1")
    assert [(s.row, s.reason) for s in table.skipped] == [(5, "合计")]
    assert {t.what: t.cells for t in table.tidied} == {
        "日期 1 种写法统一为年-月-日": 1, "全角数字转半角": 1, "责任单位合并格按上一行补齐": 1, "“—”“/”当作空": 2,
    }  # fmt: skip


def test_a_supplement_adds_to_its_project_once(session: Session, zone: Zone) -> None:
    heads = [*HEADS[:6], "合同类型", *HEADS[6:8]]
    main = [*ROW[:6], "正式合同", *ROW[6:8]]
    more = [None, "电池项目补充协议", *[None] * 4, "补充协议", "2024.4.6", "0.3"]
    ledger = book(["2024年项目清单"], heads, main, more)
    assert verdicts(take(session, zone, ledger)) == ["new"]
    project = one_project(session)
    assert project.total_fen == 15_000_000_000
    month = month_document(Work(session, zone, Actor(zone.id, None, "测试")), Month(2024, 4))["figures"]
    assert (month["signed.count"]["month"], month["signed.amount"]["month"]) == ("0", "3000")
    assert verdicts(take(session, zone, ledger)) == ["same"]
    whole = book(["2024年项目清单"], heads, main, [*more[:7], "2024.5.6", "1.6"])
    [question] = take(session, zone, whole).rows[0].questions
    assert question.choices[1] == ("total", "是增加后的总投资")


def test_money_under_the_name_of_its_company(session: Session, zone: Zone) -> None:
    projects = book(["2024年项目清单"], HEADS, ROW).sheets
    money = book(["企业名称", "到账日期", "到账金额（万元）"], [ROW[2], "2024.5.8", 100], name="到资").sheets
    assert verdicts(take(session, zone, Workbook([*projects, *money]))) == ["new", "new"]
    assert session.scalars(select(FundArrival)).one().project_id == one_project(session).id


def test_another_width_of_brackets_is_no_change(session: Session, zone: Zone) -> None:
    for name, verdict in (
        ("电池（一期）项目", "new"),
        ("电池(一期) 项目", "same"),
        ("电池【一期】项目", "same"),
    ):
        assert verdicts(take(session, zone, book(["清单"], HEADS, [1, name, *ROW[2:]]))) == [verdict]
    assert one_project(session).name == "电池（一期）项目"
