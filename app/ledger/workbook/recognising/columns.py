"""Which field each column holds: told, remembered, by its head, or by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from app.ledger.rules.columns import ARRIVALS, PROJECTS, SUPPLEMENTS, TARGETS
from app.ledger.rules.heads import field_of_head, flat, fold_head, path_key, unit_of
from app.ledger.rules.recognition import Answers, Column, How, Kind
from app.ledger.rules.spans import period_of
from app.ledger.rules.synonyms import (
    COMPOSITES,
    EXTRA,
    FIELD_WORDS,
    FUNDS_WORDS,
    IGNORED,
    MONTHLY_FUNDS,
    NEVER_FUNDS,
    NO,
    OTHER_MONEY_WORDS,
    PARTS_OF_FUNDS,
    YES,
)
from app.ledger.rules.values import is_nothing
from app.ledger.workbook.cells import cell_address
from app.ledger.workbook.recognising.contents import UNKNOWN, Guess, by_content
from app.ledger.workbook.recognising.grid import Grid
from app.ledger.workbook.recognising.months import dated, settle_sums
from app.ledger.workbook.recognising.pairing import side_by_side
from app.ledger.workbook.recognising.titles import Known

Remembered = Mapping[str, tuple[str, str]]
"""By folded path: the field, and the unit if one had to be said."""
SAMPLE_ROWS = 200
AMOUNT, ORIGINAL = "折人民币（万元）", "原币金额（万）"
_YUAN = re.compile(r"折|人民币|RMB|认定")
MONEY = frozenset(
    (
        "合同总投资",
        "其中：固定资产投资",
        "预计年产值",
        "预计年税收",
        MONTHLY_FUNDS,
        "补充协议金额",
        AMOUNT,
        ORIGINAL,
    )
)
ROAD = ("合同签订日期", "落地日期", "开工日期", "投产日期", "达产日期")
DAYS = frozenset((*ROAD, "首次洽谈日期", "终止日期", "到账日期", "补充协议日期"))
NUMBERS = MONEY | DAYS | {"用地面积", "带动就业"}
FIELDS = {
    Kind.projects: frozenset(PROJECTS.heads) | {*COMPOSITES, *SUPPLEMENTS.heads, MONTHLY_FUNDS},
    Kind.arrivals: frozenset(ARRIVALS.heads) | {"投资方名称", "年度"},
    Kind.targets: frozenset(TARGETS.heads),
    Kind.monthly: frozenset({"序号", "项目编号", "项目名称", "投资方名称", MONTHLY_FUNDS}),
}
ABOUT = frozenset(
    "投资方名称 合同总投资 当前阶段 合同签订日期 责任单位 建设内容 开工日期 投产日期 终止日期 落地日期 产业链 落地片区".split()
)


@dataclass(frozen=True)
class Context:
    """What is known about the table as a whole while its columns are judged."""

    title: str
    year: int | None
    unit: str | None
    answers: Answers
    remembered: Remembered
    sheet: str = ""
    as_of: tuple[int, int] | None = None
    known: Known = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    """What the title says of single fields."""

    def told(self, place: int, path: tuple[str, ...], said: Mapping[str, str]) -> str | None:
        """What somebody said about a column: by its letters, head or folded path, first with the sheet's name."""
        letters = cell_address(1, place)[:-1]
        keys = [letters, path[-1], _plain(path), path_key(path)]
        for key in (*(f"{self.sheet}!{key}" for key in keys), *keys):
            if key in said:
                return said[key]
        return next((word for head, word in said.items() if fold_head(head) == path_key(path)), None)


def first_guess(paths: Mapping[int, tuple[str, ...]], context: Context) -> dict[int, Guess]:
    """Field, sureness and reason of every column by its head alone."""
    found = {}
    for place, path in paths.items():
        told = context.told(place, path, context.answers.columns)
        if told is not None:
            found[place] = (told, 100, How.told)
        elif path_key(path) in context.remembered:
            found[place] = (context.remembered[path_key(path)][0], 95, How.remembered)
        elif (by_period := _by_period(path, context.title)) is not None:
            found[place] = (by_period, 90, How.head)
        elif (known := field_of_head(path)) is not None:
            found[place] = (*known, How.head)
        else:
            found[place] = (EXTRA, 0, How.none)
    return found


def _plain(path: tuple[str, ...]) -> str:
    return "·".join(" ".join(part.split()) for part in path)


def _by_period(path: tuple[str, ...], title: str) -> str | None:
    """Months of arrived money; the sums of such months are checked, not taken in."""
    period = period_of(path)
    if period is None:
        return None
    words, last = flat(" ".join(path)), flat(path[-1])
    last = last.removeprefix("其中").lstrip(":,") if period_of((last,)) else last
    if any(word in words for word in NEVER_FUNDS) or any(word in last for word in PARTS_OF_FUNDS):
        return None
    if any(word in words for word in FUNDS_WORDS):
        return IGNORED if period.is_sum else MONTHLY_FUNDS
    if any(word in words for word in OTHER_MONEY_WORDS) or field_of_head(path) is not None:
        return None
    if any(word in flat(title) for word in FUNDS_WORDS):
        return IGNORED if period.is_sum else MONTHLY_FUNDS
    return None


def kind_of(fields: Iterable[str]) -> Kind | None:
    """What a table with these fields holds; None when it is none of ours."""
    found = set(fields)
    found |= {part for field in found & set(COMPOSITES) for part in COMPOSITES[field]}
    if {"指标", "目标值"} <= found:
        return Kind.targets
    named = bool(found & {"项目名称", "项目编号", "投资方名称"})
    about = found & ABOUT
    money = found & {AMOUNT, ORIGINAL}
    if named and "到账日期" in found and money and len(about) <= 2 and MONTHLY_FUNDS not in found:
        return Kind.arrivals
    if named and len(about) >= 2:
        return Kind.projects
    if named and MONTHLY_FUNDS in found:
        return Kind.monthly
    return Kind.projects if named and (about - {"投资方名称"} or "补充协议日期" in found) else None


def settle(
    grid: Grid, paths: Mapping[int, tuple[str, ...]], guesses: dict[int, Guess], kind: Kind,
    rows: list[int], context: Context,
) -> tuple[Column, ...]:  # fmt: skip
    """The columns with one field each: content may correct a head, and the surest column keeps a field."""
    columns = []
    taken = frozenset(field for field, _, _ in guesses.values())
    fields = FIELDS[kind]
    if kind is Kind.projects and "到账日期" in taken and taken & {AMOUNT, ORIGINAL}:
        fields |= FIELDS[Kind.arrivals]  # each arrival in a row of its project
    for place, path in paths.items():
        field, sure, how = guesses[place]
        values = _values(grid, rows, place)
        if field not in fields and field != IGNORED and how is not How.told:
            field, sure, how = UNKNOWN
        if how in (How.head, How.none):
            known = context.known if kind is Kind.projects else {}
            field, sure, how = by_content(path[-1], (field, sure, how), values, known, taken)
        if field not in fields and field != IGNORED and how is How.content:
            field, sure, how = UNKNOWN
        period = period_of(path) if field in (MONTHLY_FUNDS, IGNORED) else None
        columns.append(
            Column(
                place, path, field, sure, how, _unit(place, path, field, context), dated(period, context.year, context.as_of),
                tuple(dict.fromkeys(values[:40]))[:3], place in grid.sheet.hidden_columns,
            )
        )  # fmt: skip
    return tuple(settle_sums(_one_each(side_by_side(_foreign(_named(columns, kind))))))


def _foreign(columns: list[Column]) -> list[Column]:
    """Beside a column of currencies an amount that is not said to be yuan is in the currency of its row."""
    fields = {column.field for column in columns}
    if not {"币种", "折算汇率"} & fields or ORIGINAL in fields:
        return columns
    amounts = [column for column in columns if column.field == AMOUNT]
    other = [column for column in amounts if not _YUAN.search(flat(column.path[-1]))]
    if not other or (len(amounts) == 1 and "折算汇率" not in fields):
        return columns
    return [replace(column, field=ORIGINAL) if column is other[0] else column for column in columns]


def _named(columns: list[Column], kind: Kind) -> list[Column]:
    """Where one column names both the project and its company, it is the project's: 企业名称（项目）."""
    fields = {column.field for column in columns}
    if "项目名称" in fields or "项目编号" in fields or kind is Kind.targets:
        return columns
    return [
        replace(column, field="项目名称") if column.field == "投资方名称" else column for column in columns
    ]


def _values(grid: Grid, rows: list[int], place: int) -> list[str]:
    return [grid.text(row, place) for row in rows[:SAMPLE_ROWS] if not is_nothing(grid.at(row, place).value)]


def _unit(place: int, path: tuple[str, ...], field: str, context: Context) -> str | None:
    answers = context.answers
    told = context.told(place, path, answers.units) or answers.units.get(field)
    if told is not None:
        return told
    own = next((unit for part in reversed(path) if (unit := unit_of(part)) is not None), None)
    if own is not None:
        return own
    if field in context.units:
        return context.units[field]
    remembered = context.remembered.get(path_key(path), ("", ""))[1]
    return (
        (remembered or answers.unit or context.unit)
        if COMPOSITES.get(field, (field,))[0] in {*MONEY, IGNORED}
        else None
    )


def _one_each(columns: list[Column]) -> list[Column]:
    """Of several columns for one field the surest keeps it, the others are kept as they stand; twins are one."""
    best: dict[str, Column] = {}
    again, columns = [c for c in columns if c.again], [c for c in columns if not c.again]
    for column in columns:
        rival = best.get(column.field)
        if rival is None or _rank(column) > _rank(rival):
            best[column.field] = column
    free = (EXTRA, IGNORED, MONTHLY_FUNDS)
    for column in columns:
        first = best[column.field]
        if column is not first and first.twin is None and _is_twin(column, first):
            best[column.field] = replace(first, twin=column)
    places = {column.place: column for column in best.values()}
    once = [
        column
        if column.field in free
        else places.get(column.place) or replace(column, field=EXTRA, sure=0, how=How.none)
        for column in columns
    ]
    return sorted([*once, *again], key=lambda column: column.place)


def _is_twin(column: Column, first: Column) -> bool:
    """One head in two units: 投资金额(亿元) beside 投资金额(万元)."""
    return (
        column.field in MONEY
        and None is not column.unit != first.unit is not None
        and path_key(column.path) == path_key(first.path)
    )


def _rank(column: Column) -> tuple[int, int, int, int]:
    """Told before remembered before head; then filled before empty, sure before unsure, usual words before rare ones."""
    order = [How.none, How.content, How.head, How.remembered, How.told]
    words = [fold_head(word) for word in FIELD_WORDS.get(column.field, "").split()]
    word = fold_head(column.path[-1])
    return (
        order.index(column.how), bool(column.samples), column.sure, -words.index(word) if word in words else -99
    )  # fmt: skip


def rivals(columns: Iterable[Column], guesses: Mapping[int, Guess]) -> dict[str, list[Column]]:
    """Fields whose loss would matter, with the columns that claim them equally well."""
    matter = {"合同总投资", "合同签订日期", "开工日期", "投产日期", "项目名称"}
    twins = {column.twin.place for column in columns if column.twin is not None}
    claims: dict[str, list[Column]] = {}
    for column in columns:
        field, sure, how = guesses[column.place]
        if (
            field in matter
            and how is How.head
            and sure >= 90
            and any(flat(sample) not in YES | NO for sample in column.samples)
            and column.place not in twins
        ):
            claims.setdefault(field, []).append(column)
    return {field: claimed for field, claimed in claims.items() if len(claimed) > 1}
