"""Making a brief: begun once, told, finished or failed; run twice nothing changes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.audit.models import AuditEntry
from app.audit.rules import Actor
from app.briefs.facts import projects
from app.briefs.models import BriefState
from app.briefs.operations import fail_brief, finish_brief, freeze_facts, keep_snapshot, start_brief, tell
from app.briefs.pdf import Printed
from app.briefs.queries import find_ready, get_brief, list_newest
from app.kernel.errors import DomainError, NotFoundError
from app.kernel.periods import Month
from tests.factories import NOW, make_project, make_zone

JUNE = Month(2024, 6)
TODAY = dt.date(2024, 7, 3)
PRINTED = Printed(pages=14, sha256="a" * 64, fallback="", warnings=[])


def begin(session, zone, month=JUNE, now=NOW):
    return start_brief(session, Actor(zone.id, None, "马晓琳"), zone, month=month, now=now, today=TODAY)


def finish(session, brief, printed=PRINTED):
    finish_brief(session, Actor(brief.zone_id, None, "马晓琳"), brief, printed=printed, now=NOW)


def test_a_brief_is_begun_told_and_finished(session):
    zone = make_zone(session)
    brief, new = begin(session, zone)
    assert new
    assert (brief.state, brief.percent) == (BriefState.making, 0)
    tell(session, brief, "正在汇总数据", 5)
    keep_snapshot(session, brief, {"data": {}})
    assert (brief.step, brief.percent) == ("正在排版", 30)
    finish(session, brief)
    assert (brief.state, brief.percent, brief.pages, brief.sha256) == (BriefState.ready, 100, 14, "a" * 64)
    assert find_ready(session, zone.id, JUNE) is brief
    session.commit()
    assert [entry.action for entry in session.query(AuditEntry).filter_by(zone_id=zone.id)] == [
        "start_brief",
        "finish_brief",
    ]


def test_one_that_is_being_made_is_not_begun_again(session):
    zone = make_zone(session)
    first, _new = begin(session, zone)
    assert begin(session, zone, now=NOW + dt.timedelta(minutes=2)) == (first, False)
    assert begin(session, zone, month=Month(2024, 5))[1]
    later, new = begin(session, zone, now=NOW + dt.timedelta(minutes=11))
    assert new
    assert later.id != first.id


def test_a_month_that_has_not_begun_is_refused(session):
    with pytest.raises(DomainError, match="2024年8月尚未开始"):
        begin(session, make_zone(session), month=Month(2024, 8))
    assert begin(session, make_zone(session), month=Month(2024, 7))[1]


def test_what_has_ended_is_not_changed(session):
    zone = make_zone(session)
    brief, _new = begin(session, zone)
    finish(session, brief)
    tell(session, brief, "正在排版", 30)
    fail_brief(session, Actor(zone.id, None, "马晓琳"), brief, reason="太晚了", now=NOW)
    finish(session, brief, Printed(1, "b" * 64, "", []))
    assert (brief.state, brief.step, brief.sha256) == (BriefState.ready, "已生成", "a" * 64)


def test_characters_that_fell_back_are_told(session):
    brief, _new = begin(session, make_zone(session))
    finish(session, brief, Printed(14, "a" * 64, "喆垚", []))
    assert brief.step == "以下字由后备字体代替，请核对：喆垚"


def test_a_failure_says_why(session):
    zone = make_zone(session)
    brief, _new = begin(session, zone)
    fail_brief(session, Actor(zone.id, None, "马晓琳"), brief, reason="缺少公文字体" + "长" * 400, now=NOW)
    assert brief.state is BriefState.failed
    assert brief.step.startswith("缺少公文字体")
    assert len(brief.step) == 300
    assert find_ready(session, zone.id, JUNE) is None


def test_the_newest_of_each_month_is_listed(session):
    zone = make_zone(session)
    for month in (Month(2024, 5), JUNE):
        finish(session, begin(session, zone, month=month)[0])
    again, _new = begin(session, zone, now=NOW + dt.timedelta(minutes=1))
    begin(session, make_zone(session))
    assert [(b.month, b.state) for b in list_newest(session, zone.id)] == [
        (6, BriefState.making),
        (5, BriefState.ready),
    ]
    assert list_newest(session, zone.id)[0].id == again.id
    issued = list_newest(session, zone.id)[1]
    issued.issues = True
    finish(session, begin(session, zone, month=Month(2024, 5), now=NOW + dt.timedelta(minutes=2))[0])
    assert list_newest(session, zone.id)[1].id == issued.id


def test_a_brief_belongs_to_its_zone(session):
    brief, _new = begin(session, make_zone(session))
    with pytest.raises(NotFoundError):
        get_brief(session, make_zone(session).id, brief.id)


def test_facts_that_contradict_each_other_are_not_printed(session, monkeypatch):
    zone = make_zone(session)
    make_project(session, zone)
    options: Any = {"month": JUNE, "issued_on": TODAY, "public_url": "http://zone.test"}
    assert freeze_facts(session, zone, **options)["month"] == "2024-06"
    stages = projects.stages

    def one_too_many(*place):
        rows = stages(*place)
        rows[0]["projects"] += 1
        return rows

    monkeypatch.setattr(projects, "stages", one_too_many)
    with pytest.raises(DomainError, match="各阶段在册项目：分项之和2个与合计1个不符") as refusal:
        freeze_facts(session, zone, **options)
    assert refusal.value.message.startswith("数据自检未通过，未生成简报：\n")
