"""Where an investor comes from: a province (GB/T 2260) or a country, and the 援疆 provinces."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from babel import Locale

from app.kernel.errors import DomainError
from app.kernel.text import clean, narrow

PROVINCES = {
    "110000": "北京市", "120000": "天津市", "130000": "河北省", "140000": "山西省", "150000": "内蒙古自治区",
    "210000": "辽宁省", "220000": "吉林省", "230000": "黑龙江省", "310000": "上海市", "320000": "江苏省",
    "330000": "浙江省", "340000": "安徽省", "350000": "福建省", "360000": "江西省", "370000": "山东省",
    "410000": "河南省", "420000": "湖北省", "430000": "湖南省", "440000": "广东省", "440300": "深圳市",
    "450000": "广西壮族自治区", "460000": "海南省", "500000": "重庆市", "510000": "四川省", "520000": "贵州省",
    "530000": "云南省", "540000": "西藏自治区", "610000": "陕西省", "620000": "甘肃省", "630000": "青海省",
    "640000": "宁夏回族自治区", "650000": "新疆维吾尔自治区",
    "710000": "中国台湾", "810000": "中国香港", "820000": "中国澳门",
}  # fmt: skip
"""Province-level divisions, and 深圳市, which is one of the 19 援疆 provinces and cities on its own."""

OUTSIDE_CUSTOMS = {"中国台湾", "中国香港", "中国澳门"}
"""Investment from here is counted like foreign investment (境外)."""

AID_XINJIANG = frozenset(
    "北京市 天津市 河北省 山西省 辽宁省 吉林省 黑龙江省 上海市 江苏省 浙江省 安徽省 福建省 江西省 山东省 "
    "河南省 湖北省 湖南省 广东省 深圳市".split()
)
"""19 对口援疆省市, 2010 plan (domain.md §5.4)."""

_SUFFIXES = ("维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "特别行政区", "省", "市")


class OriginGroup(StrEnum):
    """How the brief groups origins."""

    aid = "援疆省市"
    other_province = "其他省份"
    inside = "区内"
    abroad = "境外"
    unknown = "未填来源地"


@dataclass(frozen=True)
class Origin:
    """A province or a country by its full Chinese name; ``code`` is GB/T 2260 or ISO 3166-1 alpha-2."""

    code: str
    name: str

    @property
    def is_aid_xinjiang(self) -> bool:
        """Whether it is one of the 19 provinces and cities that support Xinjiang."""
        return self.name in AID_XINJIANG


@lru_cache(maxsize=1)
def origins() -> dict[str, Origin]:
    """All origins by full name: provinces first, then countries in Chinese (CLDR through Babel)."""
    found = {name: Origin(code, name) for code, name in PROVINCES.items()}
    for code, name in Locale("zh").territories.items():
        if (
            len(code) == 2
            and code.isalpha()
            and code not in {"CN", "HK", "MO", "TW", "EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}
        ):
            found.setdefault(str(name), Origin(code, str(name)))
    return found


def provinces() -> list[str]:
    """Full names of the provinces, autonomous regions and municipalities a zone can lie in."""
    return [name for code, name in PROVINCES.items() if code.endswith("0000") and name not in OUTSIDE_CUSTOMS]


def _short(name: str) -> str:
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix) + 1:
            return name.removesuffix(suffix)
    return name


@lru_cache(maxsize=1)
def _by_spelling() -> dict[str, str]:
    spellings: dict[str, str] = {}
    for name in origins():
        for spelling in {name, _short(name), name.removeprefix("中国")}:
            spellings.setdefault(spelling, name)
    return spellings | {"香港特别行政区": "中国香港", "澳门特别行政区": "中国澳门", "台湾省": "中国台湾"}


def read_origin(text: str) -> str:
    """The full name of the province or country that ``text`` spells (湖北 → 湖北省).

    Raises ``DomainError`` when it is neither.
    """
    flat = clean(narrow(text))
    name = _by_spelling().get(flat) or _by_spelling().get(_short(flat))
    if name is None:
        raise DomainError(
            f"来源地“{text[:20]}”无法识别，请填省（自治区、直辖市）全称、深圳市或国家名称", "origin"
        )
    return name


def origin_group(origin: str | None, zone_province: str) -> OriginGroup:
    """The group of ``origin`` as seen from a zone in ``zone_province``."""
    if origin is None:
        return OriginGroup.unknown
    if origin == zone_province:
        return OriginGroup.inside
    if origin in AID_XINJIANG:
        return OriginGroup.aid
    if origin in PROVINCES.values() and origin not in OUTSIDE_CUSTOMS:
        return OriginGroup.other_province
    return OriginGroup.abroad
