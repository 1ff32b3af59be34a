"""The mapping file: what a person decides about a ledger's form, as JSON."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from app.kernel.errors import DomainError
from app.kernel.money import parse_number
from app.kernel.periods import FIRST_YEAR, LAST_YEAR
from app.ledger.rules.columns import SHEETS, SUPPLEMENTS
from app.ledger.rules.heads import AREA_UNITS
from app.ledger.rules.recognition import Answers, Kind
from app.ledger.rules.synonyms import ALIASES, COMPOSITES, EXTRA, IGNORED, MONTHLY_FUNDS
from app.ledger.rules.values import DOLLARS, FEN

FIELDS = (
    *dict.fromkeys(head for form in (*SHEETS, SUPPLEMENTS) for head in form.heads),
    *COMPOSITES,
    MONTHLY_FUNDS,
    EXTRA,
    IGNORED,
)
UNITS = (*FEN, *DOLLARS, *dict.fromkeys(AREA_UNITS.values()))
KEYS = (
    "columns", "units", "unit", "year", "defaults", "rates", "skip", "accept_totals", "heads", "kinds", "years", "values",
    "choices",
)  # fmt: skip


def read_answers(text: str) -> Answers:
    """The decisions of a mapping file. Raises ``DomainError`` that names the key that is wrong.

    ``{"columns": {"L": "合同总投资", "备注2": "附加列"}, "units": {"预计产值": "万元"}, "unit": "万元", "year": 2024,
    "defaults": {"责任单位": "招商局"}, "rates": {"美元": "7.1"}, "skip": ["说明"], "accept_totals": true,
    "heads": {"台账": [3, 4]}, "kinds": {"台账": "projects"}, "years": {"台账": 2023},
    "values": {"合同类型": {"协议": "框架协议"}}}``; all optional. A column may be named with its sheet: ``台账!L``.
    """
    said = read_mapping(text)
    unknown = [key for key in said if key not in KEYS]
    if unknown:
        raise DomainError(f"映射文件中有不认识的项：{'、'.join(unknown)}。可用：{'、'.join(KEYS)}")
    return Answers(
        columns=_words(said, "columns", FIELDS),
        units=_words(said, "units", UNITS),
        unit=_one(said, "unit", UNITS),
        year=_year(said),
        defaults=_defaults(said),
        rates=_rates(said),
        skip=frozenset(map(str, said.get("skip", [])))
        if isinstance(said.get("skip", []), list)
        else _bad("skip"),
        accept_totals=said.get("accept_totals") is True,
        heads={name: _rows(rows) for name, rows in _object(said, "heads").items()},
        kinds={
            name: Kind(_among(kind, tuple(Kind), "kinds")) for name, kind in _object(said, "kinds").items()
        },
        years={name: _checked_year(year, "years") for name, year in _object(said, "years").items()},
        values={name: _values(name, words) for name, words in _object(said, "values").items()},
    )


def read_mapping(text: str) -> dict[str, Any]:
    """The mapping file as it stands. Raises ``DomainError`` when it is none."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise DomainError("映射文件不是有效的 JSON，请核对") from None
    if not isinstance(said, dict):
        raise DomainError("映射文件应为一个 JSON 对象")
    return said


def _object(said: dict[str, Any], key: str) -> dict[str, Any]:
    found = said.get(key, {})
    return found if isinstance(found, dict) else _bad(key)


def _rows(rows: Any) -> tuple[int, int]:
    """First and last row of heads: [3, 4], or 3 alone."""
    first, last = rows if isinstance(rows, list) and len(rows) == 2 else (rows, rows)
    if type(first) is not int or type(last) is not int or not 1 <= first <= last <= first + 9:
        _bad("heads")
    return first, last


def _among(value: Any, allowed: tuple[str, ...], key: str) -> str:
    if value not in allowed:
        raise DomainError(f"映射文件的 {key}：“{value}”无法识别，可填：{'、'.join(allowed)}")
    return str(value)


def _values(name: str, words: Any) -> dict[str, str]:
    """What words of a field mean in ours."""
    if name not in ALIASES or not isinstance(words, dict):
        raise DomainError(f"映射文件 values 的“{name}”写法有误，可填：{'、'.join(ALIASES)}")
    return {str(word): _among(ours, tuple(ALIASES[name]), f"values.{name}") for word, ours in words.items()}


def _bad(key: str) -> Any:
    raise DomainError(f"映射文件的 {key} 写法有误，请核对")


def _words(said: dict[str, Any], key: str, allowed: tuple[str, ...]) -> dict[str, str]:
    found = _object(said, key)
    for name, value in found.items():
        if value not in allowed:
            raise DomainError(f"映射文件 {key} 的“{name}”：“{value}”无法识别，可填：{'、'.join(allowed)}")
    return dict(found)


def _one(said: dict[str, Any], key: str, allowed: tuple[str, ...]) -> str | None:
    value = said.get(key)
    if value is not None and value not in allowed:
        raise DomainError(f"映射文件的 {key}：“{value}”无法识别，可填：{'、'.join(allowed)}")
    return value


def _year(said: dict[str, Any]) -> int | None:
    year = said.get("year")
    if year is None:
        return None
    return _checked_year(year, "year")


def _checked_year(year: Any, key: str) -> int:
    if type(year) is not int or not FIRST_YEAR <= year <= LAST_YEAR:
        raise DomainError(f"映射文件的 {key}：“{year}”不是年份")
    return year


def _defaults(said: dict[str, Any]) -> dict[str, str]:
    found = _object(said, "defaults")
    for name in found:
        if name not in FIELDS:
            raise DomainError(f"映射文件 defaults 的“{name}”不是字段，可填：{'、'.join(FIELDS)}")
    return {name: str(value) for name, value in found.items()}


def _rates(said: dict[str, Any]) -> dict[str, Decimal]:
    rates = {name: parse_number(str(value)) for name, value in _object(said, "rates").items()}
    if any(rate <= 0 for rate in rates.values()):
        raise DomainError("映射文件的 rates 应大于 0")
    return rates
