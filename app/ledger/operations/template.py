"""The empty ledger of a zone."""

from __future__ import annotations

from typing import IO

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.directory.queries import list_choices, list_segments
from app.figures.rules import TARGET_BY_LABEL
from app.funds.rules import CURRENCIES, REVIEWED, SOURCE_BY_LABEL
from app.ledger.workbook.writing import TemplateLists, write_template
from app.pipeline.rules import CONTRACT_BY_LABEL, STAGE_BY_LABEL, ContractKind


def write_empty_ledger(session: Session, zone: Zone, stream: IO[bytes]) -> None:
    """Write the product's own template with drop-downs from the zone's lists."""
    known = list_choices(session, zone.id, "area", "unit", "chain")
    segments = list_segments(session, zone.id)
    lists = TemplateLists(
        areas=list(known["area"].values()),
        units=list(known["unit"].values()),
        chains={
            name: [s.name for s in segments if s.chain_id == chain_id]
            for chain_id, name in known["chain"].items()
        },
        stages=list(STAGE_BY_LABEL),
        contract_kinds=[label for label in CONTRACT_BY_LABEL if label != ContractKind.supplement.label],
        currencies=list(CURRENCIES.values()),
        sources=list(SOURCE_BY_LABEL),
        states=[state.label for state in REVIEWED],
        targets=list(TARGET_BY_LABEL),
    )
    write_template(stream, zone_name=zone.name, lists=lists)
