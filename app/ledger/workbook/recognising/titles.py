"""What a group title, the name of a sheet or a line above a table says about all its rows."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.kernel.text import name_key
from app.ledger.rules.heads import field_of_head, flat
from app.ledger.rules.synonyms import CONTRACT_WORDS, STAGE_WORDS

Known = Mapping[str, frozenset[str]]
"""The zone's own lists by field, as keys of names."""
GROUPED_BY = ("责任单位", "落地片区", "产业链", "当前阶段", "合同类型", "投资方所在地")
"""What the rows below a title may have in common."""
_UNIT = re.compile(r"(?:[部局组办科处委室]|专班|小分队|中心|街道|[乡镇]|招商公司|工作站|管理站)$")
_AREA = re.compile(r"(?:园区|[园区港城]|片区|基地|组团|新区)$")
_CHAIN = re.compile(
    r"(?:产业|产业链|产业集群|制造业?|加工业?|[业链]|化工|能源|材料|医药|纺织|物流|电子|装备"
    r"|服装|电子信息|文旅|文化旅游|数字经济|食品|建材|冶金|电池|算力|光伏|风电|储能)$"
)
_NUMBERED = re.compile(
    r"^(?:[(]?[一二三四五六七八九十]+[)]?[、.．,，:：]?|[(]?\d{1,2}[)、.．](?!\d)|[①-⑳])\s*"
)
_COUNTED = re.compile(
    r"[(](?:共|合计|计)?\d+(?:个|家|项)?[^()]*[)]?$|(?:共)?\d+(?:个|家|项)(?:项目)?$|[:：]$"
)
_STAGES = {flat(word): label for label, words in STAGE_WORDS.items() for word in (label, *words.split())}
_KINDS = {flat(word): label for label, words in CONTRACT_WORDS.items() for word in (label, *words.split())}
_CHINESE_NUMBER = re.compile(r"^[(]?[一二三四五六七八九十]{1,3}[)]?[、.．]?$")


def bare_title(text: str) -> str:
    """The words of a group title: 一、签约项目（20个） is 签约项目."""
    plain = flat(text)
    return _COUNTED.sub("", _NUMBERED.sub("", plain) or plain).strip("、:：【】[]〔〕「」“”《》 ")


def level_of(text: str) -> int:
    """How deep a title stands by its number: 一、 is 1, （一） 2, 1. 3; without a number 0."""
    plain = flat(text)
    if re.match(r"^[(][一二三四五六七八九十]+[)]", plain):
        return 2
    if re.match(r"^[一二三四五六七八九十]+[、.．,，:：]?", plain) and not re.match(
        r"^[一二三四五六七八九十]+[部局科处期组]", plain
    ):
        return 1
    return 3 if re.match(r"^[(]?\d{1,2}[)、.．]", plain) else 0


def is_number(text: str) -> bool:
    """一, （二）, 三、 in the column of serial numbers."""
    return bool(_CHINESE_NUMBER.match(flat(text)))


def stage_word(word: str) -> str | None:
    """Our stage for a word of others, also as 签约项目 or 洽谈阶段."""
    plain = flat(word)
    for end in ("", "阶段", "项目", "类项目", "库", "情况", "类"):
        if (found := _STAGES.get(plain.removesuffix(end))) is not None:
            return found
    return None


def field_of_title(text: str, known: Known) -> tuple[str, str] | None:
    """The field that a title fills, and the value; None when it says nothing about a row."""
    title = bare_title(text)
    label, _, value = title.partition(":")
    if value and (head := field_of_head((label,))) is not None and head[0] in GROUPED_BY:
        return field_of_title(value, known) if head[0] in ("当前阶段", "合同类型") else (head[0], value)
    bare = re.sub(r"^(?:19|20)\d{2}年(?:度|1?\d?[-—至]?\d{0,2}月)?", "", title)
    for word in (
        bare,
        bare.removesuffix("情况表")
        .removesuffix("情况")
        .removesuffix("台账")
        .removesuffix("清单")
        .removesuffix("一览表"),
    ):
        if (stage := stage_word(word)) is not None:
            return "当前阶段", stage
        if (kind := _KINDS.get(word) or _KINDS.get(word.removesuffix("项目"))) is not None:
            return "合同类型", kind
    key = name_key(title)
    for field, names in known.items():
        if key in names:
            return field, title
    if 2 <= len(title) <= 20:
        for field, form in (("责任单位", _UNIT), ("落地片区", _AREA), ("产业链", _CHAIN)):
            if form.search(title):
                return field, title.removesuffix("产业链") or title
    return None
