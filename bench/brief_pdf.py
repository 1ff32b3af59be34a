"""The brief's PDF: WeasyPrint in its child process beside headless Chromium printing the same HTML.

    python -m bench.brief_pdf [--rows 100 500] [--runs 5] [--keep FOLDER]

Both twice: begun for the one print and ended after it, and running before, as the press of the web and
worker processes is from their second brief on (a tab of a running browser beside it). WeasyPrint
additionally measures the paragraphs first (to draw short last lines in), spreads Chinese lines evenly,
and writes PDF/A-3a. Typst, where it is installed, sets the text and tables alone.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from app.briefs.operations.editions import find_preview, preview_page
from app.briefs.pdf import document
from app.briefs.pdf.coverage import lacking
from app.briefs.pdf.faces import characters, find_faces
from app.briefs.pdf.press import Press
from app.briefs.pdf.sheets import Sheet, rows_of
from app.briefs.rules import write_brief
from bench.processes import Cost, cost_of, run
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
    """The HTML that WeasyPrint lays out part by part, whole, with all rows and its style sheets: for a browser."""
    faces, base = find_faces(FONTS), (document.REPORTS / "monthly_brief" / "brief.html").as_uri()
    templates = document.environment(lacking(characters(snapshot["content"]), tuple(faces.values())))
    annexes = snapshot["content"]["annexes"]
    ledger = annexes[0]["blocks"][0]
    rows = Sheet(list(rows_of(ledger))) if ledger["kind"] == "ledger" else None
    values = {
        "draft_said": "",
        "seal": None,
        **snapshot,
        "faces": {family: path.as_uri() for family, path in faces.items()},
        "tight": {},
        "part": document.Part(opens=True, annexes=tuple(range(len(annexes))), ends=True, models=rows),
    }
    styles = f"<style>{templates.get_template('_base/faces.css').render(values)}</style>"
    for sheet in document.SHEETS:
        styles += f'<link rel="stylesheet" href="{(document.REPORTS / sheet).as_uri()}">'
    html = templates.get_template("monthly_brief/brief.html").render(values)
    target.write_text(html.replace("<head>", f'<head><base href="{base}">{styles}', 1), encoding="utf-8")


@contextmanager
def press_with(snapshot: dict[str, Any], target: Path, *, running: bool) -> Iterator[Callable[[], Cost]]:
    """Prints as ``app.briefs.pdf.print_brief`` does: with a running press, or with one begun and ended for it."""
    faces = {family: str(path) for family, path in find_faces(FONTS).items()}
    job = {"snapshot": snapshot, "target": str(target), "edition": "paper", "seconds": 300}
    given, press = json.dumps(job).encode(), Press(faces)

    def once() -> None:
        press.print(given, seconds=300)
        if not running:
            press.close()

    try:
        yield lambda: cost_of(once)
    finally:
        press.close()


@contextmanager
def chromium_with(page: Path, target: Path, *, running: bool) -> Iterator[Callable[[], Cost]]:
    """Prints the page in a new tab of a running browser, or by a browser begun for it, tagged both times.

    The profile is there from the second run on. The driver of the running one does not count.
    """
    if not running:
        with tempfile.TemporaryDirectory() as profile:
            own = [f"--user-data-dir={profile}", f"--print-to-pdf={target}", page.as_uri()]
            yield lambda: run([find_chromium(), *CHROMIUM, *own], folder=target.parent)
        return
    with sync_playwright() as driver, driver.chromium.launch(executable_path=find_chromium()) as browser:

        def once() -> None:
            tab = browser.new_page()
            tab.goto(page.as_uri())
            tab.pdf(path=target, prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
            tab.close()

        yield lambda: cost_of(once, leave_out="node")


def compare(rows: int, runs: int, folder: Path) -> None:
    """Print the lines for one length of annex."""
    snapshot, page = snapshot_with(rows), folder / f"brief-{rows}.html"
    page_for_browser(snapshot, page)
    for name in ("begun", "running"):
        found = []
        for engine, made in (("weasyprint", press_with), ("chromium", chromium_with)):
            target = folder / f"{engine}-{name}-{rows}.pdf"
            source: Any = snapshot if engine == "weasyprint" else page
            with made(source, target, running=name == "running") as work:
                found.append(_medians(work, target, runs))
            print(
                _line(rows, name, engine, "{:>9.2f} s{:>9.2f} s{:>9.0f} MB{:>9.0f} kB", found[-1]), flush=True
            )
        if name == "begun" and find_spec("typst"):
            target = folder / f"typst-{rows}.pdf"
            costs = _medians(typst_with(snapshot, target), target, runs)
            print(_line(rows, name, "typst", "{:>9.2f} s{:>9.2f} s{:>9.0f} MB{:>9.0f} kB", costs), flush=True)
        ratios = [own / other for own, other in zip(*found, strict=True)]
        print(_line(rows, name, "ratio", "{:>9.2f}× {:>9.2f}× {:>9.2f}×  {:>9.2f}×", ratios), flush=True)


def typst_with(snapshot: dict[str, Any], target: Path) -> Callable[[], Cost]:
    """Sets text and tables in a process of its own."""
    command = [sys.executable, str(ROOT / "bench" / "typst_brief.py"), str(target), str(FONTS)]
    return lambda: run(command, given=json.dumps(snapshot).encode(), folder=target.parent)


def preview(runs: int, folder: Path) -> None:
    """Print how long a writer waits for the first page after a change: the press begun, then running."""
    waits = []
    for number in range(runs + 1):
        snapshot = snapshot_with(82)
        snapshot["content"]["opening"][0]["text"].insert(0, f"第{number}次修改。")
        start = time.perf_counter()
        preview_page(find_preview(snapshot, folder, fonts=FONTS), 1)
        waits.append(time.perf_counter() - start)
    print(
        f"first page after a change: {waits[0]:.2f} s with a new press, {statistics.median(waits[1:]):.2f} s"
    )


def _medians(work: Callable[[], Cost], pdf: Path, runs: int) -> list[float]:
    """Wall and CPU seconds, MB of memory, kB of file; the first run does not count."""
    work()
    costs = [work() for _ in range(runs)]
    return [
        statistics.median(cost.wall for cost in costs),
        statistics.median(cost.cpu for cost in costs),
        statistics.median(cost.memory for cost in costs) / 1e6,
        pdf.stat().st_size / 1e3,
    ]


def _line(rows: int, name: str, engine: str, form: str, values: list[float]) -> str:
    return f"{rows:>5} rows  {name:<12} {engine:<12}" + form.format(*values)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="+", default=[100, 500])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="leave HTML and PDF files in this folder")
    options = parser.parse_args()
    print(f"{'':37}{'wall':>11}{'CPU':>11}{'memory':>12}{'file':>12}")
    with tempfile.TemporaryDirectory() as folder:
        target: Path = (options.keep or Path(folder)).resolve()
        target.mkdir(parents=True, exist_ok=True)
        for rows in options.rows:
            compare(rows, options.runs, target)
        preview(options.runs, target)


if __name__ == "__main__":
    main()
