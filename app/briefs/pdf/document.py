"""From a snapshot to pages: the HTML, the passes that draw paragraphs in, the last layout."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from weasyprint import HTML
from weasyprint.document import Document
from weasyprint.formatting_structure import boxes
from weasyprint.text.fonts import FontConfiguration

from app.briefs.pdf import justify
from app.briefs.pdf.fetcher import OwnFilesOnly

REPORTS = Path(__file__).resolve().parents[3] / "reports"
TIGHTER = ("tight1", "tight2")
"""Classes for the second and third pass."""
SHORT_LINE = 2
"""A last line of so many characters is drawn in."""


def render(snapshot: dict[str, Any], faces: dict[str, Path], missing: set[str]) -> Document:
    """The pages of the brief. Up to two passes over the body find paragraphs whose last line is too short."""
    justify.install()
    template = _environment(missing).get_template("monthly_brief/brief.html")
    fetcher = OwnFilesOnly([REPORTS], faces.values())
    fonts = FontConfiguration()
    values = {**snapshot, "faces": {family: path.as_uri() for family, path in faces.items()}}

    def lay_out(tight: dict[str, str], *, with_annexes: bool) -> Document:
        text = template.render(**values, tight=tight, with_annexes=with_annexes)
        base = (REPORTS / "monthly_brief" / "brief.html").as_uri()
        html = HTML(string=text, base_url=base, url_fetcher=fetcher)
        return html.render(font_config=fonts, pdf_tags=True, custom_metadata=True)

    tight: dict[str, str] = {}
    for name in TIGHTER:
        short = {key for key in short_ends(lay_out(tight, with_annexes=False)) if key}
        if not short:
            break
        tight |= dict.fromkeys(sorted(short), name)
    return lay_out(tight, with_annexes=True)


def _environment(missing: set[str]) -> Environment:
    """Templates of the print design; a value that is not there is an error."""
    environment = Environment(
        loader=FileSystemLoader(REPORTS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def han(text: object) -> Markup:
        """``text`` with the characters that the faces lack set apart in the fallback face."""
        safe = str(text)
        if missing.isdisjoint(safe):
            return escape(safe)
        parts = (Markup('<span class="m">{}</span>').format(c) if c in missing else escape(c) for c in safe)
        return Markup("").join(parts)

    environment.filters["han"] = han
    return environment


def short_ends(document: Document) -> Iterator[str]:
    """Ids of the paragraphs with several lines whose last one holds one or two characters."""
    lines: dict[str, list[str]] = {}
    for page in document.pages:
        for box in page._page_box.descendants():
            if isinstance(box, boxes.BlockBox) and box.element is not None and box.element.tag == "p":
                found = [_words(line) for line in box.children if isinstance(line, boxes.LineBox)]
                lines.setdefault(box.element.get("id") or "", []).extend(found)
    for key, texts in lines.items():
        if len(texts) > 1 and len(texts[-1].strip()) <= SHORT_LINE:
            yield key


def _words(line: boxes.LineBox) -> str:
    return "".join(box.text for box in line.descendants() if isinstance(box, boxes.TextBox))
