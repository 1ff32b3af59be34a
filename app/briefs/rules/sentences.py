"""The sentences of the brief as data: the system's words, and what a zone may put in their place.

``sentences.toml`` holds every generated sentence with its cases. The rules decide which case is said and hand over
what is filled in; the words come from here, for the paper, Word, the phone and the editor alike.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from app.briefs.rules.prose import AMOUNT
from app.briefs.rules.runs import Run, Text, sentence
from app.kernel.errors import DomainError
from app.kernel.text import has_control

SOURCE = Path(__file__).with_name("sentences.toml")
TOKEN = re.compile(r"｛([^｛｝]*)｝")
EVERYWHERE = ("期", "区", "年", "月", "月底")
"""Placeholders that may stand in any sentence."""
MAX_WORDS = 300
Tokens = Mapping[str, Run | Text]
NOTHING: Tokens = MappingProxyType({})


@dataclass(frozen=True)
class Case:
    """One case of a sentence: when it is said, its words, the placeholders it has, and which of them must stay."""

    key: str
    when: str
    words: str
    tokens: tuple[str, ...]
    required: tuple[str, ...]


@dataclass(frozen=True)
class Sentence:
    """A generated sentence with its cases; ``section`` is the key of the paragraph it stands in."""

    key: str
    name: str
    section: str
    cases: tuple[Case, ...]


def _case(key: str, when: str, marked: str) -> Case:
    found = TOKEN.findall(marked)
    required = tuple(dict.fromkeys(name[:-1] for name in found if name.endswith("!")))
    tokens = tuple(dict.fromkeys(name.rstrip("!") for name in found))
    return Case(key, when, marked.replace("!｝", "｝"), tokens, required)


def _read() -> tuple[Mapping[str, Sentence], Mapping[str, str]]:
    data = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    examples = data.pop("examples")
    sentences = {}
    for key, table in data.items():
        name, section = table.pop("name"), table.pop("section")
        cases = tuple(_case(f"{key}.{case}", *said) for case, said in table.items())
        sentences[key] = Sentence(key, name, section, cases)
    return MappingProxyType(sentences), MappingProxyType(examples)


SENTENCES, EXAMPLES = _read()
CASES: Mapping[str, Case] = MappingProxyType({c.key: c for s in SENTENCES.values() for c in s.cases})


@cache
def _parts(words: str) -> tuple[str, ...]:
    """Plain text and names of placeholders in turns."""
    return tuple(TOKEN.split(words))


def fill(key: str, own: Mapping[str, str], tokens: Tokens) -> Text:
    """The case ``key`` in the zone's ``own`` words, else in the system's, with its placeholders filled in.

    A zone's words that ask for what a newer version of the system has no more give way to the system's.
    """
    words = own.get(key, "")
    if not words or not tokens.keys() >= set(_parts(words)[1::2]):
        words = CASES[key].words
    parts = _parts(words)
    return sentence(*(tokens[part] if number % 2 else part for number, part in enumerate(parts)))


def example(case: Case, words: str, everywhere: Mapping[str, str]) -> Text:
    """``words`` with examples in place of what the month has not got."""
    return fill(case.key, {case.key: words}, {**EXAMPLES, **everywhere})


def check_words(case: Case, words: str) -> str:
    """A zone's words for ``case``, cleaned. Raises ``DomainError`` saying what is wrong with them."""
    words = words.replace("{", "｛").replace("}", "｝").strip()
    if has_control(words) or "\n" in words:
        raise DomainError("含有换行或不可见字符，请改在一行内")
    if len(words) > MAX_WORDS:
        raise DomainError(f"不超过 {MAX_WORDS} 字，现有 {len(words)} 字")
    if re.search("[｛｝]", TOKEN.sub("", words)):
        raise DomainError("｛ 与 ｝ 没有成对，请补齐")
    found = TOKEN.findall(words)
    known = (*case.tokens, *EVERYWHERE)
    unknown = [f"｛{name}｝" for name in found if name not in known]
    if unknown:
        usable = "".join(f"｛{name}｝" for name in known)
        raise DomainError(f"没有{'、'.join(unknown)}这个数据项；这一句可用{usable}")
    missing = [f"｛{name}｝" for name in case.required if name not in found]
    if missing:
        raise DomainError(f"缺少{'、'.join(missing)}，这句话离了它就没有数据，请补上")
    fixed = [text for text in AMOUNT.findall(words) if text not in case.words]
    if fixed:
        raise DomainError(f"“{fixed[0]}”是写死的数字，不会随月份变化，请改用数据项")
    if not words:
        raise DomainError("不能为空；不需要的段落请在大纲或编写时设为不印")
    return words
