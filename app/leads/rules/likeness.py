"""Which records are the same and which look alike (domain.md §2.4), and what others may read of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum, StrEnum
from functools import cache

from app.directory.rules import pinyin_key, provinces
from app.kernel.errors import DomainError
from app.kernel.text import name_key, narrow

NEAR = 0.85
"""From here on two names are near, and a reason is asked for (domain.md §2.4, L2)."""
SHOWN = 0.6
"""From here on a look-alike is shown."""

_COMPANY_ENDS = (
    "集团股份有限公司", "集团有限责任公司", "集团有限公司", "股份有限公司", "有限责任公司", "有限公司",
    "集团公司", "总公司", "分公司", "公司", "集团", "股份",
)  # fmt: skip
_PROJECT_ENDS = ("建设项目", "投资项目", "项目")
_LATIN = re.compile(r"[a-z]{2,}")
_REGION_ENDS = ("维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市")


class Kind(StrEnum):
    """What a look-alike is."""

    lead = "lead"
    project = "project"
    investor = "investor"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"lead": "线索", "project": "项目", "investor": "企业"}[self.value]


class Level(IntEnum):
    """How much a look-alike weighs: shown only, asks for a reason, or forbids the registration."""

    hint = 0
    near = 1
    twin = 2


@dataclass(frozen=True)
class Wanted:
    """What is being registered, as typed; ``uscc`` as read, None when empty or not valid yet."""

    name: str
    investor: str
    uscc: str | None = None


@dataclass(frozen=True)
class Other:
    """A stored record to compare with: ``stands`` means that it is still pursued (and, a lead, protected)."""

    kind: Kind
    name: str
    investor: str
    uscc: str | None
    stands: bool
    pursued: bool
    """A lead whose protection has run out is still pursued, but stands in nobody's way."""


@dataclass(frozen=True)
class Judgement:
    """How alike, why, and what follows."""

    level: Level
    score: float
    why: str


def company_key(name: str) -> str:
    """A company's name made comparable, without 有限公司 and the like."""
    return _without(name_key(name), _COMPANY_ENDS)


def project_key(name: str) -> str:
    """A project's name made comparable, without 项目 at its end."""
    return _without(name_key(name), _PROJECT_ENDS)


def company_core(name: str) -> str:
    """``company_key`` without the province in front, which many companies share."""
    key = company_key(name)
    for region in _regions():
        if key.startswith(region) and len(key) >= len(region) + 2:
            return key.removeprefix(region)
    return key


@cache
def _regions() -> tuple[str, ...]:
    found = []
    for name in provinces():
        short = next((name.removesuffix(end) for end in _REGION_ENDS if name.endswith(end)), name)
        found += [name, short]
    return tuple(sorted({*found, "深圳市", "深圳"}, key=len, reverse=True))


def similarity(one: str, other: str) -> float:
    """How alike two keys are, 0 to 1: the same sound counts nearly as the same, a part of the other as near."""
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    if len(one) == len(other) > 1 and pinyin_key(one) == pinyin_key(other):
        return 0.95
    ratio = SequenceMatcher(None, one, other, autojunk=False).ratio()
    short, long = sorted((one, other), key=len)
    if len(short) >= 2 and short in long:
        return max(ratio, NEAR if len(short) >= 3 and 2 * len(short) >= len(long) else 0.7)
    return ratio


def sounds_like(typed: str, name: str) -> bool:
    """Whether Latin letters are the pinyin of part of ``name``, or its initials (ksly, liye: 喀什锂业)."""
    letters = narrow(typed).replace(" ", "").casefold()
    if not _LATIN.fullmatch(letters):
        return False
    words = pinyin_key(name).split()
    if letters in "".join(word[0] for word in words if word):
        return True
    return any("".join(words[at:]).startswith(letters) for at in range(len(words)))


def judge(wanted: Wanted, other: Other) -> Judgement | None:
    """What ``other`` means for the registration of ``wanted``; None when they have nothing in common."""
    same_code = bool(wanted.uscc) and wanted.uscc == other.uscc
    if other.kind is Kind.investor:
        return _judge_investor(wanted, other, same_code)
    same_company = same_code or (
        bool(wanted.investor) and company_key(wanted.investor) == company_key(other.investor)
    )
    by_name = similarity(project_key(wanted.name), project_key(other.name))
    by_company = similarity(company_core(wanted.investor), company_core(other.investor))
    if same_company and by_name == 1.0:
        return Judgement(_if(other.stands, Level.twin, other.pursued), 1.0, "投资方和项目名称都相同")
    if same_code:
        twin = other.stands and other.kind is Kind.lead
        return Judgement(_if(twin, Level.twin, other.pursued), 1.0, "信用代码相同")
    if same_company:
        return Judgement(_if(other.pursued, Level.near), 0.99, "投资方相同")
    score = max(by_name, by_company)
    if score >= SHOWN:
        what = "项目名称" if by_name >= by_company else "投资方名称"
        how = "相同" if score == 1.0 else "同音" if score == 0.95 else "相近"
        return Judgement(_if(score >= NEAR and other.pursued, Level.near), score, f"{what}{how}")
    if sounds_like(wanted.name, other.name) or sounds_like(wanted.investor, other.investor):
        return Judgement(Level.hint, SHOWN, "拼音相符")
    return None


def _judge_investor(wanted: Wanted, other: Other, same_code: bool) -> Judgement | None:
    if same_code:
        return Judgement(Level.hint, 1.0, "信用代码相同，登记后归到这家企业")
    if wanted.investor and company_key(wanted.investor) == company_key(other.investor):
        return Judgement(Level.hint, 1.0, "已有这家企业，登记后归到它名下")
    score = similarity(company_core(wanted.investor), company_core(other.investor))
    if score >= SHOWN:
        how = "同音" if score == 0.95 else "相近"
        return Judgement(_if(score >= NEAR, Level.near), score, f"企业名称{how}，请核对是否同一家")
    if sounds_like(wanted.investor, other.investor):
        return Judgement(Level.hint, SHOWN, "拼音相符")
    return None


def _if(fits: bool, level: Level, otherwise_near: bool = False) -> Level:
    """``level`` where it applies; else near where something is still pursued, else shown only."""
    return level if fits else Level.near if otherwise_near else Level.hint


def check_likeness(levels: Sequence[tuple[Level, str]], reason: str) -> None:
    """Refuse a twin; refuse a near one without a reason. Each level comes with what to say about it."""
    for level, said in levels:
        if level is Level.twin:
            raise DomainError(f"{said}，不能重复登记；认为首报有误的，请报审核岗裁定", "name")
    near = [said for level, said in levels if level is Level.near]
    if near and len(reason.strip()) < 2:
        raise DomainError(
            f"与已有记录相近（{near[0]}{'等' if len(near) > 1 else ''}），请核对；确不是同一项目的，写明理由",
            "likeness_reason",
        )


def masked_name(name: str) -> str:
    """What other units may read of a name: its first two characters."""
    return f"{name[:2]}＊＊＊"


def _without(key: str, ends: tuple[str, ...]) -> str:
    for end in ends:
        if key.endswith(end) and len(key) >= len(end) + 2:
            return key.removesuffix(end)
    return key
