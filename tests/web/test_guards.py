"""Every route has a guard, and every form a token. Who may use which route: ``test_access_matrix``."""

from __future__ import annotations

import pytest
from flask import Blueprint, Flask

from app.accounts.rules import PERMISSIONS, Permission
from app.web.guards import check_guards, guard_of, needs, public
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
