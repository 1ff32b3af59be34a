"""A form and a fill of it as they lie in the database, for tests of pages."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sqlalchemy.orm import Session

from app.accounts.models import UserAccount, Zone
from app.reporting.models import ReportFill, ReportForm
from app.reporting.operations import file_of
from tests.factories import NOW
from tests.reporting import books

SETUP = {
    "head_first": 2, "head_last": 2, "data_row": 3, "last_row": 3,
    "ties": {"A3": {"field": "serial"}, "C3": {"field": "name"}, "E3": {"field": "funds_ytd", "unit": "万元"}},
}  # fmt: skip


def make_report(
    session: Session, zone: Zone, by: UserAccount, folder: Path, *, text: str = "在谈项目库"
) -> tuple[ReportForm, ReportFill]:
    """The form (c) of the domain's examples, its words replaced by ``text``."""
    content = books.talks()
    sha256 = hashlib.sha256(content).hexdigest()
    sheet = {
        "name": "在谈", "rows": 3, "columns": 10, "widths": [80] * 10, "heights": [0] * 3, "merged": [[1, 1, 1, 10]],
        "print": "A4 横向", "hidden": False, "cells": [[1, 1, text, {}], [2, 3, text, {"b": 1, "bg": "#DDEBF7"}], [3, 3, "", {"e": 1}]],
    }  # fmt: skip
    who = {"made_by": by.id, "made_name": by.name, "made_at": NOW}
    form = ReportForm(
        zone_id=zone.id, name=text[:60], file_name=f"{text[:60]}.xlsx", sha256=sha256,
        layout={"sheets": [sheet], "notes": [text]}, setup={"在谈": SETUP}, changed_name=by.name, changed_at=NOW, **who,
    )  # fmt: skip
    session.add(form)
    session.flush()
    check = {
        "sheet": "在谈", "what": text, "shown": "1", "expected": "2", "difference": "−1", "reason": text, "agrees": False,
        "cell": "E3",
    }  # fmt: skip
    fill = ReportFill(
        zone_id=zone.id, form_id=form.id, form_name=text[:60], form_version=1, sha256=sha256, setup=form.setup,
        year=2024, month=6, outcome={"rows": 1, "cells": 0, "checks": [check]}, **who,
    )  # fmt: skip
    session.add(fill)
    session.flush()
    path = file_of(folder, form)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return form, fill
