"""Kinds and states of long work, and the one name under which a piece of it runs."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from app.kernel.periods import Month

MAX_ATTEMPTS = 9
"""How often one piece of work may be tried again by hand."""
KEEP_FILES_DAYS = 7
"""An exported table lies ready for so long; whoever wants it later exports anew."""


class JobKind(StrEnum):
    """What is being done."""

    brief = "brief"
    read = "read"
    judge = "judge"
    write = "write"
    undo = "undo"
    export = "export"
    close = "close"
    draft = "draft"
    word = "word"
    phone = "phone"
    fill = "fill"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {
            "brief": "生成简报",
            "read": "识别台账",
            "judge": "核对台账",
            "write": "写入台账",
            "undo": "撤销导入",
            "export": "导出表格",
            "close": "月度关账",
            "draft": "自动起草",
            "word": "导出 Word",
            "phone": "生成手机版",
            "fill": "填上报表",
        }[self.value]

    @property
    def suffix(self) -> str:
        """How the name of the file ends that such work makes."""
        return {"word": ".docx", "phone": ".pdf"}.get(self.value, ".xlsx")


IMPORTS = (JobKind.read, JobKind.judge, JobKind.write, JobKind.undo)
"""Steps of an import; each may be asked for again on the same one, so such work runs under its own number."""


class JobState(StrEnum):
    """Where the work stands."""

    waiting = "waiting"
    running = "running"
    done = "done"
    failed = "failed"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"waiting": "等待处理", "running": "正在处理", "done": "已完成", "failed": "未完成"}[
            self.value
        ]

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self in (JobState.done, JobState.failed)


def workflow_id(kind: JobKind, zone_id: int, about: int | str, attempt: int) -> str:
    """The name under which work runs; asked for twice under one name, it runs once."""
    return f"{kind}:{zone_id}:{about}:{attempt}"


def draft_due(today: dt.date, cutoff: int, day: int) -> Month | None:
    """The month whose draft is to be there by now: the last one that has ended, from the zone's day on; else None.

    Not only on the day itself, so that a draft is made up for when no worker ran then.
    """
    return Month.of(today, cutoff).previous() if today.day >= day else None
