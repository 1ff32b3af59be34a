"""An invented province for measuring: zones, projects and arrivals, the same for the same seed.

Rows come as tuples in the order of ``COLUMNS``, every constraint of the models kept: parents before
children, dates in the order of the road, money within the contract. They come in the order of time
and not zone by zone, as they would be written in use, so that a zone's rows lie scattered.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from stdnum.cn import uscc

from app.accounts.rules import Role
from app.directory.rules import origins, pinyin_key
from app.investors.rules import InvestorType
from app.search.rules import spell

FIRST, LAST = dt.date(2023, 11, 1), dt.date(2026, 10, 31)
"""The three years of dates."""

Row = tuple[Any, ...]

COLUMNS = {
    "zone": "id name province number_prefix cutoff_day by_recognition brief_masthead brief_office brief_report_to"
    " brief_send_to brief_issue_to brief_copies brief_prefix created_at",
    "area": "zone_id id name position",
    "responsible_unit": "zone_id id name position",
    "chain": "zone_id id name position leading",
    "segment": "zone_id id chain_id name position",
    "user_account": "zone_id id login name title role unit_id password_hash active failures created_at password_changed_at",
    "annual_target": "zone_id id year figure unit_id value",
    "investor": "zone_id id name name_key name_pinyin uscc origin investor_type version created_at updated_at",
    "project": "zone_id id number name name_key name_pinyin investor_id content chain_id segment_id industry area_id"
    " unit_id officer sponsor stage investment_fen fixed_asset_fen land_hundredths output_fen tax_fen jobs note"
    " signed_on total_fen version created_at updated_at",
    "contract": "zone_id id project_id kind number signed_on recognised_on amount_fen fixed_asset_fen unit_id note",
    "milestone": "zone_id id project_id kind planned_on reached_on recognised_on unit_id source",
    "responsibility": "zone_id project_id from_on unit_id",
    "fund_arrival": "zone_id id project_id arrived_on currency original_minor rate_millionths rate_on rate_source"
    " amount_fen claimed_fen cut_reason payer source purpose voucher state recognised_on recorded_by recorded_name recorded_at reviewed_by"
    " reviewed_name reviewed_at return_reason unit_id version",
    "search_entry": "zone_id id entity title subtitle target_id unit_id text pinyin initials tokens",
}

_CHAINS = {
    "锂电新能源": ("上游材料", "电池", "供应链"),
    "电子信息": ("元器件", "整机", "软件服务"),
    "纺织服装": ("纺纱", "织造", "成衣"),
    "农副产品加工": ("初加工", "精深加工", "冷链"),
    "新型建材": ("原料", "部品", "装配"),
    "装备制造": ("零部件", "整机", "维修服务"),
    "商贸物流": ("仓储", "运输", "跨境电商"),
}
_AREAS = ("核心区", "综合保税区", "东部片区", "西部片区", "临港片区", "高新片区")
PLACES = "疏勒 疏附 英吉沙 莎车 泽普 叶城 麦盖提 岳普湖 伽师 巴楚".split()
TRADES = "锂业 电子 纺织 食品 建材 机械 物流 新材料 生物 光电".split()
_PROVINCES = [name for name in origins() if name.endswith(("省", "市"))]
INDUSTRIES = ("C3841", "C39", "C1751", "C13", "C3021", "C34", "G59", "I65", "C26", None)
_UNUSABLE = "!"


@dataclass
class Zone:
    """One zone with the identities of its lists."""

    id: int
    number: int
    areas: list[int]
    units: list[int]
    chains: list[tuple[int, list[int]]]
    officer: int
    reviewer: int
    investors: list[int] = field(default_factory=list)


@dataclass
class Project:
    """One project as its arrivals need to know it; ``signed`` and ``until`` are day numbers."""

    zone: Zone
    id: int
    number: str
    units: list[tuple[int, int]]
    """(from day, unit), oldest first."""
    total: int
    signed: int = 0
    until: int = 0

    def unit_on(self, day: int) -> int:
        """The unit responsible on that day."""
        return next(unit for start, unit in reversed(self.units) if start <= day)


def day_text(ordinal: int) -> str:
    """A day as both databases read it."""
    return dt.date.fromordinal(ordinal).isoformat()


def moment(ordinal: int) -> str:
    """An instant of that day, in UTC, as both databases read it (SQLite stores microseconds)."""
    return f"{day_text(ordinal)} 02:30:00.000000"


class World:
    """Makes the rows; ``lists`` first, then ``projects``, then ``arrivals`` (tests/bench/test_world.py says that they fit)."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        # As large as the application's own identities, and growing with time like them.
        self.ids = count(1 << 58, 1 << 14)
        self.zones: list[Zone] = []
        self.names: dict[int, str] = {}
        """Of the investors, by identity."""

    def lists(self, zones: int) -> Iterator[tuple[str, Row]]:
        """The zones with their lists, people and targets."""
        made = moment(FIRST.toordinal())
        for number in range(1, zones + 1):
            name = f"测速园区{number:02d}"
            zone = Zone(next(self.ids), number, *([], [], []), next(self.ids), next(self.ids))
            self.zones.append(zone)
            office = f"{name}管委会办公室"
            yield (
                "zone",
                (
                    zone.id,
                    name,
                    "新疆维吾尔自治区",
                    f"{number:02d}",
                    0,
                    "",
                    "jianbao",
                    office,
                    "",
                    "",
                    "",
                    0,
                    "",
                    made,
                ),
            )
            for place, area in enumerate(_AREAS):
                zone.areas.append(next(self.ids))
                yield "area", (zone.id, zone.areas[-1], area, place)
            for place in range(12):
                zone.units.append(next(self.ids))
                yield "responsible_unit", (zone.id, zone.units[-1], f"招商{place + 1}局", place)
            for place, (chain, segments) in enumerate(_CHAINS.items()):
                key = next(self.ids)
                yield "chain", (zone.id, key, chain, place, place < 3)
                zone.chains.append((key, []))
                for position, segment in enumerate(segments):
                    zone.chains[-1][1].append(next(self.ids))
                    yield "segment", (zone.id, zone.chains[-1][1][-1], key, segment, position)
            for key, role, label in (
                (zone.officer, Role.officer, "经办人"),
                (zone.reviewer, Role.reviewer, "审核人"),
            ):
                login = f"{role.value}{number:02d}"
                yield (
                    "user_account",
                    (zone.id, key, login, label, "", role.value, None, _UNUSABLE, True, 0, made, made),
                )
            yield from self._targets(zone)

    def _targets(self, zone: Zone) -> Iterator[tuple[str, Row]]:
        for year in range(FIRST.year + 1, LAST.year + 1):
            for unit in (None, *zone.units):
                share = 12 if unit is None else 1
                for figure, value in (("funds.amount", 8 * 10**12), ("signed.count", 120)):
                    yield "annual_target", (zone.id, next(self.ids), year, figure, unit, value * share // 12)

    def investors(self, number: int) -> Iterator[tuple[str, Row]]:
        """Companies, nine in ten with a credit code."""
        kinds = list(InvestorType)
        parts: dict[str, str] = {}
        for serial in range(number):
            zone = self.zones[serial % len(self.zones)]
            zone.investors.append(next(self.ids))
            place, trade = self.random.choice(PLACES), self.random.choice(TRADES)
            name, pinyin = company_name(place, trade, serial, parts)
            stem = f"91653100{serial:09d}"
            code = stem + uscc.calc_check_digit(stem) if self.random.random() < 0.9 else None
            made = moment(FIRST.toordinal())
            origin = self.random.choice(_PROVINCES) if self.random.random() < 0.95 else None
            kind = self.random.choice(kinds).value
            row = (zone.id, zone.investors[-1], name, name, pinyin, code, origin, kind, 1, made, made)
            yield "investor", row
            yield entry(zone, zone.investors[-1], "investor", name, words=(code or "",))
            self.names[zone.investors[-1]] = name

    def arrivals(self, projects: list[Project], number: int) -> Iterator[Row]:
        """``number`` arrivals of projects with a formal contract, in the order in which they were recorded."""
        weights = [(LAST.toordinal() - p.signed + 30) * self.random.expovariate(1) for p in projects]
        shares = Counter(self.random.choices(range(len(projects)), weights, k=number))
        planned: list[tuple[int, int, int, int]] = []
        for index, parts in sorted(shares.items()):
            project = projects[index]
            sizes = [self.random.random() + 0.1 for _ in range(parts)]
            paid = project.total * self.random.uniform(0.15, 0.95) / sum(sizes)
            span = project.until - project.signed
            for size in sizes:
                day = project.signed + int(self.random.random() * (span + 1))
                recorded = min(day + int(self.random.expovariate(0.2)), LAST.toordinal())
                planned.append((recorded, index, day, max(int(paid * size), 100)))
        planned.sort()
        for serial, (recorded, index, day, fen) in enumerate(planned):
            yield self._arrival(projects[index], recorded, day, fen, serial)

    def _arrival(self, project: Project, recorded: int, day: int, fen: int, serial: int) -> Row:
        zone, rate, currency, original = project.zone, 1_000_000, "CNY", fen
        if fen > 10_000 and self.random.random() < 0.03:
            currency, rate = "USD", 7_000_000 + self.random.randrange(200_000)
            original = fen * 1_000_000 // rate
            fen = (original * rate + 500_000) // 1_000_000
        luck = self.random.random()
        state = "recognised" if luck < 0.95 else "pending" if luck < 0.98 else "returned"
        seen = state != "pending"
        reviewed = min(recorded + int(luck * 10), LAST.toordinal())
        return (
            zone.id, next(self.ids), project.id, day_text(day), currency, original, rate,
            day_text(day) if currency == "USD" else None, "中国人民银行" if currency == "USD" else "", fen,
            fen, "", "",
            self.random.choices(("outside", "inside", "abroad"), (70, 22, 8))[0], "固定资产投资",
            f"JZ-{serial:08d}" if luck > 0.02 else "", state,
            day_text(reviewed) if state == "recognised" else None, zone.officer, "经办人", moment(recorded),
            zone.reviewer if seen else None, "审核人" if seen else "", moment(reviewed) if seen else None,
            "凭证不清" if state == "returned" else "", project.unit_on(day), 1,
        )  # fmt: skip


def entry(
    zone: Zone,
    key: int,
    entity: str,
    title: str,
    *,
    words: tuple[str, ...] = (),
    target: int | None = None,
    unit: int | None = None,
) -> tuple[str, Row]:
    """The record as it is found, as ``app.search.operations`` writes it."""
    found = spell(title, words)
    tokens = found.tokens(zone.id, entity)
    spelled = found.text, found.pinyin, found.initials, tokens
    return "search_entry", (zone.id, key, entity, title, "　".join(words), target or key, unit, *spelled)


def project_name(place: str, trade: str, serial: int, parts: dict[str, str]) -> tuple[str, str]:
    """A name and its pinyin, put together from the pinyin of its parts (kept in ``parts``)."""
    return _with_pinyin((place, trade, "产业园"), serial, "期项目", parts)


def company_name(place: str, trade: str, serial: int, parts: dict[str, str]) -> tuple[str, str]:
    """A company's name and its pinyin, in the same way."""
    return _with_pinyin((place, trade), f"{serial:06d}", "有限公司", parts)


def _with_pinyin(
    before: tuple[str, ...], serial: object, after: str, parts: dict[str, str]
) -> tuple[str, str]:
    for piece in (*before, after):
        parts.setdefault(piece, pinyin_key(piece))
    pieces = (*before, f"{serial}", after)
    return "".join(pieces), " ".join(parts.get(piece, piece) for piece in pieces)
