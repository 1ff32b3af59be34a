"""Self-checks on a snapshot before anything is printed (figures.md §6): each failure is a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

from app.briefs.rules.annexes import NO_CHAIN
from app.briefs.rules.document import write_brief
from app.briefs.rules.prose import numbers
from app.briefs.rules.ranking import ranks
from app.briefs.rules.runs import FROM_RECORDS
from app.briefs.rules.tables import INDICATORS
from app.briefs.rules.view import FUNDS, Data, View
from app.figures.rules import CATALOGUE, Measure, WindowName, share_percent
from app.kernel.money import spoken

STEPS = ("signed", "started", "produced")


def check_snapshot(snapshot: Data) -> list[str]:
    """What contradicts itself in the snapshot, in Chinese; an empty list may be printed."""
    view = View(snapshot)
    first = list(_counts(view))
    if first:
        return first
    checks = (
        _subsets,
        _months,
        _issued,
        _parts,
        _stages,
        _changes,
        _annex,
        _rows,
        _ranking,
        _targets,
        _warnings,
        _shares,
        _basis,
    )
    return [sentence for check in (*checks, _printed) for sentence in check(view)]


def _same(what: str, parts: int, total: int, *, counted: bool = False) -> Iterator[str]:
    if parts != total:
        said = (f"{parts}个", f"{total}个") if counted else (spoken(parts), spoken(total))
        if said[0] == said[1]:
            said = (f"{parts / 100:.2f}元", f"{total / 100:.2f}元")
        yield f"{what}：分项之和{said[0]}与合计{said[1]}不符"


def _counts(view: View) -> Iterator[str]:
    """Counts and fen are whole and not below zero, but for a month that takes back what was issued."""
    for code, windows in view.data["figures"].items():
        for window, value in windows.items():
            may_fall = view.corrected and window == "month"
            if not isinstance(value, int) or isinstance(value, bool) or (value < 0 and not may_fall):
                yield f"{CATALOGUE[code].name}（{window}）的数值{value}不是非负整数"


def _subsets(view: View) -> Iterator[str]:
    """亿元以上 is never more than all; a month never more than the year it belongs to."""
    for kind in STEPS:
        for measure in Measure:
            part, whole = view.values(f"{kind}_big.{measure}"), view.values(f"{kind}.{measure}")
            for window in WindowName:
                if view.corrected and window is WindowName.month:
                    continue
                if getattr(part, window) > getattr(whole, window):
                    name = CATALOGUE[f"{kind}_big.{measure}"].name
                    yield f"{name}（{window}）大于{CATALOGUE[f'{kind}.{measure}'].name}"
    for code in INDICATORS:
        values = view.values(code)
        if values.month > values.ytd and not view.corrected:
            yield f"{CATALOGUE[code].name}本月数大于累计数"
    stock, big = view.data["stock"], view.data["stock_big"]
    if big["projects"] > stock["projects"] or big["total_fen"] > stock["total_fen"]:
        yield "在册亿元以上项目多于在册项目"


def _months(view: View) -> Iterator[str]:
    """本月 = 累计 − 上月累计 + 本月因合同终止剔除的; twelve months make the year."""
    months = view.data["months"]
    yield from _same("各月到位资金", sum(months["funds"]), view.values(FUNDS).ytd)
    yield from _same("上年各月到位资金", sum(months["funds_last_year"]), view.values(FUNDS).last_year_ytd)
    before = view.data["before"]
    for code in INDICATORS:
        values, figure = view.values(code), CATALOGUE[code]
        if before is None:
            expected = values.ytd
        elif figure.big_only:
            continue
        else:
            left = view.data["left_out"].get(figure.kind.value, [0, 0])
            expected = values.ytd - before[code]["ytd"] + left[0 if figure.measure is Measure.count else 1]
        if values.month != expected:
            yield f"{figure.name}本月数与累计数减上月累计数不符"


def _issued(view: View) -> Iterator[str]:
    """累计 is not below 累计 as issued last month, unless a correction or a dissolved contract says why."""
    before, kinds = view.data["before"], {row["kind"] for row in view.data.get("corrections") or []}
    if view.snapshot["basis"] != "closed" or before is None:
        return
    for code in INDICATORS:
        figure, left = CATALOGUE[code], view.data["left_out"]
        fell = view.values(code).ytd < before[code]["ytd"]
        if fell and figure.kind.value not in kinds | left.keys():
            yield f"{figure.name}累计数小于上月关账数，而没有更正"


def _parts(view: View) -> Iterator[str]:
    """In every table the parts add up to the zone."""
    funds, signed = view.values(FUNDS), view.values("signed.count")
    stock = view.data["stock"]
    for window in WindowName:
        parts = sum(unit[window] for unit in view.data["units"])
        if view.data["units"]:
            yield from _same("各责任单位到位资金", parts, getattr(funds, window))
    for name, rows in (("各片区", view.data["areas"]), ("各来源地", view.data["origins"])):
        yield from _same(f"{name}到位资金", _sum(rows, "funds_fen"), funds.ytd)
        yield from _same(f"{name}上年同期到位资金", _sum(rows, "funds_last_fen"), funds.last_year_ytd)
        yield from _same(f"{name}新签约项目", _sum(rows, "signed"), signed.ytd, counted=True)
        yield from _same(f"{name}在册项目", _sum(rows, "projects"), stock["projects"], counted=True)
        yield from _same(f"{name}在册总投资", _sum(rows, "total_fen"), stock["total_fen"])
    started = view.values("started_big.count").ytd
    yield from _same(
        "各片区亿元以上新开工项目", _sum(view.data["areas"], "started_big"), started, counted=True
    )
    yield from _chains(view)


def _chains(view: View) -> Iterator[str]:
    chains, stock = view.data["chains"], view.data["stock"]
    yield from _same("各产业链在册项目", _sum(chains, "projects"), stock["projects"], counted=True)
    yield from _same("各产业链总投资", _sum(chains, "total_fen"), stock["total_fen"])
    yield from _same("各产业链预计年产值", _sum(chains, "output_fen"), stock["output_fen"])
    for window in WindowName:
        parts = sum(chain["signed"][window] for chain in chains)
        yield from _same(
            "各产业链新签约项目", parts, getattr(view.values("signed.count"), window), counted=True
        )
    yield from _same("各产业链新签约投资", _sum(chains, "signed_fen"), view.values("signed.amount").ytd)
    for chain in chains:
        if sum(chain["segments"].values()) > chain["projects"]:
            yield f"{chain['chain']}各环节项目数之和大于该链项目数"
        if chain["investors"] > chain["projects"]:
            yield f"{chain['chain']}企业数大于项目数"


def _stages(view: View) -> Iterator[str]:
    stages, stock = view.data["stages"], view.data["stock"]
    yield from _same("各阶段在册项目", _sum(stages, "projects"), stock["projects"], counted=True)
    yield from _same("各阶段在册总投资", _sum(stages, "total_fen"), stock["total_fen"])


def _changes(view: View) -> Iterator[str]:
    """The month's list of 亿元以上 projects is as long as its figure says."""
    for kind in STEPS:
        rows, figure = view.data["changes"][kind], CATALOGUE[f"{kind}_big.count"]
        total = sum(row.get("value", 1) for row in rows)
        yield from _same(f"本月{figure.name}明细", total, view.values(figure.code).month, counted=True)
        largest = view.data["largest"][kind]
        if (largest is not None) != (view.values(f"{kind}.count").month > 0):
            yield f"本月{CATALOGUE[f'{kind}.count'].name}与最大项目不符"


def _annex(view: View) -> Iterator[str]:
    """The ledger adds up to 在册亿元以上, and each of its chains stays within the chain's total."""
    rows, big = view.data["ledger"], view.data["stock_big"]
    yield from _same("附件亿元以上项目", len(rows), big["projects"], counted=True)
    yield from _same("附件亿元以上总投资", _sum(rows, "total_fen"), big["total_fen"])
    yield from _same("附件亿元以上累计到位资金", _sum(rows, "arrived_fen"), big["arrived_fen"])
    totals = {chain["chain"]: chain["total_fen"] for chain in view.data["chains"]}
    for name in {row["chain"] for row in rows if row["chain"]}:
        if sum(row["total_fen"] for row in rows if row["chain"] == name) > totals.get(name, 0):
            yield f"附件中{name or NO_CHAIN}亿元以上总投资大于该链总投资"


def _rows(view: View) -> Iterator[str]:
    """The rows that travel along add up to the year of their figure."""
    for code, rows in view.snapshot.get("rows", {}).items():
        counted = CATALOGUE[code].measure is Measure.count
        total = sum(row["value"] for row in rows)
        yield from _same(f"{CATALOGUE[code].name}明细", total, view.values(code).ytd, counted=counted)


def _ranking(view: View) -> Iterator[str]:
    rows = [unit for unit in view.data["units"] if unit["target"] is not None]
    again = ranks({unit["unit"]: (unit["ytd"], unit["target"]) for unit in rows})
    wrong = [unit["unit"] for unit in view.data["units"] if unit["rank"] != again.get(unit["unit"])]
    if wrong:
        yield f"责任单位排名有误：{'、'.join(wrong)}"


def _targets(view: View) -> Iterator[str]:
    for target in view.targets:
        if target.ytd != view.values(target.figure).ytd:
            yield f"{CATALOGUE[target.figure].name}完成率所用累计数与指标累计数不符"


def _warnings(view: View) -> Iterator[str]:
    sums, rows = view.data["warnings"]["sums"], view.data["warnings"]["rows"]
    for name, found in rows.items():
        yield from _same(f"预警明细（{name}）", len(found), sums[name]["projects"], counted=True)
        yield from _same(f"预警明细金额（{name}）", _sum(found, "total_fen"), sums[name]["total_fen"])
    if sums["stalled_big"]["projects"] > sums["stalled"]["projects"]:
        yield "签约满半年未开工的亿元以上项目多于全部此类项目"


def _basis(view: View) -> Iterator[str]:
    """One basis for all: each link to facts carries the basis of the snapshot, and a closed one names its close."""
    basis = view.snapshot["basis"]
    if basis not in ("live", "closed") or (basis == "closed") != bool(view.snapshot.get("close_hash")):
        yield f"数据基准“{basis}”与口径说明不符"
    content = view.snapshot["content"]
    for run in numbers([content["sections"], content["opening"], content["annexes"]]):
        parts = urlsplit(run["u"])
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        counted = parts.path.removeprefix("/figures/") in CATALOGUE and query.get("w") not in FROM_RECORDS
        if counted and query.get("basis", "live") != basis and "gone" not in run:
            yield f"“{run['t']}”的数据基准与本期不一致"


def _shares(view: View) -> Iterator[str]:
    """占比, each rounded once, add up to 100 % but for the rounding."""
    funds = view.values(FUNDS).ytd
    for name, rows in (("各片区", view.data["areas"]), ("各来源地", view.data["origins"])):
        shares: list[Decimal] = [share_percent(row["funds_fen"], funds) or Decimal(0) for row in rows]
        if funds and abs(sum(shares, Decimal(-100))) > Decimal("0.05") * len(shares):
            yield f"{name}到位资金占比之和为{sum(shares)}%"


def _printed(view: View) -> Iterator[str]:
    """The words and tables are those that the numbers make."""
    numbers = {key: value for key, value in view.snapshot.items() if key != "content"}
    if write_brief(numbers) != view.snapshot["content"]:
        yield "正文或表格与数据不一致"


def _sum(rows: Iterable[Data], key: str) -> int:
    return sum(row[key] for row in rows)
