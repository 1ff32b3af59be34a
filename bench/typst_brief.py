"""The text and tables of a brief in Typst, with the same faces, sizes and links: a measure of what could be.

    python bench/typst_brief.py TARGET FONTS < snapshot.json

Charts, the masthead, the end block and the embedded figures are left out, so it does less than ours.
Typst is not among the project's packages: ``pip install typst``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typst

HEAD = """#set document(title: "招商引资工作简报")
#set page(paper: "a4", margin: (top: 37mm, bottom: 35mm, inside: 28mm, outside: 26mm), numbering: "— 1 —")
#set text(font: ("FandolFang R", "Noto Serif CJK SC"), size: 15.75pt, lang: "zh", region: "cn")
#set par(justify: true, first-line-indent: (amount: 2em, all: true), leading: 13.2pt, spacing: 13.2pt)
#show heading: it => block(above: 13.2pt, below: 13.2pt, text(font: "FandolHei", weight: "regular", size: 15.75pt, it.body))
#show table: set par(justify: false, first-line-indent: 0pt, leading: 3.5pt)
#show table: set text(size: 9pt)
"""


def typeset(snapshot: dict[str, Any], target: Path, *, fonts: Path) -> None:
    """Write ``snapshot`` as PDF/A-3a."""
    source = target.with_suffix(".typ")
    source.write_text(HEAD + "\n".join(_lines(snapshot)), encoding="utf-8")
    typst.compile(source, output=target, font_paths=[fonts], pdf_standards=["a-3a"])


def _lines(snapshot: dict[str, Any]) -> Iterator[str]:
    content, base = snapshot["content"], snapshot["public_url"]
    for block in content["opening"]:
        yield from _block(block, base)
    for section in content["sections"]:
        yield f"= {_text(section['heading'])}"
        for block in section["blocks"]:
            yield from _block(block, base)
    for annex in content["annexes"]:
        yield "#set page(flipped: true)" if annex["wide"] else "#set page(flipped: false)"
        yield f"= {_text(annex['title'])}"
        for block in annex["blocks"]:
            yield from _block(block, base)


def _block(block: dict[str, Any], base: str) -> Iterator[str]:
    if block["kind"] == "p":
        yield f"{_text(block['label'])}{_runs(block['text'], base)}\n"
    elif block["kind"] in ("note", "small"):
        yield "\n\n".join(_runs(text, base) for text in block.get("texts", [block.get("text")]))
    elif block["kind"] == "table":
        rows = [row["cells"] for body in block["bodies"] for row in body["rows"]]
        yield from _table(block, rows, base)
    elif block["kind"] == "ledger":
        rows = [row["cells"] for group in block["groups"] for row in group["rows"]]
        yield from _table(block, rows, base)


def _table(block: dict[str, Any], rows: list[Any], base: str) -> Iterator[str]:
    widths = ", ".join(width.replace("%", "fr") for width in block["widths"])
    yield f"#table(columns: ({widths}), inset: 2.5pt, stroke: .4pt, table.header("
    yield ", ".join(f"[{_text(''.join(column['lines']))}]" for column in block["head"]) + "),"
    for cells in rows:
        yield ", ".join(f"[{_runs(cell['r'], base)}]" for cell in cells) + ","
    yield ")"


def _runs(text: Any, base: str) -> str:
    return "".join(
        _text(run) if isinstance(run, str) else f'#link("{base}{run["u"]}")[{_text(run["t"])}]'
        for run in text
    )


def _text(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "#*_$@<>`[]\\=-+/~'\"" else sign for sign in text)


if __name__ == "__main__":
    typeset(json.load(sys.stdin), Path(sys.argv[1]), fonts=Path(sys.argv[2]))
