"""Workbooks of superiors come back filled: styles, merged heads, print settings, formulas; sums beside the figures."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy.orm import Session

from app.accounts.models import UserAccount, Zone
from app.accounts.rules import Role
from app.closing.operations import close_month
from app.directory.models import ResponsibleUnit
from app.figures.queries import breakdown, headline
from app.funds.rules import FundSource
from app.journal.queries import find_reading
from app.journal.rules import Dimension
from app.kernel.errors import ConflictError, DomainError
from app.kernel.periods import Month
from app.ledger.workbook import WorkbookError
from app.ledger.workbook.cells import DANGEROUS
from app.pipeline.rules import MilestoneKind
from app.reporting.models import ReportForm
from app.reporting.operations import (
    Occasion,
    basis_of,
    change_form,
    copy_form,
    file_of,
    fill_form,
    make_form,
    remove_form,
    setups_of,
)
from app.reporting.queries import get_form
from app.reporting.rules import Single, Tie
from app.reporting.rules.grids import Grid
from app.reporting.rules.proposing_figures import propose_figures
from app.reporting.rules.proposing_groups import propose_group
from app.reporting.workbook import fill_workbook, look_at_workbook
from tests.factories import (
    WAN,
    YI,
    actor_of,
    make_activity,
    make_area,
    make_arrival,
    make_investor,
    make_project,
    make_target,
    make_unit,
    make_user,
    make_zone,
)
from tests.ledger.hostile import HOSTILE_FILES, Case, at_most
from tests.reporting import books

TODAY = dt.date(2024, 7, 3)
JUNE = Month(2024, 6)


@dataclass
class World:
    session: Session
    zone: Zone
    user: UserAccount
    first: ResponsibleUnit
    second: ResponsibleUnit
    folder: Path

    def make(self, content: bytes, name: str = "上报表") -> ReportForm:
        return make_form(
            self.session,
            actor_of(self.user),
            name=name,
            file_name="表.xlsx",
            content=content,
            folder=self.folder,
        )

    def change(self, form: ReportForm, version: int | None = None, **found: Any) -> None:
        sheet, stored = next(iter(form.setup.items()))
        change_form(
            self.session, actor_of(self.user), form, name=form.name, sheet=sheet,
            found={**stored, **found}, version=version or form.version, folder=self.folder,
        )  # fmt: skip

    def fill(
        self, form: ReportForm, month: Month = JUNE, *, live: bool = False
    ) -> tuple[Any, list[dict[str, Any]]]:
        target = self.folder / "filled.xlsx"
        basis = basis_of(self.session, self.zone.id, month, live=live)
        reading = find_reading(self.session, self.zone.id, month, basis)
        occasion = Occasion(self.zone, month, TODAY, "马晓琳", reading)
        outcome = fill_form(self.session, occasion, file_of(self.folder, form), setups_of(form.setup), target)
        return openpyxl.load_workbook(target).worksheets[0], outcome["checks"]


@pytest.fixture
def world(session: Session, tmp_path: Path) -> World:
    """Four projects of two units: money of this year and of years before, one formula as a name, progress."""
    zone = make_zone(session, "喀什经济开发区")
    first, second = make_unit(session, zone, "招商一部"), make_unit(session, zone, "招商二部")
    user = make_user(session, zone, Role.reviewer, name="马晓琳", unit_id=first.id)
    area = make_area(session, zone, "综合保税区")
    investor = make_investor(session, zone, "深圳恒达科技有限公司", origin="深圳市")
    started = {MilestoneKind.started: dt.date(2024, 5, 8)}
    battery = make_project(
        session, zone, unit=first, investor=investor, name="锂电正极材料生产基地", total_fen=12 * YI // 10,
        area_id=area.id, officer="吴建军", content="年产 2 万吨正极材料", reached=started,
        fixed_asset_fen=8000 * WAN, extra={"存在问题": "供电专线未批"}, number="P1",
    )  # fmt: skip
    evil = make_project(
        session, zone, unit=second, name="=HYPERLINK(\"http://x\",\"点我\")", total_fen=9999 * WAN, number="P2",
    )  # fmt: skip
    old = make_project(
        session, zone, unit=first, name="纺织服装园", signed_on=dt.date(2022, 3, 1), total_fen=3 * YI, number="P3",
        reached={MilestoneKind.started: dt.date(2022, 9, 1)},
    )  # fmt: skip
    make_project(
        session, zone, unit=second, name="冷链物流", signed_on=None, total_fen=5000 * WAN, number="P4"
    )
    for project, fen, day, source in (
        (battery, 1000 * WAN + 55, dt.date(2024, 3, 2), FundSource.outside),
        (battery, 2000 * WAN, dt.date(2024, 6, 11), FundSource.inside),
        (evil, 300 * WAN, dt.date(2024, 6, 12), FundSource.outside),
        (old, 7000 * WAN, dt.date(2023, 8, 1), FundSource.outside),
        (old, 50 * WAN, dt.date(2024, 1, 9), FundSource.outside),
    ):
        make_arrival(session, zone, project, fen, arrived_on=day, source=source)
    for on_day, text in ((1, "完成地勘。"), (9, "主厂房封顶"), (21, "设备进场；")):
        make_activity(session, zone, user, project=battery, on_day=dt.date(2024, 6, on_day), text=text)
    make_activity(session, zone, user, project=battery, on_day=dt.date(2024, 7, 2), text="以后的事")
    make_target(session, zone, 100 * YI)
    make_target(session, zone, 40 * YI, unit=first)
    return World(session, zone, user, first, second, tmp_path)


def column(sheet: Any, letter: str, first: int, last: int) -> list[Any]:
    return [sheet[f"{letter}{row}"].value for row in range(first, last + 1)]


def test_the_county_ledger_with_two_head_rows_formulas_and_sums_that_agree(world: World) -> None:
    sheet, checks = world.fill(world.make(books.monthly()))
    assert sheet["A1"].value == "××县招商引资项目月报台账（2024年1—6月）"
    assert sheet["A2"].value == "填报单位：喀什经济开发区"
    assert column(sheet, "A", 5, 8) == [1, 2, 3, 4]
    names = column(sheet, "B", 5, 8)
    assert names[0] == "纺织服装园"
    row = names.index("锂电正极材料生产基地") + 5
    at = {
        letter: sheet[f"{letter}{row}"].value
        for letter in ("D", "E", "F", "I", "J", "L", "N", "O", "P", "Q", "S", "T")
    }
    assert at == {
        "D": "深圳恒达科技有限公司", "E": "深圳市", "F": "是", "I": 12000, "J": 8000, "L": 0, "N": 2000,
        "O": 3000.000055, "P": 3000.000055, "Q": 1000.000055, "S": "新建", "T": "开工",
    }  # fmt: skip
    assert sheet[f"V{row}"].value == "1、6月1日，完成地勘；\n2、6月9日，主厂房封顶；\n3、6月21日，设备进场。"
    assert sheet[f"K{row}"].value.date() == dt.date(2024, 3, 15)
    assert sheet[f"K{row}"].alignment.shrink_to_fit
    # rows below moved, formulas grew with the data, those of the data row were copied down
    assert sheet["B9"].value == "合计"
    assert sheet["O9"].value == "=SUM(O5:O8)"
    assert sheet["R9"].value == "=IF(I9=0,0,P9/I9)"
    assert sheet["R6"].value == "=IF(I6=0,0,P6/I6)"
    assert sheet["R6"].number_format == "0.00%"
    assert str(sheet["A11"].value).endswith("填报日期：2024年7月3日")
    assert "A11:AB11" in [str(found) for found in sheet.merged_cells.ranges]
    assert "L3:Q3" in [str(found) for found in sheet.merged_cells.ranges]
    assert (sheet.print_title_rows, sheet.print_area) == ("$3:$4", "'月报'!$A$1:$AB$11")
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (8, "landscape")
    assert sheet["D7"].font.name == "仿宋"
    assert sheet["D7"].border.left.style == "thin"
    assert [(check["what"], check["agrees"]) for check in checks] == [
        ("本月到位资金合计", True),
        ("本年到位资金合计", True),
    ]
    total = headline(world.session, world.zone, JUNE)["funds.amount"].ytd
    assert sum(Decimal(str(value)) for value in column(sheet, "O", 5, 8)) == Decimal(total) / WAN


def test_text_stays_text(world: World) -> None:
    form = world.make(books.talks())
    assert form.setup["在谈"]["rows"]["stages"] == ("lead", "talks")
    world.change(form, rows={})
    sheet, _checks = world.fill(form)
    names = column(sheet, "C", 3, 6)
    evil = next(row for row, name in enumerate(names, 3) if str(name).startswith("="))
    assert sheet[f"C{evil}"].data_type == "s"
    assert sheet[f"C{evil}"].quotePrefix
    assert column(sheet, "E", 3, 6) == [3, 1.2, 0.9999, 0.5]
    assert sheet["E4"].number_format == "#,##0.00"


def test_no_text_becomes_a_formula(tmp_path: Path) -> None:
    """stack.md §4.4 row 3, in rows and in single cells; read back, and in the file itself."""
    template, target = tmp_path / "t.xlsx", tmp_path / "o.xlsx"
    template.write_bytes(books.talks())
    texts = [f"{prefix}1+1" for prefix in DANGEROUS] + ["#REF!", "{=1}", "=DDE(1)\u202e", "https://x"]
    lines = [{"kind": "row", "cells": {"C0": {"t": "text", "v": said}}} for said in texts]
    part = {
        "name": "在谈", "first": 3, "last": 3, "data": 3, "block": 1, "group": 0, "lines": lines, "notes": {},
        "cells": {"A1": {"t": "text", "v": "=1+1"}},
    }  # fmt: skip
    fill_workbook(
        template, {"sheets": [part], "person": "=1", "at": "2024-06-30T10:00:00", "mark": "=1"}, target
    )
    sheet = openpyxl.load_workbook(target)["在谈"]
    for cell in [sheet["A1"], *(sheet[f"C{row}"] for row in range(3, 3 + len(texts)))]:
        assert cell.data_type == "s", cell.value
        assert cell.hyperlink is None
    with zipfile.ZipFile(target) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_groups_with_the_templates_own_titles_subtotals_and_a_total(world: World) -> None:
    form = world.make(books.project_list())
    ties = form.setup["项目清单"]["ties"]
    ties["G4"] = {"field": "extra:存在问题"}
    ties["H4"] = {"field": "total", "unit": "亿元", "places": 1}
    world.change(
        form,
        group="unit",
        subtotals=True,
        total="bottom",
        ties=ties,
        restart=True,
        order="total",
        descending=True,
    )
    sheet, checks = world.fill(form)
    *rows, last = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert last[0].startswith("制表：喀什经济开发区　马晓琳　")
    assert sheet.oddFooter.left.text == last[0]
    assert [row[0] for row in rows] == [
        "一、招商一部（2个）", 1, 2, None, "二、招商二部（2个）", 1, 2, None, None,
    ]  # fmt: skip
    assert [row[7] for row in rows] == [None, 3, 1.2, 4.2, None, 0.9999, 0.5, 1.4999, 5.6999]
    assert [row[1] for row in rows][3] == "小计"
    assert [row[1] for row in rows][-1] == "合计"
    assert rows[2][6] == "供电专线未批"
    assert sheet["A1"].value == "××开发区招商引资项目清单\n（2024.1.1—2024.6.30）"
    merged = {str(found) for found in sheet.merged_cells.ranges}
    assert merged == {"A1:J1", "A3:J3", "A7:J7"}
    assert sheet["A7"].fill.fgColor.rgb.endswith("FFF2CC")
    assert sheet["B6"].font.b
    assert sheet.print_area == "'项目清单'!$A$1:$J$11"
    assert sheet.row_dimensions[5].height >= 48
    assert checks == []


def test_sample_groups_of_the_template_are_not_sent_as_figures(world: World) -> None:
    book = openpyxl.load_workbook(io.BytesIO(books.project_list()))
    sheet = book["项目清单"]
    below = [
        (None, "小计", "样例"),
        ("二、样例组",),
        (1, "样例项目"),
        (None, "小计", "样例"),
        ("合计",),
        ("填表人：",),
    ]
    start = sheet.max_row + 1
    for row, words in enumerate(below, start):
        for column, word in enumerate(words, 1):
            sheet.cell(row, column, word)
    sheet.merge_cells(start_row=start + 1, start_column=1, end_row=start + 1, end_column=10)
    sheet.print_area = f"A1:J{start + 5}"
    form = world.make(books.as_bytes(book))
    setup = form.setup["项目清单"]
    assert (setup["last_row"], setup["total_row"], setup["subtotals"]) == (start + 3, start + 4, True)
    filled, _checks = world.fill(form)
    texts = [str(cell.value) for row in filled.iter_rows(min_row=3) for cell in row if cell.value]
    assert [text for text in texts if "样例" in text] == []
    assert texts[-2].startswith("填表人：")
    assert "合计" in texts


def test_what_the_filter_leaves_out_is_said_on_the_head_and_in_the_result(world: World) -> None:
    form = world.make(books.monthly())
    world.change(form, rows={"units": [world.first.id], "signed": "year"})
    sheet, checks = world.fill(form)
    assert column(sheet, "B", 5, 6) == ["锂电正极材料生产基地", "合计"]
    funds = next(check for check in checks if check["what"] == "本年到位资金合计")
    assert (funds["agrees"], funds["difference"]) == (None, "−350.00 万元")
    assert funds["reason"] == "未列入本表的 2 个项目有 350.00 万元"
    assert "相差 −350.00 万元" in sheet["O4"].comment.text
    signed = next(check for check in checks if check["what"] == "本年签约项目数")
    assert (signed["shown"], signed["expected"], signed["agrees"]) == ("1 个", "2 个", None)


def test_cells_are_figures_of_members_and_windows(world: World) -> None:
    form = world.make(books.statistics(["招商一部", "招商二部"]))
    sheet, _checks = world.fill(form)
    money = breakdown(world.session, world.zone, JUNE, Dimension.unit)["funds.amount"]
    assert [Decimal(str(v)) for v in column(sheet, "D", 5, 6)] == [
        Decimal(money[name].ytd) / YI for name in ("招商一部", "招商二部")
    ]
    assert column(sheet, "B", 5, 7) == [40, None, 100]
    assert column(sheet, "G", 5, 7) == [1, 1, 2]
    assert column(sheet, "I", 5, 7) == [0, 0, 0]
    assert column(sheet, "J", 5, 7) == [1, 0, 1]
    assert sheet["F6"].value == "—"
    assert sheet["E7"].value == pytest.approx(0.34, abs=0.01)


def test_a_month_that_is_over_is_filled_as_it_stood(world: World) -> None:
    sheet, checks = world.fill(world.make(books.monthly()), Month(2024, 4))
    names = column(sheet, "B", 5, 8)
    row = names.index("锂电正极材料生产基地") + 5
    assert (sheet[f"T{row}"].value, sheet[f"U{row}"].value, sheet[f"V{row}"].value) == ("签约", None, None)
    assert sheet[f"O{row}"].value == 1000.000055
    assert all(check["agrees"] for check in checks)


def test_a_closed_month_is_filled_from_its_books_unless_live_data_are_asked_for(world: World) -> None:
    form = world.make(books.monthly())
    close_month(world.session, actor_of(world.user), zone=world.zone, month=JUNE, waive_rest="测试")
    late = make_project(world.session, world.zone, unit=world.first, name="补记项目", total_fen=2 * YI)
    make_arrival(world.session, world.zone, late, 500 * WAN, arrived_on=dt.date(2024, 6, 20))
    for live, words, extra in ((False, "2024年6月关账数据", 0), (True, "实时数据", 500)):
        sheet, checks = world.fill(form, live=live)
        assert sheet.cell(sheet.max_row, 1).value.endswith(f"由系统填报，{words}")
        rows = range(5, 5 + column(sheet, "B", 5, 12).index("合计"))
        assert sum(sheet[f"N{row}"].value or 0 for row in rows) == 2300 + extra
        assert [check["agrees"] for check in checks] == [True, True]


@pytest.mark.parametrize(
    ("titles", "group"),
    [
        (("一、招商一部", "二、招商二部（3个）"), "unit"),
        (("（一）在谈项目", "（二）签约项目"), "stage"),
        (("一、综合保税区", "二、空港片区"), "area"),
        (("一、新建项目", "二、续建项目"), "newness"),
        (("一、重点对接", "二、保持对接"), "stage"),
        (("1.投资促进局", "2.经济发展局"), "unit"),
    ],
)
def test_the_groups_are_what_the_title_rows_name(titles: tuple[str, ...], group: str) -> None:
    assert propose_group(titles, {"unit": ["招商一部"], "area": ["综合保税区"], "chain": []}) == group


@pytest.mark.parametrize(
    ("cell", "text", "found", "words"),
    [
        ("O8", "=O6", {}, "引用了数据行中的单元格 O6"),
        ("O8", "=SUM(O5:O6)", {}, "只涉及数据区"),
        ("O8", "=SUM(O5:O7)", {"group": "unit", "subtotals": True}, "再加一遍"),
        ("O8", "=SUM(O5:O7)", {"last_row": 4}, "数据区的最后一行"),
        ("O8", None, {"ties": {"C9": {"field": "name"}}}, "不在数据行"),
        ("O8", None, {"ties": {"C5": {"field": "nothing"}}}, "字段不存在"),
        ("O8", None, {"singles": {"C6": {"text": "x"}}}, "会被项目替换"),
        ("O8", None, {"singles": {"C2": {"figure": "funds.amount", "dimension": "unit"}}}, "请填写是哪一个责任单位"),
        ("O8", None, {"order": "drop table"}, "不在可选范围内"),
    ],
)  # fmt: skip
def test_what_cannot_be_filled_is_refused_when_it_is_saved(
    world: World, cell: str, text: str | None, found: dict[str, Any], words: str
) -> None:
    path = world.folder / "changed.xlsx"
    path.write_bytes(books.monthly())
    book = openpyxl.load_workbook(path)
    if text is not None:
        book["月报"][cell] = text
    book.save(path)
    form = world.make(path.read_bytes())
    before = json.dumps(form.setup)
    with pytest.raises(DomainError, match=words):
        world.change(form, **found)
    assert json.dumps(form.setup) == before


@pytest.mark.parametrize("case", HOSTILE_FILES, ids=lambda case: case.name)
def test_a_hostile_workbook_is_refused_in_words(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    path.write_bytes(case.make())
    with pytest.raises(WorkbookError, match="请"), at_most(10):
        look_at_workbook(path)


def test_nothing_of_a_refused_workbook_is_kept(world: World) -> None:
    with pytest.raises(WorkbookError, match="没有任何文字"):
        world.make(books.as_bytes(openpyxl.Workbook()))
    assert [path for path in world.folder.rglob("*") if path.is_file()] == []


def test_copies_share_the_workbook_and_a_removed_form_is_gone(world: World) -> None:
    actor = actor_of(world.user)
    form = world.make(books.talks(), "在谈库")
    copy = copy_form(world.session, actor, form)
    assert (copy.name, copy.sha256, copy.setup) == ("在谈库（副本）", form.sha256, form.setup)
    with pytest.raises(DomainError, match="已有名为"):
        world.make(books.talks(), "在谈库")
    world.change(form, order="name")
    assert (form.version, copy.version) == (2, 1)
    with pytest.raises(ConflictError):
        world.change(form, version=1)
    remove_form(world.session, actor, form)
    with pytest.raises(ConflictError):
        get_form(world.session, world.zone.id, form.id)
    assert world.make(books.works(), "在谈库").id != form.id
    sheet, _checks = world.fill(copy)
    assert column(sheet, "C", 3, 4) == ["冷链物流", None]


def test_money_of_a_year_and_a_month_constants_and_progress_of_months(world: World) -> None:
    form = world.make(books.talks())
    ties = {
        "A3": Tie("serial"), "B3": Tie("constant", text="重点"), "C3": Tie("name"), "D3": Tie("funds_year", text="2023"),
        "E3": Tie("funds_in", text="2024-06", unit="元", places=0), "F3": Tie("progress", style="1m"), "G3": Tie("signed", style="month"),
        "H3": Tie("progress", style="1"),
    }  # fmt: skip
    world.change(
        form,
        rows={},
        ties={cell: vars(tie) for cell, tie in ties.items()},
        singles={"A1": vars(Single(text="{年月}在谈"))},
    )
    sheet, _checks = world.fill(form)
    assert sheet["A1"].value == "2024年6月在谈"
    assert column(sheet, "B", 3, 6) == ["重点"] * 4
    assert column(sheet, "D", 3, 6)[0] == 7000
    row = column(sheet, "C", 3, 6).index("锂电正极材料生产基地") + 3
    assert sheet[f"E{row}"].value == 20_000_000
    assert sheet[f"H{row}"].value == "6月21日，设备进场。"
    assert str(sheet[f"F{row}"].value).count("\n") == 2
    assert sheet[f"G{row}"].number_format == 'yyyy"年"m"月"'


def test_two_rows_a_project_the_total_in_its_own_row_and_a_second_sheet(world: World) -> None:
    form = world.make(books.two_rows())
    assert (form.setup["重点"]["total_row"], form.setup["重点"]["data_row"]) == (3, 4)
    ties = {
        "A4": {"field": "name"}, "B4": {"field": "total", "unit": "亿元"}, "C4": {"field": "funds_ytd"},
        "D4": {"field": "unit"}, "B5": {"field": "progress", "style": "1"}, "D5": {"field": "officer"},
    }  # fmt: skip
    world.change(form, block=2, last_row=5, ties=ties, total="top", rows={"units": [world.first.id]})
    target = world.folder / "filled.xlsx"
    occasion = Occasion(world.zone, JUNE, TODAY, "马晓琳")
    fill_form(world.session, occasion, file_of(world.folder, form), setups_of(form.setup), target)
    book = openpyxl.load_workbook(target)
    sheet = book["重点"]
    assert [sheet[f"{letter}3"].value for letter in "ABCD"] == ["合计", 4.2, 3050.000055, None]
    assert column(sheet, "A", 4, 7) == ["纺织服装园", None, "锂电正极材料生产基地", None]
    assert column(sheet, "D", 4, 7) == ["招商一部", None, "招商一部", "吴建军"]
    assert sheet["B7"].value == "6月21日，设备进场。"
    assert {str(found) for found in sheet.merged_cells.ranges} == {"A1:D1", "A4:A5", "A6:A7"}
    assert sheet["A9"].value == "注：本表按月报送。"
    assert (book["封面"]["A1"].value, book["封面"]["B2"].value) == ("填报单位：喀什经济开发区", "=重点!C3")


def test_the_heads_of_figures_stand_above_the_first_title_row() -> None:
    rows = [("单位", "到位资金", ""), ("", "本月", "同比"), ("一、招商部", "", ""), ("招商一部", "", "")]
    texts = {(r, c): text for r, row in enumerate(rows, 1) for c, text in enumerate(row, 1)}
    texts |= {(1, 3): "到位资金", (3, 2): "一、招商部", (3, 3): "一、招商部"}
    grid = Grid(texts, {}, [(1, 2, 1, 3), (3, 1, 3, 3)], 4, 3)
    found = propose_figures(grid, {"unit": ["招商一部"]})
    assert {cell: one.window for cell, one in found.items()} == {"B4": "month", "C4": "yoy"}
