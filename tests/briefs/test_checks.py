"""The self-checks refuse a snapshot in which one number was altered."""

import copy

import pytest

from app.briefs.rules import check_snapshot, numbers
from app.briefs.rules.runs import identity
from tests.briefs.samples import YI, sample, written


def test_the_sample_passes():
    assert check_snapshot(written(sample())) == []


ALTERED = [
    (("figures", "funds.amount", "ytd"), "各月到位资金"),
    (("figures", "funds.amount", "month"), "到位资金本月数与累计数减上月累计数不符"),
    (("figures", "signed.count", "ytd"), "各产业链新签约项目"),
    (("figures", "signed_big.count", "ytd"), "新签约合同亿元以上项目数（ytd）大于新签约合同项目数"),
    (("figures", "started_big.count", "month"), "本月新开工亿元以上项目数明细"),
    (("figures", "signed.count", "month"), "新签约合同项目数本月数与累计数减上月累计数不符"),
    (("months", "funds", 2), "各月到位资金"),
    (("months", "funds_last_year", 2), "上年各月到位资金"),
    (("units", 1, "ytd"), "各责任单位到位资金"),
    (("units", 2, "rank"), "责任单位排名有误：招商三部"),
    (("areas", 0, "funds_fen"), "各片区到位资金"),
    (("areas", 0, "signed"), "各片区新签约项目"),
    (("areas", 0, "started_big"), "各片区亿元以上新开工项目"),
    (("origins", 3, "funds_last_fen"), "各来源地上年同期到位资金"),
    (("origins", 3, "projects"), "各来源地在册项目"),
    (("chains", 1, "total_fen"), "各产业链总投资"),
    (("chains", 1, "output_fen"), "各产业链预计年产值"),
    (("chains", 0, "segments", "电池"), "锂电新能源各环节项目数之和大于该链项目数"),
    (("chains", 0, "investors"), "锂电新能源企业数大于项目数"),
    (("stages", 0, "projects"), "各阶段在册项目"),
    (("stock_big", "projects"), "附件亿元以上项目"),
    (("ledger", 5, "total_fen"), "附件亿元以上总投资"),
    (("ledger", 5, "arrived_fen"), "附件亿元以上累计到位资金"),
    (("targets", 0, "ytd"), "完成率所用累计数与指标累计数不符"),
    (("warnings", "sums", "slow_big", "projects"), "预警明细（slow_big）"),
    (("warnings", "rows", "stalled_big", 0, "total_fen"), "预警明细金额（stalled_big）"),
]


@pytest.mark.parametrize(
    ("path", "sentence"),
    ALTERED,
    ids=lambda value: "/".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_an_altered_number_is_found(path, sentence):
    snapshot = sample()
    place = snapshot["data"]
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] += 10
    failed = check_snapshot(written(snapshot))
    assert any(sentence in each for each in failed), failed


def test_words_that_are_not_those_of_the_numbers_are_found():
    snapshot = written(sample())
    altered = copy.deepcopy(snapshot)
    altered["content"]["sections"][0]["blocks"][2]["bodies"][0]["rows"][0]["cells"][4]["r"][0]["t"] = "21"
    assert check_snapshot(altered) == ["正文或表格与数据不一致"]


@pytest.mark.parametrize("value", [-1, 1.5, True, "20"])
def test_counts_are_whole_numbers(value):
    snapshot = written(sample())
    snapshot["data"]["figures"]["signed.count"]["ytd"] = value
    assert any("不是非负整数" in each for each in check_snapshot(snapshot))


def test_a_missing_project_in_the_month_list_is_found():
    snapshot = sample()
    del snapshot["data"]["changes"]["signed"][0]
    assert any("本月新签约合同亿元以上项目数明细" in each for each in check_snapshot(written(snapshot)))


def test_only_one_basis_in_a_brief():
    closed = {
        "basis": "closed",
        "close_hash": "ab" * 32,
        "closed_at": "2024-07-02 09:00",
        "closed_by": "马晓琳",
    }
    whole = written(sample(**closed))
    assert check_snapshot(whole) == []
    assert any("数据基准" in each for each in check_snapshot(written(sample(**closed) | {"close_hash": ""})))
    run = next(run for run in numbers(whole["content"]["opening"]))
    run["u"] = identity(run["u"])
    assert any(f"“{run['t']}”的数据基准与本期不一致" in each for each in check_snapshot(whole))


def test_a_dissolved_contract_explains_its_month():
    """In May the year loses the dissolved project: 14 + 1 − 0 in April's terms."""
    snapshot = sample()
    snapshot["data"]["left_out"] = {"signed": [1, 3 * YI]}
    assert any("新签约合同项目数本月数" in each for each in check_snapshot(written(snapshot)))
