"""Sections in the order a zone or a document wants them, with the paragraphs that people wrote in their places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.briefs.rules.prose import Book, bind
from app.kernel.errors import DomainError
from app.kernel.text import clean, has_control

Data = dict[str, Any]
OPENING = "opening"
"""The key under which the first paragraph stands; it is no section and stays where it is."""
SECTIONS = {
    "indicators": "主要指标完成情况",
    "projects": "项目推进情况",
    "chains": "产业链招商情况",
    "units": "责任单位排名",
    "problems": "存在问题",
    "next": "下一步工作",
}
"""The sections that the system writes (brief.md §2)."""
OWN = "own-"
"""How keys of sections begin that hold free paragraphs only."""
MAX_SECTIONS = 12
MAX_NAME = 30


def usual_outline() -> list[Data]:
    """The sections in the order of brief.md §2, all on."""
    return [{"key": key, "name": name, "on": True} for key, name in SECTIONS.items()]


def check_outline(outline: Sequence[Data]) -> list[Data]:
    """``outline`` cleaned; every written section once. Raises ``DomainError`` for what no brief can have."""
    result: list[Data] = [
        {"key": str(s["key"]), "name": clean(str(s["name"])), "on": bool(s["on"])} for s in outline
    ]
    keys = [section["key"] for section in result]
    if len(set(keys)) != len(keys) or set(SECTIONS) - set(keys):
        raise DomainError("简报各节不完整，请刷新页面后重试")
    if len(result) > MAX_SECTIONS:
        raise DomainError(f"简报最多 {MAX_SECTIONS} 节")
    for section in result:
        if section["key"] not in SECTIONS and not section["key"].startswith(OWN):
            raise DomainError("简报各节不完整，请刷新页面后重试")
        if not section["name"] or len(section["name"]) > MAX_NAME or has_control(section["name"]):
            raise DomainError(f"请填写节名，不超过 {MAX_NAME} 字")
    if not any(section["on"] for section in result):
        raise DomainError("至少保留一节")
    return result


def names_of(outline: Sequence[Data]) -> str:
    """The sections in a row, for the audit log."""
    return "、".join(entry["name"] + ("" if entry["on"] else "（不印）") for entry in outline)


def compose(
    opening: list[Data], sections: dict[str, Data], prose: Data, book: Book
) -> tuple[list[Data], list[Data]]:
    """The opening and the sections in order, each ``{"key", "name", "blocks"}``, with people's paragraphs.

    ``prose`` is ``{"outline": […], "paragraphs": [{"section", "key", "free", "after", "left_out", "runs"}]}``;
    their numbers are looked up in ``book``.
    """
    written = prose["paragraphs"]
    result = [
        {
            "key": entry["key"],
            "name": entry["name"],
            "blocks": _blocks(entry["key"], sections.get(entry["key"], {}).get("blocks", []), written, book),
        }
        for entry in prose["outline"]
        if entry["on"]
    ]
    return _blocks(OPENING, opening, written, book), [section for section in result if section["blocks"]]


def _blocks(section: str, generated: list[Data], written: list[Data], book: Book) -> list[Data]:
    """The blocks of one section: generated ones, replaced or left out, and free ones after their neighbour."""
    own = [paragraph for paragraph in written if paragraph["section"] == section]
    replaced = {paragraph["key"]: paragraph for paragraph in own if not paragraph["free"]}
    free = [paragraph for paragraph in own if paragraph["free"]]
    result: list[Data] = []
    for block in generated:
        edit = replaced.get(block.get("key", ""))
        if edit is None:
            result.append(block)
        elif not edit["left_out"]:
            result.append(block | {"text": bind(edit["runs"], book), "edited": True})
    for paragraph in free:
        made = {"kind": "p", "text": bind(paragraph["runs"], book), "label": "", "key": paragraph["key"]}
        result.insert(_place(result, paragraph["after"]), made | {"free": True})
    return result


def _place(blocks: list[Data], after: str) -> int:
    """Behind the paragraph ``after``; at the front when it is empty, at the end when it is not there."""
    if not after:
        return 0
    return next((n + 1 for n, block in enumerate(blocks) if block.get("key") == after), len(blocks))
