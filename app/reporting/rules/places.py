"""Names of cells and columns."""

from __future__ import annotations

import re

ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,4})", re.ASCII)


def column_number(letters: str) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """A for 1, AA for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
