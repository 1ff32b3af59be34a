"""Whether a file, or a number read from paper, is a brief this installation issued."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from app.briefs.models import BriefDocument
from app.briefs.pdf.reading import read_figures
from app.briefs.queries.documents import find_by_code, find_by_file


class Verdict(StrEnum):
    """What can be said of a file."""

    issued = "issued"
    """Byte for byte the file that was issued."""
    altered = "altered"
    """It carries the number of an issued brief and is not its file."""
    draft = "draft"
    """Made by this system, never issued."""
    unknown = "unknown"


@dataclass(frozen=True)
class Verified:
    """The verdict, and the document the file is or claims to be."""

    verdict: Verdict
    document: BriefDocument | None = None
    sha256: str = ""


def verify_file(session: Session, zone_id: int, content: bytes) -> Verified:
    """What ``content`` is to the zone: the issued file itself, an altered one, a draft, or none of ours."""
    digest = hashlib.sha256(content).hexdigest()
    document = find_by_file(session, zone_id, digest)
    if document is not None:
        return Verified(Verdict.issued, document, digest)
    figures = read_figures(content) if content.startswith(b"%PDF-") else None
    if figures is None:
        return Verified(Verdict.unknown, None, digest)
    code = figures.get("code")
    if not code:
        return Verified(Verdict.draft, None, digest)
    document = find_by_code(session, zone_id, str(code))
    return Verified(Verdict.altered if document else Verdict.unknown, document, digest)


def verify_code(session: Session, zone_id: int, code: str) -> BriefDocument | None:
    """The issued brief with that number, as typed from paper: blanks, case and misread letters do not matter."""
    return find_by_code(session, zone_id, as_printed(code))


def as_printed(code: str) -> str:
    """A typed number as it is printed: Crockford's base 32 reads O as 0, I and L as 1."""
    letters = "".join(c for c in code.upper() if c.isalnum()).translate(str.maketrans("OIL", "011"))
    month, rest = letters[:6], letters[6:]
    return "-".join([month, *(rest[n : n + 4] for n in range(0, len(rest), 4))])
