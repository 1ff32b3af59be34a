"""Whether a file, or a number read from paper, is a brief this installation issued."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.briefs.models import BriefDocument
from app.briefs.pdf.reading import read_figures
from app.briefs.queries.documents import find_by_code, find_by_file
from app.figures.queries import headline
from app.figures.rules import CATALOGUE
from app.journal.queries import find_reading, read_books, verify_books
from app.journal.rules import Basis
from app.kernel.periods import Month


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


@dataclass(frozen=True)
class Standing:
    """Whether the figures of an issued brief are still those of the journal; each fault is a sentence."""

    faults: tuple[str, ...]
    month_hash: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def compare_with_books(session: Session, zone: Zone, document: BriefDocument) -> Standing:
    """Compare the document with the journal: the close it names, its headline on that close, and the whole chain."""
    month = Month(document.year, document.month)
    step = read_books(session, zone.id).find(month)
    if step is None:
        return Standing((f"{month.label}没有现行的关账，无从比对",))
    faults = []
    if step.hash != document.close_hash:
        faults.append("简报所据的关账不是本月现行的关账")
    reading = find_reading(session, zone.id, month, Basis.closed)
    now = headline(session, zone, month, reading=reading)
    for code, printed in document.snapshot["data"]["figures"].items():
        if asdict(now[code]) != printed:
            faults.append(f"{CATALOGUE[code].name}与账内的数不一致")
    report = verify_books(session, zone.id)
    if not report.whole:
        faults.append(f"账簿校验未通过：{report.fault}")
    return Standing(tuple(faults), step.hash)


def verify_code(session: Session, zone_id: int, code: str) -> BriefDocument | None:
    """The issued brief with that number, as typed from paper: blanks, case and misread letters do not matter."""
    return find_by_code(session, zone_id, as_printed(code))


def as_printed(code: str) -> str:
    """A typed number as it is printed: Crockford's base 32 reads O as 0, I and L as 1."""
    letters = "".join(c for c in code.upper() if c.isalnum()).translate(str.maketrans("OIL", "011"))
    month, rest = letters[:6], letters[6:]
    return "-".join([month, *(rest[n : n + 4] for n in range(0, len(rest), 4))])
