"""The board: columns that follow the filter, ageing, and moves that the gate decides."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import select

from app.kernel import clock
from app.pipeline.models import Project, StageChange
from app.pipeline.rules import How, MilestoneKind, Stage, ageing
from tests.factories import WAN, YI, make_project, open_gates
from tests.project_list import make_stages
from tests.web.conftest import statements


@pytest.fixture
def projects(database, cast):
    """Fourteen signed ones of the officer's unit, one landed of the other, one terminated; a foreign one."""
    with database() as session:
        signed = [
            make_project(
                session, cast.zone, unit=cast.unit, name=f"签约{number:02}", total_fen=number * 1000 * WAN,
                signed_on=clock.today() - dt.timedelta(days=number * 30),
            )
            for number in range(1, 15)
        ]  # fmt: skip
        landed = make_project(
            session, cast.zone, unit=cast.other_unit, name="落地的",
            reached={MilestoneKind.landed: clock.today() - dt.timedelta(days=10)},
        )  # fmt: skip
        make_project(
            session, cast.zone, name="终止的", reached={MilestoneKind.terminated: dt.date(2026, 1, 1)}
        )
        make_project(session, cast.other_zone, name="外区的")
        session.commit()
    return {"first": signed[0], "signed": signed, "landed": landed}


def column(page: str, stage: str) -> str:
    part = page[page.index(f'data-stage="{stage}"') :]
    return part[: part.index("</section>")]


def words(html: str) -> str:
    return re.sub(r"(?:<[^>]+>|\s)+", " ", html)


def move(client, project, to="landed", version=1, query="", **options):
    return client.send(f"/projects/{project.id}/board{query}", {"to": to, "version": str(version)}, **options)


def test_columns_count_and_sum_what_is_filtered_and_the_rest_is_one_link_away(sign_in, projects):
    client = sign_in("leader")
    page = client.get("/projects/board").text
    signed = column(page, "signed")
    assert re.search(r"签约 14 105,000.00", words(signed))
    assert signed.count("data-card=") == 12
    assert "签约14" in signed, "those longest in the stage are shown"
    assert "签约01" not in signed
    more = re.search(r'href="([^"]+)">另有 2 个', signed)
    assert more
    assert "stage=signed" in more[1]
    assert 'class="bcol none' in page
    assert "另终止" in page
    assert "外区的" not in page
    page = client.get("/projects/board?big=1").text
    assert re.search(r"签约 5 60,000.00", words(column(page, "signed")))


@pytest.mark.parametrize(
    ("stage", "days", "tint"),
    [(Stage.signed, 180, ""), (Stage.signed, 181, "w"), (Stage.signed, 270, "w"), (Stage.signed, 271, "b"),
     (Stage.full, 4000, ""), (Stage.talks, None, "")],
)  # fmt: skip
def test_a_card_is_tinted_by_its_days_in_the_stage(stage, days, tint):
    assert ageing(stage, days) == tint


def test_a_move_to_the_next_stage_is_written_with_its_history(sign_in, projects, database, cast):
    with database() as session:
        open_gates(session, session.merge(cast.zone))
        session.commit()
    answer = move(sign_in("officer"), projects["first"], query="?big=1")
    assert (answer.status_code, answer.location) == (303, "/projects/board?big=1")
    with database() as session:
        stored = session.get_one(Project, (cast.zone.id, projects["first"].id))
        assert stored.stage is Stage.landed
        last = session.scalars(
            select(StageChange).where(StageChange.project_id == stored.id).order_by(StageChange.seq.desc())
        ).first()
        assert (last.to_stage, last.how, last.effective_on) == (Stage.landed, How.board, clock.today())


def test_the_gate_s_refusal_stands_on_the_board_and_nothing_moves(sign_in, projects, database, cast):
    client = sign_in("officer")
    page = move(client, projects["first"])
    assert page.status_code == 422
    assert re.search(r"还不能推进到落地，缺 \d 项", page.text)
    assert "营业执照" in page.text
    assert 'data-stage="signed"' in page.text, "the whole board, for browsers without the script"
    panel = move(client, projects["first"], headers={"X-Requested-With": "fetch"})
    assert panel.status_code == 422
    assert "data-stage" not in panel.text
    assert "营业执照" in client.get(f"/projects/{projects['first'].id}/gate").text
    with database() as session:
        assert session.get_one(Project, (cast.zone.id, projects["first"].id)).stage is Stage.signed


def test_an_open_gate_has_nothing_to_say(sign_in, projects, database, cast):
    with database() as session:
        open_gates(session, session.merge(cast.zone))
        session.commit()
    assert sign_in("leader").get(f"/projects/{projects['first'].id}/gate").status_code == 204


@pytest.mark.parametrize("to", ["talks", "started", "suspended", "terminated", "nonsense", ""])
def test_only_the_next_stage_takes_a_card(sign_in, projects, database, cast, to):
    with database() as session:
        open_gates(session, session.merge(cast.zone))
        session.commit()
    answer = move(sign_in("reviewer"), projects["first"], to=to)
    assert answer.status_code == 422
    assert "看板上只能推进到下一阶段" in answer.text
    with database() as session:
        assert session.get_one(Project, (cast.zone.id, projects["first"].id)).stage is Stage.signed


def test_a_card_that_somebody_has_changed_meanwhile_stays(sign_in, projects, database, cast):
    with database() as session:
        open_gates(session, session.merge(cast.zone))
        session.commit()
    answer = move(sign_in("officer"), projects["first"], version=7)
    assert answer.status_code == 422
    assert "刚刚被其他人修改" in answer.text


def test_who_may_not_edit_has_no_handle_and_is_refused(sign_in, projects):
    project = projects["first"]
    assert "data-next" not in sign_in("leader").get("/projects/board").text
    page = sign_in("second").get("/projects/board").text
    assert "data-next" not in column(page, "signed")
    assert 'data-next="started"' in column(page, "landed")
    assert move(sign_in("leader"), project).status_code == 403
    assert move(sign_in("second"), project).status_code == 403
    assert move(sign_in("outside_reviewer"), project).status_code == 404


def test_the_board_of_a_day_in_the_past_is_only_looked_at(sign_in, projects, database, cast):
    with database() as session:
        project = session.merge(projects["landed"])
        make_stages(session, project, (Stage.talks, dt.date(2024, 1, 1)), (Stage.landed, dt.date(2024, 5, 1)))
        session.commit()
    page = sign_in("reviewer").get("/projects/board?asof=2024-03-01").text
    assert "落地的" in column(page, "talks")
    assert "60 天" in column(page, "talks")
    assert "data-next" not in page


def test_the_board_takes_the_same_queries_however_many_projects(sign_in, app, projects, database, cast):
    client = sign_in("officer")
    client.get("/projects/board")
    counts = []
    for more in (1, 30):
        with database() as session:
            for _ in range(more):
                make_project(session, cast.zone, unit=cast.unit, total_fen=YI)
            session.commit()
        with statements(app.extensions["engine"]) as found:
            assert client.get("/projects/board").status_code == 200
        counts.append(len(found.reads))
    assert counts[0] == counts[1] <= 7
