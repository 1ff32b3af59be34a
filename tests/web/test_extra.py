"""What a ledger said beyond the system's fields stands on its project's page, telephone numbers masked."""

from __future__ import annotations

from app.audit.rules import Actor
from app.pipeline.operations import keep_extra
from tests.factories import make_project


def test_columns_of_the_zones_own_ledger_are_shown(cast, database, sign_in):
    with database() as session:
        project = make_project(session, session.merge(cast.zone), unit=session.merge(cast.unit))
        actor = Actor(cast.zone.id, cast.wu.id, "吴建军")
        said = {"责任人及电话": "张三 13912345678", "<b>形象进度": "主体<b>完工"}
        assert keep_extra(session, actor, project, said)
        assert not keep_extra(session, actor, project, {"责任人及电话": "张三 13912345678"})
        session.commit()
        number = project.id
    page = sign_in("wu").get(f"/projects/{number}").text
    assert "责任人及电话" in page
    assert "139****5678" in page
    assert "13912345678" not in page
    assert "主体&lt;b&gt;完工" in page
    assert "主体<b>" not in page
    for address in ("/audit", f"/audit?record={number}"):
        assert sign_in("administrator").get(address).status_code == 200
