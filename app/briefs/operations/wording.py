"""What a zone makes its own of its briefs: words of the sentences, and the sections a new draft begins with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.operations import note
from app.audit.rules import Actor, difference
from app.briefs.models import BriefDocument
from app.briefs.queries.documents import list_drafts
from app.briefs.rules.codes import digest_of
from app.briefs.rules.outline import OWN, Data, check_outline, names_of, usual_outline
from app.briefs.rules.sentences import CASES
from app.briefs.rules.wording import get_sentence, merge_words, read_words
from app.kernel.errors import ConflictError, DomainError
from app.kernel.ids import new_id

STALE = "刚刚被其他人修改，请刷新页面查看后再改"


def seen_words(zone: Zone, key: str) -> str:
    """What tells whether the words of a sentence were changed since a page showed them."""
    return digest_of({k: v for k, v in (zone.brief_words or {}).items() if k.startswith(f"{key}.")})[:16]


def set_words(
    session: Session, actor: Actor, zone: Zone, key: str, given: Mapping[str, str], *, seen: str
) -> None:
    """Take the zone's own words for the sentence ``key``; without ``given`` the system's are back.

    Drafts are worded anew, but for paragraphs that people wrote; what is signed or waits for it stays. Raises
    ``DomainError`` for words that can't be filled in, ``ConflictError`` when somebody else changed them meanwhile.
    """
    if seen != seen_words(zone, key):
        raise ConflictError(f"“{get_sentence(key).name}”{STALE}")
    own, wrong = read_words(key, given)
    if wrong:
        raise DomainError("；".join(f"{CASES[case].when}：{why}" for case, why in wrong.items()))
    before, after = zone.brief_words or {}, merge_words(key, own, zone.brief_words)
    if before == after:
        return
    zone.brief_words = after or None
    session.flush()
    old, new = difference(_said(before, key), _said(after, key))
    note(session, actor, action="set_words", entity="zone", entity_id=zone.id, before=old, after=new)
    for document in list_drafts(session, zone.id):
        take_words(session, actor, zone, document)


def take_words(session: Session, actor: Actor, zone: Zone, document: BriefDocument) -> None:
    """Let a draft be worded as the zone words its briefs now."""
    own = zone.brief_words or {}
    if (document.snapshot.get("words") or {}) == own:
        return
    rest = {name: value for name, value in document.snapshot.items() if name != "words"}
    document.snapshot = rest | ({"words": own} if own else {})
    document.version += 1
    session.flush()
    note(session, actor, action="take_words", entity="brief_document", entity_id=document.id)


def set_usual_outline(
    session: Session, actor: Actor, zone: Zone, outline: list[Data] | None, *, seen: str
) -> None:
    """The sections that new drafts of the zone begin with; None: the system's. Raises as ``check_outline``."""
    if seen != seen_outline(zone):
        raise ConflictError(f"简报大纲{STALE}")
    checked = usual_outline() if outline is None else check_outline(outline)
    before = zone.brief_outline or usual_outline()
    if checked == before:
        return
    zone.brief_outline = None if checked == usual_outline() else checked
    session.flush()
    note(
        session,
        actor,
        action="set_outline",
        entity="zone",
        entity_id=zone.id,
        before={"outline": names_of(before)},
        after={"outline": names_of(checked)},
    )


def seen_outline(zone: Zone) -> str:
    """What tells whether the zone's sections were changed since a page showed them."""
    return digest_of({"outline": zone.brief_outline})[:16]


def new_section_key() -> str:
    """The key of a section that a person adds."""
    return f"{OWN}{new_id()}"


def _said(own: Mapping[str, str], key: str) -> dict[str, Any]:
    """The words of every case of a sentence under names that people read."""
    sentence = get_sentence(key)
    return {f"{sentence.name}　{case.when}": own.get(case.key, case.words) for case in sentence.cases}
