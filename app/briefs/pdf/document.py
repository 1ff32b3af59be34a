"""From a snapshot to pages: the HTML, the passes that draw paragraphs in, the last layout."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
OPTIONS = {"pdf_variant": "pdf/a-3a", "pdf_tags": True, "custom_metadata": True}
"""Tagged, with alternative texts, metadata and an output intent: produced as PDF/A-3a."""
TIGHTER = ("tight1", "tight2")
"""Classes for the second and third pass."""
SHORT_LINE = 2
"""A last line of so many characters is drawn in."""


def render(snapshot: dict[str, Any], faces: dict[str, Path], missing: set[str]) -> Document:
    """The pages of the brief; paragraphs whose last line would be too short are drawn in first."""
    justify.install()
    environment, fetcher = _environment(missing), OwnFilesOnly([REPORTS], faces.values())
    fonts = FontConfiguration()
    values = {**snapshot, "faces": {family: path.as_uri() for family, path in faces.items()}}
    base = (REPORTS / "monthly_brief" / "brief.html").as_uri()

    def lay_out(name: str, **more: Any) -> Document:
        text = environment.get_template(f"monthly_brief/{name}").render(**values, **more)
        html = HTML(string=text, base_url=base, url_fetcher=fetcher)
        return html.render(font_config=fonts, **OPTIONS)

    return lay_out("brief.html", tight=_draw_in(lay_out, _paragraphs(snapshot["content"])))


def _paragraphs(content: dict[str, Any]) -> dict[str, Any]:
    sections = [block for section in content["sections"] for block in section["blocks"]]
    return {block["id"]: block for block in [*content["opening"], *sections] if block["kind"] == "p"}


def _draw_in(lay_out: Callable[..., Document], paragraphs: dict[str, Any]) -> dict[str, str]:
    """Classes by paragraph: tighter letters for those that end in one or two characters, if need be twice."""
    tight: dict[str, str] = {}
    left = paragraphs
    for name in TIGHTER:
        short = set(short_ends(lay_out("paragraphs.html", paragraphs=list(left.items()), tight=tight)))
        left = {key: block for key, block in left.items() if key in short}
        if not left:
            break
        tight |= dict.fromkeys(left, name)
    return tight


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
