"""What the title rows of a template group its projects by: 一、招商一部 is a unit, 二、在谈 a stage."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from app.ledger.rules.heads import flat
from app.pipeline.rules import Stage

_NUMBER = re.compile(r"^[（(]?[一二三四五六七八九十\d]{1,3}[)）]?[、.．\s]*")
_REST = re.compile(r"[(（:：].*$|[\d×]+个.*$")
_LIKE: Sequence[tuple[str, re.Pattern[str]]] = (
    ("newness", re.compile(r"^(新建|续建|新开工|结转)")),
    ("stage", re.compile(r"在谈|洽谈|签约|落地|开工|在建|投产|达产|储备|谋划")),
    ("unit", re.compile(r"(部|组|局|办|科|室|中心|公司|集团|街道|乡|镇)$")),
    ("area", re.compile(r"(园|区|园区|片区|港|城|基地)$")),
    ("chain", re.compile(r"产业")),
)
"""Words of titles that name nothing of the zone's lists: another zone's units, or lists that are still empty."""


def propose_group(titles: Sequence[str], members: Mapping[str, Collection[str]]) -> str:
    """The grouping that most of ``titles`` are of; the stage where nothing is known of them."""
    names = [name for title in titles if (name := _REST.sub("", _NUMBER.sub("", flat(title))))]
    known = {kind: {flat(name) for name in listed} for kind, listed in members.items()}
    known["stage"] = {stage.label for stage in Stage}
    votes = [found for name in names if (found := _group_of(name, known))]
    return max(votes, key=votes.count) if votes else "stage"


def _group_of(name: str, known: Mapping[str, Collection[str]]) -> str:
    listed = next((kind for kind in ("unit", "area", "chain", "stage") if name in known.get(kind, ())), "")
    return listed or next((kind for kind, words in _LIKE if words.search(name)), "")
