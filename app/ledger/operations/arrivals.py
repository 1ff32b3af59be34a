"""Rows of 到位资金: arrivals with their review state."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from app.funds.operations import ArrivalData
from app.funds.rules import (
    CLAIMING,
    CNY,
    CURRENCY_BY_LABEL,
    SOURCE_BY_LABEL,
    STATE_BY_LABEL,
    ReviewState,
    cny_fen,
)
from app.kernel.periods import Month
from app.kernel.text import name_key
from app.ledger.operations.asking import KEEP, NEXT_CLOSE, SKIP, USE, wan
from app.ledger.operations.cells import CellReader
from app.ledger.operations.context import Context, Taken
from app.ledger.queries import StoredArrival, arrival_cells
from app.ledger.queries.arrivals import NAMES as STORED
from app.ledger.rules import FIELD_HEADS, Verdict
from app.ledger.rules.doubting import is_jump
from app.ledger.rules.report import changes_between
from app.pipeline.models import Project

AMOUNT = "折人民币（万元）"


class ArrivalRows:
    """Takes the rows of 到位资金; a row means a stored arrival by its evidence number, else by its content."""

    def __init__(self, context: Context) -> None:
        self._here = context
        self._seen: dict[int, tuple[str, int]] = {}
        self._stored = context.arrivals

    @staticmethod
    def head_of(field: str | None) -> str:
        """The head under which an objection to ``field`` is shown."""
        return AMOUNT if field == "amount" else FIELD_HEADS.get(field or "", "")

    @staticmethod
    def label_of(reader: CellReader) -> str:
        """Evidence number or project, as far as they can be read."""
        return reader.peek("凭证号") or reader.peek("项目名称") or reader.peek("项目编号")

    def take(self, reader: CellReader) -> Taken:
        """Record the row's arrival, or bring it to what the row says."""
        project = self._project(reader)
        state = reader.choice("审核状态", STATE_BY_LABEL, required=True)
        data = self._data(reader, project) if project else None
        if reader.problems or project is None or data is None or state is None:
            return Taken("", Verdict.refused if reader.problems else Verdict.same)
        return self._enter(reader, project, data, state)

    def _enter(self, reader: CellReader, project: Project, data: ArrivalData, state: ReviewState) -> Taken:
        """Record what the row says, or bring the stored arrival to it."""
        label = f"{data.voucher or project.name}"
        arrival = self._match(project, data, reader)
        if reader.problems:
            return Taken(label, Verdict.refused)
        if arrival is not None:
            data, state = self._settled(arrival, data, state, reader.assumed)
        if arrival is not None and _says(arrival, project, data, state):
            return Taken(label, Verdict.same, (), arrival.id)
        if not self._wanted(reader, project, arrival, data, state):
            return Taken(label, Verdict.same, (), arrival.id if arrival else None)
        above = state in CLAIMING and self._above(reader, project, arrival, data)
        if above is None:
            return Taken(label, Verdict.same, (), arrival.id if arrival else None)
        if arrival is None:
            made = self._record(project, data, state, label, above=above)
            if data.voucher and made.record_id is not None:
                self._note_seen(made.record_id, reader)
            return made
        return self._change(arrival, project, data, state, label, above=above)

    def _record(
        self, project: Project, data: ArrivalData, state: ReviewState, label: str, *, above: bool
    ) -> Taken:
        here = self._here
        made = here.entry.record(project, data, state, above=above)
        self._claim(project.id, made.claiming_fen)
        if data.voucher:
            here.memory.put(self._stored.by_voucher, data.voucher, made)
        return Taken(label, Verdict.new, (), made.id)

    def _change(
        self,
        arrival: StoredArrival,
        project: Project,
        data: ArrivalData,
        state: ReviewState,
        label: str,
        *,
        above: bool,
    ) -> Taken:
        here = self._here
        owner = here.stored_project(arrival.project_id) or project
        before = arrival_cells(arrival, owner.number)
        after = here.entry.change(arrival, project, data, state, above=above)
        self._claim(owner.id, -arrival.claiming_fen)
        self._claim(project.id, after.claiming_fen)
        for name in STORED:
            here.memory.assign(arrival, name, getattr(after, name))
        changes = changes_between(before, arrival_cells(after, project.number))
        return Taken(label, Verdict.changed if changes else Verdict.same, changes, arrival.id)

    def _note_seen(self, arrival_id: int, reader: CellReader) -> None:
        self._here.memory.put(self._seen, arrival_id, (reader.sheet, reader.row))

    def _claim(self, project_id: int, fen: int) -> None:
        claimed = self._stored.claimed
        self._here.memory.put(claimed, project_id, claimed.get(project_id, 0) + fen)

    def _wanted(
        self,
        reader: CellReader,
        project: Project,
        arrival: StoredArrival | None,
        data: ArrivalData,
        state: ReviewState,
    ) -> bool:
        """Whether the arrival is to be taken as the ledger says it, after what a person has to decide."""
        old = arrival.claimed_fen if arrival else None
        new = data.amount_fen
        if old is not None and is_jump(old, new):
            message = f"到位资金由 {wan(old)} 万元变为 {wan(new)} 万元，可能是单位或位数有误，请核对"
            if reader.ask("unit_jump", AMOUNT, message, (USE, KEEP), wan(old), wan(new)) != USE[0]:
                return False
        elif old is None and AMOUNT in reader.odd:
            message = f"到位资金 {wan(new)} 万元与本列其他行相差悬殊，可能是单位有误，请核对"
            if reader.ask("unit_jump", AMOUNT, message, (USE, SKIP), "", wan(new)) != USE[0]:
                return False
        counted = state is ReviewState.recognised or (
            arrival is not None and arrival.state is ReviewState.recognised
        )
        days = [data.arrived_on, *([arrival.arrived_on] if arrival else [])]
        if counted and any(self._here.is_closed(day) for day in days):
            what = "补记一笔到账" if arrival is None else "到账有变化"
            message = f"已关账月份的{what}；{NEXT_CLOSE}"
            choices = (USE, SKIP if arrival is None else KEEP)
            return reader.ask("closed_month", "到账日期", message, choices, "", wan(new)) == USE[0]
        return True

    def _above(
        self, reader: CellReader, project: Project, arrival: StoredArrival | None, data: ArrivalData
    ) -> bool | None:
        """Whether the arrival takes the project above its contract's total; None: then it is left out."""
        own = arrival.claiming_fen if arrival is not None and arrival.project_id == project.id else 0
        total = self._stored.claimed.get(project.id, 0) - own + data.amount_fen
        if project.signed_on is None or project.total_fen is None or total <= project.total_fen:
            return False
        message = (
            f"累计到账 {wan(total)} 万元将超过合同总投资 {wan(project.total_fen)} 万元，请核对金额，"
            "或先登记补充协议；按台账写入的，关账前会列为待处理"
        )
        chosen = reader.ask("above_contract", AMOUNT, message, (USE, SKIP), "", wan(data.amount_fen))
        return True if chosen == USE[0] else None

    def _project(self, reader: CellReader) -> Project | None:
        number = reader.text("项目编号", longest=40, required=True)
        name = reader.text("项目名称", longest=120)
        if number is None:
            return None
        project = self._here.stored.by_number.get(number)
        if project is None:
            reader.refuse("项目编号", f"没有编号为 {number} 的项目，请先在“项目台账”中登记")
        elif name is not None and name_key(name) != project.name_key:
            reader.refuse("项目名称", f"编号 {number} 的项目名称是“{project.name}”，请核对编号或名称")
        return project

    def _data(self, reader: CellReader, project: Project) -> ArrivalData | None:
        """What the row says; None when it cannot be read, or says nothing that is not on record."""
        arrived_on = reader.day("到账日期", required=True)
        currency = reader.choice("币种", CURRENCY_BY_LABEL) or CNY
        original = reader.fen("原币金额（万）", required=currency != CNY)
        rate = reader.number("折算汇率", places=6, required=currency != CNY) or Decimal(1)
        amount = reader.fen(AMOUNT, required=original is None)
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

    def _settled(
        self, arrival: StoredArrival, data: ArrivalData, state: ReviewState, assumed: frozenset[str]
    ) -> tuple[ArrivalData, ReviewState]:
        """What is said of an arrival on record: what the ledger leaves open stays as it is."""
        return replace(
            data,
            voucher=data.voucher or arrival.voucher,
            purpose=data.purpose or arrival.purpose,
            source=arrival.source if "资金来源" in assumed else data.source,
        ), arrival.state if "审核状态" in assumed else state

    def _match(self, project: Project, data: ArrivalData, reader: CellReader) -> StoredArrival | None:
        """The stored arrival: by evidence number, else project, day and amount; a like one of the month is asked about."""
        if data.voucher:
            arrival = self._stored.by_voucher.get(data.voucher)
        else:
            same = [a for a in self._free(project) if _is_like(a, data) and a.arrived_on == data.arrived_on]
            arrival = next((a for a in same if not a.voucher), same[0] if same else None)
        if arrival is None:
            return self._asked(project, data, reader)
        first = self._seen.get(arrival.id)
        if first is None:
            self._note_seen(arrival.id, reader)
        elif first != (reader.sheet, reader.row):
            place = "本表" if first[0] == reader.sheet else f"工作表“{first[0]}”"
            reader.refuse("凭证号", f"与{place}第 {first[1]} 行的凭证号相同，请核对是否重复登记")
        return arrival

    def _asked(self, project: Project, data: ArrivalData, reader: CellReader) -> StoredArrival | None:
        """A stored arrival of the same amount in the same month may be this one."""
        month = Month.of(data.arrived_on, self._here.zone.cutoff_day)
        like = next(
            (
                a
                for a in self._free(project)
                if _is_like(a, data)
                and Month.of(a.arrived_on, self._here.zone.cutoff_day) == month
                and not (data.voucher and a.voucher)
            ),
            None,
        )
        if like is None:
            return None
        number = f"凭证号 {like.voucher}" if like.voucher else "无凭证号"
        message = (
            f"该项目{month.label}已登记过一笔同样金额的到账（{like.arrived_on}，{like.state.label}，{number}），"
            "请确认是否同一笔"
        )
        choices = (("another", "另一笔，照登"), ("same", "就是这一笔"))
        chosen = reader.ask(
            "same_arrival", AMOUNT, message, choices, wan(like.claimed_fen), wan(data.amount_fen)
        )
        if chosen != "same":
            return None
        self._note_seen(like.id, reader)
        return like

    def _free(self, project: Project) -> list[StoredArrival]:
        """The arrivals of a project that were on record before the ledger came and no row has meant yet."""
        return [a for a in self._stored.of_project.get(project.id, []) if a.id not in self._seen]


def _is_like(arrival: StoredArrival, data: ArrivalData) -> bool:
    return arrival.currency == data.currency and arrival.original_minor == data.original


def _says(arrival: StoredArrival, project: Project, data: ArrivalData, state: ReviewState) -> bool:
    """Whether the arrival says this already."""
    return (
        arrival.project_id == project.id
        and arrival.state is state
        and arrival.arrived_on == data.arrived_on
        and arrival.claimed_fen == data.amount_fen
        and _is_like(arrival, data)
        and arrival.source is data.source
        and arrival.purpose == data.purpose
        and arrival.voucher == data.voucher
        and Decimal(arrival.rate_millionths) / 1_000_000 == data.rate
    )
