"""Which characters a set of font files cannot draw."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fontTools.ttLib import TTFont


def lacking(characters: set[str], files: Iterable[Path]) -> set[str]:
    """Those of ``characters`` that at least one of the faces lacks."""
    wanted = {ord(character) for character in characters if not character.isspace()}
    found: set[int] = set()
    for path in files:
        with TTFont(path, lazy=True) as font:
            found |= wanted - font.getBestCmap().keys()
    return {chr(code) for code in found}
