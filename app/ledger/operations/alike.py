"""Projects and companies of a ledger that are not on record but look like one that is: a person says which."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cached_property

from app.investors.models import Investor
from app.investors.operations import InvestorData
from app.kernel.errors import DomainError
from app.kernel.money import FEN_PER_WAN, cut_zeros
from app.kernel.text import name_key
from app.leads.rules import company_core, company_key, project_key, similarity
from app.leads.rules.likeness import NEAR
from app.ledger.operations.cells import CellReader
from app.ledger.operations.context import Context
from app.ledger.rules.doubting import same_but_for_phase
from app.ledger.rules.nearness import Names
from app.pipeline.models import Project

NEW = "new"
SAME_AMOUNT = 5
"""Two totals of one company that differ by at most so many percent may be one project under two names."""
MOST_SHOWN = 3


class Alike:
    """Looks for look-alikes among what was on record before the ledger came."""

    def __init__(self, context: Context) -> None:
        self._here = context
        self._stored = dict(context.stored.by_number)

    def project(
        self, reader: CellReader, number: str | None, name: str, company: InvestorData
    ) -> Project | None:
        """The stored project that somebody says the row means; None when it is a new one."""
        like = self._projects_like(reader, number, name, company)
        if not like:
            return None
        choices = [(NEW, "登记为新项目")]
        choices += [(str(p.id), f"就是“{p.name}”（{p.number}），更新它") for p, _why in like]
        said = "；".join(f"“{p.name}”（{p.number}，{self._owner(p)}）：{why}" for p, why in like)
        chosen = reader.ask(
            "same_project", "项目名称", f"系统中没有这个项目，但有相近的：{said}。请确认是否同一项目",
            tuple(choices), like[0][0].name, name,
        )  # fmt: skip
        return next((p for p, _why in like if str(p.id) == chosen), None)

    def investor(self, reader: CellReader, data: InvestorData) -> InvestorData:
        """The company, under the name on record where somebody says that it is the same one."""
        core, like = company_core(data.name), []
        for key in self._companies.near(core):
            other = self._here.stored.investors[key]
            if data.uscc and other.uscc and data.uscc != other.uscc:
                continue
            if _alike(core, company_core(other.name)):
                like.append((similarity(core, company_core(other.name)), other))
        if not like or self._is_known(data):
            return data
        like.sort(key=lambda one: (-one[0], one[1].name))
        best = [other for _score, other in like[:MOST_SHOWN]]
        choices = [(NEW, "登记为新企业"), *((str(o.id), f"就是“{o.name}”") for o in best)]
        said = "、".join(f"“{other.name}”" for other in best)
        chosen = reader.ask(
            "same_investor", "投资方名称", f"系统中没有这家企业，但有相近的：{said}。请确认是否同一家",
            tuple(choices), best[0].name, data.name,
        )  # fmt: skip
        same: Investor | None = next((o for o in best if str(o.id) == chosen), None)
        return data if same is None else replace(data, name=same.name)

    def _is_known(self, data: InvestorData) -> bool:
        """Whether the company is on record under that name or code, or cannot be either."""
        try:
            return self._here.entry.match(data) is not None
        except DomainError:
            return True  # the operation will say the same, with its field

    def _projects_like(
        self, reader: CellReader, number: str | None, name: str, company: InvestorData
    ) -> list[tuple[Project, str]]:
        found = []
        near = {*self._projects.near(project_key(name)), *self._by_company.get(company_key(company.name), [])}
        for project_number in sorted(near):
            project = self._stored[project_number]
            why = self._why(reader, number, name, company, project)
            if why:
                found.append((project, why))
        return found[:MOST_SHOWN]

    def _why(
        self, reader: CellReader, number: str | None, name: str, company: InvestorData, project: Project
    ) -> str:
        """Why the row may mean the project; empty when it does not."""
        key, other, owner = project_key(name), project_key(project.name), self._owner(project)
        own = company_key(company.name) == company_key(owner)
        if key == other:
            if own:
                return "投资方相同，项目名称" + ("相近" if number is None else "也相同，编号不同")
            return (
                "项目名称相同，投资方名称相近"
                if _alike(company_core(company.name), company_core(owner))
                else ""
            )
        if number is not None or not own or same_but_for_phase(name_key(name), project.name_key):
            return ""
        if similarity(key, other) >= NEAR:
            return "投资方相同，名称相近"
        total, stored = reader.peek_fen("合同总投资"), project.total_fen
        if total and stored and abs(total - stored) * 100 <= SAME_AMOUNT * stored:
            if self._dated_apart(reader, project):
                return ""
            return f"投资方相同，总投资相近（{cut_zeros(Decimal(stored) / FEN_PER_WAN)} 万元）"
        return ""

    def _dated_apart(self, reader: CellReader, project: Project) -> bool:
        """Whether the contracts were signed on different days: two papers, two projects."""
        signed = reader.peek_day("合同签订日期")
        return signed is not None and project.signed_on is not None and signed != project.signed_on

    @cached_property
    def _projects(self) -> Names[str]:
        return Names((number, project_key(p.name)) for number, p in self._stored.items())

    @cached_property
    def _by_company(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for number, project in self._stored.items():
            found.setdefault(company_key(self._owner(project)), []).append(number)
        return found

    @cached_property
    def _companies(self) -> Names[int]:
        return Names((key, company_core(i.name)) for key, i in self._here.stored.investors.items())

    def _owner(self, project: Project) -> str:
        investor = self._here.stored.investors.get(project.investor_id)
        return investor.name if investor else ""


def _alike(one: str, other: str) -> bool:
    return similarity(one, other) >= NEAR and not same_but_for_phase(one, other)
