"""Section 三: chains and sources (sentences: brief.md §2.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from app.briefs.rules.opening import growth_said
from app.briefs.rules.runs import Run, Text, row_of, sentence
from app.briefs.rules.sentences import Tokens
from app.briefs.rules.view import FUNDS, Data, View
from app.briefs.rules.words import percent, spoken
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
    links = view.links
    filled = [chain for chain in named_chains(view) if chain["projects"]]
    if not filled:
        return view.say("chains.none")
    number = sum(chain["projects"] for chain in filled)
    total, output = (sum(chain[key] for chain in filled) for key in ("total_fen", "output_fen"))
    rest, leading = view.data["stock"]["projects"] - number, [c for c in filled if c["leading"]]
    outside: Text = []
    if rest:
        linked = links.figure(f"{rest}个", "stock.count", chain=NONE_LABEL)
        outside = view.say("chains.rest", {"个数": linked})
    named = row_of([_one_chain(view, chain) for chain in leading], "；")

    def linked_to(text: str, code: str) -> Run:
        # The rows of the whole register are not these rows when some project belongs to no chain.
        return text if rest else links.figure(text, code)

    return view.say(
        "chains.all",
        {
            "条数": str(len(filled)),
            "个数": linked_to(f"{number}个", "stock.count"),
            "总投资": linked_to(spoken(total), "stock.amount"),
            "年产值": linked_to(spoken(output), "stock.output"),
            "未归链": outside,
            "主导产业链": view.say("chains.leading", {"各链": named}) if leading else [],
        },
    )


def named_chains(view: View) -> list[Data]:
    """The zone's chains, without the row of projects that have none."""
    return [chain for chain in view.data["chains"] if chain["chain"] != NONE_LABEL]


def _one_chain(view: View, chain: Data) -> Text:
    name, links = chain["chain"], view.links
    firms = chain["investors"] == chain["projects"]
    unit = "家" if firms else "个"
    segments: list[Text] = [
        [segment, links.figure(f"{number}{unit}", "stock.count", chain=name, segment=segment)]
        for segment, number in chain["segments"].items()
        if number
    ]
    output: Text = []
    if chain["output_fen"]:
        linked = links.figure(spoken(chain["output_fen"]), "stock.output", chain=name)
        output = view.say("chains.output", {"年产值": linked})
    return view.say(
        "chains.firms" if firms else "chains.projects",
        {
            "链": name,
            "个数": links.figure(f"{chain['projects']}{unit}", "stock.count", chain=name),
            "环节构成": view.say("chains.segments", {"各环节": row_of(segments)}) if segments else [],
            "总投资": links.figure(spoken(chain["total_fen"]), "stock.amount", chain=name),
            "年产值情况": output,
        },
    )


def links_paragraph(view: View) -> Text | None:
    """补链延链: what the month added to which chain, and where chains are weak; None when there is nothing to say."""
    new, weak = _new_links(view), _weak_links(view)
    return sentence(new, weak) if new or weak else None


def _new_links(view: View) -> Text:
    count, links, code = view.values("signed.count").month, view.links, "signed.count"
    chains = sorted(
        (c for c in named_chains(view) if c["signed"]["month"]), key=lambda c: -c["signed"]["month"]
    )
    if not count or not chains:
        return []
    parts = []
    for chain in chains:
        linked = links.figure(f"{chain['signed']['month']}个", code, "month", chain=chain["chain"])
        tokens: Tokens = {"链": chain["chain"], "个数": linked, "新增环节": _new_segments(view, chain)}
        parts.append(view.say("links.new_chain", tokens))
    rest = count - sum(chain["signed"]["month"] for chain in chains)
    if rest:
        linked = links.figure(f"{rest}个", code, "month", chain=NONE_LABEL)
        parts.append(view.say("links.new_rest", {"个数": linked}))
    return view.say(
        "links.new",
        {
            "个数": links.figure(f"{count}个", code, "month"),
            "各链": row_of(parts, "，"),
            "条数": str(len(chains)),
        },
    )


def _new_segments(view: View, chain: Data) -> Text:
    """（家纺、织造环节各1个）; a single segment that took all needs no number."""
    segments, links = chain["new_segments"], view.links
    if not segments:
        return []
    if list(segments.values()) == [chain["signed"]["month"]]:
        return view.say("links.segment_only", {"环节": next(iter(segments))})
    groups = []
    for number, members in groupby(segments.items(), key=lambda item: item[1]):
        names = [name for name, _number in members]
        narrowed = {"chain": chain["chain"], "segment": names[0]}
        linked = links.figure(f"{number}个", "signed.count", "month", **narrowed)
        key = "links.segment_each" if len(names) > 1 else "links.segment"
        groups.append(view.say(key, {"环节": "、".join(names), "个数": linked}))
    return view.say("links.segments", {"各环节": row_of(groups)})


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
    parts = [_few(view, segment) for segment in weak if segment.projects] + _blank(view, weak)
    said: list[Text] = []
    if parts:
        more = len(parts) > 1 or sum(not segment.projects for segment in weak) > 1
        tokens: Tokens = {"各环节": row_of(parts[:SAID], "；")}
        said.append(view.say("links.weak_more" if more else "links.weak_one", tokens))
    idle = _idle_chains(view)
    if idle and view.values("signed.count").ytd:
        said.append(view.say("links.idle", {"未签约": idle}))
    return view.say("links.weak", {"内容": row_of(said, "；")}) if said else []


def _few(view: View, weak: WeakSegment) -> Text:
    narrowed = {"chain": weak.chain, "segment": weak.segment}
    share = share_percent(weak.projects, weak.of) or Decimal(0)
    return view.say(
        "links.few",
        {
            "链": weak.chain,
            "环节": weak.segment,
            "个数": view.links.figure(f"{weak.projects}个", "stock.count", **narrowed),
            "占比": view.links.figure(percent(share), "stock.share", **narrowed),
        },
    )


def _blank(view: View, weak: list[WeakSegment]) -> list[Text]:
    """Empty segments, those of one chain together."""
    chains: dict[str, list[str]] = {}
    for segment in weak:
        if not segment.projects:
            chains.setdefault(segment.chain, []).append(segment.segment)
    return [
        view.say("links.blank", {"链": chain, "环节": "、".join(names)}) for chain, names in chains.items()
    ]


def _idle_chains(view: View) -> Text:
    names: list[tuple[str, Text]] = []
    for chain in chains_without_contract(view):
        before, last_year = chain["signed"]["last_year_ytd"], list[Run]()
        if before:
            linked = view.links.figure(f"{before}个", "signed.count", "last_year_ytd", chain=chain["chain"])
            last_year = view.say("links.idle_before", {"个数": linked})
        names.append((chain["chain"], last_year))
    if not names:
        return []
    if len(names) == 1:
        return view.say("links.idle_one", {"各链": names[0][0], "上年": names[0][1]})
    return view.say("links.idle_more", {"各链": row_of([sentence(*each) for each in names])})


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
        return view.say("sources.none")
    groups = dict(by_group(view))
    outside = ("aid", AID) if view.aided else ("outside", "区外境内")
    parts = [
        _from(view, key, name, groups.get(name, []), total)
        for key, name in (outside, ("inside", INSIDE), ("abroad", ABROAD))
    ]
    return view.say("sources.all", {"各来源": row_of(parts, "；")})


def _from(view: View, key: str, group: str, rows: list[Data], total: int) -> Text:
    """Money from one group of origins; of those outside the zone's province the first three by name."""
    amount, before = _summed(rows, "funds_fen"), _summed(rows, "funds_last_fen")
    if not amount:
        return view.say(f"sources.{key}_none")
    links, origin = view.links, {INSIDE: "区内", ABROAD: "境外"}.get(group, group)
    tokens: dict[str, Run | Text] = {
        "到位资金": links.figure(spoken(amount), FUNDS, "ytd", origin=origin),
        "同比": growth_said(view, amount, before, FUNDS, origin=origin),
    }
    if key in ("aid", "outside"):
        share = share_percent(amount, total) or Decimal(0)
        tokens["占比"] = links.figure(percent(share), "funds.share", origin=origin)
        tokens["前几位"] = _leaders(view, [row for row in rows if row["funds_fen"]][:3])
    return view.say(f"sources.{key}", tokens)


def _leaders(view: View, rows: list[Data]) -> Text:
    names: list[Text] = [
        [r["origin"], view.links.figure(spoken(r["funds_fen"]), FUNDS, "ytd", origin=r["origin"])]
        for r in rows
    ]
    return view.say("sources.first_three" if len(rows) == 3 else "sources.first_few", {"各地": row_of(names)})


def _summed(rows: Sequence[Data], key: str) -> int:
    return sum(row[key] for row in rows)
