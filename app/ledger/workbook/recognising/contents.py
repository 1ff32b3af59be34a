"""What the values of a column say about its field, where the head is silent or contradicted."""

from __future__ import annotations

from collections.abc import Callable

from app.directory.rules import read_origin
from app.investors.rules import read_uscc
from app.kernel.errors import DomainError
from app.kernel.text import name_key
from app.ledger.rules.heads import flat
from app.ledger.rules.recognition import How
from app.ledger.rules.synonyms import ALIASES, DATE_FIELDS, EXTRA, NO, YES
from app.ledger.rules.values import read_day
from app.ledger.workbook.recognising.titles import Known, stage_word

_FIXED = {
    field: frozenset(flat(word) for label, words in aliases.items() for word in (label, *words.split()))
    - YES
    - NO
    for field, aliases in ALIASES.items()
}
"""Fields with words of their own: a column that holds nothing else is theirs, whatever its head."""
_OF_PLANS = frozenset(("新建", "续建", "扩建", "改建", "其他", "竣工"))
"""What a project is in the year's plan, which is no stage (domain.md §1.1)."""
Guess = tuple[str, int, How]
UNKNOWN: Guess = (EXTRA, 0, How.none)
_DAY_OF_STAGE = {
    "在谈": "首次洽谈日期",
    "签约": "合同签订日期",
    **{stage: f"{stage}日期" for stage in ("落地", "开工", "投产", "达产", "终止")},
}
_COMPANY = ("公司", "集团", "合作社", "厂", "中心", "合伙企业", "研究院")


def by_content(head: str, guess: Guess, values: list[str], known: Known, taken: frozenset[str]) -> Guess:
    """The guess corrected by the column's values; ``taken`` are the fields that a head has claimed."""
    if not values:
        return guess
    field = guess[0]
    if field == EXTRA:
        return _day_of_stage(head, values, taken) or _found(values, known, taken) or guess
    if field in DATE_FIELDS and all(flat(v) in YES | NO for v in values):
        return UNKNOWN  # √ below 开工 ticks a stage, it is no day
    if field == "当前阶段" and _share(values, lambda v: stage_word(_before_date(v)) is not None) < 0.5:
        return UNKNOWN
    if field == "项目编号" and all(v.isdigit() and len(v) <= 4 for v in values):
        return "序号", 90, How.content
    if field == "统一社会信用代码" and not any(len(flat(v)) >= 15 for v in values):
        return UNKNOWN
    return guess


def _day_of_stage(head: str, values: list[str], taken: frozenset[str]) -> Guess | None:
    """A head that is only a stage's word (开工) above days is the day on which the stage was reached."""
    field = _DAY_OF_STAGE.get(stage_word(head) or "")
    if field is None or field in taken or _share(values, _is_day) < 0.6:
        return None
    return field, 80, How.content


def _found(values: list[str], known: Known, taken: frozenset[str]) -> Guess | None:
    """A field that nobody has claimed and whose values these are."""
    if "统一社会信用代码" not in taken and _share(values, _is_uscc) >= 0.6:
        return "统一社会信用代码", 90, How.content
    if len(values) <= 2:
        return None
    if "投资方名称" not in taken and _share(values, lambda v: v.endswith(_COMPANY)) >= 0.8:
        return "投资方名称", 60, How.content
    for field, words in _FIXED.items():
        if (
            field not in taken
            and not set(values) <= _OF_PLANS
            and sum(flat(v) in words for v in values) >= len(values) * 0.9
        ):
            return field, 60, How.content
    if "投资方所在地" not in taken and _share(values, _is_origin) >= 0.9:
        return "投资方所在地", 60, How.content
    for field, names in known.items():
        if field not in taken and sum(name_key(value) in names for value in values) >= len(values) * 0.9:
            return field, 70, How.content
    return None


def _share(values: list[str], test: Callable[[str], bool]) -> float:
    return sum(bool(test(value)) for value in values) / len(values)


def _before_date(text: str) -> str:
    """签约 of 签约2023-10."""
    return flat(text).split("(")[0].rstrip("0123456789.-/年月日至")


def _is_day(text: str) -> bool:
    try:
        read_day(text)
    except DomainError:
        return False
    return True


def _is_origin(text: str) -> bool:
    try:
        read_origin(text)
    except DomainError:
        return False
    return True


def _is_uscc(text: str) -> bool:
    if len(flat(text)) != 18:
        return False
    try:
        read_uscc(text)
    except DomainError:
        return False
    return True
