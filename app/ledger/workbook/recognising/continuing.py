"""Rows that say more of a project that has a row already: its arrivals one by one, its 补充协议."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.kernel.text import name_key
from app.ledger.rules.columns import ARRIVALS, PROJECTS
from app.ledger.rules.heads import flat
from app.ledger.rules.recognition import Column
from app.ledger.rules.synonyms import CONTRACT_WORDS, EXTRA, IGNORED
from app.ledger.workbook.recognising.grid import Grid

SUPPLEMENT = "补充协议"
_KINDS = frozenset(map(flat, CONTRACT_WORDS[SUPPLEMENT].split())) | {SUPPLEMENT}
_IN_NAME = re.compile(r"[\s\-—(（]*(?:之)?(?:补充|增资扩股|增资|追加投资)(?:投资)?(?:协议|合同)书?[)）]?$")
"""电池项目补充协议 is not the name of a project."""
CONTRACT = frozenset(("合同类型", "合同编号", "合同签订日期", "合同总投资"))
_OWN = CONTRACT | (frozenset(ARRIVALS.heads) - frozenset(PROJECTS.heads)) | {"序号", "备注", EXTRA, IGNORED}
"""What may stand in a further row of a project and differ from its first."""


def one_project(
    grid: Grid, columns: Iterable[Column], data: list[int]
) -> tuple[dict[int, int], frozenset[int]]:
    """For each further row of a project the row where it stands, and the rows that are a 补充协议."""
    known = {c.field: c.place for c in columns if c.field not in (EXTRA, IGNORED)}
    name = known.get("项目名称") or known.get("项目编号")
    if name is None:
        return {}, frozenset()
    firm = [c.place for c in columns if c.field not in _OWN and c.place != name]
    paid = [known[head] for head in ("折人民币（万元）", "原币金额（万）") if head in known]
    continued: dict[int, int] = {}
    supplements: set[int] = set()
    first: dict[str, int] = {}
    above = 0
    for row in data:
        text = grid.text(row, name)
        if _is_supplement(grid, row, known.get("合同类型"), text):
            supplements.add(row)
        is_part = row in supplements or any(grid.text(row, place) for place in paid)
        key = name_key(bare_name(text))
        source = grid.merged_from.get((row, name), row)
        if source != row and source in data and not text:
            continued[row] = continued.get(source, source)
        elif not text and is_part and above == row - 1 and not _said(grid, row, firm):
            continued[row] = continued.get(above, above)
        elif is_part and key in first and (row in supplements or _agrees(grid, row, first[key], firm)):
            continued[row] = first[key]
        elif text and row not in supplements:
            first.setdefault(key, row)
        above = row
    return continued, frozenset(supplements)


def bare_name(text: str) -> str:
    """The project's name in what a 补充协议 is called."""
    return _IN_NAME.sub("", text)


def _is_supplement(grid: Grid, row: int, kind: int | None, name: str) -> bool:
    word = flat(grid.text(row, kind)) if kind else ""
    return word in _KINDS or (not word and bare_name(name) not in ("", name))


def _said(grid: Grid, row: int, firm: list[int]) -> list[int]:
    return [place for place in firm if grid.text(row, place)]


def _agrees(grid: Grid, row: int, first: int, firm: list[int]) -> bool:
    return all(flat(grid.text(row, p)) == flat(grid.text(first, p)) for p in _said(grid, row, firm))
