"""Who may use which route, taken from the routes themselves; so a new route is tested without a new test."""

from __future__ import annotations

import pytest
from flask import Blueprint, Flask

from app.accounts.rules import PERMISSIONS, Permission
from app.web.guards import check_guards, guard_of, needs, public
from tests.web.access import ACCESS, Gate
from tests.web.conftest import address_of, rules_of, statements

# Who may is decided above the database; the access matrix asks on PostgreSQL too.
ON_SQLITE = pytest.mark.parametrize("migrated", ["sqlite"], indirect=True)

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
ROLES = ("officer", "reviewer", "leader", "administrator")


def test_every_route_says_who_may_use_it(app):
    check_guards(app)


def test_a_view_without_a_mark_stops_the_application():
    app = Flask("fresh")
    public(app.view_functions["static"])
    blueprint = Blueprint("area", __name__)
    blueprint.get("/marked")(needs(Permission.read)(lambda: "ok"))
    blueprint.add_url_rule("/forgotten", "forgotten", lambda: "no")
    blueprint.name = "area"
    app.register_blueprint(blueprint)
    with pytest.raises(RuntimeError, match=r"area\.forgotten"):
        check_guards(app)


@ON_SQLITE
@pytest.mark.parametrize("who", ROLES)
def test_each_role_may_use_its_own_routes_and_no_others(app, cast, sign_in, records, who):
    client, role = sign_in(who), cast.of(who).role
    with statements(app.extensions["engine"]) as sent:
        for rule in rules_of(app, "GET"):
            permission = guard_of(app, rule.endpoint)
            answer = client.get(address_of(rule, records))
            if permission is None:
                continue
            if permission in PERMISSIONS[role]:
                # What belongs to one person is refused to the others; the access matrix says to whom.
                own = {403, 404} if ACCESS[rule.endpoint].gate is Gate.own else set()
                assert answer.status_code in {200, 302, 303} | own, (
                    rule,
                    answer.status_code,
                    answer.text[-900:],
                )
                assert "/sign-in" not in (answer.location or ""), rule
            else:
                assert answer.status_code == 403, (rule, answer.status_code)
                assert "没有权限" in answer.text
    assert sent.writes == [], "a page that is only looked at has written"


@ON_SQLITE
@pytest.mark.parametrize("who", ROLES)
def test_nothing_is_changed_without_the_right_and_the_token(app, cast, sign_in, records, who):
    """An allowed role without the form's token is refused by 400, another role by 403; nothing is written."""
    client, role = sign_in(who), cast.of(who).role
    with statements(app.extensions["engine"]) as sent:
        for method in UNSAFE:
            for rule in rules_of(app, method):
                permission = guard_of(app, rule.endpoint)
                answer = client.open(address_of(rule, records), method=method)
                expected = 400 if permission is None or permission in PERMISSIONS[role] else 403
                if rule.endpoint == "setup.first_run":
                    expected = 400
                assert answer.status_code == expected, (rule, answer.status_code)
    assert sent.writes == []


def test_a_token_of_another_session_is_worth_nothing(app, cast, sign_in, records):
    mine, theirs = sign_in("administrator"), sign_in("administrator")
    for rule in rules_of(app, "POST"):
        if guard_of(app, rule.endpoint) is None:
            continue
        answer = mine.post(address_of(rule, records), data={"csrf_token": theirs.token()})
        expected = 400 if guard_of(app, rule.endpoint) in PERMISSIONS[cast.administrator.role] else 403
        assert answer.status_code == expected, rule


def test_a_visitor_is_led_to_the_sign_in_page_and_back(app, cast, client, records):
    for method in ("GET", *UNSAFE):
        for rule in rules_of(app, method):
            if guard_of(app, rule.endpoint) is None:
                continue
            address = address_of(rule, records)
            answer = client.open(address, method=method)
            assert answer.status_code == 303, (rule, answer.status_code)
            assert answer.location.startswith("/sign-in?next="), rule


@pytest.mark.parametrize("who", ["outsider", "outside_reviewer"])
def test_somebody_of_another_zone_finds_none_of_its_records(app, sign_in, records, who):
    """Every route that names a record answers 404, whatever the role; no page shows the zone's names."""
    client = sign_in(who)
    own = {"code", "month", "name", "number", "period"}
    for rule in rules_of(app, "GET"):
        answer = client.get(address_of(rule, records))
        if answer.status_code == 403 or guard_of(app, rule.endpoint) is None:
            continue
        assert "喀什".encode() not in answer.data, rule
        if rule.arguments - own:
            assert answer.status_code == 404, (rule, answer.status_code)
    for rule in rules_of(app, "POST"):
        if not rule.arguments - own or guard_of(app, rule.endpoint) is None:
            continue
        with statements(app.extensions["engine"]) as sent:
            answer = client.send(address_of(rule, records))
        assert answer.status_code in {403, 404}, (rule, answer.status_code)
        assert sent.writes == [], rule
