"""What people have chosen about the rows of a ledger: in the grid, in the mapping file, on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from app.ledger.models import ImportRow
from app.ledger.rules.report import Question

SKIP_ROW = "skip"
Choice = str | Mapping[str, str] | None


@dataclass(frozen=True)
class Choices:
    """``rows``: by sheet and row, "skip" or answers by question; ``general``: answers by code for every row.

    With ``accept`` the ledger is taken at its word wherever nothing else was chosen.
    """

    rows: Mapping[tuple[str, int], Choice] = field(default_factory=dict)
    general: Mapping[str, str] = field(default_factory=dict)
    accept: bool = False

    def skips(self, sheet: str, row: int) -> bool:
        """Whether the row is not to be written."""
        return self.rows.get((sheet, row)) == SKIP_ROW

    def answer(self, sheet: str, row: int, question: Question) -> str | None:
        """What was chosen for a question of the row, if that is one of its choices."""
        said = self.rows.get((sheet, row))
        own = said if isinstance(said, Mapping) else {}
        allowed = [value for value, _label in question.choices]
        for chosen in (own.get(question.key), own.get(question.code), self.general.get(question.code)):
            if chosen in allowed:
                return chosen
        return allowed[0] if self.accept else None

    def beneath(self, said: Mapping[str, object]) -> Choices:
        """These choices, with what ``said`` holds where they say nothing."""
        below = read_choices(said)
        return replace(self, rows={**below.rows, **self.rows}, general={**below.general, **self.general})


def read_choices(said: Mapping[str, object]) -> Choices:
    """The choices of a mapping file: ``{"unit_jump": "use", "台账!7": {"same_project": "new"}, "台账!9": "skip"}``."""
    rows: dict[tuple[str, int], Choice] = {}
    general: dict[str, str] = {}
    for key, value in said.items():
        sheet, mark, row = key.rpartition("!")
        if mark and row.isdigit():
            rows[sheet, int(row)] = value if isinstance(value, str) else _words(value)
        else:
            general[key] = str(value)
    return Choices(rows, general)


def _words(value: object) -> dict[str, str]:
    return {str(key): str(chosen) for key, chosen in value.items()} if isinstance(value, Mapping) else {}


def choices_of(rows: Iterable[ImportRow]) -> Choices:
    """What was chosen in the grid."""
    return Choices({(row.sheet, row.row): row.choice for row in rows if row.choice is not None})
