"""The zone's own words for the sentences of its brief, tried on a real month; its usual sections."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.briefs.facts import take_snapshot
from app.briefs.operations.wording import seen_outline, seen_words, set_usual_outline, set_words
from app.briefs.queries.documents import find_document, find_latest
from app.briefs.rules import usual_outline
from app.briefs.rules.sentences import EVERYWHERE, SENTENCES, Sentence
from app.briefs.rules.wording import get_sentence, merge_words, preview, read_words
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.periods import Month
from app.web.admin.blueprint import blueprint
from app.web.briefs.forms import SeenForm, read_outline
from app.web.guards import needs
from app.web.session import config, current, db, month_in_work


@blueprint.get("/brief/words")
@needs(Permission.administer)
def show_words() -> Response:
    """The first sentence."""
    return redirect(url_for(".change_words", sentence=next(iter(SENTENCES))), 303)


@blueprint.route("/brief/words/<string:sentence>", methods=["GET", "POST"])
@needs(Permission.administer)
def change_words(sentence: str) -> Any:
    """The cases of a sentence in the zone's words; with ``restore`` back to the system's."""
    zone, asked, form = current().zone, get_sentence(sentence), SeenForm()
    given = _given(asked)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        if not form.validate_on_submit():
            abort(400)
        given = {} if "restore" in request.form else given
        wrong = read_words(asked.key, given)[1]
        if not wrong:
            set_words(db(), current().actor, zone, asked.key, given, seen=form.seen.data or "")
            flash(
                "已恢复系统措辞"
                if "restore" in request.form
                else "措辞已保存，草稿中未经手工改写的段落随之更新"
            )
            return redirect(url_for(".change_words", sentence=asked.key), 303)
    page = render_template(
        "admin/words.html",
        sentences=SENTENCES.values(),
        sentence=asked,
        own=zone.brief_words or {},
        everywhere=EVERYWHERE,
        seen=seen_words(zone, asked.key),
        **_tried(asked, given),
    )
    return page, 422 if wrong else 200


@blueprint.post("/brief/words/<string:sentence>/preview")
@needs(Permission.administer)
def preview_words(sentence: str) -> str:
    """How the words typed so far would read; nothing is kept."""
    asked = get_sentence(sentence)
    return render_template("admin/_read.html", sentence=asked, **_tried(asked, _given(asked)))


@blueprint.route("/brief/outline", methods=["GET", "POST"])
@needs(Permission.administer)
def change_usual_outline() -> Any:
    """The sections that new drafts begin with."""
    zone, form = current().zone, SeenForm()
    outline, error = zone.brief_outline or usual_outline(), ""
    if form.validate_on_submit():
        restore = "restore" in request.form
        outline = outline if restore else read_outline(request.form)
        try:
            asked = None if restore else outline
            set_usual_outline(db(), current().actor, zone, asked, seen=form.seen.data or "")
        except DomainError as refusal:
            error = refusal.message
        else:
            flash("大纲已保存，新起草的简报按此分节")
            return redirect(url_for(".change_usual_outline"), 303)
    page = render_template("admin/outline.html", outline=outline, error=error, seen=seen_outline(zone))
    return page, 422 if error else 200


def _given(asked: Sentence) -> dict[str, str]:
    """The words as they were sent, else the zone's, else the system's."""
    own = current().zone.brief_words or {}
    return {
        case.key: request.form.get(case.key, own.get(case.key, case.words)).strip() for case in asked.cases
    }


def _tried(asked: Sentence, given: dict[str, str]) -> dict[str, Any]:
    """The words with what is wrong with them, and how they read; wrong ones read as the system's."""
    own, wrong = read_words(asked.key, given)
    month, snapshot = _month()
    read = preview(snapshot, asked.key, merge_words(asked.key, own, current().zone.brief_words))
    return {"given": given, "wrong": wrong, "month": month, "read": read}


def _month() -> tuple[Month, dict[str, Any]]:
    """A real month: the document of the month in work, else of the latest one there is, else today's figures."""
    zone, month = current().zone, month_in_work()
    document = find_document(db(), zone.id, month) or find_latest(db(), zone.id)
    if document is not None:
        return Month(document.year, document.month, zone.cutoff_day), document.snapshot
    snapshot = take_snapshot(
        db(), zone, month, issued_on=clock.today(), public_url=config().public_url, rows=False
    )
    return month, snapshot
