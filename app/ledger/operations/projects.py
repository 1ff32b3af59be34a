"""Rows of 项目台账: projects with investor, main contract and milestones."""

from __future__ import annotations

from functools import cached_property

from app.investors.operations import InvestorData
from app.kernel.text import name_key
from app.ledger.operations.alike import Alike
from app.ledger.operations.asking import ask_about_changes, ask_about_new, ask_about_slips
from app.ledger.operations.cells import CellReader
from app.ledger.operations.context import Context, Taken
from app.ledger.operations.reading import read_investor, read_project
from app.ledger.queries import Stored, project_cells, read_stored
from app.ledger.rules import FIELD_HEADS, Verdict
from app.ledger.rules.report import changes_between
from app.pipeline.models import Project
from app.pipeline.operations import ProjectData
from app.pipeline.queries import next_number


class ProjectRows:
    """Takes the rows of 项目台账; an empty cell leaves what is stored as it is."""

    def __init__(self, context: Context) -> None:
        self._here = context
        self._seen: dict[int, tuple[str, int]] = {}
        self._alike = Alike(context)
        self._next = ""
        self._named: dict[str, list[Project]] = {}
        for project in context.stored.by_number.values():
            self._named.setdefault(project.name_key, []).append(project)

    @staticmethod
    def head_of(field: str | None) -> str:
        """The head under which an objection to ``field`` is shown."""
        return "合同总投资" if field == "amount" else FIELD_HEADS.get(field or "", "")

    @staticmethod
    def label_of(reader: CellReader) -> str:
        """The project's name as far as it can be read."""
        quiet = reader.peek("项目名称")
        return quiet or reader.peek("项目编号")

    def find(self, name: str, investor: str = "") -> list[Project]:
        """The projects of that name; of several those of the investor named, where there are any."""
        same = self._named.get(name_key(name), [])
        if len(same) > 1 and investor:
            own = [p for p in same if name_key(self._owner(p)) == name_key(investor)]
            return own or same
        return same

    def find_paid(self, name: str, investor: str = "") -> list[Project]:
        """The projects of that name, else those of the company of that name: a list of money may name it alone."""
        return self.find(name, investor) or self._by_company.get(name_key(name), [])

    @cached_property
    def _by_company(self) -> dict[str, list[Project]]:
        """As it is when money is first asked about: projects come before."""
        found: dict[str, list[Project]] = {}
        for project in self._here.stored.by_number.values():
            found.setdefault(name_key(self._owner(project)), []).append(project)
        return found

    def take(self, reader: CellReader) -> Taken:
        """Register the row's project, or bring it to what the row says."""
        name = reader.text("项目名称", longest=120, required=True)
        number = reader.text("项目编号", longest=40)
        company = read_investor(reader)
        project = self._match(number, name, company, reader)
        if project is None and name and company and not reader.problems:
            project = self._alike.project(reader, number, name, company)
        self._note_seen(project, reader)
        stored = self._here.stored.of(project)
        if company and (stored.investor is None or name_key(stored.investor.name) != name_key(company.name)):
            company = self._alike.investor(reader, company)
        ask_about_slips(reader, project, stored)
        data = self._read(reader, project, stored, number)
        if data is not None and project is not None:
            dropped = ask_about_changes(reader, self._here, project, stored, data)
            data = self._read(reader, project, stored, number) if dropped else data
        elif data is not None:
            ask_about_new(reader, self._here, data)
        if reader.problems or data is None or company is None:
            return Taken(name or "", Verdict.refused)
        if project is None:
            return self._register(company, data, reader)
        if self._says_nothing_new(project, stored, company, data):
            return Taken(project.name, Verdict.same, (), project.id)
        return self._save(project, stored, company, data)

    def _read(
        self, reader: CellReader, project: Project | None, stored: Stored, number: str | None
    ) -> ProjectData | None:
        here = self._here
        if project is not None:
            number = number or project.number
        elif number is None:
            number = self._free_number()
        return read_project(reader, here.lists, project, stored, number)

    def _free_number(self) -> str:
        """The next free number; the zone's numbers are read once, not for every row."""
        here = self._here
        if not self._next:
            self._next = next_number(here.session, here.zone.id, here.zone.number_prefix, here.today.year)
        stem, _dash, serial = self._next.rpartition("-")
        while self._next in here.stored.by_number:
            serial = f"{int(serial) + 1:04d}"
            self._next = f"{stem}-{serial}"
        return self._next

    def _says_nothing_new(
        self, project: Project, stored: Stored, company: InvestorData, data: ProjectData
    ) -> bool:
        """Whether taking the row would change nothing, so that nobody need try it."""
        owner = stored.investor
        if owner is None or name_key(owner.name) != name_key(company.name):
            return False
        if company.uscc not in (None, owner.uscc) or company.origin not in (None, owner.origin):
            return False
        said = project_cells(data, Stored(data.contract, dict(data.reached), owner), self._here.names)
        return said == project_cells(project, stored, self._here.names)

    def _save(self, project: Project, stored: Stored, company: InvestorData, data: ProjectData) -> Taken:
        here = self._here
        before = project_cells(project, stored, here.names)
        here.entry.save(project, data, company)
        after = project_cells(project, read_stored(here.session, project), here.names)
        changes = changes_between(before, after)
        return Taken(project.name, Verdict.changed if changes else Verdict.same, changes, project.id)

    def _register(self, company: InvestorData, data: ProjectData, reader: CellReader) -> Taken:
        here = self._here
        project = here.entry.register(data, company)
        here.memory.put(here.stored.by_number, project.number, project)
        here.memory.put(self._seen, project.id, (reader.sheet, reader.row))
        here.memory.put(self._named, project.name_key, [*self._named.get(project.name_key, []), project])
        return Taken(project.name, Verdict.new, (), project.id)

    def _match(
        self, number: str | None, name: str | None, company: InvestorData | None, reader: CellReader
    ) -> Project | None:
        """The stored project the row means: by number, or by name (and investor) where the row has no number."""
        if number is not None:
            return self._here.stored.by_number.get(number)
        same = self.find(name, company.name if company else "") if name else []
        if len(same) > 1:
            reader.refuse("项目编号", f"有 {len(same)} 个项目名称相同，请填写项目编号加以区分")
        return same[0] if len(same) == 1 else None

    def _note_seen(self, project: Project | None, reader: CellReader) -> None:
        if project is None:
            return
        first = self._seen.get(project.id)
        if first is None:
            self._here.memory.put(self._seen, project.id, (reader.sheet, reader.row))
        elif first != (reader.sheet, reader.row):
            place = "本表" if first[0] == reader.sheet else f"工作表“{first[0]}”"
            head = "项目编号" if reader.address("项目编号") else "项目名称"
            reader.refuse(head, f"与{place}第 {first[1]} 行是同一项目，请不导入重复的一行，或改正{head}")

    def _owner(self, project: Project) -> str:
        investor = self._here.stored.investors.get(project.investor_id)
        return investor.name if investor else ""
