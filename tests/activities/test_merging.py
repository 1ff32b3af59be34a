"""Merging two rows of one company: nothing is lost, no total moves, and what is undone is as it was."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.accounts.rules import Role
from app.activities.models import Activity
from app.activities.operations.merging import merge_investors, undo_merge, why_not_undone
from app.audit.rules import Actor
from app.db.base import Base
from app.figures.queries import breakdown, headline
from app.files.models import StoredFile
from app.funds.models import FundArrival
from app.investors.models import Contact, FormerName, Investor, InvestorMerge
from app.investors.operations import ContactData, InvestorData, add_contact, match_investor, register_investor
from app.investors.queries import find_by_name, find_by_uscc, get_investor
from app.investors.rules import InvestorType
from app.journal.rules import Dimension
from app.kernel.errors import ConflictError, DomainError, NotFoundError
from app.kernel.periods import Month
from app.leads.models import Lead
from app.pipeline.models import Project
from app.search.queries import find_records
from tests.factories import (
    NOW,
    WAN,
    YI,
    actor_of,
    make_activity,
    make_arrival,
    make_investor,
    make_lead,
    make_project,
    make_unit,
    make_user,
    make_zone,
)

JUNE = Month(2024, 6)
CODES = ("91110000600037341L", "91310000132260250R")


@pytest.fixture
def zone(session) -> Zone:
    return make_zone(session)


@pytest.fixture
def actor(session, zone) -> Actor:
    return actor_of(make_user(session, zone, Role.reviewer, name="马晓琳"))


def merge(session: Session, actor: Actor, kept: Investor, merged: Investor, **options: Any) -> InvestorMerge:
    options.setdefault("take", ())
    options.setdefault("reason", "同一家企业")
    options.setdefault("versions", (kept.version, merged.version))
    return merge_investors(session, actor, kept.id, merged.id, **options)


def furnish(session: Session, zone: Zone, actor: Actor, investor: Investor, phone: str) -> Project:
    """One of each thing that can hang on a company."""
    unit = make_unit(session, zone)
    officer = make_user(session, zone, unit_id=unit.id)
    project = make_project(session, zone, unit=unit, investor=investor, total_fen=3 * YI)
    make_arrival(session, zone, project, 700 * WAN)
    make_lead(session, zone, unit, investor_id=investor.id, investor_name=investor.name)
    make_activity(session, zone, officer, investor_id=investor.id)
    add_contact(session, actor, investor, ContactData("王强", "总经理", phone))
    session.add(
        StoredFile(
            zone_id=zone.id, entity="investor", entity_id=investor.id, name="执照.pdf",
            media_type="application/pdf", size=3, sha256="0" * 64, uploaded_name="吴", uploaded_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    return project


def test_everything_goes_over_and_the_merged_row_leads_there(session, zone, actor):
    kept = make_investor(session, zone, "深圳远泰科技有限公司", origin="深圳市")
    merged = make_investor(
        session, zone, "远泰科技（深圳）公司", uscc=CODES[0], investor_type=InvestorType.private
    )
    furnish(session, zone, actor, kept, "13900000001")
    project = furnish(session, zone, actor, merged, "13900000002")
    child = make_investor(session, zone, parent_id=merged.id)

    merge(session, actor, kept, merged)
    session.expire_all()

    assert project.investor_id == child.parent_id == merged.merged_into_id == kept.id
    for record, column in (
        (Lead, Lead.investor_id),
        (Activity, Activity.investor_id),
        (Contact, Contact.investor_id),
    ):
        owners = session.scalars(select(column).where(record.zone_id == zone.id, column.is_not(None))).all()
        assert set(owners) == {kept.id}, record
        assert len(owners) == 2
    assert set(session.scalars(select(StoredFile.entity_id).where(StoredFile.zone_id == zone.id))) == {
        kept.id
    }
    assert sum(session.scalars(select(Contact.main).where(Contact.zone_id == zone.id))) == 1
    assert (kept.uscc, kept.origin, kept.investor_type) == (CODES[0], "深圳市", InvestorType.private)
    assert find_by_uscc(session, zone.id, CODES[0]) is kept
    assert find_by_name(session, zone.id, "远泰科技(深圳)公司") is kept


def test_every_reference_to_a_company_is_dealt_with():
    """A new table that refers to companies has to be thought of here: moved, or history that stays."""
    Base.registry.configure()
    references = {
        (table.name, column)
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "investor" and (column := key.parent.name) != "zone_id"
    }
    moved = {
        ("project", "investor_id"),
        ("lead", "investor_id"),
        ("activity", "investor_id"),
        ("contact", "investor_id"),
        ("investor", "parent_id"),
        ("investor", "merged_into_id"),
    }
    stays = {
        ("former_name", "investor_id"),
        ("investor_merge", "kept_id"),
        ("investor_merge", "merged_id"),
        ("investor_change", "from_investor_id"),
        ("investor_change", "to_investor_id"),
    }
    assert references == moved | (stays & references)


def test_what_an_old_ledger_or_form_says_lands_at_the_kept_company(session, zone, actor):
    kept = make_investor(session, zone, "甲实业有限公司", origin="湖北省", uscc=CODES[0])
    merged = make_investor(session, zone, "乙实业有限公司", uscc=CODES[1])
    merge(session, actor, kept, merged)

    found = register_investor(session, actor, InvestorData("乙实业有限公司", CODES[1], "浙江省"))

    assert found is kept
    assert (kept.origin, kept.uscc) == ("湖北省", CODES[0])
    with pytest.raises(DomainError, match="已登记为“甲实业有限公司”"):
        match_investor(session, zone.id, InvestorData("丙实业有限公司", CODES[1]))


def test_names_and_codes_change_places_when_they_are_chosen(session, zone, actor):
    kept = make_investor(session, zone, "旧名有限公司", uscc=CODES[0])
    merged = make_investor(session, zone, "新名有限公司", uscc=CODES[1])

    merge(session, actor, kept, merged, take={"name", "uscc"})

    assert (kept.name, kept.uscc, merged.uscc) == ("新名有限公司", CODES[1], CODES[0])
    for name in ("旧名有限公司", "新名有限公司"):
        assert match_investor(session, zone.id, InvestorData(name)) is kept
    titles = {hit.title for hit in find_records(session, zone.id, "旧名", entities=["investor"])}
    assert titles == {"新名有限公司"}


@pytest.mark.parametrize("above", ["kept", "merged"])
def test_a_parent_merged_with_its_child_makes_no_circle(session, zone, actor, above):
    top = make_investor(session, zone)
    upper = make_investor(session, zone, parent_id=top.id)
    lower = make_investor(session, zone, parent_id=upper.id)
    kept, merged = (upper, lower) if above == "kept" else (lower, upper)

    merge(session, actor, kept, merged)

    assert (kept.parent_id, merged.parent_id) == (top.id, None)


def test_a_merge_is_refused_that_was_not_looked_at_or_cannot_be(session, zone, actor):
    one, other, third = (make_investor(session, zone) for _ in range(3))
    with pytest.raises(DomainError, match="两家不同"):
        merge(session, actor, one, one)
    with pytest.raises(DomainError, match="依据"):
        merge(session, actor, one, other, reason=" ")
    with pytest.raises(ConflictError):
        merge(session, actor, one, other, versions=(1, 2))
    elsewhere = make_investor(session, make_zone(session))
    with pytest.raises(NotFoundError):
        merge(session, actor, one, elsewhere)
    merge(session, actor, one, other)
    with pytest.raises(DomainError, match="已并入"):
        merge(session, actor, third, other)


def test_no_undoing_once_something_has_changed(session, zone, actor):
    kept, merged = make_investor(session, zone), make_investor(session, zone)
    done = merge(session, actor, kept, merged)
    make_project(session, zone, investor=kept)

    assert why_not_undone(session, done, kept, merged) == "合并后项目有变化，不能再撤销"
    with pytest.raises(DomainError, match="项目有变化"):
        undo_merge(session, actor, done)


KEPT_COLUMNS = {"version", "updated_at"}


def picture(session: Session, zone: Zone) -> dict[str, list[tuple[Any, ...]]]:
    """All that companies and what hangs on them say, but for how often they were written."""
    found = {}
    for record in (Investor, Contact, Project, Lead, Activity, StoredFile):
        mapper: Any = inspect(record)
        columns = [c for c in mapper.columns if c.key not in KEPT_COLUMNS]
        rows = session.execute(select(*columns).where(record.zone_id == zone.id))
        found[record.__name__] = sorted((tuple(row) for row in rows), key=str)
    names = select(FormerName.investor_id, FormerName.name, FormerName.kind)
    found["names"] = sorted(tuple(row) for row in session.execute(names.where(FormerName.zone_id == zone.id)))
    return found


def totals(session: Session, zone: Zone) -> dict[str, Any]:
    by_origin = breakdown(session, zone, JUNE, Dimension.origin, ["funds.amount", "signed.count"])
    return {
        "headline": headline(session, zone, JUNE),
        "over origins": {
            code: [sum(v.ytd for v in members.values()), sum(v.month for v in members.values())]
            for code, members in by_origin.items()
        },
        "rows": [
            session.scalar(select(func.count()).select_from(record).where(record.zone_id == zone.id))
            for record in (Investor, Contact, Project, Lead, Activity, StoredFile, FundArrival)
        ],
    }


def sane(session: Session, zone: Zone) -> None:
    """Merged rows hold nothing and lead to standing ones; groups have no circle."""
    rows: dict[Any, Investor] = {
        row.id: row for row in session.scalars(select(Investor).where(Investor.zone_id == zone.id))
    }
    gone = {key for key, row in rows.items() if row.merged_into_id}
    assert all(rows[rows[key].merged_into_id].merged_into_id is None for key in gone)
    for record in (Project, Lead, Activity):
        assert not gone & set(session.scalars(select(record.investor_id).where(record.zone_id == zone.id)))
    for key in rows:
        seen, at = {key}, rows[key].parent_id
        while at is not None:
            assert at not in seen | gone
            seen.add(at)
            at = rows[at].parent_id
    mains = select(func.count()).where(Contact.zone_id == zone.id, Contact.main).group_by(Contact.investor_id)
    assert set(session.scalars(mains)) <= {1}


PLACES = st.sampled_from([None, "湖北省", "浙江省", "深圳市"])
COMPANY = st.tuples(PLACES, st.integers(0, 2), st.integers(0, 2), st.one_of(st.none(), st.integers(0, 5)))
STEP = st.tuples(
    st.integers(0, 5),
    st.integers(0, 5),
    st.sets(st.sampled_from(["name", "uscc", "origin", "investor_type", "parent_id"])),
    st.booleans(),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(companies=st.lists(COMPANY, min_size=3, max_size=6), steps=st.lists(STEP, min_size=1, max_size=5))
def test_whatever_is_merged_totals_stay_and_undoing_brings_all_back(session, companies, steps):
    zone = make_zone(session)
    actor = actor_of(make_user(session, zone, Role.reviewer))
    rows: list[Investor] = []
    for number, (origin, projects, contacts, parent) in enumerate(companies):
        above = rows[parent].id if parent is not None and parent < len(rows) else None
        row = make_investor(
            session, zone, origin=origin, parent_id=above, uscc=CODES[number] if number < len(CODES) else None
        )
        rows.append(row)
        for at in range(projects):
            furnish(session, zone, actor, row, f"1380000{number}{at}00")
        for at in range(contacts):
            add_contact(session, actor, row, ContactData("李敏", "", f"1390000000{at}"))
    before = totals(session, zone)

    for first, second, take, undo in steps:
        kept, merged = rows[first % len(rows)], rows[second % len(rows)]
        if kept is merged or kept.merged_into_id or merged.merged_into_id:
            continue
        as_it_was = picture(session, zone)
        done = merge(session, actor, kept, merged, take=take)
        sane(session, zone)
        assert totals(session, zone) == before
        assert match_investor(session, zone.id, InvestorData(merged.name)) is kept
        if undo:
            undo_merge(session, actor, done)
            session.expire_all()
            sane(session, zone)
            assert picture(session, zone) == as_it_was
            assert totals(session, zone) == before
    assert get_investor(session, zone.id, rows[0].id).created_at <= dt.datetime.now(dt.UTC)
