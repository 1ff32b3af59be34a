"""简报措辞 and 大纲 on the web: checked, tried on a real month, kept, and the administrator's alone."""

from __future__ import annotations

import re
from typing import Any

from tests.web.test_brief_documents import draft  # noqa: F401
from tests.web.test_briefs import june  # noqa: F401

PAGE = "/admin/brief/words/opening"
FIELD = "opening.signed"


def seen(client: Any, page: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', client.get(page).text)
    assert found
    return found[1]


def test_a_zone_words_its_brief(sign_in, draft):  # noqa: F811
    client = sign_in("administrator")
    stamp = seen(client, PAGE)
    refused = client.send(PAGE, {"seen": stamp, FIELD: "共签约｛数量｝"})
    assert refused.status_code == 422
    assert "没有｛数量｝这个数据项" in refused.text
    assert "共签约｛数量｝" in refused.text, "what was typed is still there"
    tried = client.send(f"{PAGE}/preview", {"seen": stamp, FIELD: "共签约<b>｛个数｝、｛总投资｝"})
    assert re.search(r"共签约&lt;b&gt;<span class=\"fnum *\">\d+个</span>", tried.text)
    assert client.send(PAGE, {"seen": stamp, FIELD: "共签约｛个数｝、｛总投资｝"}).status_code == 303
    assert re.search(r"共签约<a class=\"fnum[^>]*/figures/signed\.count", sign_in("reviewer").get(draft).text)
    assert client.send(PAGE, {"seen": stamp, "restore": "1"}).status_code == 409
    assert client.send(PAGE, {"seen": seen(client, PAGE), "restore": "1"}).status_code == 303
    assert "共签约" not in sign_in("reviewer").get(draft).text
    assert client.get("/admin/brief/words/nothing").status_code == 404
    assert sign_in("reviewer").get(PAGE).status_code == 403


def test_a_zone_orders_its_sections(sign_in, draft):  # noqa: F811
    client, page = sign_in("administrator"), "/admin/brief/outline"
    keys = ["next", "indicators", "projects", "chains", "units", "problems"]
    sent = {"key": keys, "name": ["下步打算", *keys[1:]], "on": keys[:-1], "new": "重点项目进展"}
    assert client.send(page, {"seen": seen(client, page), **sent}).status_code == 303
    shown = client.get(page).text
    assert shown.index("下步打算") < shown.index("indicators") < shown.index("重点项目进展")
    assert client.send(page, {"seen": seen(client, page), **sent, "key": keys[:-1]}).status_code in (400, 422)
    reviewer = sign_in("reviewer")
    assert "下步打算" not in reviewer.get(draft).text, "a draft keeps the sections it began with"
    begun = reviewer.send("/briefs/documents", {"month": "2024-05"}).location
    assert "一、下步打算" in reviewer.get(begun).text
