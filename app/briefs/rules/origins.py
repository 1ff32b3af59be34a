"""Section 三: chains, sources and areas (sentences: brief.md §2.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from app.briefs.rules.runs import Text, row_of, sentence
from app.briefs.rules.view import FUNDS, Data, View
from app.briefs.rules.words import percent, spoken, year_growth
from app.directory.rules import OriginGroup
from app.figures.rules import NONE_LABEL, share_percent

WEAK_PERCENT = 10
"""A segment below this share of its chain's projects is weak."""
SAID = 4
"""At most so many weak places in the paragraph."""
AID, OTHER = OriginGroup.aid.value, OriginGroup.other_province.value
INSIDE, ABROAD = OriginGroup.inside.value, OriginGroup.abroad.value


def chains_paragraph(view: View) -> Text:
    """All chains together, then those the zone calls leading."""
    stock, links = view.data["stock"], view.links
    filled = [chain for chain in named_chains(view) if chain["projects"]]
    if not filled:
        return [f"截至{view.end}，各产业链均无在册签约项目。"]
    rest = stock["projects"] - sum(chain["projects"] for chain in filled)
    text = sentence(
        f"截至{view.end}，{len(filled)}条产业链在册签约项目",
        links.figure(f"{sum(chain['projects'] for chain in filled)}个", "stock.count"),
        "、总投资",
        links.figure(spoken(sum(chain["total_fen"] for chain in filled)), "stock.amount"),
        "，全部达产后预计年产值",
        links.figure(spoken(sum(chain["output_fen"] for chain in filled)), "stock.output"),
        "。",
        ["另有", links.figure(f"{rest}个", "stock.count", chain=NONE_LABEL), "在册项目未归入产业链。"]
        if rest
        else [],
    )
    leading = [chain for chain in filled if chain["leading"]]
    if not leading:
        return text
    return sentence(text, row_of([_one_chain(view, chain) for chain in leading], "；"), "。")


def named_chains(view: View) -> list[Data]:
    """The zone's chains, without the row of projects that have none."""
    return [chain for chain in view.data["chains"] if chain["chain"] != NONE_LABEL]


def _one_chain(view: View, chain: Data) -> Text:
    name, links = chain["chain"], view.links
    firms = chain["investors"] == chain["projects"]
    unit = "家" if firms else "个"
    segments = [
        [segment, links.figure(f"{number}{unit}", "stock.count", chain=name, segment=segment)]
        for segment, number in chain["segments"].items()
        if number
    ]
    return sentence(
        f"{name}{'企业' if firms else '项目'}",
        links.figure(f"{chain['projects']}{unit}", "stock.count", chain=name),
        sentence("，其中", row_of(segments)) if segments else [],
        "，总投资",
        links.figure(spoken(chain["total_fen"]), "stock.amount", chain=name),
        sentence("，预计年产值", links.figure(spoken(chain["output_fen"]), "stock.output", chain=name))
        if chain["output_fen"]
        else [],
    )


def links_paragraph(view: View) -> Text | None:
    """补链延链: what the month added to which chain, and where chains are weak; None when there is nothing to say."""
    new, weak = _new_links(view), _weak_links(view)
    return sentence(new, weak) if new or weak else None


def _new_links(view: View) -> Text:
    count, links = view.values("signed.count").month, view.links
    chains = sorted(
        (c for c in named_chains(view) if c["signed"]["month"]), key=lambda c: -c["signed"]["month"]
    )
    if not count or not chains:
        return []
    parts = []
    for chain in chains:
        linked = links.figure(f"{chain['signed']['month']}个", "signed.count", "month", chain=chain["chain"])
        parts.append(sentence(chain["chain"], linked, _new_segments(view, chain)))
    rest = count - sum(chain["signed"]["month"] for chain in chains)
    if rest:
        parts.append(["未归入产业链", links.figure(f"{rest}个", "signed.count", "month", chain=NONE_LABEL)])
    number = links.figure(f"{count}个", "signed.count", "month")
    gain = f"，对{len(chains)}条产业链形成补充。"
    return sentence(f"{view.this}新签约的", number, "项目中，", row_of(parts, "，"), gain)


def _new_segments(view: View, chain: Data) -> Text:
    """（家纺、织造环节各1个）; a single segment that took all needs no number."""
    segments, links = chain["new_segments"], view.links
    if not segments:
        return []
    if list(segments.values()) == [chain["signed"]["month"]]:
        return [f"（{next(iter(segments))}环节）"]
    groups = []
    for number, members in groupby(segments.items(), key=lambda item: item[1]):
        names = [name for name, _number in members]
        narrowed = {"chain": chain["chain"], "segment": names[0]}
        linked = links.figure(f"{number}个", "signed.count", "month", **narrowed)
        groups.append([f"{'、'.join(names)}环节{'各' if len(names) > 1 else ''}", linked])
    return sentence("（", row_of(groups), "）")


@dataclass(frozen=True)
class WeakSegment:
    """A segment with few projects or none, in a chain that has some."""

    chain: str
    segment: str
    projects: int
    of: int


def weak_segments(view: View) -> list[WeakSegment]:
    """Segments below 10 % of their chain's projects, those of the chain with most projects first."""
    found = [
        WeakSegment(chain["chain"], segment, number, chain["projects"])
        for chain in named_chains(view)
        for segment, number in chain["segments"].items()
        if chain["projects"] and number * 100 < chain["projects"] * WEAK_PERCENT
    ]
    return sorted(found, key=lambda weak: -weak.of)


def chains_without_contract(view: View) -> list[Data]:
    """Chains that signed nothing this year though they did last year or have projects standing."""
    return [
        chain
        for chain in named_chains(view)
        if not chain["signed"]["ytd"] and (chain["signed"]["last_year_ytd"] or chain["projects"])
    ]


def _weak_links(view: View) -> Text:
    weak = weak_segments(view)
    parts = [_few(view, segment) for segment in weak if segment.projects] + _blank(weak)
    both = "均" if len(parts) > 1 or sum(not segment.projects for segment in weak) > 1 else ""
    text = sentence(row_of(parts[:SAID], "；"), f"，{both}是当前补链重点") if parts else []
    idle = _idle_chains(view)
    if idle and view.values("signed.count").ytd:
        text = sentence(text, "；" if text else "", idle, "，须加强延链招商")
    return sentence("从链上看，", text, "。") if text else []


def _few(view: View, weak: WeakSegment) -> Text:
    narrowed = {"chain": weak.chain, "segment": weak.segment}
    share = share_percent(weak.projects, weak.of) or Decimal(0)
    return [
        f"{weak.chain}{weak.segment}环节仅",
        view.links.figure(f"{weak.projects}个", "stock.count", **narrowed),
        "，占该链项目数的",
        view.links.figure(percent(share), "stock.share", **narrowed),
    ]


def _blank(weak: list[WeakSegment]) -> list[Text]:
    """Empty segments, those of one chain together."""
    chains: dict[str, list[str]] = {}
    for segment in weak:
        if not segment.projects:
            chains.setdefault(segment.chain, []).append(segment.segment)
    return [[f"{chain}{'、'.join(names)}环节尚属空白"] for chain, names in chains.items()]


def _idle_chains(view: View) -> Text:
    names = []
    for chain in chains_without_contract(view):
        before = chain["signed"]["last_year_ytd"]
        linked = view.links.figure(f"{before}个", "signed.count", "last_year_ytd", chain=chain["chain"])
        names.append((chain["chain"], ["（上年同期", linked, "）"] if before else []))
    if not names:
        return []
    if len(names) == 1:
        return sentence(f"{names[0][0]}{view.period}无新签约项目", names[0][1])
    return sentence(
        row_of([sentence(name, before) for name, before in names]), f"{view.period}均无新签约项目"
    )


def by_group(view: View) -> list[tuple[str, list[Data]]]:
    """Origins by group in printed order; outside Xinjiang the 援疆 provinces are provinces like others."""
    names = {AID: AID, OTHER: "其他省份"} if view.aided else {AID: "区外境内", OTHER: "区外境内"}
    groups: dict[str, list[Data]] = {}
    for group in OriginGroup:
        label = names.get(group.value, group.value)
        rows = [row for row in view.data["origins"] if row["group"] == group.value]
        if rows:
            groups.setdefault(label, []).extend(rows)
    return [
        (name, sorted(rows, key=lambda r: (-r["funds_fen"], -r["total_fen"])))
        for name, rows in groups.items()
    ]


def sources_paragraph(view: View) -> Text:
    """投资来源: money from the 援疆 provinces, from inside, from abroad."""
    total = view.values(FUNDS).ytd
    if not total:
        return [f"{view.period}无资金到位。"]
    groups = dict(by_group(view))
    outside = AID if view.aided else "区外境内"
    parts = [
        _from_outside(view, outside, groups.get(outside, []), total),
        _from(view, "区内资金", "无区内资金到位", groups.get(INSIDE, []), "区内"),
        _from(view, "境外资金折合人民币", "无境外资金到位", groups.get(ABROAD, []), "境外"),
    ]
    return sentence(f"{view.period}到位资金中，", row_of(parts, "；"), "。")


def _from_outside(view: View, group: str, rows: list[Data], total: int) -> Text:
    amount, before = _summed(rows, "funds_fen"), _summed(rows, "funds_last_fen")
    words, key = ("来自对口援疆省市", AID) if group == AID else ("来自区外境内", "区外境内")
    if not amount:
        return [f"无{words.removeprefix('来自')}资金到位"]
    links, share = view.links, share_percent(amount, total) or Decimal(0)
    first = [r for r in rows if r["funds_fen"]][:3]
    leaders = row_of(
        [[r["origin"], links.figure(spoken(r["funds_fen"]), FUNDS, "ytd", origin=r["origin"])] for r in first]
    )
    return sentence(
        words,
        links.figure(spoken(amount), FUNDS, "ytd", origin=key),
        "，占",
        links.figure(percent(share), "funds.share", origin=key),
        "，",
        _growth(view, amount, before, key),
        sentence("，其中", leaders, "，居前三位") if len(first) == 3 else sentence("，其中", leaders),
    )


def _from(view: View, words: str, none: str, rows: list[Data], key: str) -> Text:
    amount, before = _summed(rows, "funds_fen"), _summed(rows, "funds_last_fen")
    if not amount:
        return [none]
    linked = view.links.figure(spoken(amount), FUNDS, "ytd", origin=key)
    return sentence(words, linked, "，", _growth(view, amount, before, key))


def _growth(view: View, now: int, before: int, key: str) -> Text:
    lead, word = year_growth(now, before)
    return [lead, view.links.figure(word, FUNDS, "yoy", origin=key)] if lead else [word]


def _summed(rows: Sequence[Data], key: str) -> int:
    return sum(row[key] for row in rows)


def areas_paragraph(view: View) -> Text:
    """片区分布: who has most money, who started most."""
    rows = [row for row in view.data["areas"] if row["area"] != NONE_LABEL]
    if not rows:
        return ["尚未设置落地片区。"]
    parts = [part for part in (_most_money(view, rows), _most_started(view, rows)) if part]
    if not parts:
        return [f"{view.period}各片区均无资金到位，无新开工亿元以上项目。"]
    return sentence("从片区看，", row_of(parts, "；"), "。")


def _most_money(view: View, rows: list[Data]) -> Text:
    most = max(row["funds_fen"] for row in rows)
    if not most:
        return []
    names = [row["area"] for row in rows if row["funds_fen"] == most]
    linked = view.links.figure(spoken(most), FUNDS, "ytd", area=names[0])
    tied = len(names) > 1
    place = f"，{'并列' if tied else '居'}{len(rows)}个片区首位" if len(rows) > 1 else ""
    return sentence("、".join(names), "均" if tied else "", "到位资金", linked, place)


def _most_started(view: View, rows: list[Data]) -> Text:
    most, code = max(row["started_big"] for row in rows), "started_big.count"
    if not most:
        return []
    first = [row for row in rows if row["started_big"] == most]
    names = "、".join(row["area"] for row in first)
    linked = view.links.figure(f"{most}个", code, "ytd", area=first[0]["area"])
    text = sentence(names, "均" if len(first) > 1 else "", "新开工亿元以上项目", linked)
    if len(rows) > 1:
        text = sentence(text, "，为最多" if len(first) == 1 else "，并列最多")
    if len(first) > 1:
        return text
    before, word = year_growth(most, first[0]["started_big_last"])
    linked = view.links.figure(word, code, "yoy", area=first[0]["area"])
    return sentence(text, "，", before, linked) if before else sentence(text, f"（{word}）")
