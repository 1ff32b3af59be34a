"""What is measured, each beside SQL written by hand that gives the same answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.figures.queries import breakdown, headline, list_rows
from app.figures.rules import WindowName, get_figure
from app.journal.rules import Dimension
from app.kernel.periods import Month
from app.search.queries import Found, find_records
from bench import raw_sql
from bench.raw_sql import Raw

MONTH = Month(2026, 10)
FIGURE = get_figure("funds.amount")
AIMS = {"list": 60.0, "figures": 50.0, "search": 50.0}
SEARCHES = (
    ("两个字 two characters, rare: 锂业", "锂业"),
    ("  到处都有 everywhere: 公司", "公司"),
    ("  首字母 initials: sllycyy", "sllycyy"),
    ("  全拼 full pinyin: shuleliye", "shuleliye"),
    ("  全拼，到处都有 everywhere: youxiangongsi", "youxiangongsi"),
    ("  错一个字 a slip: 疏勒锂叶产业园", "疏勒锂叶产业园"),
    ("  没有的 nothing: 不存在的名字", "不存在的名字"),
)
SEARCHED = ("project", "investor", "contract", "contact")
"""Milliseconds of server time."""


@dataclass(frozen=True)
class Case:
    """One line of the result; ``aim`` names the limit it has to keep, ``same`` compares both answers."""

    name: str
    app: Callable[[], Any]
    raw: Callable[[], Any] | None = None
    same: Callable[[Any, Any], bool] | None = None
    aim: str | None = None


def parameters(zone_id: int | None = None) -> dict[str, Any]:
    """The days of the three windows, and the zone."""
    days = {
        "month_start": MONTH.window.start,
        "year_start": MONTH.ytd.start,
        "end": MONTH.last_day,
        "last_start": MONTH.last_year.ytd.start,
        "last_end": MONTH.last_year.last_day,
    }
    values: dict[str, Any] = {name: day.isoformat() for name, day in days.items()}
    return values if zone_id is None else values | {"zone": zone_id}


def figure_cases(engine: Engine, raw: Raw, zones: list[int], zone_id: int) -> Iterator[Case]:
    """Figures of one zone, by every dimension, of all zones, and the rows behind one."""
    reader = engine.execution_options(read_only=True)

    def in_zone(work: Callable[[Session, Zone], Any], zone_id: int = zone_id) -> Any:
        with Session(reader) as session:
            return work(session, session.scalars(select(Zone).where(Zone.id == zone_id)).one())

    values = parameters(zone_id)
    yield Case(
        "一个园区当月指标 one zone, headline",
        lambda: in_zone(lambda session, zone: headline(session, zone, MONTH)),
        lambda: raw.rows(raw_sql.figures(), values),
        lambda app, sql: (
            _total(app["funds.amount"]) == _summed(sql, "funds", 1)
            and _total(app["signed_big.count"]) == _summed(sql, "signed", 0, big=True)
            and _total(app["started.amount"]) == _summed(sql, "started", 1)
        ),
        "figures",
    )
    for dimension in Dimension:
        yield Case(
            f"  按{dimension.label} by {dimension}",
            partial(in_zone, partial(_by, dimension)),
            partial(raw.rows, raw_sql.figures(dimension.value), values),
            lambda app, sql: _over(app["funds.amount"]) == _summed(sql, "funds", 1),
        )
    yield Case(
        f"全部 {len(zones)} 个园区当月指标 all zones, headline",
        lambda: [in_zone(lambda session, zone: headline(session, zone, MONTH), key) for key in zones],
        lambda: raw.rows(raw_sql.figures_of_all(), parameters()),
        lambda app, sql: sum(one["funds.amount"].ytd for one in app) == _summed(sql, "funds", 1)[1],
    )
    yield Case(
        "指标明细（全部行） rows behind funds.amount, all",
        lambda: in_zone(lambda session, zone: list_rows(session, zone, MONTH, FIGURE, WindowName.ytd)),
        lambda: raw.rows(raw_sql.ROWS, values),
        lambda app, sql: app[1] == len(sql) == len(app[0]),
    )
    yield Case(
        "指标明细（一页） rows behind funds.amount, 50",
        lambda: in_zone(
            lambda session, zone: list_rows(session, zone, MONTH, FIGURE, WindowName.ytd, limit=50)
        ),
    )


def search_cases(engine: Engine, raw: Raw, zone_id: int) -> Iterator[Case]:
    """The search box in one zone, beside reading through all its entries with LIKE."""
    reader = engine.execution_options(read_only=True)

    def find(words: str) -> list[Found]:
        with Session(reader) as session:
            return find_records(session, zone_id, words, entities=SEARCHED, limit=50)

    def all_found(app: list[Found], sql: list[Any]) -> bool:
        exact = sum(not hit.near for hit in app)
        return exact >= min(int(sql[0][0]), 50)

    for name, words in SEARCHES:
        values = {"zone": zone_id, "part": f"%{words}%"}
        yield Case(name, partial(find, words), partial(raw.rows, raw_sql.SEARCH, values), all_found, "search")


def page_cases(client: FlaskClient, raw: Raw, zone_id: int, unit_id: int) -> Iterator[Case]:
    """Pages as a signed-in officer gets them."""
    values = parameters(zone_id)

    def page(address: str) -> str:
        response = client.get(address)
        assert response.status_code == 200, f"{address}: {response.status}"
        return response.text

    def listed(condition: str, order: str = "p.signed_on DESC NULLS LAST, p.id DESC", offset: int = 0) -> Any:
        raw.rows(raw_sql.PROJECT_TABS, values)
        sums = raw.rows(raw_sql.project_sums(condition), values)
        rows = raw.rows(raw_sql.project_page(condition, order), values | {"offset": offset})
        return sums, rows

    def shows(html: str, sql: tuple[list[Any], list[Any]]) -> bool:
        return all(str(row[1]) in html for row in sql[1])

    filtered = f"p.unit_id = {unit_id} AND p.total_fen >= 10000000000"
    text = "(p.name_key LIKE '%锂业%' OR lower(p.number) LIKE '%锂业%' OR p.investor_id IN (SELECT id FROM investor WHERE zone_id = :zone AND name_key LIKE '%锂业%'))"
    by_money = "12 DESC, p.id DESC"
    for name, address, work in (
        ("项目台账首页 list, first page", "", lambda: listed("1 = 1")),
        ("  筛选 filtered: unit, ≥1亿", f"?dept={unit_id}&big=1", lambda: listed(filtered)),
        ("  第20页 page 20", "?page=20", lambda: listed("1 = 1", offset=950)),
        ("  搜索 text 锂业", "?q=锂业", lambda: listed(text)),
        ("  按已认定排序 by money", "?sort=recognised", lambda: listed("1 = 1", by_money)),
    ):
        yield Case(name, partial(page, f"/projects{address}"), work, shows, "list")
    for name, address in (
        ("到位资金首页 arrivals, first page", ""),
        ("  第20页 page 20", "?page=20"),
        ("  搜索 text 锂业", "?q=锂业"),
        ("  凭证号 evidence number 00123", "?q=00123"),
    ):
        yield Case(name, partial(page, f"/funds{address}"), aim="list")
    yield Case("工作台 home", lambda: page(f"/?month={MONTH}"))


def _by(dimension: Dimension, session: Session, zone: Zone) -> Any:
    return breakdown(session, zone, MONTH, dimension)


def _total(values: Any) -> list[int]:
    return [values.month, values.ytd, values.last_year_ytd]


def _over(members: dict[str, Any]) -> list[int]:
    return [sum(column) for column in zip(*map(_total, members.values()), strict=True)]


def _summed(rows: list[Any], kind: str, measure: int, *, big: bool = False) -> list[int]:
    """The three windows of one kind, over all members; ``measure`` 0 is the count, 1 the amount."""
    found = [row for row in rows if row[0] == kind and (row[1] or not big)]
    return [int(sum(row[3 + 2 * place + measure] for row in found)) for place in range(3)]
