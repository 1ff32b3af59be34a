"""What a head says: its words without clutter, its unit, the month and year it stands for."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from app.kernel.text import name_key
from app.ledger.rules.synonyms import FIELD_WORDS

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
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)\s*(?:年度?)?")
_MONTH = re.compile(r"(?<![\d\-—~至.])(1[0-2]|0?[1-9])月(?:份)?(?![\d\-—~至])")
_RANGE = re.compile(r"(1[0-2]|0?[1-9])月?\s*[-—~至]\s*(1[0-2]|0?[1-9])月")
_YEAR_MONTH = re.compile(r"^((?:19|20)\d{2})[-./年](1[0-2]|0?[1-9])月?$|^((?:19|20)\d{2})(0[1-9]|1[0-2])$")
_CHINESE_MONTH = re.compile(r"(十[一二]?|[一二三四五六七八九])月")
_CHINESE = {word: number for number, word in enumerate("一 二 三 四 五 六 七 八 九 十 十一 十二".split(), 1)}
_SPANS = {"一季度": (1, 3), "二季度": (4, 6), "三季度": (7, 9), "四季度": (10, 12), "上半年": (1, 6), "下半年": (7, 12),
          "前三季度": (1, 9), "1季度": (1, 3), "2季度": (4, 6), "3季度": (7, 9), "4季度": (10, 12)}  # fmt: skip
_SECTORS = re.compile(r"[(]一.*二.*三.*[)]")
"""产业（一/二/三） asks for one of the three sectors, not for a chain."""
_WHOLE = ("计划", "名称", "总额", "合计", "总量", "金额")
_BARE_SUMS = (
    "累计",
    "合计",
    "小计",
    "全年",
    "总计",
    "全年合计",
    "全年累计",
    "本年累计",
    "年累计",
    "本年合计",
)
_SUM_WORDS = ("累计", "合计", "小计", "全年", "总计", "年计")


@dataclass(frozen=True)
class Period:
    """The months of ``year`` (None: not said) from ``first`` to ``last``; a sum when ``is_sum``."""

    year: int | None
    first: int
    last: int
    is_sum: bool


def flat(text: str) -> str:
    """Half-width, without any white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


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
    match = _UNIT_SAID.search(flat(text)) or re.search(rf"[(]({_MONEY_UNIT})[)]", flat(text))
    return UNIT_FACTORS[match[1]] if match else None


def year_of(text: str) -> int | None:
    """The one year that a text names; None for none, or for several."""
    years = {int(year) for year in _YEAR.findall(flat(text))}
    return years.pop() if len(years) == 1 else None


def period_of(path: tuple[str, ...]) -> Period | None:
    """The month, or the sum of months, that a column stands for; None when it is neither."""
    last = flat(path[-1])
    whole = flat(" ".join(path))
    year = next((found for part in reversed(path) if (found := year_of(part)) is not None), None)
    if match := _YEAR_MONTH.fullmatch(last):
        return Period(int(match[1] or match[3]), int(match[2] or match[4]), int(match[2] or match[4]), False)
    if match := _RANGE.search(last):
        return Period(year, int(match[1]), int(match[2]), True)
    for word, (first, end) in _SPANS.items():
        if word in last and not (word == "三季度" and "前三季度" in last):
            return Period(year, first, end, True)
    months = [int(m) for m in _MONTH.findall(last)] or [_CHINESE[m] for m in _CHINESE_MONTH.findall(last)]
    if len(months) == 1 and not any(word in last for word in ("时间", "日期", "累计")):
        return Period(year, months[0], months[0], False)
    named = year is not None and any(word in last for word in _SUM_WORDS) and "历年" not in whole
    if named or last in _BARE_SUMS:
        return Period(year, 1, 12, True)
    return None


@cache
def _fields() -> dict[str, str]:
    """Every known word, folded, to our own head; the first one named keeps it."""
    found: dict[str, str] = {}
    for field, words in FIELD_WORDS.items():
        for word in (field, *words.split()):
            found.setdefault(fold_head(word), field)
    return found


def field_of_head(path: tuple[str, ...]) -> tuple[str, int] | None:
    """Our own head for a column's head, and how sure that is in percent; None when no word of it is known."""
    known = _fields()
    if _SECTORS.search(flat(path[-1])):
        return None
    last, whole = fold_head(path[-1]), "".join(fold_head(part) for part in path)
    if len(path) > 1 and whole in known:
        return known[whole], 100
    if last in known:
        return known[last], 100 if len(path) == 1 else 90
    group = fold_head(path[0]).removesuffix("情况")
    if len(path) > 1 and group in known and last in _WHOLE:
        return known[group], 85
    if len(path) > 1 and group + last in known:
        return known[group + last], 85
    stripped = last
    for clutter in ("项目", "实际", "预计", "招商引资"):
        stripped = stripped.removeprefix(clutter)
    if stripped != last and len(stripped) > 1 and stripped in known:
        return known[stripped], 75
    return None
