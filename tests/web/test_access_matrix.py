"""Every route × method × person × record, against the table in ``access.py``; and no trace of another zone.

SQLite is tried in full, PostgreSQL by every fifth route: what is asked here is decided above the database.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from lxml import html  # type: ignore[import-untyped]
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.accounts.models import UserAccount
from app.accounts.rules import PERMISSIONS, Role
from app.db.base import Base
from app.web.guards import guard_of
from tests.factories import make_user
from tests.web.access import ACCESS, Access, Gate
from tests.web.conftest import Cast, address_of, rules_of, statements
from tests.web.world import make_world, mark_texts

MARK = "外区暗记"
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
AT_HOME = ("officer", "second", "reviewer", "leader", "administrator", "auditor")
FROM_ELSEWHERE = ("outsider", "outside_reviewer")
NAMES = {
    "number", "entity", "name", "code", "month", "warning", "verdict", "what", "section", "key", "item", "period",
    "edition",
    "sentence",
}  # fmt: skip
"""Route arguments that name no record."""
MISSING = 424_242
LISTS = {"pipeline.list_projects", "funds.list_arrivals", "leads.list_leads", "activities.list_activities"}
"""Here each parameter is tried alone; elsewhere all together."""


@pytest.fixture
def people(cast: Cast, database: Callable[[], Session]) -> dict[str, UserAccount]:
    """The cast, with an auditor of the same zone."""
    with database() as session:
        auditor = make_user(session, session.merge(cast.zone), Role.auditor, login="shenji", name="审计")
        session.commit()
    return {name: cast.of(name) for name in (*AT_HOME[:-1], *FROM_ELSEWHERE)} | {"auditor": auditor}


@pytest.fixture
def here(cast: Cast, people, database: Callable[[], Session], tmp_path: Path) -> dict[str, Any]:
    """Records of the cast's zone; the unit is that of ``officer``."""
    with database() as session:
        found = make_world(
            session, session.merge(cast.zone), session.merge(cast.unit), cast.wu, cast.second, tmp_path
        )
        session.commit()
    return found


@pytest.fixture
def put_there(cast: Cast, database: Callable[[], Session], tmp_path: Path) -> Callable[[], dict[str, Any]]:
    """Fills the other zone, when called, with records whose every text bears the mark."""

    def put() -> dict[str, Any]:
        with database() as session:
            zone, officer = session.merge(cast.other_zone), session.merge(cast.outside_reviewer)
            unit = session.get_one(type(cast.unit), (zone.id, officer.unit_id))
            found = make_world(session, zone, unit, officer, session.merge(cast.outsider), tmp_path)
            mark_texts(session, zone, MARK)
            session.commit()
        return found

    return put


@pytest.fixture
def sign_in_as(app: Flask, people, sign_in, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """A signed-in browser of anybody in ``people``."""
    monkeypatch.setattr(Cast, "of", lambda _self, name: people[name])
    return sign_in


def sampled(app: Flask, rules: list[Rule]) -> list[Rule]:
    """The rules to try; one that is not declared fails its own test and no other."""
    known = [rule for rule in rules if rule.endpoint in ACCESS]
    return known if app.extensions["engine"].dialect.name == "sqlite" else known[::5]


def names_record(rule: Rule) -> bool:
    return bool(rule.arguments - NAMES)


def pointing_at(rule: Rule, own: dict[str, Any], records: dict[str, Any] | int) -> str:
    """The address of a rule with the ids of other records, or with one number for all."""
    values = {
        name: value if name in NAMES else records if isinstance(records, int) else records[name]
        for name, value in own.items()
    }
    return address_of(rule, values)


def digest(app: Flask) -> str:
    """Everything the database holds, but for when somebody was last seen."""
    found = hashlib.sha256()
    with app.extensions["engine"].connect().execution_options(read_only=True) as connection:
        for table in Base.metadata.sorted_tables:
            if table.name != "user_session":
                rows = sorted(map(str, connection.exec_driver_sql(f'SELECT * FROM "{table.name}"')))
                found.update(f"{table.name}{rows}".encode())
    return found.hexdigest()


def rights(access: Access, role: Role) -> bool:
    return access.permission is None or access.permission in PERMISSIONS[role]


def seen_by_reviewer(access: Access) -> bool:
    """Whether the reviewer has tried a page already that the administrator may use too."""
    return access.permission in PERMISSIONS[Role.reviewer]


def expected_at_home(access: Access, who: str, user: UserAccount) -> set[int] | None:
    """The refusals that are due for a record of the own zone; None: it is allowed."""
    if not rights(access, user.role):
        return {403}
    stranger = who != "officer" if access.gate is Gate.own else who == "second" and access.gate is Gate.unit
    if stranger:
        return {403, 404} | ({303} if access.led_back else set())
    if who == "second" and access.gate is Gate.unit_hidden:
        return {404}
    return None


def test_every_route_is_declared_with_its_guard_and_its_record(app):
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    undeclared = sorted({rule.endpoint for rule in rules} - ACCESS.keys())
    assert not undeclared, f"say in tests/web/access.py who may use {undeclared}"
    for rule in rules:
        access = ACCESS[rule.endpoint]
        assert guard_of(app, rule.endpoint) == access.permission, rule
        assert names_record(rule) == (access.gate is not Gate.none), rule


@pytest.mark.parametrize("who", AT_HOME)
def test_reading_cell_by_cell(app, people, here, put_there, sign_in_as, who):
    there, client = put_there(), sign_in_as(who)
    with statements(app.extensions["engine"]) as sent:
        for rule in sampled(app, rules_of(app, "GET")):
            access = ACCESS[rule.endpoint]
            if access.permission is None:
                continue
            due = expected_at_home(access, who, people[who])
            answer = client.get(address_of(rule, here))
            assert answer.status_code in (due or {200, 302, 303}), (
                rule,
                answer.status_code,
                answer.text[-900:],
            )
            assert "/sign-in" not in (answer.location or ""), rule
            assert rights(access, people[who].role) or "没有权限" in answer.text, rule
            assert not betrays(answer), rule
            for records in (there, MISSING, 2**63 - 1) if names_record(rule) else ():
                answer = client.get(pointing_at(rule, here, records))
                right = {404} if rights(access, people[who].role) else {403}
                assert answer.status_code in right, (rule, records, answer.status_code)
    assert sent.changes == []


@pytest.mark.parametrize("who", AT_HOME)
def test_writing_cell_by_cell(app, people, here, put_there, sign_in_as, who):
    """Each with the right token and an empty form: who is allowed gets as far as the form's own objections."""
    there, client = put_there(), sign_in_as(who)
    pairs = [(method, rule) for method in UNSAFE for rule in sampled(app, rules_of(app, method))]
    state = digest(app)
    for method, rule in sorted(pairs, key=lambda pair: pair[1].endpoint == "accounts.sign_out"):
        access = ACCESS[rule.endpoint]
        if access.permission is None:
            continue
        form = {"method": method, "data": {"csrf_token": client.token()}}
        for records in (there, MISSING) if names_record(rule) else ():
            answer = client.open(pointing_at(rule, here, records), **form)
            right = {404} if rights(access, people[who].role) else {403}
            assert answer.status_code in right, (rule, records, answer.status_code)
            assert not betrays(answer), rule
        due = expected_at_home(access, who, people[who])
        if due:
            answer = client.open(address_of(rule, here), **form)
            assert answer.status_code in due, (rule, answer.status_code)
        elif names_record(rule):
            assert digest(app) == state, f"{rule}: refused, and written all the same"
        if due is None:
            answer = client.open(address_of(rule, here), **form)
            assert answer.status_code in {200, 302, 303, 400, 409, 422}, (rule, answer.status_code)
            assert not betrays(answer), rule
        before, state = state, digest(app)
        if due or answer.status_code >= 400:
            assert state == before, f"{rule}: refused, and written all the same"


@pytest.mark.parametrize("who", FROM_ELSEWHERE)
def test_from_another_zone_nothing_is_seen_and_nothing_done(app, people, here, put_there, sign_in_as, who):
    put_there()
    client = sign_in_as(who)
    role = people[who].role
    before = digest(app)
    for method in ("GET", *UNSAFE):
        for rule in sampled(app, rules_of(app, method)):
            access = ACCESS[rule.endpoint]
            if access.permission is None or not names_record(rule):
                continue
            data = None if method == "GET" else {"csrf_token": client.token()}
            answer = client.open(address_of(rule, here), method=method, data=data)
            assert answer.status_code == (404 if rights(access, role) else 403), (rule, answer.status_code)
            assert "喀什".encode() not in answer.data, rule
    assert digest(app) == before


def test_a_visitor_gets_to_the_sign_in_page_only(app, here, client):
    before = digest(app)
    for method in ("GET", *UNSAFE):
        for rule in sampled(app, rules_of(app, method)):
            if ACCESS[rule.endpoint].permission is not None:
                for records in (here, MISSING):
                    answer = client.open(pointing_at(rule, here, records), method=method)
                    assert answer.status_code == 303, rule
                    assert answer.location.startswith("/sign-in?next="), rule
    assert digest(app) == before


@pytest.mark.parametrize("who", ["officer", "reviewer", "administrator"])
def test_pages_lists_sums_and_exports_are_the_same_whatever_another_zone_holds(
    app, people, here, put_there, sign_in_as, who
):
    client = sign_in_as(who)
    rules = [
        rule
        for rule in sampled(app, rules_of(app, "GET"))
        if ACCESS[rule.endpoint].permission is not None
        and expected_at_home(ACCESS[rule.endpoint], who, people[who]) is None
        and not (who == "administrator" and seen_by_reviewer(ACCESS[rule.endpoint]))
    ]

    def pages() -> dict[str, list[str]]:
        found = {}
        for rule in rules:
            if rule.endpoint.startswith("audit."):
                continue  # it grows by each export of this test
            address = address_of(rule, here)
            found[address] = list(plain(client.get(address)))
            if not names_record(rule):
                found[f"{address}?q={MARK}"] = list(plain(client.get(address, query_string={"q": MARK})))
        return found

    before = pages()
    put_there()
    for address, page in pages().items():
        assert page == before[address], address


def betrays(answer: Any) -> bool:
    """Whether an answer shows the other zone's mark, in a page, in JSON or inside a workbook."""
    return MARK in "\n".join(plain(answer))


def plain(answer: Any) -> Iterator[str]:
    """What an answer says, without tokens, clocks, and the dates inside a workbook."""
    if answer.data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
            for name in sorted(book.namelist()):
                if not name.startswith("docProps/"):
                    yield re.sub(r"\d{2}:\d{2}", "", book.read(name).decode())
        return
    text = answer.get_data().decode("utf-8", "replace")
    if answer.is_json:
        text = json.dumps(answer.get_json(), ensure_ascii=False, indent=1)
    for line in text.splitlines():
        yield re.sub(r'(csrf[-_]token"( type="hidden")? (content|value)=")[^"]+|\d{2}:\d{2}', "", line)


@pytest.mark.parametrize("who", ["reviewer", "administrator"])
def test_numbers_of_another_zone_in_the_address_lead_nowhere(app, people, here, put_there, sign_in_as, who):
    """Every parameter that the pages know, filled with every identity of the other zone."""
    client = sign_in_as(who)
    put_there()
    foreign = sorted(foreign_ids(app, people["outsider"].zone_id))
    for rule in sampled(app, rules_of(app, "GET")):
        access = ACCESS[rule.endpoint]
        if access.permission is None or expected_at_home(access, who, people[who]) is not None:
            continue
        if who == "administrator" and seen_by_reviewer(access):
            continue
        known = parameters()
        for names in ([name] for name in known) if rule.endpoint in LISTS else [known]:
            answer = client.get(address_of(rule, here), query_string=dict.fromkeys(names, foreign))
            assert answer.status_code in {200, 302, 303, 404, 422}, (rule, names, answer.status_code)
            assert not betrays(answer), (rule, names)


@pytest.mark.parametrize("who", ["officer", "reviewer", "administrator"])
def test_numbers_of_another_zone_in_a_form_are_not_taken(app, people, here, put_there, sign_in_as, who):
    """Every form of every page, sent as it stands with one field after the other pointing to the other zone."""
    client = sign_in_as(who)
    put_there()
    zone_id = people["outsider"].zone_id
    foreign = foreign_ids(app, zone_id)
    theirs = rows_of(app, zone_id)
    for rule in sampled(app, rules_of(app, "GET")):
        access = ACCESS[rule.endpoint]
        if access.permission is None or expected_at_home(access, who, people[who]) is not None:
            continue
        page = client.get(address_of(rule, here))
        if page.mimetype == "text/html" and page.data:
            for address, form, name in forms_with_choices(
                page.get_data(as_text=True), client, rule.build(here)
            ):
                for value in sorted(foreign, key=lambda key: hashlib.sha256(str(key).encode()).digest())[:6]:
                    answer = client.post(address, data={**form, name: str(value)})
                    assert answer.status_code < 500, (address, name, answer.status_code)
                    assert not betrays(answer), (address, name)
    assert rows_of(app, zone_id) == theirs
    assert not foreign & mentioned(app, people[who].zone_id)


def parameters() -> list[str]:
    """The names that views read from addresses."""
    sources = "".join(p.read_text(encoding="utf-8") for p in Path("app/web").rglob("*.py"))
    found = re.findall(r'args(?:\.get|\.getlist)?[(\[](?:request\.args, |args, )?"(\w+)"', sources)
    found += re.findall(r'read_members\(\s*\w+(?:\.args)?, "(\w+)"', sources)
    assert "dept" in found
    assert "q" in found
    return sorted(set(found) - {"unit", "month"})


def foreign_ids(app: Flask, zone_id: int) -> set[int]:
    with app.extensions["engine"].connect().execution_options(read_only=True) as connection:
        return {
            key
            for table in Base.metadata.sorted_tables
            if "zone_id" in table.c
            and "id" in table.c
            and not table.name.startswith(("audit", "user_session"))
            for (key,) in connection.execute(select(table.c.id).where(table.c.zone_id == zone_id))
        }


def rows_of(app: Flask, zone_id: int) -> list[str]:
    with app.extensions["engine"].connect().execution_options(read_only=True) as connection:
        return sorted(
            f"{table.name} {tuple(row)}"
            for table in Base.metadata.sorted_tables
            if "zone_id" in table.c and table.name != "user_session"
            for row in connection.execute(select(table).where(table.c.zone_id == zone_id))
        )


def mentioned(app: Flask, zone_id: int) -> set[int]:
    """Every number that stands in the zone's own records."""
    with app.extensions["engine"].connect().execution_options(read_only=True) as connection:
        return {
            value
            for table in Base.metadata.sorted_tables
            if "zone_id" in table.c and table.name != "zone"
            for row in connection.execute(select(table).where(table.c.zone_id == zone_id))
            for value in row
            if isinstance(value, int)
        }


def forms_with_choices(page: str, client: Any, built: Any) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Each form of a page with its present values, and each of its fields that holds or offers an identity."""
    tree = html.fromstring(page)
    for form in tree.forms:
        if (form.get("method") or "get").lower() != "post":
            continue
        values = {
            name: value if isinstance(value, str) else list(value)
            for name, value in form.fields.items()
            if name and value is not None
        }
        values["csrf_token"] = client.token()
        for name in {field.name for field in form.inputs if field.name}:
            offered = {
                value for field in form.xpath(f'.//select[@name="{name}"]') for value in field.value_options
            }
            held = values.get(name, "")
            present = [held] if isinstance(held, str) else held
            if name != "csrf_token" and any(re.fullmatch(r"\d{12,}", v) for v in [*offered, *present]):
                yield form.get("action") or built[1], values, name
