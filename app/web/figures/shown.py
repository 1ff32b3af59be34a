"""What the matrix shows: its dimension, its figures, one of them in full, and what all of it is narrowed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from app.figures.rules import CATALOGUE, WindowName, get_figure
from app.journal.rules import Dimension
from app.web.figures.asked import parameter_of, read_members
from app.web.figures.register import NARROWED_BY

OFFERED = (Dimension.unit, Dimension.area, Dimension.chain, Dimension.origin)
MORE = (Dimension.segment, Dimension.industry, Dimension.source, Dimension.investor_type)
"""Dimensions in the menu behind those offered at once."""
SWITCH = {Dimension.area: "片区", Dimension.segment: "环节"}
"""Shorter names for the switch."""
FUNDS = "funds.amount"
USUAL = ("signed.count", "signed.amount", "started_big.count", "produced.count", FUNDS)
SHORT = {
    "signed.count": "新签约项目",
    "signed.amount": "合同总投资",
    "signed_big.count": "亿元以上新签约",
    "signed_big.amount": "亿元以上总投资",
    "started.count": "新开工项目",
    "started.amount": "新开工总投资",
    "started_big.count": "亿元以上新开工",
    "started_big.amount": "亿元以上开工投资",
    "produced.count": "新投产项目",
    "produced.amount": "新投产总投资",
    "produced_big.count": "亿元以上新投产",
    "produced_big.amount": "亿元以上投产投资",
    FUNDS: "到位资金",
}
GROUPS = {
    "签约": ("signed.count", "signed.amount", "signed_big.count", "signed_big.amount"),
    "推进": tuple(code for code in CATALOGUE if code.startswith(("started", "produced"))),
    "资金": (FUNDS,),
}


@dataclass(frozen=True)
class Shown:
    """``code`` is the figure shown in all its windows, ``codes`` all figures with a column, in catalogue order."""

    by: Dimension
    code: str
    codes: tuple[str, ...]
    window: WindowName
    members: Mapping[Dimension, str]

    @property
    def beside(self) -> list[str]:
        """The figures with one column each."""
        return [code for code in self.codes if code != self.code]

    def applies(self, code: str) -> bool:
        """Whether a figure can be broken down and narrowed like this."""
        return all(CATALOGUE[code].applies(dimension) for dimension in (self.by, *self.members))

    def narrowed(self, member: str | None = None) -> dict[str, str]:
        """The parameters of an address for the whole, or for one member of the dimension."""
        found = {parameter_of(dimension): name for dimension, name in self.members.items()}
        return found if member is None else found | {parameter_of(self.by): member}

    @property
    def narrowed_in_register(self) -> dict[str, str]:
        """As ``narrowed`` for numbers of the register, which know fewer dimensions."""
        return {parameter_of(d): name for d, name in self.members.items() if d in NARROWED_BY}

    def address(self, **changes: Any) -> dict[str, Any]:
        """The parameters of an address that shows the same, with some of it changed."""
        other = replace(self, **changes)
        written: dict[str, Any] = {"by": other.by.value, "f": other.code, **other.narrowed()}
        if other.window is WindowName.month:
            written["w"] = other.window.value
        if set(other.codes) != {*USUAL, other.code}:
            written["c"] = list(other.codes)
        return written

    @property
    def words(self) -> list[str]:
        """What it is narrowed to."""
        return [f"{dimension.label}：{name}" for dimension, name in self.members.items()]


def read_shown(args: MultiDict[str, str], *, code: str | None = None) -> Shown:
    """What the address asks for. Raises ``NotFoundError`` for a figure that is none.

    A figure that has no such dimension (a project has no source of money) gives way to 到位资金.
    """
    by = next((d for d in Dimension if d.value == args.get("by")), Dimension.unit)
    code = get_figure(code or args.get("f") or FUNDS).code
    wanted = {get_figure(each).code for each in args.getlist("c")} or set(USUAL)
    window = WindowName.month if args.get("w") == "month" else WindowName.ytd
    members = {d: name for d, name in read_members(args).items() if d is not by}
    shown = Shown(by, code, (), window, members)
    if not shown.applies(code):
        shown = replace(shown, code=FUNDS)
    chosen = wanted | {shown.code}
    return replace(shown, codes=tuple(c for c in CATALOGUE if c in chosen and shown.applies(c)))
