"""Values as officials write them: days, numbers with units, nothing, yes and no."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from app.kernel.errors import DomainError
from app.kernel.money import parse_number, round_half_up, to_fen
from app.kernel.periods import FIRST_YEAR, LAST_YEAR
from app.kernel.text import clean, narrow
from app.ledger.rules.heads import AREA_UNITS, UNIT_FACTORS, flat
from app.ledger.rules.synonyms import NO, NOTHING, PLANNED, YES

FEN = {
    "元": ("元", 1),
    "千元": ("元", 1000),
    "万元": ("万元", 1),
    "百万元": ("万元", 100),
    "亿元": ("亿元", 1),
}
DOLLARS = {"美元": "元", "万美元": "万元", "亿美元": "亿元"}
MOST = Decimal(10) ** 12
"""No area and no number of people is larger, whatever its unit."""
SQUARE_METRES_PER_MU = Decimal(2000) / 3
_LONGEST_NOTHING = 4 * max(map(len, NOTHING))
"""With the spaces that are put between its characters."""
_FULL = re.compile(r"((?:19|20)?\d{2})[-/.,、年](\d{1,2})[-/.,、月](\d{1,2})[日号]?", re.ASCII)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})?", re.ASCII)
_MONTH_ONLY = re.compile(
    r"((?:19|20)?\d{2})(?:年(\d{1,2})月?(?:份|初|底|末|上旬|中旬|下旬)?|[-/.](\d{1,2}))", re.ASCII
)
_NO_YEAR = re.compile(r"(\d{1,2})(?:月(\d{1,2})[日号]|[-/.](\d{1,2}))", re.ASCII)
_BARE_MONTH = re.compile(r"(\d{1,2})月(?:份|初|底|末|上旬|中旬|下旬)?", re.ASCII)
_CLOCK = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$", re.ASCII)
_SOME_DAY = re.compile(
    r"(?:19|20)\d{2}(?:年\d{1,2}月(?:\d{1,2}[日号])?|[-/.]\d{1,2}(?:[-/.]\d{1,2})?(?![\d.\-/]))", re.ASCII
)
_NOT_YET = re.compile(
    rf"{'|'.join(PLANNED)}|^(?:尚|暂|还)?未|^待|筹备|前期|^正在|^即将|^准备|^建设中$|^在建$|^洽谈"
)
_WEEKDAY = re.compile(r"\(?(?:星期|周)[一二三四五六日天]\)?$")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_MONEY = re.compile(
    r"(?:(?:总投资|投资|共计|合计|约|[¥￥]|RMB|人民币|:)*)([+-]?[\d,]+(?:\.\d+)?)(亿美元|万美元|美元|亿元|百万元|万元|千元|元|亿|万)?(?:人民币|左右)?"
)
_AREA = re.compile(r"(?:约)?([\d,]+(?:\.\d+)?)(亩|平方米|㎡|m2|平米|公顷)?")
_COUNT = re.compile(r"(?:约)?([\d,]+)(?:人|个|名|余人|户|家)?")
_SHORT_MONTH = re.compile(r"(?:19|20)\d{2}(?:\.\d{1,2}|0[1-9]|1[0-2])")
_BRACKETED = re.compile(r"(.+?)[(\[]([^()\[\]]*)[)\]]")
_IN_YUAN = re.compile(r"(?:折合?|约合)(?:人民币)?([\d,.]+(?:亿元|万元|元|亿|万))(?:人民币)?")
_FIXED_PART = re.compile(
    r"(?:其中|含|固定资产投资|固投)[:：,，]?(?:固定资产投资|固投)?(?:约|为)?([\d,.]+(?:亿元|万元|元|亿|万)?)"
)
_SERIAL_FROM, _SERIAL_TO = 20_000, 80_000
"""Excel's numbers of the days from 1954 to 2119."""


def is_nothing(value: object) -> bool:
    """Whether a cell says nothing: empty, a dash, a slash, 无."""
    if not isinstance(value, str):
        return value is None
    text = value.strip()
    return len(text) <= _LONGEST_NOTHING and (clean(text) in NOTHING or flat(text) in NOTHING)


def read_yes_no(value: object) -> bool | None:
    """是, √, 有 or 否, ×; None for anything else."""
    if isinstance(value, bool):
        return value
    word = flat(str(value))
    return True if word in YES else False if word in NO else None


def read_day(value: object, year: int | None = None) -> dt.date:
    """The day a cell means; ``year`` is that of the title, for a day without one (5月8日).

    A month alone (2024年5月) is taken as its first day. Reads 2024.5.8, 2024-5-8, 2024年5月8日, 24.5.8, 20240508,
    Excel's serial numbers, 二〇二四年五月八日, full-width digits. Raises ``DomainError`` for all else.
    """
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, Decimal):
        return _day_of_number(value)
    return _day_of_text(value, year)


def _day_of_text(value: object, year: int | None) -> dt.date:
    text = _arabic(flat(_CLOCK.sub("", narrow(clean(str(value))))))
    text = _WEEKDAY.sub("", text).strip("。.;,")
    if match := _FULL.fullmatch(text):
        return _day(value, _full_year(match[1]), match[2], match[3])
    if match := _COMPACT.fullmatch(text):
        return _day(value, int(match[1]), match[2], match[3] or "1")
    if (match := _MONTH_ONLY.fullmatch(text)) and (match[2] is not None or len(match[1]) == 4):
        return _day(value, _full_year(match[1]), match[2] or match[3], "1")
    if match := _NO_YEAR.fullmatch(text):
        return _day(value, _said(year, value), match[1], match[2] or match[3])
    if match := _BARE_MONTH.fullmatch(text):
        return _day(value, _said(year, value), match[1], "1")
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        return _day_of_number(Decimal(text))
    if (among := _among_words(text)) is not None:
        return read_day(among, year)
    raise DomainError(f"日期“{str(value)[:20]}”无法识别，请写成 2024-06-28 的形式")


def _among_words(text: str) -> str | None:
    """The one day in a few words: 已于2024年3月5日签约."""
    found = _SOME_DAY.findall(text)
    rest = _SOME_DAY.sub("", text)
    return found[0] if len(found) == 1 and len(rest) <= 12 and not re.search(r"\d", rest) else None


def says_not_yet(value: object) -> bool:
    """Whether a cell for a date says in words that the day has not come: 预计2024年9月, 未开工, 前期手续."""
    return isinstance(value, str) and bool(_NOT_YET.search(flat(value)))


def is_month_only(value: object) -> bool:
    """Whether a date names no day."""
    if not isinstance(value, str):
        return isinstance(value, Decimal) and (_SHORT_MONTH.fullmatch(f"{value:f}") is not None)
    text = flat(value)
    text = _among_words(text) or text
    return bool(
        _MONTH_ONLY.fullmatch(text) or _BARE_MONTH.fullmatch(text) or re.fullmatch(r"(?:19|20)\d{4}", text)
    )


def _arabic(text: str) -> str:
    """二〇二四年五月十八日 as 2024年5月18日."""
    if not re.search(r"[〇一二三四五六七八九十]", text):
        return text

    def tens(match: re.Match[str]) -> str:
        high, low = match[1].translate(_DIGITS), match[2].translate(_DIGITS)
        return str(int(high or "1") * 10 + int(low or "0"))

    return re.sub(r"([一二三四五六七八九]?)十([一二三四五六七八九]?)", tens, text).translate(_DIGITS)


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _said(year: int | None, value: object) -> int:
    if year is None:
        raise DomainError(f"日期“{str(value)[:20]}”没有年份，表头和标题里也没有，请补填年份")
    return year


def _day(value: object, year: int, month: str | None, day: str | None) -> dt.date:
    try:
        found = dt.date(year, int(month or 0), int(day or 0))
    except ValueError:
        raise DomainError(f"日期“{str(value)[:20]}”不存在，请核对月和日") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise DomainError(f"日期“{str(value)[:20]}”不合常理，请核对年份")
    return found


def _day_of_number(number: Decimal) -> dt.date:
    """A serial number, 20240508, 202405, or 2024.5 that was typed as a number."""
    if not number.is_finite():
        raise DomainError("不是有效的数字，请重新填写")
    if number == number.to_integral_value() and _COMPACT.fullmatch(str(int(number))):
        text = str(int(number))
        return _day(number, int(text[:4]), text[4:6], text[6:] or "1")
    if _SERIAL_FROM <= number <= _SERIAL_TO:
        return dt.date(1899, 12, 30) + dt.timedelta(int(number))
    year, _, month = f"{number:f}".partition(".")
    if len(year) == 4 and month and len(month) <= 2 and month != "1":
        return _day(number, int(year), month, "1")
    raise DomainError(f"“{number}”不是日期，请写成 2024-06-28 的形式")


def read_fen(value: object, unit: str | None, rates: dict[str, Decimal] | None = None) -> int:
    """An amount as whole fen; a unit in the cell wins over that of the head or title.

    ``rates`` holds 元 per dollar under 美元. Raises ``DomainError``, also when no unit is known at all.
    """
    own: str | None = None
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise DomainError("金额必须是有限的数字，请重新填写")
        number = value
    else:
        text = main_amount(str(value)).replace("−", "-")
        match = _MONEY.fullmatch(text)
        if match is None:
            raise DomainError(f"“{str(value)[:30]}”不是金额，请填数字，如 1200 或 1,200.50")
        number = parse_number(match[1])
        own = UNIT_FACTORS[match[2]] if match[2] else None
    unit = own or unit
    if unit is None:
        raise DomainError("金额没有单位：表头、标题和单元格都没有写明，请写明或在映射文件中指定")
    if unit in DOLLARS:
        rate = (rates or {}).get("美元")
        if rate is None:
            raise DomainError(f"金额以{unit}计，没有折算汇率，请改填人民币或在映射文件中给出汇率")
        return to_fen(round_half_up(to_fen(number, DOLLARS[unit]) * rate, 0) / 100, "元")
    base, times = FEN[unit]
    return to_fen(number * times, base)


def main_amount(text: str) -> str:
    """The amount itself of what a cell says: 1.2亿 of 1.2亿（其中固投1亿）; what it is in yuan of an amount in dollars."""
    plain = flat(text)
    match = _BRACKETED.fullmatch(plain)
    if match is None:
        return plain
    if yuan := _IN_YUAN.fullmatch(match[2]):
        return yuan[1]
    about = not re.search(r"\d", match[2]) or match[2].startswith(("其中", "含", "固"))
    return match[1] if about else plain


def fixed_part(value: object) -> str | None:
    """The fixed assets that a cell of a total names beside it: 1亿 of 1.2亿（其中固投1亿）."""
    match = _BRACKETED.fullmatch(flat(value)) if isinstance(value, str) else None
    part = _FIXED_PART.fullmatch(match[2]) if match and "固" in match[2] else None
    return part[1] if part else None


def own_unit(value: object) -> str | None:
    """The unit of money written in a cell."""
    if not isinstance(value, str):
        return None
    match = _MONEY.fullmatch(main_amount(value))
    return UNIT_FACTORS[match[2]] if match and match[2] else None


def read_mu(value: object, unit: str | None) -> Decimal:
    """An area in 亩 with two decimals; ㎡ and 公顷 are converted (1 亩 = 666.67 ㎡)."""
    number, own = _measured(value, _AREA, "面积")
    unit = AREA_UNITS.get(own or "") or unit or "亩"
    if unit == "㎡":
        number = number / SQUARE_METRES_PER_MU
    elif unit == "公顷":
        number = number * 15
    if number < 0:
        raise DomainError("不能为负数，请核对")
    return round(number, 2)


def read_count(value: object) -> Decimal:
    """A whole number of people or things."""
    number, _ = _measured(value, _COUNT, "人数")
    if number < 0 or number != number.to_integral_value():
        raise DomainError("应为整数，请核对")
    return number


def _measured(value: object, form: re.Pattern[str], what: str) -> tuple[Decimal, str | None]:
    if isinstance(value, Decimal):
        if not value.is_finite() or abs(value) > MOST:
            raise DomainError(f"不是合理的{what}，请核对")
        return value, None
    match = form.fullmatch(flat(str(value)))
    if match is None:
        raise DomainError(f"“{str(value)[:30]}”不是{what}，请只填数字")
    return parse_number(match[1]), match[2] if match.re.groups > 1 else None
