"""Keeping the zone's lists."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.models import Zone
from app.audit.models import AuditEntry
from app.directory.models import Chain, Segment
from app.directory.operations import add_entry, mark_leading, move_entry, rename_entry, switch_entry
from app.directory.queries import (
    check_in_use,
    get_entry,
    labels,
    leading_chains,
    list_choices,
    list_entries,
)
from app.kernel.errors import DomainError, NotFoundError
from app.pipeline.operations import (
    as_it_stands,
    change_field,
    change_unit,
    register_project,
    save_project,
)
from tests.factories import (
    actor_of,
    make_area,
    make_chain,
    make_project,
    make_unit,
    make_user,
    make_zone,
)

TODAY = dt.date(2024, 6, 30)


@pytest.fixture
def actor(session):
    return actor_of(make_user(session, make_zone(session)))


@pytest.mark.parametrize("name", ["area", "unit", "chain"])
def test_names_stand_in_their_order(session, actor, name):
    first, second, third = (
        add_entry(session, actor, list_name=name, name=text) for text in ("甲", "乙", "丙")
    )
    move_entry(session, actor, third, up=True)
    assert list(labels(session, actor.zone_id, name).values()) == ["甲", "丙", "乙"]
    move_entry(session, actor, first, up=True)
    move_entry(session, actor, second, up=False)
    assert list(labels(session, actor.zone_id, name).values()) == ["甲", "丙", "乙"]
    rename_entry(session, actor, first, name=" 甲部 ")
    assert labels(session, actor.zone_id, name)[first.id] == "甲部"


def test_one_name_once_however_it_is_spelled(session, actor):
    unit = add_entry(session, actor, list_name="unit", name="招商一部(驻深圳)")
    for text in (
        "招商一部（驻深圳）",
        " 招商一部(驻深圳)",
        "招商一部 (驻深圳)",
        "",
        "  ",
        "长" * 61,
        "甲\u202e",
    ):
        with pytest.raises(DomainError) as refusal:
            add_entry(session, actor, list_name="unit", name=text)
        assert refusal.value.field == "name"
    rename_entry(session, actor, unit, name="招商一部（驻深圳）")
    other = add_entry(session, actor, list_name="unit", name="招商二部")
    with pytest.raises(DomainError, match="已有责任单位"):
        rename_entry(session, actor, other, name="招商一部（驻深圳）")


def test_segments_belong_to_their_chain(session, actor):
    one = add_entry(session, actor, list_name="chain", name="锂电")
    two = add_entry(session, actor, list_name="chain", name="电子")
    for chain in (one, two):
        add_entry(session, actor, list_name="segment", name="材料", chain_id=chain.id)
    with pytest.raises(DomainError, match="已有环节"):
        add_entry(session, actor, list_name="segment", name="材料", chain_id=one.id)
    found = list_entries(session, actor.zone_id, "segment", chain_id=one.id)
    assert [(type(s), s.name) for s in found] == [(Segment, "材料")]
    with pytest.raises(NotFoundError):
        add_entry(session, actor, list_name="segment", name="电池", chain_id=1)


def test_leading_chains(session, actor):
    chain = add_entry(session, actor, list_name="chain", name="锂电")
    assert isinstance(chain, Chain)
    mark_leading(session, actor, chain, leading=True)
    assert leading_chains(session, actor.zone_id) == ["锂电"]
    mark_leading(session, actor, chain, leading=False)
    assert leading_chains(session, actor.zone_id) == []


def test_a_list_of_another_zone_is_not_there(session, actor):
    other = make_chain(session, make_zone(session))
    with pytest.raises(NotFoundError):
        get_entry(session, actor.zone_id, "chain", other.id)
    with pytest.raises(NotFoundError):
        get_entry(session, actor.zone_id, "planet", other.id)
    with pytest.raises(NotFoundError):
        add_entry(session, actor, list_name="segment", name="电池", chain_id=other.id)


@pytest.mark.parametrize("name", ["area", "unit", "chain"])
def test_what_is_switched_off_is_offered_to_nobody_but_who_has_it(session, actor, name):
    first, second = (add_entry(session, actor, list_name=name, name=text) for text in ("甲", "乙"))
    assert not isinstance(first, Segment)
    switch_entry(session, actor, first, off=True)
    zone_id = actor.zone_id
    assert list_choices(session, zone_id, name) == {name: {second.id: "乙"}}
    assert list_choices(session, zone_id, name, keep=[None, first.id])[name] == {
        first.id: "甲（已停用）",
        second.id: "乙",
    }
    assert labels(session, zone_id, name) == {first.id: "甲", second.id: "乙"}
    with pytest.raises(DomainError, match="“甲”已停用") as refusal:
        check_in_use(session, zone_id, {name: first.id})
    assert refusal.value.field == f"{name}_id"
    check_in_use(session, zone_id, {name: second.id, "area": None})
    for off in (False, False, True, True):
        switch_entry(session, actor, first, off=off)
    actions = select(AuditEntry.action).where(AuditEntry.entity == name).order_by(AuditEntry.seq)
    session.commit()
    assert session.scalars(actions).all() == ["add", "add", "switch_off", "switch_on", "switch_off"]


def test_a_project_keeps_what_was_switched_off_and_takes_nothing_of_it_anew(session, actor):
    zone = session.get_one(Zone, actor.zone_id)
    unit, off = make_unit(session, zone), make_unit(session, zone)
    area, chain = make_area(session, zone), make_chain(session, zone)
    old, new = make_project(session, zone, unit=off), make_project(session, zone, unit=unit)
    for entry in (off, area, chain):
        switch_entry(session, actor, entry, off=True)
    said: dict[str, Any] = {"today": TODAY, "source": "网页登记"}
    kept = replace(as_it_stands(session, old), note="只改备注")
    assert save_project(session, actor, old, old.investor_id, kept, **said)
    data = as_it_stands(session, new)
    every: list[dict[str, Any]] = [{"unit_id": off.id}, {"area_id": area.id}, {"chain_id": chain.id}]
    for changes in every:
        with pytest.raises(DomainError, match="已停用"):
            save_project(session, actor, new, new.investor_id, replace(data, **changes), **said)
        another = replace(data, number="KS-9", name="另一个项目", **changes)
        with pytest.raises(DomainError, match="已停用"):
            register_project(session, actor, new.investor_id, another, **said)
    with pytest.raises(DomainError, match="已停用"):
        change_field(session, actor, new, "area_id", area.id, version=new.version)
    with pytest.raises(DomainError, match="已停用"):
        change_unit(session, actor, new, off.id, from_on=TODAY, today=TODAY, version=new.version)
    switch_entry(session, actor, area, off=False)
    change_field(session, actor, new, "area_id", area.id, version=new.version)
    assert new.area_id == area.id
