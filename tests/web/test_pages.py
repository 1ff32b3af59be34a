"""What holds for every page: headers, no markup out of names, errors that say what to do."""

from __future__ import annotations

import lxml.html  # type: ignore[import-untyped]
import pytest
from sqlalchemy.exc import IntegrityError

from app.web.errors import PAGES
from app.web.guards import public
from app.web.headers import HEADERS
from tests.web.conftest import XSS, address_of, rules_of, statements


def test_every_answer_carries_the_headers(app, sign_in, client, records):
    for browser in (sign_in("administrator"), client):
        for rule in rules_of(app, "GET"):
            answer = browser.get(address_of(rule, records))
            for name in HEADERS:
                assert name in answer.headers, (rule, name)
            assert answer.headers["Cache-Control"] == "no-store", rule
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


def test_static_files_may_be_kept(client, cast):
    answer = client.get("/static/product.css")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize("who", ["officer", "reviewer", "administrator"])
def test_a_hostile_name_stays_text_on_every_page(app, sign_in, records, who):
    client, seen = sign_in(who), 0
    for rule in rules_of(app, "GET"):
        answer = client.get(address_of(rule, records))
        if answer.status_code != 200 or answer.mimetype != "text/html" or not answer.text.strip():
            continue
        page = lxml.html.fromstring(answer.text)
        seen += XSS[:20] in page.text_content() or XSS[:20] in answer.text.replace("&#34;", '"').replace(
            "&gt;", ">"
        )
        assert XSS[:10] not in answer.text, rule
        for element in page.iter():
            events = [name for name in element.attrib if name.lower().startswith("on")]
            assert not events, (rule, element.tag, events)
            assert "style" not in element.attrib, (rule, element.tag, "the browser refuses style attributes")
            if element.tag == "script":
                assert element.get("src", "").startswith("/static/"), (rule, "no inline script")
                assert not element.text, rule
            for name in ("href", "src", "action"):
                assert not element.get(name, "").strip().lower().startswith(("javascript:", "data:")), rule
    assert seen


@pytest.mark.parametrize(
    ("who", "most"), [("leader", 15), ("administrator", 15), ("reviewer", 15), ("officer", 15)]
)
def test_the_first_page_needs_few_queries(app, sign_in, records, who, most):
    """Fifteen for how the zone is doing; whoever enters things has the tasks of the day besides."""
    client = sign_in(who)
    with statements(app.extensions["engine"]) as sent:
        assert client.get("/").status_code == 200
    assert len(sent.reads) <= most, sent.reads


def test_an_unknown_address_and_an_unknown_month(sign_in):
    client = sign_in("leader")
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert PAGES[404][1] in answer.text
    answer = client.get("/?month=2024-13")
    assert answer.status_code == 422
    assert "2024-13" in answer.text
    assert "2024-06 的形式" in answer.text


def test_a_post_only_address(sign_in):
    answer = sign_in("leader").get("/month")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_a_file_that_is_too_large(app, sign_in):
    client = sign_in("administrator")
    token = client.token()
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = client.post("/admin/zone", data={"csrf_token": token, "name": "x" * 2000})
    assert answer.status_code == 413
    assert "20 MB" in answer.text


def test_an_identity_that_no_database_holds(sign_in, cast):
    assert sign_in("administrator").get(f"/admin/users/{2**63}").status_code == 404


def test_a_fault_shows_a_page_and_saves_nothing(app, cast, database, sign_in):
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @public
    def broken():
        raise RuntimeError("secret detail")

    app.view_functions["home.home"] = broken
    answer = sign_in("leader").get("/")
    assert answer.status_code == 500
    assert "系统出错了" in answer.text
    assert "secret detail" not in answer.text


def test_what_two_people_did_at_once_is_a_conflict(app, sign_in):
    @public
    def refused():
        raise IntegrityError("INSERT", {}, Exception("UNIQUE constraint failed"))

    app.view_functions["home.home"] = refused
    answer = sign_in("leader").get("/")
    assert answer.status_code == 409
    assert PAGES[409][1] in answer.text


def test_the_month_in_work_is_remembered(sign_in):
    client = sign_in("leader")
    answer = client.send("/month", {"month": "2023-11", "next": "/?w=month"})
    assert answer.location == "/?w=month"
    assert "2023年11月" in client.get("/").text
    assert client.send("/month", {"month": "soon"}).status_code == 422


def test_the_unit_of_amounts_is_remembered(app, sign_in):
    client = sign_in("leader")
    client.get("/?unit=yi")
    cookie = client.get_cookie("unit")
    assert cookie is not None
    assert cookie.value == "yi"
    client.get("/?unit=pounds")
    kept = client.get_cookie("unit")
    assert kept is not None
    assert kept.value == "yi"


def test_an_amount_is_echoed(sign_in):
    client = sign_in("officer")
    words = client.get("/amount?text=1.5亿&unit=万元").get_json()["words"]
    assert words == "1.5亿元，大写 壹亿伍仟万元整"
    assert "不是金额" in client.get("/amount?text=many&unit=万元").get_json()["words"]
    assert client.get("/amount?text=12&unit=pounds").get_json()["words"].startswith("12万元")
