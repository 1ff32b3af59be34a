"""The history that a ledger tells beside its fields: who entered a record and when, and dated paragraphs of progress."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.kernel.errors import DomainError
from app.kernel.text import clean
from app.ledger.rules.heads import flat
from app.ledger.rules.values import read_day

AUTHOR = "登记人 填报人 录入人 填表人 录入人员 登记人员 填报人员 创建人 申报人 记录人 经办人".split()
RECORDED = "登记日期 登记时间 录入时间 录入日期 填报时间 填报日期 创建时间 创建日期 申报时间 申报日期".split()
UPDATED = "更新时间 更新日期 最近更新 最近更新时间 最后更新 修改时间".split()
PROGRESS = (
    "进展 进展情况 项目进展 项目进展情况 最新进展 目前进展 当前进展 工作进展 推进情况 项目推进情况 推进进展 形象进度 "
    "项目对接及进展情况 对接及进展情况 对接情况 周工作进展 月进展 洽谈进展 建设进展 跟踪情况 工作进展情况"
).split()
LONGEST_NAME = 60
_NUMBER = r"(?:[(（]?\d{1,2}[)）.．、:：]\s*)?"
_DATE = r"(?:(?P<year>(?:19|20)\d{2})[年./-])?(?P<month>1[0-2]|0?[1-9])[月./-](?P<day>3[01]|[12]\d|0?[1-9])(?:日|号)?"
_PARAGRAPH = re.compile(rf"(?:^|(?<=[;；。\n])){_NUMBER}{_DATE}(?![\d.])")


@dataclass(frozen=True)
class Step:
    """One dated paragraph."""

    on_day: dt.date
    text: str


@dataclass(frozen=True)
class History:
    """What a row tells; None or empty where it does not."""

    author: str = ""
    recorded_on: dt.date | None = None
    updated_on: dt.date | None = None
    steps: tuple[Step, ...] = ()


def read_history(extra: Mapping[str, str], year: int | None, today: dt.date) -> History:
    """The history in a row's extra columns; ``year`` is that of the table, for days without one.

    Days after today, and columns whose values are none, tell nothing: the column itself is kept as it stands.
    """
    said = {head: clean_head(head) for head in extra}
    author = next((extra[head] for head, key in said.items() if key in AUTHOR), "")
    steps: list[Step] = []
    for head, key in said.items():
        if key in PROGRESS:
            steps += dated_steps(extra[head], year, today)
    return History(
        clean(author)[:LONGEST_NAME],
        _day(extra, said, RECORDED, year, today),
        _day(extra, said, UPDATED, year, today),
        tuple(dict.fromkeys(steps)),
    )


def dated_steps(text: str, year: int | None, today: dt.date) -> list[Step]:
    """The paragraphs of a text that begin with a day: 1、6月3日对接；2、6月20日签约. Others belong to the one before.

    A day without a year takes that of the paragraph before, else ``year``, else the last such day up to today.
    """
    found: list[Step] = []
    marks = list(_PARAGRAPH.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    for mark, end in zip(marks, ends, strict=False):
        said = int(mark["year"]) if mark["year"] else None
        day = _placed(mark, said or (found[-1].on_day.year if found else year), today)
        body = text[mark.end() : end]
        body = re.sub(rf"{_NUMBER}$", "", body.strip()).strip(" ,，:：;；。\n")
        if day is not None and body:
            found.append(Step(day, body))
    return found


def clean_head(head: str) -> str:
    """The last part of a head, without spaces, brackets and number."""
    return re.sub(r"[(（〔\[].*?[)）〕\]]", "", flat(head.rpartition("·")[2]))


def _placed(mark: re.Match[str], year: int | None, today: dt.date) -> dt.date | None:
    try:
        day = dt.date(year or today.year, int(mark["month"]), int(mark["day"]))
        if day > today and year is None:
            day = day.replace(year=day.year - 1)
    except ValueError:
        return None
    return day if day <= today else None


def _day(
    extra: Mapping[str, str], said: Mapping[str, str], heads: list[str], year: int | None, today: dt.date
) -> dt.date | None:
    for head, key in said.items():
        if key in heads:
            try:
                day = read_day(extra[head].partition(" ")[0], year)
            except DomainError:
                continue
            if day <= today:
                return day
    return None
