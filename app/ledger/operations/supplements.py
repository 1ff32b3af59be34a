"""补充协议 of a ledger: increments of projects that have a formal contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from app.ledger.operations.asking import wan
from app.ledger.operations.cells import CellReader
from app.ledger.operations.context import Context, Taken
from app.ledger.rules import Change, Verdict
from app.pipeline.models import Project
from app.pipeline.operations import ContractData
from app.pipeline.rules import ContractKind

TOTAL = "合同总投资"
_OF_A_ROW = {"number": "合同编号", "signed_on": "合同签订日期", "amount": TOTAL}
_OF_COLUMNS = {"number": "补充协议编号", "signed_on": "补充协议日期", "amount": "补充协议金额"}


class SupplementRows:
    """Takes 补充协议 one by one; one that is on record already is left as it is."""

    def __init__(self, context: Context, done: Counter[str]) -> None:
        self._here, self._done = context, done
        self._heads: Mapping[str, str] = _OF_COLUMNS

    def head_of(self, field: str | None) -> str:
        """The head under which an objection to ``field`` is shown."""
        return self._heads.get(field or "", "")

    @staticmethod
    def label_of(reader: CellReader) -> str:
        """The project's name as far as it can be read."""
        return reader.peek("项目名称") or reader.peek("项目编号")

    def take(self, reader: CellReader, project: Project | None) -> Taken:
        """Register the agreement. Raises ``DomainError``."""
        if project is None:
            reader.refuse("项目名称", f"没有名称为“{reader.peek('项目名称')}”的项目，请先登记项目")
            return Taken("", Verdict.refused)
        here = self._here
        self._heads = _OF_A_ROW if reader.blank(_OF_COLUMNS["signed_on"]) else _OF_COLUMNS
        amount = reader.fen(self._heads["amount"])
        if not amount and not reader.problems:
            self._done["补充协议没有写增加的投资，没有登记"] += 1
            return Taken(project.name, Verdict.same, (), project.id)
        signed_on = reader.day(self._heads["signed_on"], required=True)
        number = reader.text(self._heads["number"], longest=60) or ""
        if reader.problems or signed_on is None or amount is None:
            return Taken(project.name, Verdict.refused)
        data = ContractData(ContractKind.supplement, signed_on, amount, number)
        stored = here.stored.supplements(project)
        if any(c.signed_on == signed_on and c.number == number for c in stored):
            return Taken(project.name, Verdict.same, (), project.id)
        increment = self._increment(reader, project, amount)
        if not increment:
            return Taken(project.name, Verdict.same, (), project.id)
        here.entry.supplement(project, ContractData(data.kind, signed_on, increment, number))
        head = self._heads["amount"]
        change = Change("补充协议", "", f"{signed_on} 增加 {wan(increment)} 万元", reader.address(head))
        return Taken(project.name, Verdict.changed, (change,), project.id)

    def _increment(self, reader: CellReader, project: Project, amount: int) -> int:
        """What the agreement adds. Under 合同总投资 no less than the total so far may well be the new total."""
        so_far = project.total_fen or 0
        if self._heads is _OF_COLUMNS or amount < so_far:
            return amount
        message = (
            f"补充协议写的 {wan(amount)} 万元不小于此前的总投资 {wan(so_far)} 万元，"
            "请确认是增加的投资还是增加后的总投资"
        )
        choices = [("increment", "是增加的投资"), ("total", "是增加后的总投资")]
        if amount == so_far:
            choices.reverse()
        chosen = reader.ask("supplement", TOTAL, message, tuple(choices), wan(so_far), wan(amount))
        return amount if chosen == "increment" else amount - so_far
