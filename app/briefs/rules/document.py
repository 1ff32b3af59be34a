"""The whole brief in order: masthead, sections, annexes, end block, made of plain values (brief.md §1, §2)."""

from __future__ import annotations

from typing import Any

from app.briefs.rules import place_tables, tables
from app.briefs.rules.annexes import corrections_table, definitions, ledger
from app.briefs.rules.charts import chains_chart, funds_chart, funnel_chart
from app.briefs.rules.notes import indicator_notes
from app.briefs.rules.opening import opening, scale_paragraph, targets_paragraph
from app.briefs.rules.origins import areas_paragraph, chains_paragraph, links_paragraph, sources_paragraph
from app.briefs.rules.outline import OPENING, SECTIONS, compose
from app.briefs.rules.problems import next_paragraphs, problem_paragraphs
from app.briefs.rules.runs import Text
from app.briefs.rules.steps import STEPS, step_paragraph, stock_paragraph
from app.briefs.rules.units import ranking_paragraph
from app.briefs.rules.view import Data, View
from app.briefs.rules.words import ORDINALS, title_period

Block = dict[str, Any]
TYPE_WIDTH = 441
"""Points across the type area."""
FORM = 1
"""Version of the snapshot's form; the print templates read this one."""


def write_brief(snapshot: Data) -> Data:
    """The brief's content from the snapshot's numbers: titles, blocks, annexes; numbered tables and charts."""
    view = View(snapshot)
    opened = [_paragraph(opening(view), key=OPENING)]
    written = {
        "indicators": _indicators(view),
        "projects": _projects(view),
        "chains": _chains(view),
        "units": _units(view),
        "problems": _keyed("problems", problem_paragraphs(view)),
        "next": _keyed("next", next_paragraphs(view)),
    }
    sections = {key: {"name": SECTIONS[key], "blocks": blocks} for key, blocks in written.items()}
    first, composed = compose(opened, sections, snapshot.get("prose"))
    body: list[Data] = [
        {"key": part["key"], "heading": f"{ORDINALS[n]}、{part['name']}", "blocks": part["blocks"]}
        for n, part in enumerate(composed)
    ]
    _number(_all(body))
    for number, block in enumerate([*first, *_all(body)], 1):
        block["id"] = f"b{number}"
    return {
        **_masthead(view),
        "opening": first,
        "sections": body,
        "annexes": _annexes(view),
        "end": _end_block(view),
    }


def _all(sections: list[Data]) -> list[Block]:
    return [block for section in sections for block in section["blocks"]]


def _masthead(view: View) -> Data:
    zone, period = view.zone, title_period(view.month)
    day = view.issued_on
    total = f"（总第{zone['total']}期）" if zone["total"] else ""
    common = {
        "period": period,
        "date": f"{day.year}年{day.month}月{day.day}日",
        "issue": f"第{zone['number']}期{total}",
        "office": zone["office"],
        "office_size": _fitting(zone["office"], 15.75, 268),
        "masthead": zone["masthead"],
    }
    if zone["masthead"] == "tongbao":
        return common | {
            "red": f"{zone['office']}文件",
            "red_size": _fitting(f"{zone['office']}文件", 47, TYPE_WIDTH),
            "issue": f"{zone.get('prefix', '')}〔{day.year}〕{zone['number']}号",
            "title": [zone["office"], f"关于{period}招商引资工作情况的通报"],
            "to": zone["issue_to"].rstrip("。") or "各责任单位",
        }
    return common | {"red": "招商引资工作简报", "title": [f"{period}招商引资工作情况"], "to": ""}


def _fitting(text: str, size: float, width: float) -> float:
    """The type size, at most ``size`` pt, at which ``text`` fits ``width`` pt on one line."""
    return round(min(size, width / max(len(text), 1)), 2)


def _paragraph(text: Text, label: str = "", *, key: str) -> Block:
    """A paragraph; ``key`` is its name from month to month, by which people's words find their place."""
    return {"kind": "p", "text": text, "label": label, "key": key}


def _keyed(section: str, paragraphs: dict[str, Text]) -> list[Block]:
    return [_paragraph(text, key=f"{section}.{name}") for name, text in paragraphs.items()]


def _labelled(section: str, paragraphs: list[tuple[str, str, Text | None]]) -> list[Block]:
    """（一）name。 before each paragraph that has something to say."""
    said = [(key, name, text) for key, name, text in paragraphs if text]
    return [
        _paragraph(text, f"（{ORDINALS[n]}）{name}。", key=f"{section}.{key}")
        for n, (key, name, text) in enumerate(said)
    ]


def _blocks(*blocks: Block | None) -> list[Block]:
    return [block for block in blocks if block is not None]


def _note(*texts: str | Text) -> Block:
    return {"kind": "note", "texts": [[text] if isinstance(text, str) else text for text in texts]}


def _indicators(view: View) -> list[Block]:
    scale = scale_paragraph(view)
    return _blocks(
        _paragraph(targets_paragraph(view), key="indicators.targets"),
        _paragraph(scale, key="indicators.scale") if scale else None,
        tables.indicators_table(view),
        _note(*indicator_notes(view)),
        funds_chart(view),
    )


def _projects(view: View) -> list[Block]:
    steps: list[tuple[str, str, Text | None]] = [
        (step.kind, step.name, step_paragraph(view, step)) for step in STEPS
    ]
    changed = tables.changes_table(view)
    note = _note(f"注：到位为截至{view.end}该项目累计认定的到位资金。各组内按总投资由大到小排列。")
    return _blocks(
        *_labelled("projects", [*steps, ("stock", "在册项目", stock_paragraph(view))]),
        changed,
        note if changed else None,
        funnel_chart(view),
    )


def _chains(view: View) -> list[Block]:
    first = [
        ("chains", "链条进展", chains_paragraph(view)),
        ("links", "补链延链", links_paragraph(view)),
    ]
    rest = [
        ("sources", "投资来源", sources_paragraph(view)),
        ("areas", "片区分布", areas_paragraph(view)),
    ]
    said = _labelled("chains", [*first, *rest])
    place = len(said) - len(rest)
    origins = place_tables.origins_table(view)
    kinds = "对口援疆省市按19个对口支援省市归类；" if view.aided else ""
    note = _note(f"注：{kinds}新签约、到位资金为{view.period}累计数。") if origins else None
    return _blocks(
        *said[:place],
        chains_chart(view),
        tables.chains_table(view),
        *said[place:],
        place_tables.areas_table(view),
        origins,
        note,
    )


def _units(view: View) -> list[Block]:
    made = tables.units_table(view)
    note = _note("注：按完成率排名，完成率相同的位次并列；未下达年度目标的单位列于表末，不参加排名。")
    return _blocks(_paragraph(ranking_paragraph(view), key="units.ranking"), made, note if made else None)


def _number(blocks: list[Block]) -> None:
    """表1, 表2, … and 图1, 图2, … in the order of the pages."""
    numbers = {"table": ("表", 0), "chart": ("图", 0)}
    for block in blocks:
        if block["kind"] in numbers:
            word, last = numbers[block["kind"]]
            numbers[block["kind"]] = (word, last + 1)
            block["caption"] = f"{word}{last + 1}　{block['caption']}"


def _annexes(view: View) -> list[Data]:
    found = ledger(view)
    annexes: list[Data] = []
    if found:
        small = f"（截至{view.month.year}年{view.end}）"
        annexes.append({"title": "亿元以上项目台账", "small": small, "blocks": [found], "wide": True})
    annexes.append({"title": "口径说明", "small": "", "blocks": definitions(view), "wide": False})
    corrected = corrections_table(view)
    if corrected:
        annexes.append({"title": "以前月份数据调整明细", "small": "", "blocks": corrected, "wide": False})
    return annexes


def _end_block(view: View) -> Data:
    zone = view.zone
    lines = [("报", zone["report_to"]), ("送", zone["send_to"]), ("发", zone["issue_to"])]
    if zone["masthead"] == "tongbao":
        copied = [text.rstrip("。") for text in (zone["report_to"], zone["send_to"]) if text]
        lines = [("抄送", "，".join(copied))]
    day = view.issued_on
    copies = f"　共印{zone['copies']}份" if zone["copies"] else ""
    return {
        "lines": [{"key": f"{key}：", "text": text.rstrip("。") + "。"} for key, text in lines if text],
        "office": zone["office"],
        "office_size": _fitting(zone["office"], 14, 238),
        "printed": f"{day.year}年{day.month}月{day.day}日印发{copies}",
    }
