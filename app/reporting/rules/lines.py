"""The lines of a filled sheet: groups with titles, projects in order, subtotals and the total."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from app.figures.rules import share_percent
from app.pipeline.rules import Stage
from app.reporting.rules.fields import Kind, field_of
from app.reporting.rules.places import ADDRESS, column_number
from app.reporting.rules.setup import SheetSetup
from app.reporting.rules.values import Value, key_of, number, summed, text, value_of

Line = dict[str, Any]
NONE = "未填"
_NUMERALS = "一二三四五六七八九"


class HasValues(Protocol):
    """A project with its values by field."""

    @property
    def id(self) -> int: ...

    @property
    def values(self) -> Mapping[str, Any]: ...


def place_of(setup: SheetSetup, address: str) -> str:
    """Where a tie stands within a line: ``C0`` for the column C of its first row."""
    match = ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError(address)
    return f"{match[1]}{int(match[2]) - setup.data_row}"


def make_lines(
    setup: SheetSetup, records: Sequence[HasValues], order: Mapping[str, Sequence[str]]
) -> list[Line]:
    """Every line of the sheet, top to bottom; ``order`` gives the members of the zone's lists in their order."""
    ordered = in_order(setup, records, order)
    groups = _groups(setup, ordered, order)
    lines: list[Line] = []
    serial = 0
    for place, (name, members) in enumerate(groups, 1):
        if setup.group:
            lines.append(_title(setup, place, name, len(members)))
        if setup.restart:
            serial = 0
        for record in members:
            serial += 1
            lines.append(
                {
                    "kind": "row",
                    "cells": {
                        place_of(setup, a): value_of(t, record.values, serial) for a, t in setup.ties.items()
                    },
                }
            )
        if setup.group and setup.subtotals:
            lines.append(sum_line(setup, "subtotal", "小计", members))
    if setup.total and not setup.total_row:
        total = sum_line(setup, "total", "合计", ordered)
        lines = [total, *lines] if setup.total == "top" else [*lines, total]
    return lines


def sum_line(setup: SheetSetup, kind: str, label: str, members: Sequence[HasValues]) -> Line:
    """A line of sums: exact ones of what the projects hold, rounded only for the eye."""
    cells: dict[str, Value] = {}
    for address, tie in setup.ties.items():
        known = field_of(tie.field)
        place = place_of(setup, address)
        if known is not None and known.kind.summed and place.endswith("0"):
            cells[place] = summed(tie, sum(record.values.get(key_of(tie)) or 0 for record in members))
    _add_share(setup, cells, members)
    cells[_label_place(setup, cells)] = text(label)
    return {"kind": kind, "cells": cells}


def _add_share(setup: SheetSetup, cells: dict[str, Value], members: Sequence[HasValues]) -> None:
    """到位率 of a sum is that of its sums."""
    total = sum(record.values.get("total") or 0 for record in members)
    funds = sum(record.values.get("funds_all") or 0 for record in members)
    for address, tie in setup.ties.items():
        share = share_percent(funds, total)
        if tie.field == "share" and share is not None and place_of(setup, address).endswith("0"):
            cells[place_of(setup, address)] = number(share / 100, "0.0%")


def _label_place(setup: SheetSetup, taken: Mapping[str, Value]) -> str:
    """The first column of text, else the first that holds no sum."""
    places = sorted((column_number(address.rstrip("0123456789")), address) for address in setup.ties)
    free = [address for _number, address in places if place_of(setup, address) not in taken]
    texts = [
        a for a in free if (known := field_of(setup.ties[a].field)) and known.kind in (Kind.text, Kind.serial)
    ]
    names = [a for a in texts if setup.ties[a].field == "name"]
    return place_of(setup, (names or texts or free or [f"A{setup.data_row}"])[0])


def _title(setup: SheetSetup, place: int, name: str, count: int) -> Line:
    said = setup.title.replace("{序}", numeral(place)).replace("{组}", name).replace("{个数}", str(count))
    return {"kind": "group", "cells": {}, "title": text(said)}


def numeral(place: int) -> str:
    """一 to 九十九, as groups are numbered."""
    tens, ones = divmod(place, 10)
    said = ("" if tens == 1 else _NUMERALS[tens - 1]) + "十" if tens else ""
    return said + (_NUMERALS[ones - 1] if ones else "")


def in_order(
    setup: SheetSetup, records: Iterable[HasValues], order: Mapping[str, Sequence[str]]
) -> list[HasValues]:
    """The projects in the order that was chosen; those without a value come last, equal ones by number."""
    found = sorted(records, key=lambda record: str(record.values.get("number")))

    def key(record: HasValues) -> Any:
        value = record.values.get(setup.order)
        if setup.order in order:
            members = list(order[setup.order])
            return members.index(value) if value in members else None
        if isinstance(value, Stage):
            return list(Stage).index(value)
        return value.toordinal() if isinstance(value, dt.date) else value

    known = [record for record in found if key(record) is not None]
    known.sort(key=key, reverse=setup.descending)
    return known + [record for record in found if key(record) is None]


def _groups(
    setup: SheetSetup, records: Sequence[HasValues], order: Mapping[str, Sequence[str]]
) -> list[tuple[str, list[HasValues]]]:
    """The projects of each group, groups in list order, those without one last; groups with nothing are left out."""
    if not setup.group:
        return [("", list(records))]
    found: dict[str, list[HasValues]] = {}
    for record in records:
        value = record.values.get(setup.group)
        name = value.label if isinstance(value, Stage) else value or NONE
        found.setdefault(name, []).append(record)
    known = [
        name
        for name in (*order.get(setup.group, ()), *(stage.label for stage in Stage), "新建", "续建")
        if name in found
    ]
    rest = sorted(found.keys() - set(known) - {NONE})
    return [(name, found[name]) for name in dict.fromkeys([*known, *rest, NONE]) if name in found]
