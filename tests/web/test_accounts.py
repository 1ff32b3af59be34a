"""Signing in and out."""

from __future__ import annotations

from tests.factories import PASSWORD


def test_a_person_signs_in_and_out(client, cast):
    page = client.get("/", follow_redirects=True)
    assert "不得录入、存储国家秘密" in page.text

    token = page.text.split('name="csrf-token" content="')[1].split('"')[0]
    answer = client.post(
        "/sign-in?next=/password", data={"csrf_token": token, "login": "WuJianjun", "password": PASSWORD}
    )
    assert (answer.status_code, answer.location) == (303, "/password")
    assert "吴建军" in client.get("/").text

    assert client.send("/sign-out").status_code == 303
    assert client.get("/").status_code == 303
