"""Keeping the zone's lists."""

from __future__ import annotations

import pytest

from app.directory.models import Chain, Segment
from app.directory.operations import add_entry, mark_leading, move_entry, rename_entry
from app.directory.queries import get_entry, labels, leading_chains, list_entries
from app.kernel.errors import DomainError, NotFoundError
from tests.factories import actor_of, make_chain, make_user, make_zone


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
