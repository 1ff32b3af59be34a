"""Other editions of the same content: Word, for offices that finish texts there."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from app.briefs.pdf import print_brief
from app.briefs.pdf.images import draw_pages
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
