"""An import goes in steps: questions are asked, answered and kept, cells put right, and only what was shown is written."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.accounts.operations.zones import add_zone
from app.activities.models import Activity
from app.closing.operations import close_month
from app.funds.models import FundArrival
from app.funds.rules import ReviewState
from app.kernel.errors import DomainError
from app.kernel.periods import Month
from app.ledger.models import BatchState, ImportBatch, ImportRow
from app.ledger.operations import (
    answer_batch,
    ask_judging,
    choose,
    confirm_batch,
    edit_cell,
    judge_batch,
    write_batch,
    write_marked_workbook,
)
from app.ledger.operations.files import file_of
from app.ledger.queries import verdict_counts
from app.ledger.rules import Verdict
from app.ledger.rules.doubting import is_jump, out_of_scale, same_but_for_phase
from app.ledger.rules.history import dated_steps
from app.pipeline.models import Project, StageChange
from app.pipeline.rules import Stage
from tests.ledger.batches import TODAY, actor_in, judged, rows_of, send, taken_in, write
from tests.ledger.committees.truth import Book
from tests.ledger.sheets import ARRIVAL, PROJECT, save, workbook

TALKS = {
    "项目编号": "P-5", "项目名称": "储能电站", "投资方名称": "海川新能源有限公司", "责任单位": "招商一部", "当前阶段": "在谈",
}  # fmt: skip
NAMELESS = PROJECT | {"项目编号": None}


@pytest.fixture
def zone(session: Session) -> Zone:
    return add_zone(session, "喀什经济开发区", province="新疆维吾尔自治区", number_prefix="6531")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def asked(row: ImportRow) -> dict[str, dict[str, Any]]:
    return {question["code"]: question for question in row.questions}


def projects(session: Session) -> list[Project]:
    return list(session.scalars(select(Project).order_by(Project.number)))


def again(session: Session, zone: Zone, batch: ImportBatch, folder: Path) -> None:
    ask_judging(session, actor_in(zone), batch)
    judge_batch(session, zone, batch, folder, today=TODAY)


QUESTIONS: list[tuple[str, dict[str, Any], list[dict[str, Any]], str]] = [
    ("same_project", NAMELESS | {"项目名称": "电池产线项目", "合同编号": "HT-9"}, [], "new"),
    ("same_investor", NAMELESS | {"项目名称": "储能项目", "投资方名称": "盛源理电有限公司", "合同编号": "HT-9"}, [], "new"),
    ("unit_jump", PROJECT | {"合同总投资": Decimal(129_000_000)}, [], "use"),
    ("stage_back", TALKS | {"当前阶段": "线索", "备注": "新"}, [], "keep"),
    ("above_contract", PROJECT, [ARRIVAL | {"凭证号": "PZ-2", "原币金额（万）": Decimal(12500), "折人民币（万元）": Decimal(12500)}], "use"),
    ("same_arrival", PROJECT, [ARRIVAL | {"凭证号": None, "到账日期": dt.date(2024, 3, 20)}], "another"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "row", "arrivals", "first"), QUESTIONS, ids=[q[0] for q in QUESTIONS])
def test_what_may_be_a_slip_is_asked_and_written_only_when_answered(
    session: Session, zone: Zone, folder: Path, code: str, row: Any, arrivals: Any, first: str
) -> None:
    taken_in(session, zone, workbook([PROJECT, TALKS], [ARRIVAL]), folder)
    batch = judged(session, zone, workbook([row], arrivals), folder)
    [line] = [line for line in rows_of(session, batch) if line.questions]
    assert (line.verdict, line.take) == (Verdict.question, False), line.questions
    question = asked(line)[code]
    values = [choice["value"] for choice in question["choices"]]
    assert values[0] == first
    assert len(values) == (1 if code == "stage_back" else 2)
    with pytest.raises(DomainError, match="选项"):
        choose(session, actor_in(zone), batch, [line.id], {code: "whatever"})
    for value in values:
        choose(session, actor_in(zone), batch, [line.id], {code: value})
        assert line.take
        again(session, zone, batch, folder)
        [line] = [line for line in rows_of(session, batch) if line.questions]
        assert line.take, "the answer stays with the row when it is judged anew"
    write(session, zone, batch, folder)
    assert batch.state is BatchState.done, (batch.step, line.problems)


def test_ordinary_data_raises_no_question(session: Session, zone: Zone, folder: Path) -> None:
    taken_in(session, zone, workbook([PROJECT], [ARRIVAL]), folder)
    phase = NAMELESS | {"项目名称": "电池生产线二期项目", "合同编号": "HT-2"}
    other = NAMELESS | {"项目名称": "标准厂房", "投资方名称": "海川新能源有限公司", "合同编号": "HT-3"}
    equal = ARRIVAL | {"凭证号": "PZ-2"}
    batch = judged(session, zone, workbook([phase, other], [equal, equal | {"凭证号": "PZ-3"}]), folder)
    assert [row.verdict for row in rows_of(session, batch)] == [Verdict.new] * 4
    assert {"period", "before", "after", "code"} <= set((batch.figures or [{}])[0])
    assert any(line["before"] != line["after"] for line in batch.figures or [])


def test_a_cell_is_put_right_in_place_and_the_rest_is_left_out(
    session: Session, zone: Zone, folder: Path
) -> None:
    bad = PROJECT | {"项目编号": "P-2", "项目名称": "甲", "合同编号": "HT-2", "合同总投资": "很多"}
    third = PROJECT | {"项目编号": "P-3", "项目名称": "乙", "合同编号": "HT-3"}
    batch = judged(session, zone, workbook([PROJECT, bad, third]), folder)
    counts = verdict_counts(session, batch)
    assert (counts[Verdict.new], counts[Verdict.refused]) == (2, 1)
    [wrong] = [row for row in rows_of(session, batch) if row.verdict is Verdict.refused]
    assert wrong.problems[0] | {"message": ""} == {
        "cell": "T3", "head": "合同总投资", "message": "", "value": "很多"
    } or wrong.problems[0]["cell"] == "T3"  # fmt: skip
    with pytest.raises(DomainError, match="不在第 3 行"):
        edit_cell(
            session, zone, actor_in(zone), batch, folder, row_id=wrong.id, cell="T4", text="1", today=TODAY
        )
    edit_cell(
        session, zone, actor_in(zone), batch, folder, row_id=wrong.id, cell="T3", text="9000", today=TODAY
    )
    assert (wrong.verdict, wrong.take) == (Verdict.new, True)
    last = rows_of(session, batch)[-1]
    choose(session, actor_in(zone), batch, [last.id], "skip")
    again(session, zone, batch, folder)
    assert [row.take for row in rows_of(session, batch)] == [True, True, False]
    write(session, zone, batch, folder)
    assert [(p.number, p.total_fen) for p in projects(session)] == [
        ("P-1", 12_900_000_000), ("P-2", 9_000_000_000)
    ]  # fmt: skip


def test_the_result_tells_what_the_written_rows_moved_not_what_was_judged(
    session: Session, zone: Zone, folder: Path
) -> None:
    second = PROJECT | {"项目编号": "P-2", "项目名称": "甲", "合同编号": "HT-2"}
    batch = judged(session, zone, workbook([PROJECT, second]), folder)
    choose(session, actor_in(zone), batch, [rows_of(session, batch)[-1].id], "skip")
    write(session, zone, batch, folder)
    signed = [one for one in batch.figures or [] if one["code"] == "signed.count"]
    assert max(Decimal(one["after"]) - Decimal(one["before"]) for one in signed) == 1


def test_what_somebody_changed_after_the_judging_is_not_overwritten(
    session: Session, zone: Zone, folder: Path
) -> None:
    taken_in(session, zone, workbook([PROJECT | {"责任人": "张三"}]), folder)
    newer = workbook(
        [
            PROJECT | {"责任人": "李四", "备注": "新"},
            PROJECT | {"项目编号": "P-2", "合同编号": "HT-2", "项目名称": "乙"},
        ]
    )
    batch = judged(session, zone, newer, folder)
    [project] = projects(session)
    project.officer = "王五"
    session.flush()
    write(session, zone, batch, folder)
    assert batch.state is BatchState.judged
    refused = [row for row in rows_of(session, batch) if row.verdict is Verdict.refused]
    assert ["改动" in row.problems[0]["message"] for row in refused] == [True]
    assert [(p.number, p.officer, p.note) for p in projects(session)] == [("P-1", "王五", "")], (
        "nothing is written"
    )
    again(session, zone, batch, folder)
    write(session, zone, batch, folder)
    assert [p.officer for p in projects(session)] == ["李四", ""]
    with pytest.raises(DomainError, match="已导入"):
        confirm_batch(session, actor_in(zone), batch)


def test_two_who_confirm_at_once_write_once(session: Session, zone: Zone, folder: Path) -> None:
    batch = judged(session, zone, workbook([PROJECT]), folder)
    confirm_batch(session, actor_in(zone, "甲"), batch)
    with pytest.raises(DomainError, match="正在写入"):
        confirm_batch(session, actor_in(zone, "乙"), batch)
    write_batch(session, zone, batch, folder, today=TODAY)
    assert (batch.state, batch.confirmed_name) == (BatchState.done, "甲")


def test_a_fact_of_a_closed_month_is_asked_about(session: Session, zone: Zone, folder: Path) -> None:
    taken_in(session, zone, workbook([PROJECT], [ARRIVAL]), folder)
    close_month(session, actor_in(zone), zone=zone, month=Month(2024, 3), waive_rest="测试")
    late = ARRIVAL | {"凭证号": "PZ-2"}
    batch = judged(session, zone, workbook([PROJECT | {"开工日期": dt.date(2024, 3, 5)}], [late]), folder)
    rows = rows_of(session, batch)
    assert ["closed_month" in asked(row) for row in rows] == [True, True]
    assert all("下次关账" in asked(row)["closed_month"]["message"] for row in rows)


def test_the_answers_decide_again_about_the_form(session: Session, zone: Zone, folder: Path) -> None:
    batch = send(session, zone, workbook([PROJECT]), folder)
    answer_batch(
        session,
        actor_in(zone),
        batch,
        {"columns": {"备注": "不导入"}, "choices": {"unit_jump": "use"}},
        folder,
    )
    assert batch.state is BatchState.recognised
    with pytest.raises(DomainError, match="不认识的项"):
        answer_batch(session, actor_in(zone), batch, {"nonsense": 1}, folder)


def test_history_keeps_the_names_and_days_of_the_ledger(session: Session, zone: Zone, folder: Path) -> None:
    book = workbook([PROJECT], [ARRIVAL])
    sheet = book.sheets[0]
    heads = ["登记人", "登记日期", "项目进展情况"]
    story = "1、2024年3月6日赴深圳对接；2、6月20日签订用地协议"
    for cells, more in zip(sheet.rows, [heads, ["古丽", "2024-01-08", story]], strict=True):
        cells.extend(type(cells[0])(value) for value in more)
    taken_in(session, zone, book, folder)
    found = session.scalars(select(Activity).order_by(Activity.on_day)).all()
    assert [(a.on_day.isoformat(), a.text, a.logged_name) for a in found] == [
        ("2024-03-06", "赴深圳对接", "古丽"), ("2024-06-20", "签订用地协议", "古丽")
    ]  # fmt: skip
    stages = session.scalars(select(StageChange)).all()
    assert {(s.person_name, s.person_id) for s in stages} == {("古丽", None)}
    assert {s.to_stage: s.effective_on for s in stages}[Stage.started] == dt.date(2024, 3, 1)
    assert projects(session)[0].created_at.date() <= dt.date(2024, 1, 8)
    batch = judged(session, zone, book, folder)
    assert {row.verdict for row in rows_of(session, batch)} == {Verdict.same}


def test_a_pending_arrival_that_the_ledger_has_too_stays_pending(
    session: Session, zone: Zone, folder: Path
) -> None:
    taken_in(session, zone, workbook([PROJECT], [ARRIVAL | {"审核状态": "待审核"}]), folder)
    batch = judged(session, zone, workbook([PROJECT], [ARRIVAL | {"审核状态": "待审核"}]), folder)
    assert {row.verdict for row in rows_of(session, batch)} == {Verdict.same}
    assert session.scalars(select(FundArrival.state)).one() is ReviewState.pending


def test_the_workbook_comes_back_with_its_errors_marked(session: Session, zone: Zone, folder: Path) -> None:
    bad = PROJECT | {"合同总投资": "很多", "备注": "=1+1"}
    batch = judged(session, zone, workbook([bad]), folder)
    for upload in ("xlsx", "csv"):
        path = file_of(folder, batch)
        with path.open("wb") as stream:
            if upload == "xlsx":
                save(workbook([bad]), stream)
            else:
                stream.write("项目名称,总投资\n甲,很多\n".encode())
        made = io.BytesIO()
        write_marked_workbook(batch, folder, rows_of(session, batch), made)
        page = openpyxl.load_workbook(made)["项目台账"]
        assert "不是金额" in page["T2"].comment.text
        assert page["T2"].fill.fgColor.rgb == "FFF4C7C3"
        assert page["AE2"].data_type == "s" or upload == "xlsx"


def test_rules_of_slips() -> None:
    assert is_jump(1200, 12_000_000)
    assert is_jump(10_000, 100_100)
    assert not is_jump(10_000, 30_000)
    assert not is_jump(0, 5)
    assert out_of_scale([100, 120, 90, 200, 150, 80, 60, 110, 900_000]) == {900_000}
    assert out_of_scale([100, 120, 900_000]) == set()
    assert same_but_for_phase("电池项目一期", "电池项目二期")
    assert same_but_for_phase("电池项目", "电池二期项目")
    assert not same_but_for_phase("电池项目", "光伏项目")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1、6月3日对接；2、6月20日签约", [("2024-06-03", "对接"), ("2024-06-20", "签约")]),
        ("2023年12月28日座谈。\n1.5来访", [("2023-12-28", "座谈")]),
        ("分两期，投资6620万元", []),
        ("8月1日拟开工", [("2023-08-01", "拟开工")]),
    ],
)
def test_dated_paragraphs(text: str, found: list[tuple[str, str]]) -> None:
    steps = dated_steps(text, None, TODAY)
    assert [(step.on_day.isoformat(), step.text) for step in steps][: len(found) or None] == found


def test_a_month_that_is_on_record_arrival_by_arrival_is_not_booked_twice(
    session: Session, zone: Zone, folder: Path
) -> None:
    money = {
        "原币金额（万）": Decimal(300),
        "折人民币（万元）": Decimal(300),
        "到账日期": dt.date(2024, 3, 5),
    }
    taken_in(
        session, zone, workbook([PROJECT], [ARRIVAL | money, ARRIVAL | money | {"凭证号": "PZ-2"}]), folder
    )

    def monthly(amount: int) -> ImportRow:
        lines: list[list[Any]] = [["项目名称", "投资方", "责任单位", "2024年3月到位资金（万元）"]]
        lines += [[PROJECT["项目名称"], PROJECT["投资方名称"], PROJECT["责任单位"], amount]]
        [line] = rows_of(session, judged(session, zone, Book().add("台账", lines).workbook, folder))
        return line

    assert monthly(600).verdict is Verdict.same
    line = monthly(700)
    assert [c["value"] for c in asked(line)["same_arrival"]["choices"]] == ["rest", "same"]
    batch = session.get_one(ImportBatch, (zone.id, line.batch_id))
    choose(session, actor_in(zone), batch, [line.id], {"same_arrival": "rest"})
    again(session, zone, batch, folder)
    write(session, zone, batch, folder)
    assert sorted(session.scalars(select(FundArrival.amount_fen))) == [100_0000_00, 300_0000_00, 300_0000_00]
    assert monthly(700).verdict is Verdict.same


def test_a_stage_without_its_day_in_the_ledger_does_not_go_back(
    session: Session, zone: Zone, folder: Path
) -> None:
    full = PROJECT | {"当前阶段": "投产", "开工日期": dt.date(2024, 3, 1), "投产日期": dt.date(2024, 5, 1)}
    taken_in(session, zone, workbook([full]), folder)
    heads = ["项目名称", "投资方", "责任单位", "状态", "开工时间"]
    values = [full["项目名称"], full["投资方名称"], full["责任单位"], "已投产", dt.date(2024, 3, 1)]
    batch = judged(session, zone, Book().add("台账", [heads, values]).workbook, folder)
    assert [(line.verdict, line.questions) for line in rows_of(session, batch)] == [(Verdict.same, [])]
