"""Numbers of the register on the last day of a month: what stands, what does not move, what is in reserve."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.figures.queries import find_members, list_rows, list_standing, list_warned
from app.figures.queries.kept import kept_backlog_rows, kept_reserve
from app.figures.rules import NONE_LABEL, Figure, Measure, WindowName, settled_by
from app.funds.rules import ReviewState
from app.journal.rules import LIVE, Dimension, FactKind, Reading
from app.kernel.errors import NotFoundError
from app.kernel.periods import Month
from app.pipeline.rules import STAGE_LABELS, Stage

NARROWED_BY = (Dimension.unit, Dimension.area, Dimension.chain, Dimension.segment, Dimension.origin)


@dataclass(frozen=True)
class Line:
    """One row behind a number; ``value`` is 1 or fen, ``note`` what else matters."""

    project_id: int
    number: str
    project: str
    investor: str
    unit: str
    area: str | None
    chain: str | None
    on_day: dt.date | None
    value: int
    note: str = ""
    segment: str | None = None
    stage: Stage | None = None
    origin: str | None = None


@dataclass(frozen=True)
class Register:
    """One number of the register: its name, definition, unit, and what the day in its rows is."""

    name: str
    definition: str
    counts: bool
    day_label: str
    load: Callable[[Session, Zone, Month, Reading], Iterable[Any]]
    value: Callable[[Any], int]


def _standing(session: Session, zone: Zone, month: Month, reading: Reading) -> Iterable[Any]:
    return list_standing(session, zone.id, month.last_day, reading=reading)


def _standing_big(session: Session, zone: Zone, month: Month, reading: Reading) -> Iterable[Any]:
    return list_standing(session, zone.id, month.last_day, big_only=True, reading=reading)


def _warned(warning: str) -> Callable[[Session, Zone, Month, Reading], Iterable[Any]]:
    def load(session: Session, zone: Zone, month: Month, reading: Reading) -> Iterable[Any]:
        day = month.last_day
        return list_warned(session, zone.id, day, warning, settled_by=settled_by(day), reading=reading)

    return load


def _reserve(session: Session, zone: Zone, month: Month, reading: Reading) -> Iterable[Any]:
    return kept_reserve(session, zone.id, month.last_day, reading)


def _waiting(state: ReviewState) -> Callable[[Session, Zone, Month, Reading], Iterable[Any]]:
    def load(session: Session, zone: Zone, month: Month, reading: Reading) -> Iterable[Any]:
        rows = kept_backlog_rows(session, zone.id, month.last_day, reading) or []
        return [row for row in rows if row.state == state.value]

    return load


def _dissolved(session: Session, zone: Zone, month: Month, reading: Reading) -> Iterable[Any]:
    rows, _number, _total = list_rows(session, zone, month, _TERMINATED, WindowName.ytd, reading=reading)
    return rows


_TERMINATED = Figure("terminated.amount", "终止合同", "", FactKind.terminated, Measure.amount)
_STANDING = "截至期末签有正式合同、未终止的在册项目。"
_STALLED = "截至期末，签约满半年仍未开工的在册项目。"
_BIG = "仅合同总投资1亿元（含）以上的。"
_UNFUNDED = "截至期末，已开工而无已认定到位资金的在册项目。"
_SLOW = "截至期末，开工满半年、已认定资金不足合同总投资20%的亿元以上在册项目。"
_RESERVE = "截至期末尚无正式合同的线索、在谈项目；框架协议、意向协议不计入签约。"
_ENDED = "本年1月1日至期末终止的正式合同，总投资按终止之日计。"


_WAITING = "到账之日在期末以前，关账时尚未审核认定的到账，按登记金额计；不计入到位资金。"
_RETURNED = "到账之日在期末以前，关账时已退回、待补正的到账，按登记金额计；不计入到位资金。"


def _one(_row: Any) -> int:
    return 1


def _total(row: Any) -> int:
    return int(row.total_fen)


def _pair(
    key: str, name: str, definition: str, day_label: str, load: Any, amount: Any
) -> dict[str, Register]:
    return {
        f"{key}.count": Register(f"{name}项目数", definition, True, day_label, load, _one),
        f"{key}.amount": Register(f"{name}项目总投资", definition, False, day_label, load, amount),
    }


def _backlog(state: ReviewState, name: str, definition: str) -> dict[str, Register]:
    load, day = _waiting(state), "到账日期"
    return {
        f"funds_{state.value}.count": Register(f"{name}笔数", definition, True, day, load, _one),
        f"funds_{state.value}.amount": Register(
            f"{name}金额", definition, False, day, load, lambda row: int(row.amount_fen)
        ),
    }


REGISTER: dict[str, Register] = {
    **_pair("stock", "在册", _STANDING, "签约日期", _standing, _total),
    "stock.output": Register(
        "在册项目预计年产值", _STANDING, False, "签约日期", _standing, lambda row: int(row.output_fen or 0)
    ),
    "stock.arrived": Register(
        "在册项目历年累计到位资金",
        _STANDING + "资金为历年已认定到账之和。",
        False,
        "签约日期",
        _standing,
        lambda row: int(row.arrived_fen),
    ),
    **_pair("stock_big", "亿元以上在册", _STANDING + _BIG, "签约日期", _standing_big, _total),
    "stock_big.arrived": Register(
        "亿元以上在册项目历年累计到位资金",
        _STANDING + _BIG + "资金为历年已认定到账之和。",
        False,
        "签约日期",
        _standing_big,
        lambda row: int(row.arrived_fen),
    ),
    "stage.count": Register("在册已达阶段项目数", _STANDING, True, "达到日期", _standing, _one),
    **_pair("stalled", "签约未开工", _STALLED, "签约日期", _warned("stalled"), _total),
    **_pair("stalled_big", "亿元以上签约未开工", _STALLED + _BIG, "签约日期", _warned("stalled_big"), _total),
    **_pair("unfunded", "已开工资金未到位", _UNFUNDED, "签约日期", _warned("unfunded"), _total),
    **_pair("slow", "资金到位缓慢", _SLOW, "签约日期", _warned("slow_big"), _total),
    **_pair("reserve", "储备", _RESERVE, "首次洽谈", _reserve, lambda row: int(row.intended_fen)),
    **_backlog(ReviewState.pending, "待审核到账", _WAITING),
    **_backlog(ReviewState.returned, "退回待补正到账", _RETURNED),
    **_pair("terminated", "终止合同", _ENDED, "终止日期", _dissolved, lambda row: int(row.amount_fen)),
}


def list_lines(
    session: Session,
    zone: Zone,
    month: Month,
    code: str,
    *,
    members: dict[Dimension, str],
    stage: Stage | None,
    project_id: int | None,
    reading: Reading = LIVE,
) -> list[Line]:
    """The rows of a number of the register, narrowed by names as pages write them."""
    register = REGISTER[code]
    found = [_line(row, register) for row in register.load(session, zone, reading.of(month), reading)]
    if stage is not None:
        found = [line for line in found if _has_reached(line.stage, stage)]
    if project_id is not None:
        found = [line for line in found if line.project_id == project_id]
    for dimension, name in members.items():
        if dimension not in NARROWED_BY:
            raise NotFoundError(f"{register.name}不能按{dimension.label}细分")
        wanted = _wanted(session, zone, dimension, name)
        found = [line for line in found if getattr(line, dimension.value) in wanted]
    return found


def _wanted(session: Session, zone: Zone, dimension: Dimension, name: str) -> frozenset[str | None]:
    """The names of the rows that count; an origin may be a group of origins."""
    if dimension is Dimension.origin:
        return find_members(session, zone, dimension, name)
    return frozenset({None if name == NONE_LABEL else name})


def _has_reached(now: Stage | None, stage: Stage) -> bool:
    """A started project that produces has started too; a lead is no talk."""
    if now is None:
        return False
    return now is stage if stage.step < Stage.signed.step else now.step >= stage.step


def _line(row: Any, register: Register) -> Line:
    stage = Stage(row.stage) if hasattr(row, "stage") else None
    voucher = getattr(row, "voucher", None) or ""
    day = getattr(row, "signed_on", None) or getattr(row, "on_day", None)
    return Line(
        project_id=row.project_id,
        number=row.number,
        project=row.name if hasattr(row, "name") else row.project,
        investor=row.investor,
        unit=row.unit,
        area=row.area,
        chain=row.chain,
        on_day=row.stage_on if register.day_label == "达到日期" else day,
        value=register.value(row),
        note=STAGE_LABELS[stage] if stage else voucher,
        segment=getattr(row, "segment", None),
        stage=stage,
        origin=getattr(row, "origin", None),
    )
