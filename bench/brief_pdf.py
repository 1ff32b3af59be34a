"""The brief's PDF: WeasyPrint in its child process beside headless Chromium printing the same HTML.

    python -m bench.brief_pdf [--rows 100 500] [--runs 5] [--keep FOLDER]

Both begin with a new process, as each brief does. WeasyPrint additionally measures the paragraphs
first (to draw short last lines in), spreads Chinese lines evenly, and writes PDF/A-3a.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from app.briefs.pdf import ENTRY, document
from app.briefs.pdf.coverage import lacking
from app.briefs.pdf.faces import characters, find_faces
from app.briefs.rules import write_brief
from bench.processes import Cost, run
from config import ROOT
from tests.browser import find_chromium

SAMPLE = document.REPORTS / "monthly_brief" / "sample.json"
FONTS = ROOT / "vendor" / "fonts"
CHROMIUM = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--allow-file-access-from-files",
    "--no-pdf-header-footer",
]


def snapshot_with(rows: int) -> dict[str, Any]:
    """The sample brief with an annex of ``rows`` projects, each under a name of its own."""
    snapshot: dict[str, Any] = json.loads(SAMPLE.read_text(encoding="utf-8"))
    ledger = snapshot["data"]["ledger"]
    snapshot["data"]["ledger"] = [
        row | {"name": f"{row['name']}{place // len(ledger) + 1}期"}
        for place, row in enumerate(islice(cycle(ledger), rows))
    ]
    return snapshot | {"content": write_brief(snapshot)}


def page_for_browser(snapshot: dict[str, Any], target: Path) -> None:
    """The HTML that WeasyPrint lays out part by part, whole, with its style sheets: for a browser."""
    faces, base = find_faces(FONTS), (document.REPORTS / "monthly_brief" / "brief.html").as_uri()
    templates = document.environment(lacking(characters(snapshot["content"]), faces.values()))
    annexes = tuple(range(len(snapshot["content"]["annexes"])))
    values = {
        **snapshot,
        "faces": {family: path.as_uri() for family, path in faces.items()},
        "tight": {},
        "part": document.Part(opens=True, annexes=annexes, ends=True),
    }
    styles = f"<style>{templates.get_template('_base/faces.css').render(values)}</style>"
    for sheet in document.SHEETS:
        styles += f'<link rel="stylesheet" href="{(document.REPORTS / sheet).as_uri()}">'
    html = templates.get_template("monthly_brief/brief.html").render(values)
    target.write_text(html.replace("<head>", f'<head><base href="{base}">{styles}', 1), encoding="utf-8")


def weasyprint_with(snapshot: dict[str, Any], folder: Path) -> Callable[[], Cost]:
    """Prints as ``app.briefs.pdf.print_brief`` does."""
    faces = {family: str(path) for family, path in find_faces(FONTS).items()}
    job = {"snapshot": snapshot, "target": str(folder / "weasyprint.pdf"), "faces": faces}
    given = json.dumps(job).encode()
    return lambda: run([sys.executable, str(ENTRY)], given=given, folder=folder)


def chromium_with(page: Path, folder: Path) -> Callable[[], Cost]:
    """Prints the page with a profile of its own, which is there from the second run on."""
    program = find_chromium()
    options = [
        *CHROMIUM,
        f"--user-data-dir={folder / 'profile'}",
        f"--print-to-pdf={folder / 'chromium.pdf'}",
    ]
    return lambda: run([program, *options, page.as_uri()], folder=folder)


def compare(rows: int, runs: int, folder: Path) -> None:
    """Print the lines for one length of annex."""
    snapshot, page = snapshot_with(rows), folder / f"brief-{rows}.html"
    page_for_browser(snapshot, page)
    found: dict[str, tuple[float, float, float, float]] = {}
    for name, work in (
        ("weasyprint", weasyprint_with(snapshot, folder)),
        ("chromium", chromium_with(page, folder)),
    ):
        work()
        costs = [work() for _ in range(runs)]
        pdf = folder / f"{name}.pdf"
        found[name] = (
            statistics.median(cost.wall for cost in costs),
            statistics.median(cost.cpu for cost in costs),
            statistics.median(cost.memory for cost in costs) / 1e6,
            pdf.stat().st_size / 1e3,
        )
        pdf.rename(folder / f"{name}-{rows}.pdf")
        wall, cpu, memory, size = found[name]
        print(
            f"{rows:>5} rows  {name:<12}{wall:>9.2f} s{cpu:>9.2f} s{memory:>9.0f} MB{size:>9.0f} kB",
            flush=True,
        )
    ratios = [ours / theirs for ours, theirs in zip(*found.values(), strict=True)]
    print(f"{'':12}{'ratio':<12}" + "".join(f"{ratio:>9.2f}× " for ratio in ratios))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="+", default=[100, 500])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="leave HTML and PDF files in this folder")
    options = parser.parse_args()
    print(f"{'':24}{'wall':>11}{'CPU':>11}{'memory':>12}{'file':>12}")
    with tempfile.TemporaryDirectory() as folder:
        target: Path = (options.keep or Path(folder)).resolve()
        target.mkdir(parents=True, exist_ok=True)
        for rows in options.rows:
            compare(rows, options.runs, target)


if __name__ == "__main__":
    main()
