"""Where money and projects come from and go to: chains, origins, areas."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.briefs.facts.basis import names_then
from app.directory.queries import labels, leading_chains, list_segments
from app.directory.rules import origin_group
from app.figures.queries import StandingSums, breakdown, chain_pictures, standing_sums
from app.figures.rules import NONE_LABEL, ZERO, Values
from app.journal.rules import Dimension, Reading
from app.kernel.periods import Month

Data = dict[str, Any]
Found = dict[str, dict[str, Values]]
NOTHING = StandingSums(None, 0, 0, 0, 0)


def chains(session: Session, zone: Zone, month: Month, reading: Reading) -> list[Data]:
    """Each chain's standing projects with segments, and what was signed; largest total first, 未填 last."""
    signed = breakdown(
        session, zone, month, Dimension.chain, ["signed.count", "signed.amount"], reading=reading
    )
    names = names_then(session, zone, reading, "chain")
    named = {today: names[key] for key, today in labels(session, zone.id, "chain").items()}
    leading = {named[name] for name in leading_chains(session, zone.id)}
    standing = _by_name(standing_sums(session, zone.id, month.last_day, "chain", reading=reading), names)
    new = _new_by_segment(session, zone, month, reading)
    rows = [
        asdict(picture)
        | _signed(signed, picture.chain)
        | {
            "investors": standing.get(picture.chain, NOTHING).investors,
            "leading": picture.chain in leading,
            "new_segments": new.get(picture.chain, {}),
        }
        for picture in chain_pictures(session, zone.id, month.last_day, reading=reading)
    ]
    rows.sort(key=lambda row: -row["total_fen"])
    rest = standing.get(NONE_LABEL, NOTHING)
    if rest.projects or NONE_LABEL in signed["signed.count"]:
        rows.append(
            {"chain": NONE_LABEL, "projects": rest.projects, "segments": {}, "total_fen": rest.total_fen}
            | {
                "output_fen": rest.output_fen,
                "investors": rest.investors,
                "leading": False,
                "new_segments": {},
            }
            | _signed(signed, NONE_LABEL)
        )
    return rows


def origins(session: Session, zone: Zone, month: Month, reading: Reading) -> list[Data]:
    """Each origin of investors with its group, most money first."""
    found = breakdown(
        session, zone, month, Dimension.origin, ["signed.count", "funds.amount"], reading=reading
    )
    standing = _by_name(standing_sums(session, zone.id, month.last_day, "origin", reading=reading))
    rows = []
    for name in _members(standing, found):
        group = origin_group(None if name == NONE_LABEL else name, zone.province)
        rows.append({"group": group.value, "origin": name} | _group(standing, found, name))
    return sorted(rows, key=lambda row: (-row["funds_fen"], -row["total_fen"], row["origin"]))


def areas(session: Session, zone: Zone, month: Month, reading: Reading) -> list[Data]:
    """Each area of the zone, most money first; 未填 where it counts."""
    found = breakdown(
        session,
        zone,
        month,
        Dimension.area,
        ["signed.count", "started_big.count", "funds.amount"],
        reading=reading,
    )
    standing = _by_name(
        standing_sums(session, zone.id, month.last_day, "area", reading=reading),
        names_then(session, zone, reading, "area"),
    )
    rows = []
    for name in _members(standing, found):
        started = found["started_big.count"].get(name, ZERO)
        row = {"area": name} | _group(standing, found, name)
        rows.append(row | {"started_big": started.ytd, "started_big_last": started.last_year_ytd})
    return sorted(rows, key=lambda row: (row["area"] == NONE_LABEL, -row["funds_fen"], -row["total_fen"]))


def _by_name(sums: Iterable[StandingSums], names: dict[int, str] | None = None) -> dict[str, StandingSums]:
    named = {}
    for each in sums:
        name = each.member if names is None else names.get(each.member)
        named[NONE_LABEL if each.member is None or name is None else name] = each
    return named


def _members(standing: dict[str, StandingSums], found: Found) -> list[str]:
    members = dict.fromkeys(name for values in found.values() for name in values)
    return list(members | dict.fromkeys(standing))


def _group(standing: dict[str, StandingSums], found: Found, name: str) -> Data:
    stock, signed = standing.get(name, NOTHING), found["signed.count"].get(name, ZERO)
    funds = found["funds.amount"].get(name, ZERO)
    return {
        "projects": stock.projects,
        "total_fen": stock.total_fen,
        "signed": signed.ytd,
        "funds_fen": funds.ytd,
        "funds_last_fen": funds.last_year_ytd,
    }


def _signed(signed: Found, chain: str) -> Data:
    return {
        "signed": asdict(signed["signed.count"].get(chain, ZERO)),
        "signed_fen": signed["signed.amount"].get(chain, ZERO).ytd,
    }


def _new_by_segment(
    session: Session, zone: Zone, month: Month, reading: Reading
) -> dict[str, dict[str, int]]:
    """Contracts signed in the month by chain and segment, largest number first."""
    code = "signed.count"
    counts = breakdown(session, zone, month, Dimension.segment, [code], reading=reading)[code]
    names, chain_names = (names_then(session, zone, reading, name) for name in ("segment", "chain"))
    new: dict[str, dict[str, int]] = {}
    for segment in list_segments(session, zone.id):
        count = counts.get(names[segment.id], ZERO).month
        if count:
            new.setdefault(chain_names[segment.chain_id], {})[segment.name] = count
    return {chain: dict(sorted(found.items(), key=lambda item: -item[1])) for chain, found in new.items()}
