"""The sentences of the brief in all their cases; the sample's numbers are altered."""

from typing import Any

import pytest

from app.briefs.rules.areas import areas_paragraph
from app.briefs.rules.notes import indicator_notes
from app.briefs.rules.opening import opening, scale_paragraph, targets_paragraph
from app.briefs.rules.origins import chains_paragraph, links_paragraph, sources_paragraph
from app.briefs.rules.problems import next_paragraphs, problem_paragraphs
from app.briefs.rules.runs import plain
from app.briefs.rules.steps import STEPS, step_paragraph, stock_paragraph
from app.briefs.rules.units import ranking_paragraph
from tests.briefs.samples import YI, figure, full_text, said, sample, view

FUNDS = "funds.amount"
SIGNED, STARTED, PRODUCED = STEPS


def in_month(month: str):
    snapshot = sample(month=month)
    snapshot["data"]["before"] = None if month.endswith("-01") else snapshot["data"]["before"]
    return snapshot


def nothing(snapshot):
    """A zone where nothing has happened."""
    data = snapshot["data"]
    for code in data["figures"]:
        figure(snapshot, code, 0, 0, 0)
    data["before"] = {code: {"month": 0, "ytd": 0, "last_year_ytd": 0} for code in data["figures"]}
    data["targets"], data["units"], data["ledger"], data["dissolved"] = [], [], [], []
    data["changes"] = {step.kind: [] for step in STEPS}
    data["largest"] = dict.fromkeys(data["changes"])
    data["stock"] = data["stock_big"] = dict.fromkeys(data["stock"], 0)
    data["stages"] = [{"stage": row["stage"], "projects": 0, "total_fen": 0} for row in data["stages"]]
    data["reserve"] = {"leads": 0, "talks": 0, "intended_fen": 0}
    data["chains"], data["origins"], data["areas"] = [], [], []
    data["months"] = {key: [0] * 6 for key in data["months"]}
    sums = {key: {"projects": 0, "total_fen": 0} for key in data["warnings"]["sums"]}
    data["warnings"] |= {"sums": sums, "rows": {key: [] for key in data["warnings"]["rows"]}, "backlog": []}
    return snapshot


def test_the_headline_paragraph_of_the_sample():
    assert said(opening(view(sample()))) == (
        "上半年，喀什经济开发区新签订招商引资合同项目20个、总投资58.8亿元；新建亿元以上项目26个，同比增长30%；"
        "招商引资到位资金58.32亿元，同比增长7.0%，完成年度目标的47.62%，欠进度2.38个百分点。"
        "6月，新签约项目5个、总投资16.01亿元，新开工项目6个，新投产项目2个，到位资金11亿元。"
    )


def test_every_number_of_the_headline_leads_to_its_rows():
    runs = [run for run in opening(view(sample())) if isinstance(run, dict)]
    assert {"t": "20个", "u": "/figures/signed.count?month=2024-06&w=ytd"} in runs
    assert {"t": "增长7.0%", "u": "/figures/funds.amount?month=2024-06&w=yoy"} in runs
    assert {"t": "2.38个百分点", "u": "/figures/funds.amount?month=2024-06&w=ahead"} in runs
    assert not any(
        character.isdigit()
        for run in opening(view(sample()))
        if isinstance(run, str)
        for character in run.replace("6月", "")
    )


def test_headline_without_target_and_without_base():
    snapshot = sample()
    snapshot["data"]["targets"] = []
    figure(snapshot, FUNDS, 11 * YI, 58 * YI, 0)
    assert "到位资金58亿元，上年同期无基数。6月，" in said(opening(view(snapshot)))


def test_headline_of_an_empty_month():
    text = said(opening(view(nothing(sample()))))
    assert text == (
        "上半年，喀什经济开发区无新签订招商引资合同项目；无新建亿元以上项目；无招商引资资金到位。"
        "6月，无新签约、新开工、新投产项目，无资金到位。"
    )


def test_headline_says_a_month_once_in_january():
    text = said(opening(view(in_month("2024-01"))))
    assert text.startswith("1月，喀什经济开发区")
    assert text.count("1月，") == 1


def test_headline_names_what_stood_last_year_when_nothing_was_built():
    snapshot = sample()
    figure(snapshot, "started_big.count", 0, 0, 3)
    assert "无新建亿元以上项目（上年同期3个）" in said(opening(view(snapshot)))


def test_supplements_without_a_new_contract():
    snapshot = sample()
    figure(snapshot, "signed.count", 0, 0, 2)
    figure(snapshot, "signed.amount", 2 * YI, 3 * YI, YI)
    assert "无新签订招商引资合同项目，补充协议增资3亿元" in said(opening(view(snapshot)))


def test_targets_that_stand_alike_are_said_together():
    assert said(targets_paragraph(view(sample()))) == (
        "全年4项主要指标中，新签约合同项目数、合同总投资、亿元以上新开工项目数均完成年度目标的50%，与时间进度持平；"
        "到位资金完成年度目标的47.62%，比时间进度少2.91亿元。6月到位资金11亿元，比5月增加7783.9万元；"
        "下半年平均每月须到位10.69亿元，方可完成全年目标。"
    )


@pytest.mark.parametrize(
    ("month", "words"),
    [
        ("2024-02", "后10个月平均每月须到位"),
        ("2024-03", "后三个季度平均每月须到位"),
        ("2024-09", "四季度平均每月须到位"),
        ("2024-11", "12月须到位"),
        ("2024-12", "距全年目标还差64.14亿元"),
    ],
)
def test_what_the_rest_of_the_year_must_bring(month, words):
    assert words in said(targets_paragraph(view(in_month(month))))


def test_a_target_that_is_reached_asks_for_nothing_more():
    snapshot = sample()
    snapshot["data"]["targets"] = [{"figure": FUNDS, "target": 50 * YI, "ytd": 5832 * YI // 100}]
    text = said(targets_paragraph(view(snapshot)))
    assert text.startswith("全年到位资金完成年度目标的116.64%，已完成全年目标。")
    assert "须到位" not in text


def test_money_ahead_of_time_and_a_falling_month():
    snapshot = sample()
    snapshot["data"]["targets"] = [{"figure": FUNDS, "target": 100 * YI, "ytd": 5832 * YI // 100}]
    snapshot["data"]["before"][FUNDS]["month"] = 12 * YI
    text = said(targets_paragraph(view(snapshot)))
    assert "比时间进度多8.32亿元" in text
    assert "比5月减少1亿元" in text


def test_without_targets_the_year_says_so():
    snapshot = sample()
    snapshot["data"]["targets"] = []
    assert said(targets_paragraph(view(snapshot))).startswith("2024年未下达全区年度目标。6月到位资金11亿元")


def test_scale():
    assert said(scale_paragraph(view(sample()))) == (
        "从规模看，新签约亿元以上项目19个、总投资58.22亿元，占合同总投资的99%；"
        "单个项目平均总投资2.94亿元，比上年同期增加6753.33万元。"
    )
    snapshot = sample()
    figure(snapshot, "signed.count", 5, 20, 0)
    assert said(scale_paragraph(view(snapshot))).endswith("2.94亿元（上年同期无新签约项目）。")
    assert scale_paragraph(view(nothing(sample()))) is None


def test_a_step_of_the_sample():
    assert said(step_paragraph(view(sample()), PRODUCED)) == (
        "6月，新投产项目2个、总投资7.4亿元，均为亿元以上项目。投资额最大的是湖北恒能纺织新材料有限公司投资建设的"
        "纺织服装纺纱扩建项目，总投资4.5亿元。上半年累计新投产9个、总投资28.49亿元，同比分别增长350%和347.4%，"
        "均为亿元以上项目。"
    )


def test_a_step_that_did_not_happen_goes_on_with_the_year():
    snapshot = sample()
    for code in ("count", "amount"):
        before = snapshot["data"]["figures"][f"started.{code}"]
        figure(snapshot, f"started.{code}", 0, before["ytd"], before["last_year_ytd"])
        figure(snapshot, f"started_big.{code}", 0, 1 if code == "count" else YI, 0)
    snapshot["data"]["largest"]["started"] = None
    text = said(step_paragraph(view(snapshot), STARTED))
    assert text.startswith("6月，无新开工项目。上半年累计新开工32个")


def test_a_single_project_is_named_without_its_amount_again():
    snapshot = sample()
    figure(snapshot, "produced.count", 1, 9, 2)
    figure(snapshot, "produced.amount", 45 * YI // 10, 28 * YI, 6 * YI)
    figure(snapshot, "produced_big.count", 0, 0, 0)
    text = said(step_paragraph(view(snapshot), PRODUCED))
    assert (
        "新投产项目1个、总投资4.5亿元，无亿元以上项目，为湖北恒能纺织新材料有限公司投资建设的纺织服装纺纱扩建项目。"
        in text
    )
    assert text.endswith("，无亿元以上项目。")


@pytest.mark.parametrize(
    ("count", "amount", "words"),
    [
        ((9, 10), (28, 20), "同比分别下降10%、增长40%"),
        ((9, 10), (16, 20), "同比分别下降10%和20%"),
        ((9, 9), (28, 20), "个数与上年同期持平，总投资同比增长40%"),
        ((9, 0), (28, 0), "上年同期无基数"),
    ],
)
def test_two_directions(count, amount, words):
    snapshot = sample()
    figure(snapshot, "produced.count", 2, *count)
    figure(snapshot, "produced.amount", 7 * YI, amount[0] * YI, amount[1] * YI)
    assert words in said(step_paragraph(view(snapshot), PRODUCED))


def test_what_stands():
    text = said(stock_paragraph(view(sample())))
    assert (
        "在册签约项目103个、总投资276.05亿元，其中已开工72个、已投产20个；开工率69.9%，投产率19.4%。" in text
    )
    assert "历年累计到位资金156.42亿元，资金到位率56.7%。另有储备项目26个，其中线索8个、在谈18个" in text
    assert said(stock_paragraph(view(nothing(sample())))) == "截至6月底，无在册签约项目。"


def test_chains():
    text = said(chains_paragraph(view(sample())))
    assert "锂电新能源企业31家，其中电池23家、供应链2家、上游材料6家，总投资80亿元，预计年产值130亿元" in text
    snapshot = sample()
    snapshot["data"]["chains"][0]["investors"] = 30
    assert "锂电新能源项目31个，其中电池23个" in said(chains_paragraph(view(snapshot)))
    assert "均无在册签约项目" in said(chains_paragraph(view(nothing(sample()))))


def test_projects_outside_the_chains_are_said():
    snapshot = sample()
    snapshot["data"]["chains"][0]["projects"] = 30
    assert "另有1个在册项目未归入产业链" in said(chains_paragraph(view(snapshot)))


def test_where_chains_grow_and_where_they_are_weak():
    text = said(links_paragraph(view(sample())))
    assert "高端装备制造2个（零部件、整机环节各1个）" in text
    assert "商贸物流1个（仓储环节），对3条产业链形成补充。" in text
    assert "锂电新能源供应链环节仅2个，占该链项目数的6.5%，是当前补链重点" in text
    assert "数字经济上半年无新签约项目（上年同期1个），须加强延链招商。" in text


def test_segments_with_different_numbers_and_empty_ones():
    snapshot = sample()
    chain = next(c for c in snapshot["data"]["chains"] if c["chain"] == "高端装备制造")
    chain["new_segments"], chain["signed"]["month"] = {"整机": 2, "零部件": 1}, 3
    chain["segments"] = {"整机": 14, "零部件": 0}
    text = said(links_paragraph(view(snapshot)))
    assert "（整机环节2个、零部件环节1个）" in text
    assert "高端装备制造零部件环节尚属空白" in text
    assert links_paragraph(view(nothing(sample()))) is None


def test_sources():
    text = said(sources_paragraph(view(sample())))
    assert (
        "来自对口援疆省市43.57亿元，占74.7%，同比增长12.8%，其中湖北省9.52亿元、上海市8.53亿元、北京市7.6亿元，居前三位"
        in text
    )
    assert text.endswith("境外资金折合人民币5.59亿元，同比下降4.3%。")


def test_sources_that_brought_nothing_and_zones_elsewhere():
    snapshot = sample()
    snapshot["data"]["origins"] = [row for row in snapshot["data"]["origins"] if row["group"] != "境外"]
    assert said(sources_paragraph(view(snapshot))).endswith("无境外资金到位。")
    snapshot["zone"]["province"] = "湖北省"
    assert "对口援疆" not in full_text(snapshot)
    assert "来自区外境内" in said(sources_paragraph(view(snapshot)))
    assert said(sources_paragraph(view(nothing(sample())))) == "上半年无资金到位。"


def test_areas():
    assert said(areas_paragraph(view(sample()))) == (
        "从片区看，空港产业物流区到位资金16.06亿元，居4个片区首位；"
        "综合保税区新开工亿元以上项目8个，为最多，与上年同期持平。"
    )
    snapshot = sample()
    for row in snapshot["data"]["areas"]:
        row["started_big"], row["funds_fen"] = 5, YI
    text = said(areas_paragraph(view(snapshot)))
    assert "均到位资金1亿元，并列4个片区首位" in text
    assert "均新开工亿元以上项目5个，并列最多" in text
    snapshot["data"]["areas"] = snapshot["data"]["areas"][:1]
    assert "首位" not in said(areas_paragraph(view(snapshot)))


def test_ranking():
    text = said(ranking_paragraph(view(sample())))
    assert "6个责任单位中，2个超进度：招商二部26.67个百分点、驻深圳招商组21.13个百分点；4个欠进度：" in text
    assert "与上月相比，招商二部由第2位升至第1位，驻深圳招商组由第1位降至第2位，其余单位位次未变。" in text


def test_ranking_without_moves_in_january_alone_and_without_targets():
    snapshot = sample()
    for row in snapshot["data"]["units"]:
        row["rank_before"] = row["rank"]
    assert said(ranking_paragraph(view(snapshot))).endswith("与上月相比，位次均未变化。")
    assert "与上月相比" not in said(ranking_paragraph(view(in_month("2024-01"))))
    snapshot["data"]["units"] = snapshot["data"]["units"][:1]
    assert (
        said(ranking_paragraph(view(snapshot)))
        == "按到位资金年度目标完成率排名，招商二部超进度26.67个百分点。"
    )
    snapshot["data"]["units"][0] |= {"target": None, "rank": None}
    assert "不作排名" in said(ranking_paragraph(view(snapshot)))
    assert said(ranking_paragraph(view(nothing(sample())))) == "尚未设置责任单位。"


def test_all_units_behind_and_a_tie():
    snapshot = sample()
    for row in snapshot["data"]["units"]:
        row |= {"ytd": YI, "target": 20 * YI, "rank": 1, "rank_before": 2}
    text = said(ranking_paragraph(view(snapshot)))
    assert "6个责任单位均欠进度：招商二部45个百分点" in text
    assert "招商二部由并列第2位升至并列第1位" in text


def test_problems_are_numbered_and_name_projects_by_unit():
    texts = [said(text) for text in problem_paragraphs(view(sample())).values()]
    assert [text[:2] for text in texts] == ["一是", "二是", "三是", "四是"]
    assert "招商一部6月到位资金仅4465.6万元，累计同比下降30.4%。" in texts[0]
    assert (
        "其中亿元以上4个：招商二部的纺织服装家纺产业园项目（二期）4.91亿元、数字经济算力生产基地项目（二期）2.96亿元，驻深圳招商组的"
        in texts[1]
    )
    assert (
        "无已开工而资金未到位的项目；但2个亿元以上项目开工满半年、资金到位率不足20%：招商四部的锂电新能电池建设项目（三期）16%"
        in texts[2]
    )
    assert (
        "待审核到账3笔、1.6亿元，涉及招商二部、驻山东招商组、驻深圳招商组；退回待补正6笔、1.82亿元。"
        in texts[3]
    )


def test_no_problem_and_one_problem():
    empty = nothing(sample())
    assert [said(t) for t in problem_paragraphs(view(empty)).values()] == ["本月无触发预警的事项。"]
    empty["data"]["warnings"]["backlog"] = [
        {"state": "pending", "unit": "招商一部", "arrivals": 1, "amount_fen": YI}
    ]
    assert [said(t) for t in problem_paragraphs(view(empty)).values()] == [
        "部分到账尚未审核认定。待审核到账1笔、1亿元，涉及招商一部。以上均未计入到位资金。"
    ]


def test_more_than_four_names_are_counted():
    snapshot = sample()
    warnings = snapshot["data"]["warnings"]
    warnings["rows"]["stalled_big"] *= 2
    warnings["sums"]["stalled_big"]["projects"] = 8
    assert "等8个。" in said(problem_paragraphs(view(snapshot))["stalled"])


def test_what_follows_is_drawn_from_the_warnings_only():
    texts = [said(text) for text in next_paragraphs(view(sample())).values()]
    assert (
        texts[0] == "盯紧时间进度，对欠进度10个百分点以上的3个责任单位逐一会商，报送下半年分月到位资金计划。"
    )
    assert any("围绕锂电新能源供应链和数字经济两个方向，依托对口援疆机制" in text for text in texts)
    assert [said(t) for t in next_paragraphs(view(nothing(sample()))).values()] == [
        "对照年度目标，抓好下半年项目签约、开工和资金到位。"
    ]


def test_dissolved_contracts_are_always_named():
    corrected = indicator_notes(view(sample()))[1]
    assert plain(corrected).endswith(
        "年内累计剔除合同终止项目1个、3亿元：储能电站示范项目，2月8日签约，5月16日终止，自5月起不再计入签约数，"
        "故新签约各月当月数之和（21个）比累计数（20个）多1个。"
    )


def correction(**values: Any) -> dict[str, Any]:
    return {
        "kind": "funds", "why": "changed", "changed": ["amount_fen"], "project_id": 7, "number": "X7",
        "project": "石英砂项目", "day_before": "2024-05-06", "day": "2024-05-06", "fen_before": 3000_0000_00,
        "fen": 2800_0000_00, "counts": 1,
    } | values  # fmt: skip


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "石英砂项目5月到账3000万元改为2800万元，原因：更正金额"),
        ({"changed": ["on_day"], "day": "2023-12-06", "fen": 3000_0000_00}, "5月到账3000万元改为2023年12月到账3000万元，原因：更正日期"),
        ({"changed": ["unit_id", "area_id"], "fen": 3000_0000_00}, "5月到账3000万元，原因：更正责任单位、落地片区"),
        ({"why": "new", "changed": [], "day_before": None, "fen_before": None}, "5月到账由0改为2800万元，原因：当月漏报，补记"),
        ({"why": "removed", "changed": [], "day": None, "fen": None}, "5月到账3000万元改为0，原因：原记录撤销"),
        ({"why": "removed", "changed": [], "day": None, "fen": None, "reason": "款项已退回企业。"}, "5月到账3000万元改为0，原因：款项已退回企业"),
    ],
)  # fmt: skip
def test_each_correction_says_what_it_was_is_and_why(values, words):
    snapshot = sample()
    snapshot["data"]["corrections"] = []
    assert "本月无调整以前月份数据的情况（0笔）。" in plain(indicator_notes(view(snapshot))[1])
    snapshot["data"]["corrections"] = [correction(**values)]
    text = plain(indicator_notes(view(snapshot))[1])
    assert f"本月调整以前月份数据1笔，已计入本月数：石英砂项目{words.removeprefix('石英砂项目')}。" in text
    snapshot["data"]["corrections"] = None
    assert "2024年6月尚未关账" in plain(indicator_notes(view(snapshot))[1])


@pytest.mark.parametrize("month", [f"2024-{number:02d}" for number in range(1, 13)])
def test_every_month_can_be_written(month):
    snapshot = in_month(month)
    assert full_text(snapshot)
    assert full_text(nothing(in_month(month)))
