"""A zone's own words for the sentences: read from a form, and shown on a month's numbers before they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.briefs.rules.document import write_sections
from app.briefs.rules.runs import Text, plain
from app.briefs.rules.sentences import CASES, SENTENCES, Sentence, check_words, example
from app.briefs.rules.situations import situations
from app.briefs.rules.view import Data, View
from app.kernel.errors import DomainError, NotFoundError

NOW, EXAMPLE = "本月", "示例"


def get_sentence(key: str) -> Sentence:
    """The sentence ``key``. Raises ``NotFoundError``."""
    if key not in SENTENCES:
        raise NotFoundError("没有这一句，请从左侧选择")
    return SENTENCES[key]


def read_words(key: str, given: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The zone's own words among those ``given`` for the cases of a sentence, and what is wrong, by case.

    Words that are the system's are no own words; a case that is not given keeps the system's.
    """
    own: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for case in get_sentence(key).cases:
        if case.key not in given:
            continue
        try:
            words = check_words(case, given[case.key])
        except DomainError as error:
            wrong[case.key] = error.message
        else:
            if words != case.words:
                own[case.key] = words
    return own, wrong


def merge_words(key: str, own: Mapping[str, str], all_own: Mapping[str, str] | None) -> dict[str, str]:
    """The zone's words for all sentences once those for ``key`` are ``own``; cases that are no more go."""
    kept = {k: v for k, v in (all_own or {}).items() if k in CASES and not k.startswith(f"{key}.")}
    return kept | dict(own)


@dataclass(frozen=True)
class Shown:
    """Words with their numbers, and under which circumstances they read so."""

    where: str
    text: Text


@dataclass(frozen=True)
class Preview:
    """A sentence as it would read: this month, in other situations, and each case by itself."""

    now: list[Text]
    others: list[Shown]
    cases: dict[str, Shown]


def preview(snapshot: Data, key: str, words: Mapping[str, str]) -> Preview:
    """How the sentence ``key`` reads in ``words`` (of all sentences) on the numbers of ``snapshot``."""
    sentence, own = get_sentence(key), {"words": dict(words)}
    view = View(snapshot | own)
    now = _paragraphs(view, sentence)
    seen = {plain(text) for text in now}
    cases = {case: Shown(NOW, text) for case, text in view.said.items()}
    others: list[Shown] = []
    for name, altered in situations(snapshot):
        view = View(altered | own)
        for text in _paragraphs(view, sentence):
            if plain(text) not in seen:
                seen.add(plain(text))
                others.append(Shown(name, text))
        for case, text in view.said.items():
            cases.setdefault(case, Shown(name, text))
    for each in sentence.cases:
        said = example(each, words.get(each.key, each.words), view.everywhere)
        cases.setdefault(each.key, Shown(EXAMPLE, said))
    return Preview(now, others, {each.key: cases[each.key] for each in sentence.cases})


def _paragraphs(view: View, sentence: Sentence) -> list[Text]:
    opened, sections = write_sections(view)
    blocks: list[dict[str, Any]] = [*opened, *(b for s in sections.values() for b in s["blocks"])]
    wanted = tuple(sentence.section.split())
    return [
        block["text"]
        for block in blocks
        if any(block.get("key") == w or block.get("key", "").startswith(f"{w}.") for w in wanted)
    ]
