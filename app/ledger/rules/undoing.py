"""Taking an import back: which values go back, which stay because somebody has worked on them since. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
Place = tuple[str, Any]
"""A table and the key of a row in it."""

COUNTED = frozenset({"version", "updated_at"})
"""Follow from other changes; a version never goes back, so that an old page cannot be saved over a newer record."""
DERIVED = {
    "project": frozenset({"name_key", "name_pinyin", "signed_on", "total_fen"}),
    "investor": frozenset({"name_key", "name_pinyin"}),
}
"""Columns computed from others: they follow without being reported."""
TOGETHER: dict[str, tuple[frozenset[str], ...]] = {
    "project": (
        frozenset({"chain_id", "segment_id"}),
        frozenset({"name", "name_key", "name_pinyin"}),
    ),
    "investor": (frozenset({"name", "name_key", "name_pinyin"}),),
    "fund_arrival": (
        frozenset("currency original_minor rate_millionths rate_on rate_source claimed_fen amount_fen cut_reason".split()),
        frozenset("state recognised_on reviewed_by reviewed_name reviewed_at return_reason".split()),
        frozenset("project_id arrived_on unit_id".split()),
        frozenset("recorded_by recorded_name recorded_at".split()),
    ),
}  # fmt: skip
"""Columns that only mean something together: one edited since keeps the others as they are."""
PARTS = {
    **dict.fromkeys("contract milestone stage_change responsibility investor_change".split(), "project"),
    "arrival_share": "fund_arrival",
    "search_entry": "",
}
"""Rows that are part of another record, by its table: they stay or go with it. An entry of the index is part of any."""
SILENT = frozenset({"search_entry"})


@dataclass(frozen=True)
class Image:
    """One row before and after the import, and as it is now; None where it is not there."""

    table: str
    key: Any
    before: Row | None
    after: Row | None
    now: Row | None

    @property
    def place(self) -> Place:
        """Where the row is."""
        return self.table, self.key

    @property
    def made(self) -> bool:
        """Whether the import made the row, and it is still there."""
        return self.before is None and self.now is not None

    @property
    def edited(self) -> bool:
        """Whether somebody has changed the row since."""
        ignored = COUNTED | DERIVED.get(self.table, frozenset())
        return _differ(self.after, self.now, ignored)


@dataclass(frozen=True)
class Edited:
    """A value that stays because it was edited since: what the import had written, and what is there now."""

    image: Image
    column: str

    @property
    def imported(self) -> Any:
        """The value as imported."""
        return (self.image.after or {}).get(self.column)

    @property
    def now(self) -> Any:
        """The value as it is."""
        return (self.image.now or {}).get(self.column)


def restored(image: Image) -> tuple[dict[str, Any], list[Edited]]:
    """The values of a changed row that go back, and those that stay because they were edited since."""
    before, after, now = image.before or {}, image.after or {}, image.now or {}
    changed = {name for name in before if before[name] != after.get(name)} - {"version"}
    edited = {name for name in changed if now[name] != after[name] and now[name] != before[name]}
    derived = DERIVED.get(image.table, frozenset())
    held = {name for name in edited if name not in COUNTED}
    for group in TOGETHER.get(image.table, ()):
        if any(now[name] != after.get(name) and now[name] != before.get(name) for name in group):
            held |= group & changed
    back = {name: before[name] for name in changed - held - COUNTED if now[name] != before[name]}
    if back and not image.edited and "updated_at" in changed:
        back["updated_at"] = before["updated_at"]
    shown = sorted(edited - COUNTED - derived)
    if image.table in SILENT:
        shown = []
    return back, [Edited(image, name) for name in shown]


def staying(
    made: Collection[Image], worked_on: Iterable[Place], children: Mapping[Place, Collection[Place]]
) -> set[Place]:
    """The rows that the import made and that stay: worked on since, or needed by something that stays.

    ``children`` are the rows that refer to a made row, with everything that will still refer to it; one that the
    import did not make stays in any case.
    """
    places = {image.place for image in made}
    parents: dict[Place, set[Place]] = {}
    for parent, referring in children.items():
        for child in referring:
            parents.setdefault(child, set()).add(parent)
    outside = {child for child in parents if child not in places}
    kept: set[Place] = set()
    waiting = [*outside, *(place for place in worked_on if place in places)]
    while waiting:
        place = waiting.pop()
        if place in kept:
            continue
        kept.add(place)
        waiting.extend(parents.get(place, ()))
        if place in places:
            waiting.extend(
                child for child in children.get(place, ()) if PARTS.get(child[0]) in (place[0], "")
            )
    return kept & places


def _differ(one: Row | None, other: Row | None, ignored: Collection[str]) -> bool:
    if one is None or other is None:
        return one is not other
    return any(other.get(name) != value for name, value in one.items() if name not in ignored)
