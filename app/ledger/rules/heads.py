"""What a head says: its words without clutter, and its unit."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from app.kernel.text import name_key
from app.ledger.rules.synonyms import CHAIN_AND_SEGMENT, DATE_FIELDS, FIELD_WORDS, LIKE, PAIRS, PLANNED

UNIT_FACTORS = {
    "元": "元", "万元": "万元", "万": "万元", "亿元": "亿元", "亿": "亿元", "千元": "千元",
    "美元": "美元", "万美元": "万美元", "亿美元": "亿美元", "百万元": "百万元",
}  # fmt: skip
"""Units as they are written, and their one name."""
AREA_UNITS = {"亩": "亩", "平方米": "㎡", "㎡": "㎡", "m2": "㎡", "平米": "㎡", "公顷": "公顷"}
_MONEY_UNIT = r"亿美元|万美元|美元|亿元|百万元|万元|千元|元|亿|万"
_AREA_UNIT = r"亩|平方米|㎡|m2|平米|公顷"
_BRACKET = re.compile(r"[(\[〔【][^()\[\]〔〕【】]*[)\]〕】]")
_UNIT_IN_BRACKET = re.compile(
    rf"[(\[〔【](?:[^()\[\]〔〕【】]*?[:,;、]|单位|[^()\[\]〔〕【】元亩]*?)??\s*({_MONEY_UNIT}|{_AREA_UNIT})(?:人民币|/年|每年)?[)\]〕】]"
)
_UNIT_SAID = re.compile(rf"单位[:]?\s*(?:人民币)?({_MONEY_UNIT})")
_UNIT_AT_END = re.compile(rf"(?<=[\u4e00-\u9fff])[,;/:]?({_MONEY_UNIT}|{_AREA_UNIT})$")
_SHORT = 80
"""Longer texts are not remembered between calls."""
_UNIT_OF_FIELD = re.compile(rf"([\u4e00-\u9fff]{{2,8}})[:为]({_MONEY_UNIT}|{_AREA_UNIT})")
_SECTORS = re.compile(r"[(]一.*二.*三.*[)]")
"""产业（一/二/三） asks for one of the three sectors, not for a chain."""
_TWO_IN_ONE = re.compile(r"(?:产业|行业)链?[/、和与及+]\S*环节")
"""产业/环节 holds both; without its sign it would fold to 产业环节, a segment alone."""
_TWO_FACTS = re.compile(r"([^/、及和与(]+)(?:[/、及和与]([^/、]+)|[(]([^()]+)[)](?:时间|日期)?)")
_NUMBERED = re.compile(r"^第?[一二三四五六七八九十\d]+[笔次批]")
"""第2笔到账金额."""
_WHOLE = ("计划", "名称", "总额", "合计", "总量", "金额")


def flat(text: str) -> str:
    """Half-width, without any white space."""
    return _flat(text) if len(text) <= _SHORT else _flat.__wrapped__(text)


@lru_cache(maxsize=50_000)
def _flat(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=20_000)
def fold_head(text: str) -> str:
    """The key of a head: width, spaces, signs and the unit folded away; ``总 投 资⏎（万元）`` is ``总投资``."""
    plain = _BRACKET.sub("", flat(text))
    plain = _UNIT_AT_END.sub("", plain) if len(plain) > 3 else plain
    return name_key(plain) or name_key(text)


def path_key(path: tuple[str, ...]) -> str:
    """The key of a head together with its group heads."""
    return "/".join(fold_head(part) for part in path)[:200]


def unit_of(text: str) -> str | None:
    """The unit of money or area that a head names."""
    plain = flat(text)
    match = _UNIT_IN_BRACKET.search(plain) or _UNIT_SAID.search(plain)
    if match is None and len(plain) > 3:
        match = _UNIT_AT_END.search(plain)
    if match is None:
        return None
    word = match[1]
    return UNIT_FACTORS.get(word) or AREA_UNITS.get(word)


def said_unit(text: str) -> str | None:
    """The unit that a title or note line says for the whole table: 单位：万元."""
    match = _UNIT_SAID.search(flat(text)) or re.search(
        rf"[(](?:[^()]*[,;、:])?({_MONEY_UNIT})[)]", flat(text)
    )
    return UNIT_FACTORS[match[1]] if match else None


def said_units(text: str) -> dict[str, str]:
    """The units that a title gives one field each: （总投资：亿元，产值：万元）."""
    pairs = _UNIT_OF_FIELD.findall(flat(text))
    found = {field_of_head((label,)): UNIT_FACTORS.get(unit) or AREA_UNITS[unit] for label, unit in pairs}
    return {known[0]: unit for known, unit in found.items() if known is not None}


@cache
def _fields() -> dict[str, str]:
    """Every known word, folded, to our own head; the first one named keeps it."""
    found: dict[str, str] = {}
    for field, words in FIELD_WORDS.items():
        for word in (field, *words.split()):
            found.setdefault(fold_head(word), field)
    return found


def field_of_head(path: tuple[str, ...]) -> tuple[str, int] | None:
    """Our own head for a column's head, and how sure that is in percent; None when no word of it is known.

    A planned date (计划开工时间) is none of ours, for nothing has happened yet.
    """
    if _SECTORS.search(flat(path[-1])):
        return None
    if _TWO_IN_ONE.search(flat(path[-1])):
        return CHAIN_AND_SEGMENT, 100
    pair = _pair(path[-1])
    found = (pair, 100) if pair else _known(path) or _alike(path)
    whole = flat("".join(path))
    if (
        found
        and DATE_FIELDS & {found[0], *PAIRS.get(found[0], ())}
        and any(word in whole for word in PLANNED)
    ):
        return None
    return found


@lru_cache(maxsize=20_000)
def _pair(head: str) -> str | None:
    """The two fields that a head names: 投资方（来源地）, 开工/投产时间."""
    match = _TWO_FACTS.fullmatch(_UNIT_IN_BRACKET.sub("", flat(head)))
    if match is None:
        return None
    one, other = match[1], match[2] or match[3]
    known = [_known((part,)) or _known((f"{part}时间",)) for part in (one, other)]
    pair = "/".join(field[0] for field in known if field)
    return pair if pair in PAIRS else None


@lru_cache(maxsize=20_000)
def _known(path: tuple[str, ...]) -> tuple[str, int] | None:
    known = _fields()
    last, whole = fold_head(path[-1]), "".join(fold_head(part) for part in path)
    if len(path) > 1 and whole in known:
        return known[whole], 100
    if unit_of(path[-1]) is None and (spelt := known.get(name_key(flat(path[-1])))) is not None:
        return spelt, 100 if len(path) == 1 else 90
    if last in known:
        return known[last], 100 if len(path) == 1 else 90
    group = fold_head(path[0]).removesuffix("情况")
    if len(path) > 1 and group in known and last in _WHOLE:
        return known[group], 85
    if len(path) > 1 and group + last in known:
        return known[group + last], 85
    stripped = _NUMBERED.sub("", last).removeprefix("其中").lstrip(":")
    for clutter in ("项目", "实际", "预计", "招商引资", "本"):
        stripped = stripped.removeprefix(clutter)
    if stripped != last and len(stripped) > 1 and stripped in known:
        return known[stripped], 75
    return None


@lru_cache(maxsize=20_000)
def _alike(path: tuple[str, ...]) -> tuple[str, int] | None:
    """A head that no list holds, by the words in it: 开工年月日, 公司注册登记时间."""
    last = fold_head(path[-1])
    if last in ("时间", "日期", "年月", "金额", "名称") and len(path) > 1:
        last = fold_head(path[-2]).removesuffix("情况") + last
    elif any(word in flat(part) for part in path[:-1] for word in ("时间", "日期", "节点")):
        last += "时间"
    for field, (wanted, also, never) in LIKE.items():
        if (
            any(word in last for word in wanted)
            and (not also or last.endswith(also))
            and not any(word in last for word in never)
        ):
            return field, 70
    return None
