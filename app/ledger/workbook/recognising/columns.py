"""Which field each column holds: told, remembered, by its head, or by what stands in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.investors.rules import read_uscc
from app.kernel.errors import DomainError
from app.ledger.rules.columns import ARRIVALS, PROJECTS, TARGETS
from app.ledger.rules.heads import Period, field_of_head, flat, fold_head, path_key, period_of, unit_of
from app.ledger.rules.recognition import Answers, Column, How, Kind
from app.ledger.rules.synonyms import (
    COMPOSITES,
    EXTRA,
    FIELD_WORDS,
    FUNDS_WORDS,
    IGNORED,
    MONTHLY_FUNDS,
    OTHER_MONEY_WORDS,
    STAGE_WORDS,
)
from app.ledger.rules.values import is_nothing
from app.ledger.workbook.cells import cell_address
from app.ledger.workbook.recognising.grid import Grid

Remembered = Mapping[str, tuple[str, str]]
"""By folded path: the field, and the unit if one had to be said."""
SAMPLE_ROWS = 200
MONEY = frozenset(
    (
        "合同总投资",
        "其中：固定资产投资",
        "预计年产值",
        "预计年税收",
        MONTHLY_FUNDS,
        "折人民币（万元）",
        "原币金额（万）",
    )
)
ROAD = ("合同签订日期", "落地日期", "开工日期", "投产日期", "达产日期")
DAYS = frozenset((*ROAD, "首次洽谈日期", "终止日期", "到账日期"))
NUMBERS = MONEY | DAYS | {"用地面积", "带动就业"}
FIELDS = {
    Kind.projects: frozenset(PROJECTS.heads) | {*COMPOSITES, MONTHLY_FUNDS},
    Kind.arrivals: frozenset(ARRIVALS.heads),
    Kind.targets: frozenset(TARGETS.heads),
    Kind.monthly: frozenset({"序号", "项目编号", "项目名称", "投资方名称", MONTHLY_FUNDS}),
}
_COMPANY = ("公司", "集团", "合作社", "厂", "中心", "合伙企业", "研究院")
_STAGES = frozenset(flat(word) for label, words in STAGE_WORDS.items() for word in (label, *words.split()))


@dataclass(frozen=True)
class Context:
    """What is known about the table as a whole while its columns are judged."""

    title: str
    year: int | None
    unit: str | None
    answers: Answers
    remembered: Remembered
    sheet: str = ""

    def told(self, place: int, path: tuple[str, ...], said: Mapping[str, str]) -> str | None:
        """What somebody said about a column: by its letters, head or folded path, first with the sheet's name."""
        letters = cell_address(1, place)[:-1]
        keys = [letters, path[-1], _plain(path), path_key(path)]
        for key in (*(f"{self.sheet}!{key}" for key in keys), *keys):
            if key in said:
                return said[key]
        return next((word for head, word in said.items() if fold_head(head) == path_key(path)), None)


def first_guess(paths: Mapping[int, tuple[str, ...]], context: Context) -> dict[int, tuple[str, int, How]]:
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
    words = flat(" ".join(path))
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
    named = bool(found & {"项目名称", "项目编号"})
    about = found & {
        "投资方名称",
        "合同总投资",
        "当前阶段",
        "合同签订日期",
        "责任单位",
        "建设内容",
        "开工日期",
    }
    money = found & {"折人民币（万元）", "原币金额（万）"}
    if named and "到账日期" in found and money and len(about) <= 2 and MONTHLY_FUNDS not in found:
        return Kind.arrivals
    if named and len(about) >= 2:
        return Kind.projects
    if named and MONTHLY_FUNDS in found:
        return Kind.monthly
    return Kind.projects if named and about else None


def settle(
    grid: Grid, paths: Mapping[int, tuple[str, ...]], guesses: dict[int, tuple[str, int, How]], kind: Kind,
    rows: list[int], context: Context,
) -> tuple[Column, ...]:  # fmt: skip
    """The columns with one field each: content may correct a head, and the surest column keeps a field."""
    columns = []
    has_months = any(field == MONTHLY_FUNDS for field, _, _ in guesses.values())
    for place, path in paths.items():
        field, sure, how = guesses[place]
        if field == IGNORED and how is How.head and not has_months:
            field, sure, how = EXTRA, 0, How.none
        values = _values(grid, rows, place)
        if field not in FIELDS[kind] and field != IGNORED and how is not How.told:
            field, sure, how = EXTRA, 0, How.none
        if how in (How.head, How.none):
            field, sure, how = _by_content(field, sure, how, values)
        period = period_of(path) if field in (MONTHLY_FUNDS, IGNORED) else None
        columns.append(
            Column(
                place, path, field, sure, how, _unit(place, path, field, context), _dated(period, context.year),
                tuple(dict.fromkeys(values[:40]))[:3], place in grid.sheet.hidden_columns,
            )
        )  # fmt: skip
    return tuple(_one_each(columns))


def _values(grid: Grid, rows: list[int], place: int) -> list[str]:
    return [grid.text(row, place) for row in rows[:SAMPLE_ROWS] if not is_nothing(grid.at(row, place).value)]


def _dated(period: Period | None, year: int | None) -> Period | None:
    return replace(period, year=year) if period is not None and period.year is None else period


def _unit(place: int, path: tuple[str, ...], field: str, context: Context) -> str | None:
    answers = context.answers
    told = context.told(place, path, answers.units) or answers.units.get(field)
    if told is not None:
        return told
    own = next((unit for part in reversed(path) if (unit := unit_of(part)) is not None), None)
    if own is not None:
        return own
    remembered = context.remembered.get(path_key(path), ("", ""))[1]
    return (remembered or answers.unit or context.unit) if field in MONEY or field == IGNORED else None


def _by_content(field: str, sure: int, how: How, values: list[str]) -> tuple[str, int, How]:
    """What the values say where the head is silent, or says what they contradict."""
    if not values:
        return field, sure, how
    if field == EXTRA and sum(map(_is_uscc, values)) * 10 >= len(values) * 6:
        return "统一社会信用代码", 90, How.content
    if (
        field == EXTRA
        and sum(v.endswith(_COMPANY) for v in values) * 10 >= len(values) * 8
        and len(values) > 2
    ):
        return "投资方名称", 60, How.content
    if field == "当前阶段" and sum(_is_stage(v) for v in values) * 2 < len(values):
        return EXTRA, 0, How.none
    if field == "项目编号" and all(v.isdigit() and len(v) <= 4 for v in values):
        return "序号", 90, How.content
    if field == "统一社会信用代码" and not any(len(flat(v)) >= 15 for v in values):
        return EXTRA, 0, How.none
    return field, sure, how


def _is_stage(text: str) -> bool:
    plain = flat(text)
    return plain in _STAGES or plain.removesuffix("阶段").removesuffix("项目") in _STAGES


def _is_uscc(text: str) -> bool:
    if len(flat(text)) != 18:
        return False
    try:
        read_uscc(text)
    except DomainError:
        return False
    return True


def _one_each(columns: list[Column]) -> list[Column]:
    """Of several columns for one field the surest keeps it, the others are kept as they stand."""
    best: dict[str, Column] = {}
    for column in columns:
        rival = best.get(column.field)
        if rival is None or _rank(column) > _rank(rival):
            best[column.field] = column
    free = (EXTRA, IGNORED, MONTHLY_FUNDS)
    return [
        column
        if column.field in free or best[column.field] is column
        else replace(column, field=EXTRA, sure=0, how=How.none)
        for column in columns
    ]


def _rank(column: Column) -> tuple[int, int, int, int]:
    """Told before remembered before head; then filled before empty, sure before unsure, usual words before rare ones."""
    order = [How.none, How.content, How.head, How.remembered, How.told]
    words = [fold_head(word) for word in FIELD_WORDS.get(column.field, "").split()]
    word = fold_head(column.path[-1])
    return (
        order.index(column.how), bool(column.samples), column.sure, -words.index(word) if word in words else -99
    )  # fmt: skip


def rivals(columns: Iterable[Column], guesses: Mapping[int, tuple[str, int, How]]) -> dict[str, list[Column]]:
    """Fields whose loss would matter, with the columns that claim them equally well."""
    matter = {"合同总投资", "合同签订日期", "开工日期", "投产日期", "项目名称"}
    claims: dict[str, list[Column]] = {}
    for column in columns:
        field, sure, how = guesses[column.place]
        if field in matter and how is How.head and sure >= 90 and column.samples:
            claims.setdefault(field, []).append(column)
    return {field: claimed for field, claimed in claims.items() if len(claimed) > 1}
