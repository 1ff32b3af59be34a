"""Recording arrivals and reviewing them."""

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
from app.funds.queries import find_by_voucher, find_look_alike, recorded_span, recorded_total
from app.funds.rules import (
    CNY,
    RATE_SCALE,
    FundSource,
    ReviewState,
    check_covered,
    check_equivalent,
    check_rate,
    check_recordable,
    check_reviewable,
)
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.kernel.text import has_control
from app.pipeline.models import Project
from app.pipeline.queries import unit_on
from app.pipeline.rules import check_day


@dataclass(frozen=True)
class ArrivalData:
    """What an entry says: CNY in fen, the original in hundredths of its currency."""

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

    @property
    def original(self) -> int:
        """Hundredths of the original currency."""
        return self.amount_fen if self.original_minor is None else self.original_minor


ARRIVAL_FIELDS = (
    "project_id arrived_on currency original_minor rate_millionths rate_on rate_source amount_fen source purpose "
    "voucher state"
).split()


def record_arrival(
    session: Session,
    actor: Actor,
    project: Project,
    data: ArrivalData,
    *,
    today: dt.date,
    state: ReviewState = ReviewState.pending,
) -> FundArrival:
    """Record money that arrived; it counts once somebody else has recognised it.

    ``state`` other than pending is for ledgers that carry the outcome of an earlier review; the day
    of recognition is then the day of arrival. Raises ``DomainError``.
    """
    _check(session, actor, project, data, today=today, state=state, arrival=None)
    arrival = FundArrival(
        zone_id=actor.zone_id,
        recorded_by=actor.user_id if state is ReviewState.pending else None,
        recorded_name=actor.name,
        recorded_at=clock.now(),
    )
    _assign(session, arrival, project, data, state)
    session.add(arrival)
    session.flush()
    note(session, actor, action="record", entity="fund_arrival", entity_id=arrival.id, after=_fields(arrival))
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
) -> dict[str, Any]:
    """Correct an entry; returns the changed fields with their old values, empty when none.

    On the web only pending and returned ones (a returned one is pending again); a ledger may also
    correct recognised ones, since the journal keeps what was issued. Raises ``ConflictError``, ``DomainError``.
    """
    _check_version(arrival, version)
    _check(session, actor, project, data, today=today, state=state, arrival=arrival)
    before = _fields(arrival)
    _assign(session, arrival, project, data, state)
    if state is ReviewState.pending:
        _submit_again(arrival)
    old, new = difference(before, _fields(arrival))
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


def recognise_arrival(
    session: Session, actor: Actor, arrival: FundArrival, *, today: dt.date, version: int | None = None
) -> None:
    """认定: from now on the arrival counts; ``version`` is the one the reviewer saw.

    Raises ``DomainError`` for one's own entry and for a second review, ``ConflictError`` when it was changed since.
    """
    _check_version(arrival, version)
    check_reviewable(state=arrival.state, recorded_by=arrival.recorded_by, reviewer=actor.user_id)
    arrival.state = ReviewState.recognised
    arrival.recognised_on = today
    _reviewed(session, actor, arrival, "recognise", "")


def return_arrival(
    session: Session, actor: Actor, arrival: FundArrival, *, reason: str, version: int | None = None
) -> None:
    """退回 with a reason, for the officer to put right. Raises ``DomainError``, ``ConflictError``."""
    _check_version(arrival, version)
    check_reviewable(state=arrival.state, recorded_by=arrival.recorded_by, reviewer=actor.user_id)
    if not reason.strip():
        raise DomainError("请填写退回原因，让登记人知道怎样改", "reason")
    if has_control(reason):
        raise DomainError("退回原因含有不可见字符，请重新输入", "reason")
    arrival.state = ReviewState.returned
    _reviewed(session, actor, arrival, "return", reason.strip())


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


def _check_version(arrival: FundArrival, version: int | None) -> None:
    if version is not None and version != arrival.version:
        raise ConflictError("这笔到账刚刚被其他人修改或审核，请核对现在的内容后再操作")


def _submit_again(arrival: FundArrival) -> None:
    """A pending entry has no review; a returned one that was put right waits for a new one."""
    arrival.reviewed_by, arrival.reviewed_name, arrival.reviewed_at = None, "", None
    arrival.return_reason = ""


def _reviewed(session: Session, actor: Actor, arrival: FundArrival, action: str, reason: str) -> None:
    arrival.reviewed_by, arrival.reviewed_name, arrival.reviewed_at = actor.user_id, actor.name, clock.now()
    arrival.return_reason = reason
    arrival.version += 1
    session.flush()
    note(
        session,
        actor,
        action=action,
        entity="fund_arrival",
        entity_id=arrival.id,
        before={"state": ReviewState.pending.value},
        after={"state": arrival.state.value, "reason": reason},
    )


def _check(
    session: Session,
    actor: Actor,
    project: Project,
    data: ArrivalData,
    *,
    today: dt.date,
    state: ReviewState,
    arrival: FundArrival | None,
) -> None:
    """The same checks for form and ledger; a returned arrival is not measured against the contract's total."""
    check_day(data.arrived_on, "到账日期", "arrived_on")
    check_rate(data.currency, data.rate)
    if data.currency == CNY and data.original != data.amount_fen:
        raise DomainError("人民币到账的原币金额与折人民币金额应一致，请核对", "amount")
    check_equivalent(original_minor=data.original, rate=data.rate, fen=data.amount_fen)
    own = arrival.id if arrival else None
    counted = state is not ReviewState.returned
    check_recordable(
        fen=data.amount_fen,
        arrived_on=data.arrived_on,
        signed_on=project.signed_on,
        today=today,
        total_fen=project.total_fen,
        already_fen=recorded_total(session, actor.zone_id, project.id, without=own) if counted else 0,
    )
    if has_control(data.voucher) or has_control(data.purpose):
        raise DomainError("凭证号或用途含有不可见字符，请重新输入", "voucher")
    same = find_by_voucher(session, actor.zone_id, data.voucher) if data.voucher else None
    if same is not None and same.id != own:
        raise DomainError(f"凭证号 {data.voucher} 已登记过（{same.arrived_on}），请核对是否重复", "voucher")


def _assign(
    session: Session, arrival: FundArrival, project: Project, data: ArrivalData, state: ReviewState
) -> None:
    arrival.project_id = project.id
    arrival.arrived_on = data.arrived_on
    arrival.currency = data.currency
    arrival.original_minor = data.original
    arrival.rate_millionths = int(data.rate * RATE_SCALE)
    arrival.rate_on = data.rate_on
    arrival.rate_source = data.rate_source
    arrival.amount_fen = data.amount_fen
    arrival.source = data.source
    arrival.purpose = data.purpose
    arrival.voucher = data.voucher
    arrival.unit_id = unit_on(session, project.zone_id, project.id, data.arrived_on)
    if state is not ReviewState.recognised:
        arrival.recognised_on = None
    elif arrival.state is not ReviewState.recognised:
        arrival.recognised_on = data.arrived_on
    arrival.state = state


def _fields(arrival: FundArrival) -> dict[str, Any]:
    values = {name: getattr(arrival, name) for name in ARRIVAL_FIELDS}
    return values | {"source": arrival.source.value, "state": arrival.state.value}
