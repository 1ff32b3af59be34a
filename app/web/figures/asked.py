"""Which number an address asks for: its code, window, and what it is narrowed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.figures.rules import CATALOGUE, WHOLE_ZONE, WindowName
from app.journal.rules import Dimension
from app.kernel.errors import NotFoundError
from app.pipeline.rules import STAGE_BY_LABEL, Stage
from app.web.figures.register import REGISTER
from app.web.session import UNITS

ALIASES = {
    "signed_big.share": "signed_big.amount",
    "signed.average": "signed.amount",
    "funds.share": "funds.amount",
    "funds.rate": "stock.arrived",
    "stock.share": "stock.count",
    "stage.rate": "stage.count",
    "slow.rate": "slow.amount",
}
"""Ratios lead to the rows of their numerator."""
ALL = "all"
"""From the beginning to the end of the month."""
MONTH_ONLY = frozenset({"month_delta"})
"""Derived numbers whose rows are those of the month; all others lead to the year so far."""


@dataclass(frozen=True)
class Asked:
    """One number. ``window`` is a window's name or ``ALL``; ``derived`` what was asked beyond it (yoy, done, …)."""

    code: str
    window: str
    derived: str
    members: Mapping[Dimension, str]
    stage: Stage | None = None
    project_id: int | None = None

    @property
    def is_figure(self) -> bool:
        """Whether it is of the catalogue: a sum of facts."""
        return self.code in CATALOGUE

    @property
    def narrowed(self) -> list[tuple[str, str]]:
        """What it is narrowed to, in words."""
        found = [(dimension.label, name) for dimension, name in self.members.items()]
        return [*found, ("阶段", self.stage.label)] if self.stage else found


def read_asked(code: str, args: MultiDict[str, str]) -> Asked:
    """The number of ``code`` that the parameters ask for. Raises ``NotFoundError`` for an unknown code or stage."""
    wanted = args.get("w", "")
    base = ALIASES.get(code, code)
    if args.get("stock") == "1" and base == "funds.amount":
        base = "stock.arrived"
    if base not in CATALOGUE and base not in REGISTER:
        raise NotFoundError(f"没有代码为“{code[:40]}”的指标")
    known = (*WindowName.__members__, ALL)
    window = wanted if wanted in known else WindowName.month if wanted in MONTH_ONLY else WindowName.ytd
    derived = wanted if wanted and wanted not in known else code.split(".")[-1] if code != base else ""
    return Asked(
        base, str(window), derived, read_members(args), _stage(args.get("stage", "")), _project(args)
    )


def write_asked(asked: Asked, month: object) -> dict[str, Any]:
    """The parameters that ask for the same number, without page and unit of amounts."""
    written: dict[str, Any] = {"month": str(month), "w": asked.derived or asked.window}
    written |= {parameter_of(dimension): name for dimension, name in asked.members.items()}
    if asked.stage:
        written["stage"] = asked.stage.label
    if asked.project_id is not None:
        written["project"] = str(asked.project_id)
    return written


def parameter_of(dimension: Dimension) -> str:
    """``dept`` in our own addresses, since ``unit`` switches the amounts; briefs write ``unit``."""
    return "dept" if dimension is Dimension.unit else dimension.value


def read_members(args: MultiDict[str, str]) -> dict[Dimension, str]:
    """The members of dimensions that the parameters name, by their names."""
    found = {}
    for dimension in Dimension:
        names = args.getlist(dimension.value) + args.getlist(parameter_of(dimension))
        names = [
            name
            for name in names
            if name and name != WHOLE_ZONE and (dimension is not Dimension.unit or name not in UNITS)
        ]
        if names:
            found[dimension] = names[0]
    return found


def _stage(label: str) -> Stage | None:
    if not label:
        return None
    if label not in STAGE_BY_LABEL:
        raise NotFoundError(f"没有名为“{label[:20]}”的阶段")
    return STAGE_BY_LABEL[label]


def _project(args: MultiDict[str, str]) -> int | None:
    text = args.get("project", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise NotFoundError("没有这个项目，可能已被删除或不属于本区")
    return int(text)
