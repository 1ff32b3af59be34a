"""Moving a project through its pages: the gate before one tries, papers in one go, aside, back, and who may."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from app.investors.models import Investor
from app.kernel import clock
from app.pipeline.models import Project, StageChange, StageRequest
from app.pipeline.queries import owed_papers
from app.pipeline.rules import How, MilestoneKind, RequestState, Stage
from tests.factories import make_project, make_request
from tests.files.samples import picture

TODAY = clock.today()
LANDED = dt.date(2024, 6, 14)


@pytest.fixture
def landed(database, cast):
    """A project of the officer's unit that has landed."""
    with database() as session:
        project = make_project(
            session, cast.zone, unit=cast.unit, name="高端装备零部件生产线项目",
            reached={MilestoneKind.landed: LANDED}, content="内容", officer="吴建军",
        )  # fmt: skip
        session.commit()
        return project.id


ALL = ("filing", "land", "planning", "works_contract", "permit")


def scan(number):
    """A picture that no other test file equals."""
    return BytesIO(picture("PNG", size=(40 + number, 30)))


def papers(*names, photos=0):
    """Files for papers of 开工."""
    files: dict[str, Any] = {
        f"paper-{name}": (scan(place), f"{name}.png") for place, name in enumerate(names)
    }
    if photos:
        files["paper-site_photos"] = [(scan(100 + place), f"照片{place}.png") for place in range(photos)]
    return files


def advance(client, key, **values):
    """Send the page that moves on, version as it stands."""
    page = client.get(f"/projects/{key}/advance").text
    version = page.split('name="version"')[1].split('value="')[1].split('"')[0]
    sent = {"version": version, "to": "started", "effective_on": "2024-08-01", **values}
    return client.send(f"/projects/{key}/advance?to={sent['to']}", sent, content_type="multipart/form-data")


def stored(database, key):
    """Stage and history of the project."""
    with database() as session:
        project = session.scalars(select(Project).where(Project.id == key)).one()
        changes = session.scalars(
            select(StageChange).where(StageChange.project_id == key).order_by(StageChange.seq)
        )
        return project.stage, [(c.to_stage, c.effective_on, c.how) for c in changes]


def test_what_is_missing_stands_on_the_page_before_one_tries(sign_in, landed):
    page = sign_in("officer").get(f"/projects/{landed}").text
    assert "进入开工要件" in page
    assert "0 / 6" in page
    assert f"/projects/{landed}/advance?to=started#item-permit" in page


def test_papers_are_kept_when_the_gate_holds_and_the_rest_opens_it(sign_in, database, landed):
    client = sign_in("officer")
    answer = advance(client, landed, **papers(*ALL, photos=1))
    assert answer.status_code == 303
    page = client.get(f"/projects/{landed}/advance").text
    assert "已收下 6 个文件" in page
    assert "缺 1 项：开工现场照片（还差 1 份）" in page
    assert stored(database, landed)[0] is Stage.landed

    answer = advance(client, landed, **{"paper-site_photos": (scan(200), "又一张.png")})
    assert answer.headers["Location"].endswith(f"/projects/{landed}")
    stage, history = stored(database, landed)
    assert stage is Stage.started
    assert history[-1] == (Stage.started, dt.date(2024, 8, 1), How.form)
    page = client.get(f"/projects/{landed}").text
    assert "落地 → 开工" in page
    assert "2024-08-01" in page


def test_the_form_asks_the_same_gate(sign_in, database, landed):
    client = sign_in("officer")
    form = client.get(f"/projects/{landed}/edit").text
    assert 'name="started"' in form
    with database() as session:
        project = session.scalars(select(Project).where(Project.id == landed)).one()
        investor = session.get_one(Investor, (project.zone_id, project.investor_id))
        values = {
            "number": project.number, "name": project.name, "unit_id": project.unit_id, "version": "1",
            "investor": investor.name, "contract_kind": "formal", "signed_on": "2024-03-15", "amount": "10000",
            "landed": LANDED.isoformat(), "started": "2024-08-01", "officer": "吴建军", "content": "内容",
        }  # fmt: skip
    answer = client.send(f"/projects/{landed}/edit", values)
    assert answer.status_code == 422
    assert "缺 6 项" in answer.text
    assert stored(database, landed)[0] is Stage.landed


def test_aside_needs_a_reason_of_its_own_and_resuming_none(sign_in, database, landed):
    client = sign_in("officer")
    address = f"/projects/{landed}/aside"
    sent = {
        "course": "suspend",
        "effective_on": "2024-07-01",
        "version": "1",
        "reason_code": "terminate:breach",
    }
    refused = client.send(address, sent)
    assert refused.status_code == 422
    assert "请选择暂停的原因" in refused.text
    assert client.send(address, {**sent, "reason_code": "suspend:funding"}).status_code == 303
    assert stored(database, landed)[0] is Stage.suspended
    page = client.get(f"/projects/{landed}").text
    assert "投资方资金未到位" in page
    resumed = client.send(address, {"course": "resume", "effective_on": "2024-08-01", "version": "2"})
    assert resumed.status_code == 303
    assert stored(database, landed)[0] is Stage.landed


def test_going_back_is_asked_for_and_decided_by_somebody_else(sign_in, database, cast, landed):
    client = sign_in("officer")
    sent = {"to": "signed", "effective_on": TODAY.isoformat(), "reason_code": "not_met", "remark": "执照未办"}
    assert client.send(f"/projects/{landed}/stage-request", {**sent, "remark": ""}).status_code == 422
    assert client.send(f"/projects/{landed}/stage-request", sent).status_code == 303
    assert "待审核" in client.get(f"/projects/{landed}").text
    with database() as session:
        key = session.scalars(select(StageRequest.id)).one()
    assert client.get("/projects/stage-requests").status_code == 403
    reviewer = sign_in("reviewer")
    assert "执照未办" in reviewer.get("/projects/stage-requests").text
    answer = reviewer.send(f"/projects/stage-requests/{key}", {"decision": "approve", "said": "同意"})
    assert answer.status_code == 303
    stage, history = stored(database, landed)
    assert stage is Stage.signed
    assert history[-1] == (Stage.signed, TODAY, How.decided)
    again = reviewer.send(f"/projects/stage-requests/{key}", {"decision": "decline", "said": "不"})
    assert again.status_code == 409


def test_nobody_decides_an_own_request(sign_in, database, cast, landed):
    with database() as session:
        project = session.scalars(select(Project).where(Project.id == landed)).one()
        key = make_request(session, cast.zone, project, cast.of("reviewer"), Stage.signed).id
        session.commit()
    answer = sign_in("reviewer").send(f"/projects/stage-requests/{key}", {"decision": "approve"})
    assert answer.status_code == 422
    assert stored(database, landed)[0] is Stage.landed


@pytest.mark.parametrize("name", ["leader", "second", "administrator", "outside_reviewer"])
def test_others_are_refused(sign_in, landed, name):
    client = sign_in(name)
    for page in ("advance", "aside", "stage-request", "owed"):
        assert client.get(f"/projects/{landed}/{page}").status_code in (403, 404)


def test_registering_records_what_is_owed_and_handing_in_cures_it(sign_in, database, cast):
    client = sign_in("officer")
    values = {
        "number": "KS-1", "name": "已签项目", "investor": "某某有限公司", "unit_id": str(cast.unit.id),
        "contract_kind": "formal", "signed_on": "2024-03-15", "amount": "10000", "officer": "吴建军", "content": "内容",
    }  # fmt: skip
    answer = client.send("/projects/new", values)
    assert answer.status_code == 303
    with database() as session:
        key = session.scalars(select(Project.id)).one()
        assert {lack.code for lack in owed_papers(session, cast.zone.id)[key]} == {
            "contract", "legality", "fair_competition",
        }  # fmt: skip
    assert "欠材料 3 项" in client.get(f"/projects/{key}").text
    sent = {
        f"paper-{code}": (scan(place), f"{code}.png") for place, code in enumerate(("contract", "legality"))
    }
    assert client.send(f"/projects/{key}/owed", sent, content_type="multipart/form-data").status_code == 303
    with database() as session:
        assert [lack.code for lack in owed_papers(session, cast.zone.id)[key]] == ["fair_competition"]


def test_a_consent_is_the_reviewers(sign_in, database, landed):
    assert sign_in("officer").send(f"/projects/{landed}/approvals/admission").status_code == 403
    reviewer = sign_in("reviewer")
    assert reviewer.send(f"/projects/{landed}/approvals/admission", {"remark": "同意"}).status_code == 303
    assert reviewer.send(f"/projects/{landed}/approvals/admission").status_code == 409
    assert reviewer.send(f"/projects/{landed}/approvals/admission", {"undo": "1"}).status_code == 303


def test_a_request_waits_only_once(database, cast, landed):
    with database() as session:
        project = session.scalars(select(Project).where(Project.id == landed)).one()
        make_request(session, cast.zone, project, cast.of("officer"), Stage.signed)
        states = session.scalars(select(StageRequest.state)).all()
    assert states == [RequestState.waiting]


def test_the_administrator_edits_the_gates_and_they_hold_at_once(sign_in, landed):
    client = sign_in("administrator")
    assert "进入开工" in client.get("/admin/gates").text
    sent = {f"use-started-paper-{code}": "off" for code in ALL}
    refused = client.send("/admin/gates", {"label-started-paper-permit": " "})
    assert refused.status_code == 422
    assert client.send("/admin/gates", {**sent, "new-label-started": "安全承诺书"}).status_code == 303
    assert client.send("/admin/gates/reasons", {"new-suspend": "等待供电"}).status_code == 303
    officer = sign_in("officer")
    page = officer.get(f"/projects/{landed}").text
    assert "0 / 2" in page
    assert "安全承诺书" in page
    assert "等待供电" in officer.get(f"/projects/{landed}/aside").text
    assert officer.get("/admin/gates").status_code == 403


def test_the_navigation_counts_what_waits_for_the_reviewer(sign_in, database, cast, landed):
    with database() as session:
        project = session.scalars(select(Project).where(Project.id == landed)).one()
        make_request(session, cast.zone, project, cast.of("officer"), Stage.signed)
        session.commit()
    assert "阶段审核" in sign_in("reviewer").get("/projects/stage-requests").text
    assert "阶段审核" not in sign_in("officer").get(f"/projects/{landed}").text
