"""Figures before and after an import, as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Moved:
    """One figure in words: before, after and by how much."""

    name: str
    window: str
    unit: str
    before: str
    after: str
    difference: str
    moved: bool


def figures_of(stored: list[dict[str, Any]] | None) -> list[Moved]:
    """The stored figures, those that move first."""
    found = [_moved(one) for one in stored or []]
    return sorted(found, key=lambda one: not one.moved)


def _moved(one: dict[str, Any]) -> Moved:
    before, after = Decimal(one["before"]), Decimal(one["after"])
    unit, by = one["unit"], after - before
    sign = "+" if by > 0 else "−" if by < 0 else ""
    return Moved(
        one["name"], one["period"], unit, _said(before, unit), _said(after, unit),
        f"{sign}{_said(abs(by), unit)} {unit}", by != 0,
    )  # fmt: skip


def _said(value: Decimal, unit: str) -> str:
    return f"{value:,.2f}" if unit == "万元" else f"{value:,}"
