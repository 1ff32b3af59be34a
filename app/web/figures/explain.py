"""How a derived number follows from those whose rows can be shown."""

from __future__ import annotations

from collections.abc import Callable

from app.figures.rules import CATALOGUE, Measure, TargetProgress, Values, growth_percent
from app.kernel.money import amount_text
from app.kernel.periods import Month
from app.web.filters import ahead, growth, percent

NAMES = {
    "yoy": "同比",
    "target": "年度目标",
    "done": "完成率",
    "ahead": "超（欠）进度",
    "gap": "与时间进度的差额",
    "need": "距年度目标还差",
    "share": "占比",
    "rate": "比率",
    "average": "平均单个项目",
    "delta": "与上年同期的差",
    "month_delta": "与上年同月的差",
    "sum_of_months": "各月之和",
}


def explain(
    code: str, derived: str, month: Month, values: Values, progress: TargetProgress | None
) -> list[tuple[str, str]]:
    """Name and sentence of ``derived``, and of what it is made of, where it can be told from these values."""

    def written(value: int) -> str:
        if CATALOGUE[code].measure is Measure.count:
            return f"{value} 个"
        return f"{amount_text(value)} 万元"

    parts = [("本月", written(values.month)), (f"{month.period_label}累计", written(values.ytd))]
    parts.append(("上年同期累计", written(values.last_year_ytd)))
    if values.last_year_ytd:
        growing = growth_percent(values.ytd, values.last_year_ytd)
        parts.append(("同比", f"（累计 − 上年同期）÷ 上年同期，{growth(growing)}"))
    else:
        parts.append(("同比", "上年同期为零，不计算"))
    if progress:
        parts += _against_target(progress, month, written)
    if derived in NAMES and not any(name == NAMES[derived] for name, _text in parts):
        parts.append((NAMES[derived], "由以下各行之和计算得出，公式见口径说明"))
    return parts


def _against_target(
    progress: TargetProgress, month: Month, written: Callable[[int], str]
) -> list[tuple[str, str]]:
    left = progress.target - progress.ytd
    return [
        ("年度目标", written(progress.target)),
        ("完成率", f"累计 ÷ 年度目标，{percent(progress.done_percent, 2)}"),
        (
            "超（欠）进度",
            f"完成率 − 时间进度 {month.month}/12，{ahead(progress.ahead_points)}",
        ),
        ("距年度目标还差", written(left) if left > 0 else "已完成"),
    ]
