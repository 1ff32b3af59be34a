"""A small random zone as plain values: stored through the models, counted by the oracle."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.directory.models import Area, Chain, ResponsibleUnit, Segment
from app.funds.models import ArrivalShare, FundArrival
from app.funds.rules import FundSource, ReviewState
from app.investors.models import Investor
from app.investors.rules import InvestorType
from app.journal.rules import FactKind
from app.kernel import clock
from app.kernel.money import BIG_FEN
from app.pipeline.models import Contract, Milestone, Project
from app.pipeline.rules import ContractKind, MilestoneKind, Stage

UNITS = ("招商一部", "招商二部", "驻深圳招商组")
AREAS = ("综合保税区", "深圳产业园")
CHAINS = {"锂电新能源": ("电池", "上游材料"), "纺织服装": ("纺纱",)}
INDUSTRIES = ("C3985", "C39", "F5179", None)
ORIGINS = ("广东省", "新疆维吾尔自治区", "哈萨克斯坦", None)

days = st.dates(dt.date(2022, 12, 1), dt.date(2024, 12, 31))
amounts = st.one_of(
    st.sampled_from([BIG_FEN - 1, BIG_FEN, BIG_FEN + 1, 1]), st.integers(min_value=1, max_value=10**13)
)


@dataclass(frozen=True)
class ArrivalFacts:
    """One arrival of ``fen``, of which ``cut`` are not recognised; ``weights`` divide it between units."""

    day: dt.date
    recognised_on: dt.date
    fen: int
    state: ReviewState
    source: FundSource
    unit: int
    cut: int
    weights: tuple[tuple[int, int], ...]

    @property
    def counted(self) -> int:
        """Fen that count."""
        return self.fen - self.cut if self.state is ReviewState.recognised else self.fen

    @property
    def parts(self) -> list[tuple[int, int]]:
        """Units and their fen, adding up to what counts; the responsible unit alone without weights."""
        whole, found = sum(weight for _, weight in self.weights), []
        for unit, weight in self.weights[1:]:
            found.append((unit, self.counted * weight // whole))
        first = self.weights[0][0] if self.weights else self.unit
        return [(first, self.counted - sum(fen for _, fen in found)), *found]


@dataclass(frozen=True)
class ProjectFacts:
    """One project with everything that can be counted; indexes point into the lists above."""

    kind: ContractKind | None
    signed_on: dt.date
    fen: int
    signing_unit: int
    supplements: tuple[tuple[dt.date, int, int], ...]
    reached: tuple[tuple[MilestoneKind, dt.date, int], ...]
    terminated_on: dt.date | None
    area: int | None
    segment: tuple[str, str | None] | None
    industry: str | None
    origin: str | None
    investor_type: InvestorType
    output_fen: int | None
    arrivals: tuple[ArrivalFacts, ...]


unit_index = st.integers(0, len(UNITS) - 1)
segments = st.sampled_from([None, *((c, s) for c, names in CHAINS.items() for s in (*names, None))])
weights = st.lists(
    st.tuples(unit_index, st.integers(1, 9999)), max_size=len(UNITS), unique_by=lambda item: item[0]
).map(tuple)


@st.composite
def arrival_facts(draw: st.DrawFn) -> ArrivalFacts:
    """An arrival; one in a few is recognised with less than was claimed, or divided between units."""
    fen = draw(amounts)
    cut = draw(st.sampled_from([0, 0, 1, fen // 3, fen - 1]))
    return ArrivalFacts(
        day=draw(days),
        recognised_on=draw(days),
        fen=fen,
        state=draw(st.sampled_from(ReviewState)),
        source=draw(st.sampled_from(FundSource)),
        unit=draw(unit_index),
        cut=min(cut, fen - 1),
        weights=draw(st.one_of(st.just(()), weights)),
    )


arrivals = arrival_facts()
MILESTONES = [kind for kind in MilestoneKind if kind is not MilestoneKind.terminated]
projects = st.builds(
    ProjectFacts,
    kind=st.sampled_from([ContractKind.formal, ContractKind.formal, ContractKind.framework, None]),
    signed_on=days,
    fen=amounts,
    signing_unit=unit_index,
    supplements=st.lists(st.tuples(days, amounts, unit_index), max_size=2).map(tuple),
    reached=st.lists(
        st.tuples(st.sampled_from(MILESTONES), days, unit_index), max_size=4, unique_by=lambda item: item[0]
    ).map(tuple),
    terminated_on=st.one_of(st.none(), st.none(), days),
    area=st.one_of(st.none(), st.integers(0, len(AREAS) - 1)),
    segment=segments,
    industry=st.sampled_from(INDUSTRIES),
    origin=st.sampled_from(ORIGINS),
    investor_type=st.sampled_from(InvestorType),
    output_fen=st.one_of(st.none(), amounts),
    arrivals=st.lists(arrivals, max_size=4).map(tuple),
)
worlds = st.lists(projects, max_size=6)


def store(session: Session, world: list[ProjectFacts], *, cutoff_day: int, by_recognition: str) -> Zone:
    """The world as rows of a new zone."""
    now = clock.now()
    zone = Zone(
        name=f"zone {session.connection().engine.dialect.name} {now.timestamp()}",
        cutoff_day=cutoff_day,
        by_recognition=by_recognition,
        created_at=now,
    )
    session.add(zone)
    session.flush()
    units = [ResponsibleUnit(zone_id=zone.id, name=name, position=i) for i, name in enumerate(UNITS)]
    areas = [Area(zone_id=zone.id, name=name, position=i) for i, name in enumerate(AREAS)]
    chains = {name: Chain(zone_id=zone.id, name=name, position=i) for i, name in enumerate(CHAINS)}
    session.add_all([*units, *areas, *chains.values()])
    session.flush()
    links = {
        (chain, name): Segment(zone_id=zone.id, chain_id=chains[chain].id, name=name, position=i)
        for chain, names in CHAINS.items()
        for i, name in enumerate(names)
    }
    session.add_all(links.values())
    session.flush()
    for number, facts in enumerate(world):
        chain, segment = facts.segment or (None, None)
        _store_project(
            session,
            zone,
            number,
            facts,
            [unit.id for unit in units],
            areas[facts.area].id if facts.area is not None else None,
            chains[chain].id if chain else None,
            links[chain, segment].id if chain and segment else None,
        )
    session.flush()
    return zone


def _store_project(
    session: Session,
    zone: Zone,
    number: int,
    facts: ProjectFacts,
    units: list[int],
    area_id: int | None,
    chain_id: int | None,
    segment_id: int | None,
) -> None:
    now = clock.now()
    investor = Investor(
        zone_id=zone.id,
        name=f"企业{number}",
        name_key=f"企业{number}",
        origin=facts.origin,
        investor_type=facts.investor_type,
        created_at=now,
        updated_at=now,
    )
    session.add(investor)
    session.flush()
    project = Project(
        zone_id=zone.id,
        number=f"P{number}",
        name=f"项目{number}",
        name_key=f"项目{number}",
        name_pinyin="x",
        investor_id=investor.id,
        chain_id=chain_id,
        segment_id=segment_id,
        industry=facts.industry,
        area_id=area_id,
        unit_id=units[0],
        stage=Stage.talks,
        output_fen=facts.output_fen,
        created_at=now,
        updated_at=now,
    )
    session.add(project)
    session.flush()
    key = {"zone_id": zone.id, "project_id": project.id}
    if facts.kind is not None:
        session.add(
            Contract(
                **key,
                kind=facts.kind,
                signed_on=facts.signed_on,
                amount_fen=facts.fen,
                unit_id=units[facts.signing_unit],
            )
        )
    for day, fen, unit in facts.supplements if facts.kind is ContractKind.formal else ():
        session.add(
            Contract(**key, kind=ContractKind.supplement, signed_on=day, amount_fen=fen, unit_id=units[unit])
        )
    for kind, day, unit in facts.reached:
        session.add(Milestone(**key, kind=kind, reached_on=day, unit_id=units[unit]))
    if facts.terminated_on is not None:
        session.add(
            Milestone(**key, kind=MilestoneKind.terminated, reached_on=facts.terminated_on, unit_id=units[0])
        )
    for arrival in facts.arrivals:
        _store_arrival(session, key, arrival, units)


def _store_arrival(session: Session, key: dict[str, int], facts: ArrivalFacts, units: list[int]) -> None:
    recognised = facts.state is ReviewState.recognised
    arrival = FundArrival(
        **key,
        arrived_on=facts.day,
        original_minor=facts.fen,
        claimed_fen=facts.fen,
        amount_fen=facts.counted,
        cut_reason="凭证金额较小" if facts.counted < facts.fen else "",
        source=facts.source,
        state=facts.state,
        recognised_on=facts.recognised_on if recognised else None,
        recorded_at=clock.now(),
        unit_id=units[facts.unit],
    )
    session.add(arrival)
    if not facts.weights:
        return
    session.flush()
    session.add_all(
        ArrivalShare(
            zone_id=key["zone_id"],
            arrival_id=arrival.id,
            unit_id=units[unit],
            percent_hundredths=1,
            amount_fen=fen,
        )
        for unit, fen in facts.parts
    )


KINDS_BY_MILESTONE = {
    MilestoneKind.landed: FactKind.landed,
    MilestoneKind.started: FactKind.started,
    MilestoneKind.produced: FactKind.produced,
    MilestoneKind.full: FactKind.full,
}
