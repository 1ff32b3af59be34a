"""The whole brief in order: masthead, sections, annexes, end block, made of plain values (brief.md §1, §2)."""

from __future__ import annotations

from typing import Any

from app.briefs.rules import place_tables, tables
from app.briefs.rules.annexes import corrections_table, definitions, ledger
from app.briefs.rules.areas import areas_paragraph
from app.briefs.rules.charts import chains_chart, funds_chart, funnel_chart
from app.briefs.rules.notes import indicator_notes
from app.briefs.rules.opening import opening, scale_paragraph, targets_paragraph
from app.briefs.rules.origins import chains_paragraph, links_paragraph, sources_paragraph
from app.briefs.rules.outline import OPENING, SECTIONS, compose
from app.briefs.rules.problems import next_paragraphs, problem_paragraphs
from app.briefs.rules.prose import Book
from app.briefs.rules.runs import Text, plain
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
    view, prose = View(snapshot), snapshot.get("prose")
    first, sections = write_sections(view)
    composed = [{"key": key, **section} for key, section in sections.items()]
    if prose is not None:
        first, composed = compose(first, sections, prose, known_numbers(snapshot))
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


def write_sections(view: View) -> tuple[list[Block], dict[str, Data]]:
    """What the system writes by itself: the opening's blocks, and each section with its name and blocks."""
    written = {
        "indicators": _indicators(view),
        "projects": _projects(view),
        "chains": _chains(view),
        "units": _units(view),
        "problems": _keyed("problems", problem_paragraphs(view)),
        "next": _keyed("next", next_paragraphs(view)),
    }
    sections = {key: {"name": SECTIONS[key], "blocks": blocks} for key, blocks in written.items()}
    return [_paragraph(opening(view), key=OPENING)], sections


def known_numbers(snapshot: Data) -> Book:
    """Every number that people may write into this brief: also those that the zone's own words leave out."""
    written = [write_sections(View(snapshot))]
    if snapshot.get("words"):
        written.append(write_sections(View({**snapshot, "words": {}})))
    return Book([[first, list(sections.values())] for first, sections in written])


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


def _labelled(view: View, section: str, paragraphs: dict[str, Text | None]) -> list[Block]:
    """（一）name。 before each paragraph that has something to say."""
    said = [(key, text) for key, text in paragraphs.items() if text]
    return [
        _paragraph(text, f"（{ORDINALS[n]}）{plain(view.say(f'labels.{key}'))}。", key=f"{section}.{key}")
        for n, (key, text) in enumerate(said)
    ]


def _blocks(*blocks: Block | None) -> list[Block]:
    return [block for block in blocks if block is not None]


def _note(*texts: Text) -> Block:
    return {"kind": "note", "texts": list(texts)}


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
    steps: dict[str, Text | None] = {step.kind: step_paragraph(view, step) for step in STEPS}
    changed = tables.changes_table(view)
    note = _note(view.say("notes.changes"))
    return _blocks(
        *_labelled(view, "projects", {**steps, "stock": stock_paragraph(view)}),
        changed,
        note if changed else None,
        funnel_chart(view),
    )


def _chains(view: View) -> list[Block]:
    rest = {"sources": sources_paragraph(view), "areas": areas_paragraph(view)}
    first = {"chains": chains_paragraph(view), "links": links_paragraph(view)}
    said = _labelled(view, "chains", {**first, **rest})
    place = len(said) - len(rest)
    origins = place_tables.origins_table(view)
    note = _note(view.say("notes.origins_aid" if view.aided else "notes.origins")) if origins else None
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
    note = _note(view.say("notes.units")) if made else None
    return _blocks(_paragraph(ranking_paragraph(view), key="units.ranking"), made, note)


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
