"""From a snapshot to pages: the HTML, the passes that draw paragraphs in, the last layout."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from weasyprint import HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration

from app.briefs.pdf import justify
from app.briefs.pdf.fetcher import OwnFilesOnly
from app.briefs.pdf.pages import fill_holes, short_ends

REPORTS = Path(__file__).resolve().parents[3] / "reports"
OPTIONS = {"pdf_variant": "pdf/a-3a", "pdf_tags": True, "custom_metadata": True}
"""Tagged, with alternative texts, metadata and an output intent: produced as PDF/A-3a."""
TIGHTER = ("tight1", "tight2")
"""Classes for the second and third pass."""


def render(snapshot: dict[str, Any], faces: dict[str, Path], missing: set[str]) -> Document:
    """The pages of the brief, an even number, so that the end block (版记) lies on the back of the last sheet.

    Paragraphs whose last line would be too short are drawn in first.
    """
    justify.install()
    environment, fetcher = _environment(missing), OwnFilesOnly([REPORTS], faces.values())
    fonts = FontConfiguration()
    values = {**snapshot, "faces": {family: path.as_uri() for family, path in faces.items()}}
    base = (REPORTS / "monthly_brief" / "brief.html").as_uri()

    def lay_out(name: str, **more: Any) -> Document:
        text = environment.get_template(f"monthly_brief/{name}").render(values | more)
        html = HTML(string=text, base_url=base, url_fetcher=fetcher)
        return html.render(font_config=fonts, **OPTIONS)

    content = snapshot["content"]
    tight = _draw_in(lay_out, _paragraphs(content))
    document = lay_out("brief.html", tight=tight, end_apart=False)
    fuller = fill_holes(content, document)
    if fuller is not None:
        content = fuller
        document = lay_out("brief.html", tight=tight, content=content, end_apart=False)
    if len(document.pages) % 2:
        document = lay_out("brief.html", tight=tight, content=content, end_apart=True)
    return document


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
