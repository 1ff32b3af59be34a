"""A brief printed once for all tests that read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.briefs.pdf import Printed, print_brief
from tests.briefs.paper import Line, Word, lines_of, words_of
from tests.briefs.samples import FONTS, sample, written


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Printed]:
    """The sample as PDF, with what the child said."""
    target = tmp_path_factory.mktemp("brief") / "sample.pdf"
    return target, print_brief(written(sample()), target, fonts=FONTS)


@pytest.fixture(scope="session")
def pdf(printed: tuple[Path, Printed]) -> Path:
    """The sample as PDF."""
    return printed[0]


@pytest.fixture(scope="session")
def words(pdf: Path) -> list[Word]:
    """Its words."""
    return words_of(pdf)


@pytest.fixture(scope="session")
def lines(words: list[Word]) -> list[Line]:
    """Its lines."""
    return lines_of(words)
