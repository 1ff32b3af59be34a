"""How text is cut into tokens that both engines index alike (stack.md §2: bigrams).

Neither engine's own tokenizer finds two-character Chinese words, and PostgreSQL's depends on the
locale; so text is cut into pairs of characters here, and each pair is written in ASCII.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from pypinyin import Style, lazy_pinyin

from app.kernel.text import name_key

SHORTEST = 2
"""A query needs so many characters."""
NEAR_SHARE = 0.5
"""A near hit shares at least so many of the query's pairs."""
NEAR_LETTERS = 6
"""Letters and digits need to be so many: few pairs of them are in everything."""
LONGEST = 60


class Kind(StrEnum):
    """What a pair of characters comes from."""

    text = "t"
    initials = "i"
    pinyin = "p"


@dataclass(frozen=True)
class Spelling:
    """A record's text folded, in full pinyin and in initials; words are kept apart by a space."""

    text: str
    pinyin: str
    initials: str

    def tokens(self, zone_id: int, entity: str) -> str:
        """Everything that is indexed for the record, with the zone and its kind of record as a token of its own."""
        found = [kind_token(zone_id, entity)]
        for kind, value in (
            (Kind.text, self.text),
            (Kind.pinyin, self.pinyin),
            (Kind.initials, self.initials),
        ):
            for word in value.split():
                found += pairs(kind, word)
        return " ".join(dict.fromkeys(found))


@dataclass(frozen=True)
class Query:
    """What somebody typed: folded, and the tokens of each way in which it may be meant."""

    folded: str
    ways: tuple[tuple[Kind, tuple[str, ...]], ...]

    @property
    def without_initials(self) -> Query:
        """The ways that tell a slip of the pen: two initials in common say nothing."""
        return Query(self.folded, tuple(way for way in self.ways if way[0] is not Kind.initials))

    @property
    def may_be_near(self) -> bool:
        """Whether similar records are worth showing: a name with a slip, not a handful of letters."""
        return len(self.folded) >= (NEAR_LETTERS if self.folded.isascii() else 3)

    @property
    def is_empty(self) -> bool:
        """Whether it is too short to look for."""
        return not self.ways


def kind_token(zone_id: int, entity: str) -> str:
    """The token that stands for one kind of record of a zone; ``entity`` is made of lower-case letters."""
    return f"zone{zone_id:x}{entity}"


def pairs(kind: Kind, word: str) -> list[str]:
    """The pairs of neighbouring characters of ``word`` as ASCII tokens; one character alone stands for itself."""
    if len(word) == 1:
        return [f"{kind.value}{ord(word):x}"]
    return [f"{kind.value}{ord(first):x}z{ord(second):x}" for first, second in pairwise(word)]


def spell(title: str, words: Iterable[str] = ()) -> Spelling:
    """The spellings of a record: its title, and other words (numbers, names) that lead to it."""
    folded = [key for key in (name_key(part) for part in (title, *words)) if key]
    syllables = [lazy_pinyin(key, style=Style.NORMAL) for key in folded]
    return Spelling(
        text=" ".join(folded),
        pinyin=" ".join("".join(parts) for parts in syllables),
        initials=" ".join("".join(part[0] for part in parts if part) for parts in syllables),
    )


def read_query(text: str) -> Query:
    """``text`` as a query; letters may be meant as text, as pinyin or as initials."""
    folded = name_key(text)[:LONGEST]
    if len(folded) < SHORTEST:
        return Query(folded, ())
    kinds = tuple(Kind) if folded.isascii() and folded.isalpha() else (Kind.text,)
    return Query(folded, tuple((kind, tuple(dict.fromkeys(pairs(kind, folded)))) for kind in kinds))


def likeness(query: Query, spelling: Spelling) -> float:
    """The share of the query's pairs that the record has, 0 to 1: high for a name with one slip."""
    places = {Kind.text: spelling.text, Kind.pinyin: spelling.pinyin, Kind.initials: spelling.initials}
    shares = []
    for kind, tokens in query.ways:
        own = {token for word in places[kind].split() for token in pairs(kind, word)}
        shares.append(sum(token in own for token in tokens) / len(tokens))
    return max(shares, default=0.0)


def spoiled(tokens: tuple[str, ...]) -> list[tuple[str, ...]]:
    """What one slip leaves of the pairs of a query: a wrong, missing or added character spoils two neighbours at most.

    Of two pairs one is left. Each rest is looked for as a whole, which is quick however common its pairs are.
    """
    gone = min(2, len(tokens) - 1)
    return [tokens[:at] + tokens[at + gone :] for at in range(len(tokens) - gone + 1)] if gone else []


def rank(query: Query, spelling: Spelling) -> tuple[int, int]:
    """Sort key of a hit: in the title before elsewhere, at its start before its middle, short before long."""
    title = spelling.text.split(" ")[0]
    place = title.find(query.folded)
    return (0 if place == 0 else 1 if place > 0 else 2, len(title))
