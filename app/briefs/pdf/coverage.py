"""Which characters a set of font files cannot draw."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont


def lacking(characters: set[str], files: tuple[Path, ...]) -> set[str]:
    """Those of ``characters`` that at least one of the faces lacks."""
    wanted = {ord(character) for character in characters if not character.isspace()}
    return {chr(code) for code in wanted - drawn_by_all(files)}


@cache
def drawn_by_all(files: tuple[Path, ...]) -> frozenset[int]:
    """The code points that every one of the faces has."""
    return frozenset.intersection(*(_drawn_by(path) for path in files))


def _drawn_by(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())
