"""Rows of 到位资金: arrivals with their review state."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.rules import Actor
from app.funds.models import FundArrival
from app.funds.operations import ArrivalData, change_arrival, record_arrival
from app.funds.rules import CNY, CURRENCY_BY_LABEL, SOURCE_BY_LABEL, STATE_BY_LABEL, ReviewState, cny_fen
from app.kernel.text import name_key
from app.ledger.operations.cells import CellReader
from app.ledger.operations.projects import RowResult
from app.ledger.queries import arrival_cells
from app.ledger.rules import FIELD_HEADS, Change, Verdict
from app.pipeline.models import Project


class ArrivalRows:
    """Takes the rows of 到位资金; a row means a stored arrival by its evidence number, else by its content."""

    def __init__(self, session: Session, actor: Actor, projects: dict[str, Project], today: dt.date) -> None:
        self._session = session
        self._actor = actor
        self._projects = projects
        self._today = today
        self._seen: dict[int, int] = {}
        query = select(FundArrival).where(
            FundArrival.zone_id == actor.zone_id, FundArrival.state != ReviewState.voided
        )
        self._stored = stored = session.scalars(query).all()
        self._by_voucher = {a.voucher: a for a in stored if a.voucher}
        self._by_content: dict[tuple[object, ...], list[FundArrival]] = {}
        for arrival in stored:
            if not arrival.voucher:
                key = (arrival.project_id, arrival.arrived_on, arrival.currency, arrival.original_minor)
                self._by_content.setdefault(key, []).append(arrival)

    @staticmethod
    def head_of(field: str | None) -> str:
        """The head under which an objection to ``field`` is shown."""
        return "折人民币（万元）" if field == "amount" else FIELD_HEADS.get(field or "", "")

    @staticmethod
    def label_of(reader: CellReader) -> str:
        """Evidence number or project, as far as they can be read."""
        return reader.peek("凭证号") or reader.peek("项目名称") or reader.peek("项目编号")

    def take(self, reader: CellReader) -> RowResult:
        """Record the row's arrival, or bring it to what the row says."""
        project = self._project(reader)
        state = reader.choice("审核状态", STATE_BY_LABEL, required=True)
        data = self._data(reader)
        if reader.problems or project is None or data is None or state is None:
            return "", Verdict.refused, ()
        label = f"{data.voucher or project.name}"
        arrival = self._match(project, data, reader)
        if reader.problems:
            return label, Verdict.refused, ()
        if arrival is None:
            with self._session.begin_nested():
                made = record_arrival(
                    self._session, self._actor, project, data, today=self._today, state=state
                )
            self._seen[made.id] = reader.row
            if data.voucher:
                self._by_voucher[data.voucher] = made
            return label, Verdict.new, ()
        return self._change(arrival, project, data, state, label)

    def _change(
        self, arrival: FundArrival, project: Project, data: ArrivalData, state: ReviewState, label: str
    ) -> RowResult:
        numbers = {p.id: p.number for p in self._projects.values()}
        before = arrival_cells(arrival, numbers[arrival.project_id])
        with self._session.begin_nested():
            change_arrival(self._session, self._actor, arrival, project, data, today=self._today, state=state)
        after = arrival_cells(arrival, project.number)
        changes = tuple(
            Change(head, before[head], after[head]) for head in after if before[head] != after[head]
        )
        return label, Verdict.changed if changes else Verdict.same, changes

    def _project(self, reader: CellReader) -> Project | None:
        number = reader.text("项目编号", longest=40, required=True)
        name = reader.text("项目名称", longest=120)
        if number is None:
            return None
        project = self._projects.get(number)
        if project is None:
            reader.refuse("项目编号", f"没有编号为 {number} 的项目，请先在“项目台账”中登记")
        elif name is not None and name_key(name) != project.name_key:
            reader.refuse("项目名称", f"编号 {number} 的项目名称是“{project.name}”，请核对编号或名称")
        return project

    def _data(self, reader: CellReader) -> ArrivalData | None:
        arrived_on = reader.day("到账日期", required=True)
        currency = reader.choice("币种", CURRENCY_BY_LABEL) or CNY
        original = reader.fen("原币金额（万）", required=currency != CNY)
        rate = reader.number("折算汇率", places=6, required=currency != CNY) or Decimal(1)
        amount = reader.fen("折人民币（万元）", required=original is None)
        source = reader.choice("资金来源", SOURCE_BY_LABEL, required=True)
        purpose = reader.text("资金用途", longest=60) or ""
        voucher = reader.text("凭证号", longest=60) or ""
        if amount is None and original is not None:
            amount = cny_fen(original, rate)
        if reader.problems or arrived_on is None or amount is None or source is None:
            return None
        return ArrivalData(
            arrived_on=arrived_on,
            amount_fen=amount,
            source=source,
            currency=currency,
            original_minor=amount if original is None else original,
            rate=rate,
            rate_on=None if currency == CNY else arrived_on,
            rate_source="" if currency == CNY else "台账填报",
            purpose=purpose,
            voucher=voucher,
        )

    def _match(self, project: Project, data: ArrivalData, reader: CellReader) -> FundArrival | None:
        if data.voucher:
            arrival = self._by_voucher.get(data.voucher)
        else:
            key = (project.id, data.arrived_on, data.currency, data.original)
            same = [a for a in self._by_content.get(key, []) if a.id not in self._seen]
            arrival = same[0] if same else None
        if arrival is not None:
            first = self._seen.setdefault(arrival.id, reader.row)
            if first != reader.row:
                reader.refuse("凭证号", f"与本表第 {first} 行的凭证号相同，请核对是否重复登记")
        return arrival
