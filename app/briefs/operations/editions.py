"""Other editions of the same content: Word, for offices that finish texts there; a quick look while writing."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from app.briefs.models import BriefDocument
from app.briefs.pdf import print_brief
from app.briefs.pdf.images import draw_page, draw_pages
from app.briefs.rules.codes import digest_of
from app.briefs.word import write_word

CHART_DOTS = 220
"""Per inch: sharp on paper, half a megabyte a brief."""


def make_word(snapshot: dict[str, Any], target: Path, *, fonts: Path, site_fonts: Path | None = None) -> None:
    """Write the Word edition of ``snapshot`` into ``target``, which appears whole or not at all.

    Charts are pictures there. Raises ``DomainError`` when a face is missing or the drawing fails.
    """
    sections = snapshot["content"]["sections"]
    ids = [block["id"] for part in sections for block in part["blocks"] if block["kind"] == "chart"]
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        charts = {}
        if ids:
            drawn = Path(folder) / "charts.pdf"
            print_brief(snapshot, drawn, fonts=fonts, site_fonts=site_fonts, edition="charts")
            draw_pages(drawn, Path(folder), dots=CHART_DOTS)
            charts = {block: Path(folder) / f"{number:03d}.png" for number, block in enumerate(ids, 1)}
        part = Path(folder) / "brief.docx"
        write_word(snapshot, part, charts=charts)
        part.replace(target)


def editions_of(folder: Path, document: BriefDocument) -> Path:
    """The folder below the instance folder that holds what was printed of a document while it was written."""
    return folder / "briefs" / str(document.zone_id) / "editions" / str(document.id)


def name_of(snapshot: dict[str, Any], suffix: str) -> str:
    """The name of an edition: it says what is in it, so that nothing is printed twice."""
    return f"{digest_of(snapshot)[:32]}{suffix}"


def find_word(snapshot: dict[str, Any], folder: Path, *, fonts: Path, site_fonts: Path | None = None) -> Path:
    """The Word edition of ``snapshot`` in ``folder``, written when it is not there; an older one goes."""
    target = folder / name_of(snapshot, ".docx")
    if not target.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        make_word(snapshot, target, fonts=fonts, site_fonts=site_fonts)
        _forget_others(folder, target)
    return target


def find_preview(
    snapshot: dict[str, Any], folder: Path, *, fonts: Path, site_fonts: Path | None = None
) -> Path:
    """The text's pages as PDF in ``folder``, printed when it is not there; an older one goes."""
    target = folder / name_of(snapshot, ".pdf")
    if not target.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        print_brief(snapshot, target, fonts=fonts, site_fonts=site_fonts, edition="text")
        _forget_others(folder, target)
    return target


def find_phone(
    snapshot: dict[str, Any], folder: Path, *, fonts: Path, site_fonts: Path | None = None
) -> Path:
    """The narrow edition of ``snapshot`` in ``folder``, printed when it is not there; an older one goes."""
    target = folder / name_of(snapshot, "-phone.pdf")
    if not target.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        print_brief(snapshot, target, fonts=fonts, site_fonts=site_fonts, edition="phone")
        _forget_others(folder, target)
    return target


def _forget_others(folder: Path, target: Path) -> None:
    """Keep only what shows the same content as ``target``."""
    for old in folder.iterdir():
        if old.is_file() and not old.name.startswith((target.stem[:32], ".")):
            old.unlink(missing_ok=True)


def preview_page(pdf: Path, number: int) -> Path:
    """The image of one page of a preview, drawn when it is first looked at."""
    target = pdf.with_name(f"{pdf.stem}-{number:03d}.png")
    if not target.is_file():
        draw_page(pdf, number, target)
    return target
