"""Ledgers that nobody wrote a mapping for give the figures that are true, or are refused with what nobody could decide."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.accounts.operations.zones import add_zone
from app.audit.rules import Actor
from app.cli.context import Work
from app.cli.figures import month_document
from app.kernel.periods import Month
from app.ledger.operations import UndecidedError
from tests.ledger.committees import several, single
from tests.ledger.committees.truth import Book, figures
from tests.ledger.test_forms import contained, take

FORMS = [
    single.county_wide, single.groups_by_unit, single.cumulative, single.two_blocks, single.twin_units, single.beside,
    several.by_stage, several.by_month, several.by_unit, several.with_targets, several.by_period,
]  # fmt: skip


@pytest.fixture
def zone(session: Session) -> Zone:
    return add_zone(session, "某经济开发区", province="新疆维吾尔自治区", number_prefix="6531")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_committees_own_ledger_gives_the_true_figures(
    session: Session, zone: Zone, form: Callable[[], Book]
) -> None:
    book = form()
    try:
        report = take(session, zone, book.workbook)
    except UndecidedError as undecided:
        pytest.fail("；".join(f"{d.sheet} {d.cell} {d.message}" for d in undecided.found.doubts))
    assert not report.refused, [(r.sheet, r.row, p.cell, p.message) for r in report.rows for p in r.problems]
    work = Work(session, zone, Actor(zone.id, None, "测试"))
    for year, month in book.months:
        contained(figures(year, month, book), month_document(work, Month(year, month)), f"{year}-{month}")
