"""The invented province keeps the rules, and the SQL written by hand gives the figures' answers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.db.engine import make_engine
from app.figures.queries import breakdown, headline
from app.figures.rules import CATALOGUE, Measure, Values
from app.journal.rules import Dimension
from bench import raw_sql
from bench.cases import MONTH, parameters
from bench.generate import Size, fill, is_complete
from bench.raw_sql import Raw
from bench.world import World
from tests.conftest import ENGINES, new_database

SIZE = Size(zones=2, projects=300, arrivals=2500, seed=7)


@pytest.fixture(scope="module", params=ENGINES)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The world, made once on each engine: these tests only read."""
    folder = tmp_path_factory.mktemp("world")
    engine = make_engine(new_database(request, folder, "world", migrated=True))
    fill(engine, SIZE)
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    yield engine
    engine.dispose()


@pytest.fixture
def raw(filled: Engine) -> Iterator[Raw]:
    connection = Raw(filled.url.render_as_string(hide_password=False))
    yield connection
    connection.close()


def test_it_has_the_size_asked_for_and_keeps_the_rules(filled: Engine):
    assert is_complete(filled, SIZE)
    broken = (
        "SELECT count(*) FROM fund_arrival a JOIN project p ON p.zone_id = a.zone_id AND p.id = a.project_id"
        " WHERE a.arrived_on < p.signed_on OR p.signed_on IS NULL",
        "SELECT count(*) FROM project p WHERE p.total_fen < (SELECT sum(a.amount_fen) FROM fund_arrival a"
        " WHERE a.zone_id = p.zone_id AND a.project_id = p.id)",
        "SELECT count(*) FROM project p JOIN contract c ON c.zone_id = p.zone_id AND c.project_id = p.id"
        " WHERE c.kind = 'formal' AND c.signed_on <> p.signed_on",
    )
    with filled.connect() as connection:
        assert [connection.execute(text(query)).scalar() for query in broken] == [0, 0, 0]


def test_a_database_of_another_size_is_left_alone(filled: Engine):
    with pytest.raises(SystemExit, match="other data"):
        is_complete(filled, Size(zones=2, projects=301, arrivals=2500))


def test_the_same_seed_gives_the_same_rows():
    one, other = (list(islice(World(3).lists(2), 80)) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("dimension", [None, *Dimension])
def test_sql_by_hand_and_the_figures_agree(filled: Engine, raw: Raw, dimension: Dimension | None):
    with Session(filled) as session:
        for zone in session.query(Zone):
            rows = raw.rows(raw_sql.figures(dimension and dimension.value), parameters(zone.id))
            whole = headline(session, zone, MONTH)
            found = {code: [values] for code, values in whole.items()}
            if dimension:
                found = {c: list(v.values()) for c, v in breakdown(session, zone, MONTH, dimension).items()}
            for code, members in found.items():
                assert summed(members) == by_hand(rows, code)


def summed(members: list[Values]) -> tuple[int, int, int]:
    return sum(v.month for v in members), sum(v.ytd for v in members), sum(v.last_year_ytd for v in members)


def by_hand(rows: list[tuple], code: str) -> tuple[int, ...]:
    figure = CATALOGUE[code]
    counted = [row for row in rows if row[0] == figure.kind and (row[1] or not figure.big_only)]
    first = 3 if figure.measure is Measure.count else 4
    return tuple(int(sum(row[first + 2 * place] for row in counted)) for place in range(3))


def test_all_zones_at_once_are_the_sum_of_the_zones(filled: Engine, raw: Raw):
    together = raw.rows(raw_sql.figures_of_all(), parameters())
    with Session(filled) as session:
        single = [
            row for zone in session.query(Zone) for row in raw.rows(raw_sql.figures(), parameters(zone.id))
        ]
    for code in CATALOGUE:
        assert by_hand(together, code) == by_hand(single, code)
