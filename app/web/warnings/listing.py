"""The list of all warnings, its export, and the number that stands in the navigation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from flask import Response, jsonify, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from app.accounts.rules import Permission
from app.directory.queries import list_labels
from app.figures.queries import breakdown, target_progress
from app.figures.queries.fired import Fired, Tally, Wanted, list_fired, tally
from app.figures.rules import CATALOGUE, TargetProgress, total_of
from app.journal.rules import Dimension
from app.kernel import clock
from app.kernel.errors import DomainError
from app.ledger.workbook.writing import Column, Item
from app.warnings.rules import KINDS, Group, Level, WarningKind, points_level
from app.web.downloads import send_table
from app.web.guards import needs
from app.web.lists import PAGE, Chip, in_words, read_page
from app.web.session import current, db
from app.web.warnings.blueprint import blueprint
from app.web.warnings.cures import cure_of, place_of
from app.web.warnings.sight import in_force, look_among, reference_day

TABS = (
    ("", "全部", Wanted(excused=False)),
    ("red", "红色", Wanted(levels=(Level.red,), excused=False)),
    ("yellow", "黄色", Wanted(levels=(Level.yellow,), excused=False)),
    ("mine", "我负责的", Wanted(excused=False)),
    ("asked", "说明待确认", Wanted(asked=True)),
    ("excused", "已说明", Wanted(excused=True)),
)
BEHIND = "behind"


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a tab, a rule or a group of them, a unit."""

    tab: str
    rule: str
    unit: int | None

    def address(self, endpoint: str = ".list_warnings", **changes: Any) -> str:
        """The address of the same, with changes."""
        values = {"tab": self.tab or None, "rule": self.rule or None, "dept": self.unit, **changes}
        return url_for(endpoint, **{name: value for name, value in values.items() if value is not None})


def read_asked(args: MultiDict[str, str]) -> Asked:
    """Raises ``DomainError`` for a rule or a tab that there is not."""
    tab, rule, unit = args.get("tab", ""), args.get("rule", ""), args.get("dept", "")
    if tab not in {BEHIND, *(key for key, _name, _wanted in TABS)}:
        raise DomainError("没有这个视图，请从上方重新选择")
    if rule and rule not in WarningKind.__members__ and rule not in Group.__members__:
        raise DomainError("没有这条预警规则，请从列表中选择")
    if unit and not (unit.isascii() and unit.isdigit() and len(unit) < 19):
        raise DomainError("筛选条件中的责任单位不在本区的列表里，请清空条件后重新选择")
    return Asked(tab, rule, int(unit) if unit else None)


def kinds_of(rule: str) -> tuple[WarningKind, ...]:
    """The rules that a name stands for; all for none."""
    if rule in WarningKind.__members__:
        return (WarningKind(rule),)
    return tuple(kind for kind, one in KINDS.items() if one.group.value == rule)


def wanted_of(asked: Asked) -> Wanted:
    """The conditions of the tab, the rule and the unit."""
    wanted = next((wanted for key, _name, wanted in TABS if key == asked.tab), TABS[0][2])
    wanted = replace(wanted, kinds=kinds_of(asked.rule), units=(asked.unit,) if asked.unit else ())
    return replace(wanted, mine=(current().user_id, current().name)) if asked.tab == "mine" else wanted


def counted(found: Iterable[Tally], wanted: Wanted) -> int:
    """How many of ``found`` match; says in Python what the list says in SQL."""
    return sum(
        one.number
        for one in found
        if (not wanted.levels or one.level in wanted.levels)
        and (not wanted.kinds or one.kind in wanted.kinds)
        and (not wanted.units or one.unit_id in wanted.units)
        and (not wanted.mine or one.mine)
        and (wanted.excused is None or one.excused == wanted.excused)
        and (not wanted.asked or one.asked)
    )


@blueprint.get("")
@needs(Permission.read)
def list_warnings() -> str:
    """Everything that is warned about on the reference day: why, since when, what clears it."""
    asked = read_asked(request.args)
    if asked.tab == BEHIND:
        return _show(asked, behind=units_behind())
    among = look_among()
    found = tally(db(), among, mine=(current().user_id, current().name))
    wanted = wanted_of(asked)
    number = counted(found, wanted)
    page, pages = read_page(request.args, number)
    rows = list_fired(db(), among, wanted, offset=(page - 1) * PAGE, limit=PAGE)
    return _show(asked, found=found, rows=rows, number=number, page=page, pages=pages)


def _show(asked: Asked, **context: Any) -> str:
    found: list[Tally] = context.pop("found", [])
    counts = [
        (key, name, counted(found, wanted_of(replace(asked, tab=key))), asked.address(tab=key or None))
        for key, name, _wanted in TABS
    ]
    return render_template(
        "warnings/warnings.html",
        **{"rows": [], "behind": None, "number": 0, "page": 1, "pages": 1, **context},
        asked=asked,
        tabs=counts,
        behind_address=url_for(".list_warnings", tab=BEHIND),
        units=sorted({(one.unit_id, one.unit) for one in found}, key=lambda unit: unit[1]),
        groups=[(group, [k for k in KINDS if KINDS[k].group is group]) for group in Group if group != "unit"],
        kinds=KINDS,
        day=reference_day(),
        today=clock.today(),
        cure_of=cure_of,
        place_of=place_of,
        figures=CATALOGUE,
        export=asked.address(".export_warnings"),
    )


def units_behind() -> list[tuple[TargetProgress, Level]]:
    """Targets of units that are behind the calendar by the rule's points, the worst first. Two queries."""
    month, zone = current().month, current().zone
    by_unit = breakdown(db(), zone, month, Dimension.unit)
    whole = {code: total_of(members.values()) for code, members in by_unit.items()}
    rule = in_force()[0][WarningKind.behind]
    progress = target_progress(db(), zone, month, whole=whole, by_unit=by_unit)
    found = [(one, points_level(rule, one.ahead_points)) for one in progress]
    late = [(one, level) for one, level in found if level is not None]
    return sorted(late, key=lambda pair: pair[0].ahead_points)


@blueprint.get("/export.xlsx")
@needs(Permission.read)
def export_warnings() -> Answer:
    """Exactly the warnings of the filtered list."""
    asked = read_asked(request.args)
    day = reference_day()
    if asked.tab == BEHIND:
        heads = [
            Column(name, width=18) for name in ("责任单位", "指标", "级别", "完成率", "欠进度（百分点）")
        ]
        rows: Iterator[list[Item]] = (
            [
                one.unit or "全区",
                CATALOGUE[one.figure].name,
                level.label,
                f"{one.done_percent}%",
                Decimal(-one.ahead_points),
            ]
            for one, level in units_behind()
        )
    else:
        heads = [
            Column(name, width=width)
            for name, width in (
                ("级别", 8), ("规则", 22), ("名称", 34), ("编号", 18), ("责任单位", 14), ("责任人", 10),
                ("原因", 48), ("怎样消除", 36), ("触发日期", 12), ("情况说明有效至", 16),
            )
        ]  # fmt: skip
        rows = (_cells(one) for one in list_fired(db(), look_among(), wanted_of(asked)))
    return send_table(
        f"{current().zone.name}预警{day:%Y%m%d}",
        heads,
        rows,
        None,
        conditions=_words(asked),
        sheet="预警",
        title=f"{current().zone.name}项目预警（{day}）",
    )


def _cells(one: Fired) -> list[Item]:
    return [
        one.level.label,
        one.rule.label,
        one.name,
        one.number,
        one.unit,
        one.officer,
        one.why,
        one.rule.cure,
        str(one.fired_on),
        str(one.excused_until or ""),
    ]


def _words(asked: Asked) -> str:
    """The conditions in words, for the line below the export."""
    tab = "单位进度" if asked.tab == BEHIND else {key: name for key, name, _wanted in TABS}[asked.tab]
    rule = Group(asked.rule).label if asked.rule in Group.__members__ else ""
    rule = KINDS[WarningKind(asked.rule)].label if asked.rule in WarningKind.__members__ else rule
    units = list_labels(db(), current().zone.id, "unit")["unit"] if asked.unit else {}
    said = (("范围", tab), ("规则", rule), ("责任单位", units.get(asked.unit or 0, "")))
    return in_words(Chip(name, value, "") for name, value in said if value)


@blueprint.get("/count")
@needs(Permission.read)
def count_warnings() -> Response:
    """How many warnings concern the person: the own unit's, or all; asked for by the navigation."""
    among = look_among(unit_id=current().scope.unit_id)
    found = [one for one in tally(db(), among) if not one.excused]
    red = sum(one.number for one in found if one.level is Level.red)
    waiting = sum(one.number for one in found if one.asked) if may_acknowledge() else 0
    return jsonify(number=sum(one.number for one in found), red=red, waiting=waiting)


def may_acknowledge() -> bool:
    """Whether the person may acknowledge others' excuses."""
    return current().may(Permission.acknowledge)
