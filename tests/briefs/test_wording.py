"""A zone's own words for the sentences: checked when kept, bound to the numbers, taken by drafts only."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.audit.operations import seal
from app.audit.rules import Actor
from app.briefs.operations.documents import moved_since, open_document, printable, refresh_numbers
from app.briefs.operations.issuing import send_back, submit
from app.briefs.operations.prose import write_paragraph
from app.briefs.operations.wording import seen_outline, seen_words, set_usual_outline, set_words
from app.briefs.rules import check_snapshot, numbers, usual_outline
from app.briefs.rules.opening import opening
from app.briefs.rules.runs import plain
from app.briefs.rules.sentences import CASES, EVERYWHERE, SENTENCES, TOKEN, check_words
from app.briefs.rules.wording import EXAMPLE, preview
from app.kernel.errors import ConflictError, DomainError
from app.kernel.periods import Month
from tests.briefs.samples import full_text, said, sample, view, written
from tests.factories import make_project, make_zone

NOW = dt.datetime(2024, 7, 3, 4, 0, tzinfo=dt.UTC)
JUNE = Month(2024, 6)
SIGNED = "｛期｝共签约｛个数｝、投资额｛总投资｝"
WEB = "http://localhost"


def actor(zone: Any) -> Actor:
    return Actor(zone.id, 7, "陈志明")


def begin(session: Any, zone: Any, month: Month = JUNE) -> Any:
    return open_document(
        session, actor(zone), zone, month=month, issued_on=NOW.date(), now=NOW, today=NOW.date(), public_url=WEB
    )[0]  # fmt: skip


def put(session: Any, zone: Any, **words: str) -> None:
    """Words for cases of 导语."""
    given = {f"opening.{case}": text for case, text in words.items()}
    set_words(session, actor(zone), zone, "opening", given, seen=seen_words(zone, "opening"))


def headline(session: Any, document: Any) -> str:
    return plain(printable(session, document)["content"]["opening"][0]["text"])


def test_the_system_s_words_pass_their_own_checks_and_have_examples():
    for case in CASES.values():
        assert check_words(case, case.words) == case.words
        assert set(case.required) <= set(case.tokens)
    seen = 0
    for sentence in SENTENCES.values():
        shown = preview(sample(), sentence.key, {})
        assert list(shown.cases) == [case.key for case in sentence.cases]
        assert not any(TOKEN.search(said(each.text)) for each in shown.cases.values())
        seen += sum(each.where != EXAMPLE for each in shown.cases.values())
    assert seen > len(CASES) * 3 / 4, "most cases are seen on numbers"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("新签｛数量｝、｛总投资｝、｛个数｝", "没有｛数量｝这个数据项；这一句可用｛个数｝｛总投资｝｛期｝"),
        ("新签一批项目，投资｛总投资｝", "缺少｛个数｝"),
        ("新签｛个数｝、｛总投资", "没有成对"),
        ("新签｛个数｝、｛总投资｝，超过50亿元", "“50亿元”是写死的数字"),
        ("字" * 301, "不超过 300 字"),
        ("新签｛个数｝\n｛总投资｝", "改在一行内"),
        ("", "缺少"),
    ],
)
def test_words_that_cannot_be_filled_in_are_refused_with_a_reason(words, message):
    with pytest.raises(DomainError, match=message):
        check_words(CASES["opening.signed"], words)


def test_braces_of_a_western_keyboard_are_taken():
    assert check_words(CASES["opening.signed"], " {个数}、{总投资} ") == "｛个数｝、｛总投资｝"


def test_numbers_stay_bound_whatever_the_words_are():
    snapshot = sample(words={"opening.signed": SIGNED})
    text = opening(view(snapshot))
    assert "上半年共签约20个、投资额58.8亿元；新建" in said(text)
    assert list(numbers([text])) == list(numbers([opening(view(sample()))]))
    assert full_text(snapshot).replace("上半年共签约", "新签订招商引资合同项目", 1).replace(
        "投资额", "总投资", 1
    ) == full_text(sample())
    assert check_snapshot(written(snapshot)) == []


def test_words_of_another_version_give_way_to_the_system_s():
    snapshot = sample(words={"opening.signed": "新签｛早已没有｝", "gone.case": "字"})
    assert said(opening(view(snapshot))) == said(opening(view(sample())))


def test_a_sentence_is_seen_on_the_month_and_in_other_situations():
    shown = preview(sample(), "opening", {"opening.month_none": "未发生｛类别｝"})
    assert [plain(text) for text in shown.now] == [said(opening(view(sample())))]
    by_name = {each.where: plain(each.text) for each in shown.others}
    assert "同比下降" in by_name["同比下降"]
    assert "上年同期无基数" in by_name["上年同期无基数"]
    assert "6月，未发生新签约、新开工、新投产，无资金到位。" in by_name["本月没有"]
    assert shown.cases["opening.month_none"].where == "本月没有"
    assert shown.cases["opening.signed_supplement"].where == EXAMPLE


def test_drafts_take_new_words_but_for_what_people_wrote(session):
    zone, other = make_zone(session), make_zone(session, "霍尔果斯经济开发区")
    make_project(session, zone, signed_on=dt.date(2024, 6, 3))
    june, may = begin(session, zone), begin(session, zone, Month(2024, 5))
    elsewhere = begin(session, other)
    write_paragraph(session, actor(zone), may, "opening", ["五月另写。"], version=0, now=NOW)
    before = headline(session, june)
    put(session, zone, signed=SIGNED)
    assert "共签约1个" in headline(session, june)
    assert headline(session, may) == "五月另写。"
    assert "共签约" not in headline(session, elsewhere)
    assert moved_since(session, zone, june, public_url=WEB)[0] == []
    seal(session)
    [entry] = session.scalars(select(AuditEntry).where(AuditEntry.action == "set_words"))
    assert entry.after == {"导语　累计：有新签约": SIGNED}
    assert entry.before == {"导语　累计：有新签约": CASES["opening.signed"].words}
    with pytest.raises(ConflictError, match="其他人修改"):
        set_words(session, actor(zone), zone, "opening", {}, seen="old")
    with pytest.raises(DomainError, match="累计：有新签约：缺少"):
        put(session, zone, signed="字")
    put(session, zone)
    assert headline(session, june) == before
    assert zone.brief_words is None


def test_what_waits_for_its_signature_keeps_its_words_until_it_comes_back(session):
    zone = make_zone(session)
    make_project(session, zone, signed_on=dt.date(2024, 6, 3))
    document = begin(session, zone)
    submit(session, actor(zone), zone, document, version=document.version, now=NOW, public_url=WEB)
    frozen = json.dumps(printable(session, document), ensure_ascii=False)
    put(session, zone, signed=SIGNED, built_none="未新建亿元以上项目")
    assert json.dumps(printable(session, document), ensure_ascii=False) == frozen
    assert moved_since(session, zone, document, public_url=WEB)[0] == [], "other words are no other numbers"
    send_back(session, actor(zone), document, remark="改", version=document.version, now=NOW)
    assert "共签约1个" in headline(session, document)


def test_a_number_that_the_words_leave_out_can_still_be_written(session):
    zone = make_zone(session)
    make_project(session, zone, signed_on=dt.date(2024, 6, 3))
    document = begin(session, zone)
    built = next(
        n for n in numbers(printable(session, document)["content"]["opening"]) if "signed.amount" in n["u"]
    )
    write_paragraph(session, actor(zone), document, "opening", ["共", built, "。"], version=0, now=NOW)
    set_words(
        session,
        actor(zone),
        zone,
        "steps",
        {"steps.month": "｛月｝｛称呼｝｛个数｝。"},
        seen=seen_words(zone, "steps"),
    )
    refresh_numbers(session, actor(zone), zone, document, version=document.version, now=NOW, public_url=WEB)
    assert headline(session, document) == f"共{built['t']}。"
    assert "gone" not in str(printable(session, document)["content"]["opening"])


def test_new_drafts_begin_with_the_zone_s_sections(session):
    zone = make_zone(session)
    before = begin(session, zone, Month(2024, 5))
    outline = [*usual_outline()[::-1], {"key": "own-1", "name": "重点项目进展", "on": True}]
    outline[0] |= {"name": "下步打算"}
    outline[1] |= {"on": False}
    set_usual_outline(session, actor(zone), zone, outline, seen=seen_outline(zone))
    assert begin(session, zone).outline == outline
    assert before.outline == usual_outline()
    headings = [s["heading"] for s in printable(session, begin(session, zone))["content"]["sections"]]
    assert headings[:2] == ["一、下步打算", "二、责任单位排名"]
    with pytest.raises(DomainError, match="不完整"):
        set_usual_outline(session, actor(zone), zone, outline[1:], seen=seen_outline(zone))
    with pytest.raises(ConflictError):
        set_usual_outline(session, actor(zone), zone, None, seen="old")
    set_usual_outline(session, actor(zone), zone, None, seen=seen_outline(zone))
    assert zone.brief_outline is None


def test_everywhere_means_every_case():
    words = "".join(f"｛{name}｝" for name in (*EVERYWHERE, "增幅"))
    assert check_words(CASES["growth.some"], words) == words
