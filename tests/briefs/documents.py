"""A document that was issued, with editions that are there already: no test of a page waits for a printer."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.briefs.models import BriefDocument
from app.briefs.operations.documents import printable
from app.briefs.operations.editions import editions_of, name_of
from app.briefs.rules import DocumentState, usual_outline
from app.kernel.ids import new_id
from tests.briefs.samples import sample
from tests.factories import NOW

ONE_PAGE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def make_document(
    session: Session, zone: Zone, folder: Path, state: DocumentState = DocumentState.issued
) -> BriefDocument:
    """The brief of June 2024 of the print sample."""
    final = state.is_final
    document = BriefDocument(
        zone_id=zone.id,
        year=2024,
        month=6,
        state=state,
        number=6,
        issued_on=dt.date(2024, 7, 3),
        outline=usual_outline(),
        snapshot=sample(),
        taken_at=NOW,
        code=f"202406-{new_id()}" if final else None,
        sha256="0" * 64 if final else None,
        started_name="马晓琳",
        started_at=NOW,
    )
    session.add(document)
    session.flush()
    place = editions_of(folder, document)
    place.mkdir(parents=True, exist_ok=True)
    snapshot = printable(session, document)
    (place / name_of(snapshot, ".pdf")).write_bytes(ONE_PAGE)
    (place / name_of(snapshot, "-phone.pdf")).write_bytes(ONE_PAGE)
    (place / name_of(snapshot, ".docx")).write_bytes(b"a file")
    return document
