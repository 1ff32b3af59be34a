"""Entering arrivals and correcting them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor, difference
from app.funds.models import FundArrival
from app.funds.operations.shares import set_shares, shares_text
from app.funds.queries import OnRecord, find_by_voucher, find_look_alike, read_on_record, recorded_span
from app.funds.rules import (
    CLAIMING,
    CNY,
    RATE_SCALE,
    EvidenceKind,
    FundSource,
    Percents,
    ReviewState,
    check_covered,
    check_equivalent,
    check_rate,
    check_recordable,
    check_shares,
)
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.kernel.ids import new_id
from app.kernel.text import has_control
from app.pipeline.models import Project
from app.pipeline.rules import check_day


@dataclass(frozen=True)
class ArrivalData:
    """What an entry claims: CNY in fen, the original in hundredths of its currency.

    ``evidence``, ``payer`` and ``shares`` None: a source that does not know them (a ledger) leaves them as they are.
    """

    arrived_on: dt.date
    amount_fen: int
    source: FundSource
    currency: str = CNY
    original_minor: int | None = None
    rate: Decimal = Decimal(1)
    rate_on: dt.date | None = None
    rate_source: str = ""
    purpose: str = ""
    voucher: str = ""
    evidence: EvidenceKind | None = None
    payer: str | None = None
    shares: Percents | None = None

    @property
    def original(self) -> int:
        """Hundredths of the original currency."""
        return self.amount_fen if self.original_minor is None else self.original_minor


ARRIVAL_FIELDS = (
    "project_id arrived_on currency original_minor rate_millionths rate_on rate_source claimed_fen amount_fen "
    "source purpose evidence payer voucher state"
).split()


def record_arrival(
    session: Session,
    actor: Actor,
    project: Project,
    data: ArrivalData,
    *,
    today: dt.date,
    state: ReviewState = ReviewState.pending,
    above: bool = False,
    known: OnRecord | None = None,
) -> FundArrival:
    """Record money that arrived; it counts once somebody else has recognised it.

    ``state`` other than pending is for ledgers that carry the outcome of an earlier review; the day
    of recognition is then the day of arrival. ``above``: a person has seen that it takes the project above its
    contract's total, which the month's close will ask about. ``known``: what it is entered against, for one of
    several in a row, which the caller flushes together; kept up here. Raises ``DomainError``.
    """
    against = known or read_on_record(session, project)
    check_arrival(project, data, against.already_fen, today=today, state=state, above=above)
    _check_voucher(session, project, data.voucher, None)
    arrival = FundArrival(
        id=new_id(),
        zone_id=actor.zone_id,
        recorded_by=actor.user_id if state is ReviewState.pending else None,
        recorded_name=actor.name,
        recorded_at=clock.now(),
    )
    _assign(arrival, project, data, state, against)
    session.add(arrival)
    if known is None or data.voucher or data.shares:
        session.flush()
    if state in CLAIMING:
        against.already_fen += arrival.amount_fen
    after = _fields(arrival)
    if data.shares:
        set_shares(session, arrival, data.shares)
        after["shares"] = shares_text(session, arrival)
    note(session, actor, action="record", entity="fund_arrival", entity_id=arrival.id, after=after)
    return arrival


def change_arrival(
    session: Session,
    actor: Actor,
    arrival: FundArrival,
    project: Project,
    data: ArrivalData,
    *,
    today: dt.date,
    state: ReviewState,
    version: int | None = None,
    above: bool = False,
) -> dict[str, Any]:
    """Correct an entry; returns the changed fields with their old values, empty when none.

    On the web only those that wait, were returned or withdrawn (all wait again); a ledger may also
    correct recognised ones, since the journal keeps what was issued. Raises ``ConflictError``, ``DomainError``.
    """
    check_version(arrival, version)
    against = read_on_record(session, project, without=arrival.id)
    check_arrival(project, data, against.already_fen, today=today, state=state, above=above)
    _check_voucher(session, project, data.voucher, arrival.id)
    before, shared = _fields(arrival), shares_text(session, arrival)
    _assign(arrival, project, data, state, against)
    if state is ReviewState.pending:
        _submit_again(arrival)
    if data.shares is not None or (shared and arrival.amount_fen != before["amount_fen"]):
        session.flush()
        set_shares(session, arrival, data.shares)
    after = _fields(arrival) | {"shares": shares_text(session, arrival)}
    old, new = difference(before | {"shares": shared}, after)
    if new:
        arrival.version += 1
        if state is ReviewState.pending:
            # Who entered the values now stored is not the one to recognise them.
            arrival.recorded_by, arrival.recorded_name = actor.user_id, actor.name
            arrival.recorded_at = clock.now()
        session.flush()
        note(
            session,
            actor,
            action="change",
            entity="fund_arrival",
            entity_id=arrival.id,
            before=old,
            after=new,
        )
    return old


def follow_handover(session: Session, project: Project, *, from_on: dt.date) -> None:
    """Give arrivals dated from ``from_on`` on to the unit that took the project over."""
    session.execute(
        update(FundArrival)
        .where(
            FundArrival.zone_id == project.zone_id,
            FundArrival.project_id == project.id,
            FundArrival.arrived_on >= from_on,
        )
        .values(unit_id=project.unit_id)
    )


def check_not_twice(
    session: Session, project: Project, data: ArrivalData, *, without: FundArrival | None = None
) -> None:
    """Refuse what looks like the same money entered twice; a person may confirm that it is not."""
    same = find_look_alike(
        session,
        project.zone_id,
        project.id,
        arrived_on=data.arrived_on,
        amount_fen=data.amount_fen,
        without=without.id if without else None,
    )
    if same is not None:
        number = f"凭证号 {same.voucher}" if same.voucher else "无凭证号"
        raise DomainError(
            f"该项目同一天已登记过一笔同样金额的到账（{number}，{same.recorded_name}登记）。"
            "确实是另一笔的，请勾选后再提交",
            "twice",
        )


def check_contract_covers(session: Session, project: Project) -> None:
    """Refuse a contract that contradicts the arrivals recorded for it: gone, signed later, or of a lower total.

    To be asked after the project was saved. Raises ``DomainError``.
    """
    first, total = recorded_span(session, project.zone_id, project.id)
    check_covered(first_on=first, already_fen=total, signed_on=project.signed_on, total_fen=project.total_fen)


def check_version(arrival: FundArrival, version: int | None) -> None:
    """Refuse to act on another version than the one that was seen. Raises ``ConflictError``."""
    if version is not None and version != arrival.version:
        raise ConflictError("这笔到账刚刚被其他人修改或审核，请核对现在的内容后再操作")


def _submit_again(arrival: FundArrival) -> None:
    """A pending entry has no review; one that was put right waits for a new one."""
    arrival.reviewed_by, arrival.reviewed_name, arrival.reviewed_at = None, "", None
    arrival.return_reason = ""


def check_arrival(
    project: Project,
    data: ArrivalData,
    already_fen: int,
    *,
    today: dt.date,
    state: ReviewState,
    above: bool = False,
) -> None:
    """Refuse what no arrival of ``project`` can be; the same for form and ledger, and nothing is read for it.

    ``already_fen``: the other arrivals of the project that wait or are recognised. A returned arrival is not measured
    against the contract's total, nor is one that a person has seen go ``above`` it. Raises ``DomainError``.
    """
    check_day(data.arrived_on, "到账日期", "arrived_on")
    check_rate(data.currency, data.rate)
    if data.currency == CNY and data.original != data.amount_fen:
        raise DomainError("人民币到账的原币金额与折人民币金额应一致，请核对", "amount")
    check_equivalent(original_minor=data.original, rate=data.rate, fen=data.amount_fen)
    counted = state in CLAIMING
    most = project.total_fen
    if above and most is not None:
        counted, most = False, max(most, data.amount_fen)
    check_recordable(
        fen=data.amount_fen,
        arrived_on=data.arrived_on,
        signed_on=project.signed_on,
        today=today,
        total_fen=most,
        already_fen=already_fen if counted else 0,
    )
    if any(has_control(text) for text in (data.voucher, data.purpose, data.payer or "")):
        raise DomainError("凭证号、用途或付款方含有不可见字符，请重新输入", "voucher")
    check_shares(data.shares or ())


def _check_voucher(session: Session, project: Project, voucher: str, own: int | None) -> None:
    same = find_by_voucher(session, project.zone_id, voucher) if voucher else None
    if same is not None and same.id != own:
        raise DomainError(f"凭证号 {voucher} 已登记过（{same.arrived_on}），请核对是否重复", "voucher")


def _assign(
    arrival: FundArrival, project: Project, data: ArrivalData, state: ReviewState, against: OnRecord
) -> None:
    arrival.project_id = project.id
    arrival.arrived_on = data.arrived_on
    arrival.currency = data.currency
    arrival.original_minor = data.original
    arrival.rate_millionths = int(data.rate * RATE_SCALE)
    arrival.rate_on = data.rate_on
    arrival.rate_source = data.rate_source
    _assign_amount(arrival, data.amount_fen, state)
    arrival.evidence = arrival.evidence if data.evidence is None else data.evidence
    arrival.payer = (arrival.payer or "") if data.payer is None else data.payer
    arrival.source = data.source
    arrival.purpose = data.purpose
    arrival.voucher = data.voucher
    arrival.unit_id = against.unit_on(data.arrived_on)
    if state is not ReviewState.recognised:
        arrival.recognised_on = None
    elif arrival.state is not ReviewState.recognised:
        arrival.recognised_on = data.arrived_on
    arrival.state = state


def _assign_amount(arrival: FundArrival, claimed_fen: int, state: ReviewState) -> None:
    """The claim counts in full, unless a reviewer has recognised less of this very claim."""
    stays = state is arrival.state is ReviewState.recognised and arrival.claimed_fen == claimed_fen
    if not stays:
        arrival.amount_fen, arrival.claimed_fen, arrival.cut_reason = claimed_fen, claimed_fen, ""


def _fields(arrival: FundArrival) -> dict[str, Any]:
    values = {name: getattr(arrival, name) for name in ARRIVAL_FIELDS}
    evidence = arrival.evidence.value if arrival.evidence else None
    return values | {"source": arrival.source.value, "evidence": evidence, "state": arrival.state.value}
