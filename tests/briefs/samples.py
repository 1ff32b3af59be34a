"""The sample snapshot of the print design, to be altered by a test."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from app.briefs.rules import write_brief
from app.briefs.rules.runs import plain
from app.briefs.rules.view import View

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = json.loads((ROOT / "reports" / "monthly_brief" / "sample.json").read_text(encoding="utf-8"))
FONTS = ROOT / "vendor" / "fonts"
YI = 10_000_000_000


def sample(**top: Any) -> dict[str, Any]:
    """June 2024 of the sample, without words; ``top`` replaces keys."""
    return copy.deepcopy(SAMPLE) | top


def written(snapshot: dict[str, Any]) -> dict[str, Any]:
    """The snapshot with the words made of its numbers."""
    return snapshot | {"content": write_brief(snapshot)}


def view(snapshot: dict[str, Any]) -> View:
    """As the writing rules read it."""
    return View(snapshot)


def said(text: Any) -> str:
    """The words without links."""
    return plain(text)


def figure(snapshot: dict[str, Any], code: str, month: int, ytd: int, last_year_ytd: int) -> None:
    """Give a figure other values."""
    snapshot["data"]["figures"][code] = {"month": month, "ytd": ytd, "last_year_ytd": last_year_ytd}


def full_text(snapshot: dict[str, Any]) -> str:
    """Every paragraph of the brief, one a line."""
    content = write_brief(snapshot)
    blocks = [*content["opening"], *(b for s in content["sections"] for b in s["blocks"])]
    return "\n".join(b["label"] + plain(b["text"]) for b in blocks if b["kind"] == "p")
