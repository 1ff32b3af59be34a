"""From a snapshot to pages: the HTML, the passes that draw paragraphs in, the layout part by part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import markupsafe
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration

from app.briefs.pdf import finish, justify, ledger
from app.briefs.pdf.coverage import drawn_by_all
from app.briefs.pdf.fetcher import OwnFilesOnly
from app.briefs.pdf.markup import Markup
from app.briefs.pdf.pages import short_ends
from app.briefs.pdf.seal import seal_of
from app.briefs.pdf.sheets import Sheet
from app.briefs.rules.phone import phone_content

REPORTS = Path(__file__).resolve().parents[3] / "reports"
BASE = (REPORTS / "monthly_brief" / "brief.html").as_uri()
OPTIONS = {"pdf_variant": "pdf/a-3a", "pdf_tags": True, "custom_metadata": True}
"""Tagged, with alternative texts, metadata and an output intent: produced as PDF/A-3a."""
SHEETS = ("_base/page.css", "monthly_brief/brief.css")
PHONE_SHEETS = ("monthly_brief/phone.css",)
TIGHTER = ("tight1", "tight2")
"""Classes for the second and third pass."""


@dataclass(frozen=True)
class Part:
    """What one layout prints: the text (``opens``), annexes by their place, the end block (``ends``).

    Each annex begins on a new page. Laid out alone, a long one is laid out once, however often the
    text before it or the end block after it has to be tried.
    """

    opens: bool = False
    annexes: tuple[int, ...] = ()
    ends: bool = False
    end_apart: bool = False
    blank: bool = False
    """An empty page before the end block: the text ends on the back of a sheet."""
    compact: bool = False
    """Less space in the last annex, so that the end block finds its place below it."""
    sheets: tuple[Sheet, ...] = ()
    """Of the ledger: so many places are left free for them."""
    models: Sheet | None = None
    """Rows of the ledger that are printed instead of its sheets."""


def render_phone(snapshot: dict[str, Any], faces: dict[str, Path], missing: set[str]) -> Document:
    """The narrow edition: one column, larger type, the same content."""
    content = phone_content(snapshot)
    return layouts(snapshot, faces, missing, sheets=PHONE_SHEETS)("phone.html", content=content, tight={})


def render_text(snapshot: dict[str, Any], faces: dict[str, Path], missing: set[str]) -> Document:
    """The pages of the text without annexes and end block: what a writer looks at after a change."""
    content = snapshot["content"]
    lay_out = layouts(snapshot, faces, missing)
    tight = draw_in(lay_out, paragraphs_of(content))
    return lay_out("brief.html", content=content, tight=tight, part=Part(opens=True))


def render_charts(snapshot: dict[str, Any], faces: dict[str, Path], missing: set[str]) -> Document:
    """Each chart of the brief on a page of its own size, in the order of the text."""
    content = snapshot["content"]
    charts = [
        block for section in content["sections"] for block in section["blocks"] if block["kind"] == "chart"
    ]
    return layouts(snapshot, faces, missing)("charts.html", content=content, charts=charts)


def layouts(
    snapshot: dict[str, Any], faces: dict[str, Path], missing: set[str], *, sheets: tuple[str, ...] = SHEETS
) -> Callable[..., Document]:
    """A function that lays out a template with more values, after so many pages ``before`` it."""
    templates, (fonts, fetcher, styles) = environment(missing), _styles(tuple(faces.items()), sheets)
    values = {"draft_said": "", **snapshot, "seal": seal_of(snapshot)}

    def lay_out(name: str, *, before: int = 0, **more: Any) -> Document:
        text = templates.get_template(f"monthly_brief/{name}").render(values | more)
        html = Markup(text, base_url=BASE, url_fetcher=fetcher)
        return html.render(font_config=fonts, stylesheets=[*styles, *_place(before)], **OPTIONS)

    return lay_out


def _place(pages_before: int) -> list[CSS]:
    """Number and side of the first page."""
    if not pages_before:
        return []
    rule = f"@page :first {{ counter-reset: page {pages_before + 1} }}"
    side = "html { break-before: left }" if pages_before % 2 else ""
    return [CSS(string=rule + side)]


@cache
def _styles(
    faces: tuple[tuple[str, Path], ...], sheets: tuple[str, ...]
) -> tuple[FontConfiguration, OwnFilesOnly, list[CSS]]:
    """Faces, what may be read, and style sheets: read once for all prints."""
    for module in (finish, justify, ledger):
        module.install()
    fonts, fetcher = FontConfiguration(), OwnFilesOnly([REPORTS], [path for _family, path in faces])
    addresses = {family: path.as_uri() for family, path in faces}
    own = environment(set()).get_template("_base/faces.css").render(faces=addresses)
    styles = [CSS(string=own, base_url=BASE, font_config=fonts, url_fetcher=fetcher)]
    styles += [CSS(filename=REPORTS / name, font_config=fonts, url_fetcher=fetcher) for name in sheets]
    return fonts, fetcher, styles


def warm_up(faces: dict[str, Path]) -> None:
    """Read faces, style sheets and templates, and print one line, so that what is forked from here need not."""
    drawn_by_all(tuple(faces.values()))
    _styles(tuple(faces.items()), PHONE_SHEETS)
    templates = environment(set())
    for name in templates.list_templates(extensions=["html", "svg"]):
        templates.get_template(name)
    content = {"content": {"title": [""]}, "issued_on": "2000-01-01"}
    lay_out = layouts(content, faces, set())
    block = {"label": "招商", "text": ["引资"]}
    lay_out("paragraphs.html", paragraphs=[("p1", block)], tight={}).write_pdf(**OPTIONS)


def forget() -> None:
    """Give up what ``warm_up`` read, with the copies of the faces that WeasyPrint made."""
    _styles.cache_clear()


def paragraphs_of(content: dict[str, Any]) -> dict[str, Any]:
    """The paragraphs of the text by their id."""
    sections = [block for section in content["sections"] for block in section["blocks"]]
    return {block["id"]: block for block in [*content["opening"], *sections] if block["kind"] == "p"}


def draw_in(lay_out: Callable[..., Document], paragraphs: dict[str, Any]) -> dict[str, str]:
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


class Han:
    """The filter for printed words: characters that the faces lack are set apart in the fallback face."""

    def __init__(self) -> None:
        self.missing: set[str] = set()

    def __call__(self, text: object) -> markupsafe.Markup:
        safe = str(text)
        if self.missing.isdisjoint(safe):
            return markupsafe.escape(safe)
        apart = markupsafe.Markup('<span class="m">{}</span>')
        return markupsafe.Markup("").join(
            apart.format(c) if c in self.missing else markupsafe.escape(c) for c in safe
        )


def environment(missing: set[str]) -> Environment:
    """Templates of the print design, for words of which the faces lack ``missing``."""
    templates, han = _templates()
    han.missing = missing
    return templates


@cache
def _templates() -> tuple[Environment, Han]:
    """Read and compiled once; a value that is not there is an error."""
    environment = Environment(
        loader=FileSystemLoader(REPORTS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["han"] = han = Han()
    return environment, han
