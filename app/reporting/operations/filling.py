"""Filling a form for a month: what stands in it, and how its sums compare with the figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.operations import note
from app.audit.rules import Actor
from app.directory.queries import list_labels
from app.figures.queries import headline, sums_by_project
from app.figures.rules import CATALOGUE, WindowName
from app.journal.queries import closed_span
from app.journal.rules import LIVE, Basis, Reading
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.periods import Month
from app.reporting.models import ReportFill, ReportForm
from app.reporting.operations.forms import setups_of, sheet_plan
from app.reporting.queries import read_records, read_singles
from app.reporting.rules import Check, SheetSetup, check_columns, place_of, sum_line
from app.reporting.rules.checking import Expected
from app.reporting.rules.lines import make_lines
from app.reporting.workbook import fill_workbook

Outcome = dict[str, Any]


@dataclass(frozen=True)
class Occasion:
    """For which month, on which day, in whose name."""

    zone: Zone
    month: Month
    today: dt.date
    person: str
    reading: Reading = LIVE
    """What amounts are read from; which projects, their stage and their words are those of the month's end."""

    @property
    def mark(self) -> str:
        """Who filled the form, when and from what: the line below each sheet."""
        at = clock.now().astimezone(clock.BEIJING)
        basis = "实时数据" if self.reading == LIVE else f"{self.month.label}{self.reading.basis.label}数据"
        return f"制表：{self.zone.name}　{self.person}　{at:%Y-%m-%d %H:%M} 由系统填报，{basis}"


def basis_of(session: Session, zone_id: int, month: Month, *, live: bool = False) -> Basis:
    """What a form is filled from: the books where ``month`` is closed, unless ``live`` data are asked for."""
    return Basis.closed if not live and closed_span(session, zone_id).holds(month) else Basis.live


def begin_fill(
    session: Session, actor: Actor, form: ReportForm, month: Month, *, live: bool = False
) -> ReportFill:
    """Take down what a job is to fill: the form as it is now. Raises ``DomainError`` when it is tied to nothing."""
    if not setups_of(form.setup):
        raise DomainError(f"上报表“{form.name}”还没有对应任何列或单元格，请先设置")
    fill = ReportFill(
        zone_id=form.zone_id,
        form_id=form.id,
        form_name=form.name,
        form_version=form.version,
        sha256=form.sha256,
        setup=form.setup,
        year=month.year,
        month=month.month,
        basis=basis_of(session, form.zone_id, month, live=live),
        made_by=actor.user_id,
        made_name=actor.name,
        made_at=clock.now(),
    )
    session.add(fill)
    session.flush()
    after = {"name": form.name, "month": str(month), "version": form.version, "basis": fill.basis.label}
    note(session, actor, action="fill", entity="report_form", entity_id=form.id, after=after)
    return fill


def keep_outcome(session: Session, fill: ReportFill, outcome: Outcome) -> None:
    """Record what was filled and how it compares; a second time changes nothing."""
    if fill.outcome is None:
        fill.outcome = outcome
        session.flush()


def fill_form(
    session: Session,
    occasion: Occasion,
    template: Path,
    setups: Mapping[str, SheetSetup],
    target: Path,
) -> Outcome:
    """Fill ``template`` and save it as ``target``; ``{"rows", "cells", "checks"}``: projects, figures in single cells, comparisons.

    Raises ``DomainError`` for a member that the zone no longer has or too many rows, ``WorkbookError``.
    """
    parts, checks, rows, cells = [], [], 0, 0
    for name, setup in setups.items():
        part, compared, number = _sheet(session, occasion, name, setup)
        parts.append(part)
        checks += compared
        rows += number
        cells += sum(1 for single in setup.singles.values() if single.figure)
    at = clock.now().astimezone(clock.BEIJING).replace(tzinfo=None, microsecond=0)
    plan = {"sheets": parts, "person": occasion.person, "at": at.isoformat(), "mark": occasion.mark}
    fill_workbook(template, plan, target)
    return {"rows": rows, "cells": cells, "checks": [check.as_json() for check in checks]}


def _sheet(
    session: Session, occasion: Occasion, name: str, setup: SheetSetup
) -> tuple[dict[str, Any], list[Check], int]:
    zone, reading = occasion.zone, occasion.reading
    month = reading.of(occasion.month)
    cells = read_singles(
        session, zone, month, setup.singles, today=occasion.today, person=occasion.person, reading=reading
    )
    if not setup.data_row:
        return sheet_plan(name, setup, [], cells, {}), [], 0
    ties = list(setup.ties.values())
    records = read_records(session, zone, month, setup.rows, ties, today=occasion.today, reading=reading)
    lists = list_labels(session, zone.id, "unit", "area", "chain")
    lines = make_lines(setup, records, {kind: list(names.values()) for kind, names in lists.items()})
    if setup.total_row and setup.total:
        sums = sum_line(setup, "total", "", records)["cells"]
        places = {place_of(setup, address): address for address in setup.ties}
        for place, value in sums.items():
            if place in places and value["t"] != "blank":
                cells[f"{place.rstrip('0')}{setup.total_row}"] = value
    checks = check_columns(name, setup, records, _expected(session, occasion, setup))
    return sheet_plan(name, setup, lines, cells, _notes(setup, checks)), checks, len(records)


def _notes(setup: SheetSetup, checks: list[Check]) -> dict[str, str]:
    """Differences stand on the heads of their columns, too."""
    found = {}
    for check in checks:
        if check.cell and check.agrees is not True:
            letters = check.cell.rstrip("0123456789")
            found[f"{letters}{setup.head_last or setup.data_row}"] = (
                f"{check.what}：本表 {check.shown}，系统指标 {check.expected}，相差 {check.difference}。{check.reason}"
            )
    return found


def _expected(session: Session, occasion: Occasion, setup: SheetSetup) -> dict[tuple[str, str], Expected]:
    """The figures that columns are compared with, and what each project adds to them."""
    fields = {tie.field for tie in setup.ties.values()}
    wanted = [
        ("funds.amount", WindowName.ytd) if "funds_ytd" in fields else None,
        ("funds.amount", WindowName.month) if "funds_month" in fields else None,
        ("signed.count", WindowName.ytd) if setup.rows.signed == "year" else None,
        ("signed.count", WindowName.month) if setup.rows.signed == "month" else None,
    ]
    asked = [pair for pair in wanted if pair is not None]
    if not asked:
        return {}
    zone, reading = occasion.zone, occasion.reading
    month = reading.of(occasion.month)
    whole = headline(session, zone, month, {code for code, _window in asked}, reading=reading)
    found = {}
    for code, window in asked:
        days = month.ytd if window is WindowName.ytd else month
        by_project = sums_by_project(session, zone, days, CATALOGUE[code], reading=reading)
        found[code, window.value] = Expected(getattr(whole[code], window.value), by_project)
    return found
