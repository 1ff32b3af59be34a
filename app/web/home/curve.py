"""The course of 到位资金 as a drawing: positions in pixels, worked out here, drawn by the template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from app.kernel.money import BIG_FEN, FEN_PER_WAN, UNITS, amount_text, plain_text

STEPS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
TICKS = 3


@dataclass(frozen=True)
class Size:
    """Where the drawing lies: its size, and the edges of the plot in it."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    narrow: bool = False


WIDE = Size(580, 252, left=34, right=14, top=28, bottom=44)
NARROW = Size(358, 176, left=30, right=6, top=14, bottom=26, narrow=True)


@dataclass(frozen=True)
class Column:
    """One month: the middle of its column, the column itself if the month is over, and its words."""

    x: float
    label: str
    now: bool
    top: float | None
    height: float
    value: str


@dataclass(frozen=True)
class End:
    """The end of a line with its value: where it is, where its words stand."""

    name: str
    value: str
    y: float
    words_y: float
    kind: str


@dataclass(frozen=True)
class Curve:
    """Everything that is drawn; lines are points for ``<polyline>``."""

    size: Size
    unit: str
    title: str
    ticks: list[tuple[float, str]]
    columns: list[Column]
    column_width: float
    this_year: str
    last_year: str
    target: str
    target_end: tuple[float, float, str] | None
    end_x: float
    ends: list[End]


def draw_curve(now: Sequence[int], before: Sequence[int], target_fen: int | None, size: Size) -> Curve:
    """The drawing for months' money of this year and last year (fen) and the annual target (fen or None)."""
    sums, base = list(accumulate(now)), list(accumulate(before))
    course = [] if target_fen is None else [target_fen * month / 12 for month in range(1, 13)]
    highest = max([*sums, *base, *course, *now, TICKS * FEN_PER_WAN])
    unit = "亿元" if highest >= BIG_FEN else "万元"
    step = _step(highest / UNITS[unit] / TICKS) * UNITS[unit]
    scale = (size.height - size.top - size.bottom) / highest
    floor = size.height - size.bottom
    pitch = (size.width - size.left - size.right) / 12

    def x(month: int) -> float:
        return round(size.left + pitch * (month - 0.5), 1)

    def y(fen: float) -> float:
        return round(floor - fen * scale, 1)

    def line(values: Sequence[float]) -> str:
        return " ".join(f"{x(month)},{y(value)}" for month, value in enumerate(values, 1))

    here = len(now)
    expected = target_fen * here / 12 if target_fen else None
    ends: list[tuple[str, float, str]] = [("今年累计", sums[-1], "now"), ("上年同期", base[-1], "before")]
    if expected is not None:
        ends.insert(0, ("时序目标", expected, "target"))
    texts = {name: amount_text(round(value), unit) for name, value, _kind in ends}
    return Curve(
        size=size,
        unit=unit,
        title="到位资金：" + "，".join(f"{name}{text}{unit}" for name, text in texts.items()),
        ticks=[(y(step * n), plain_text(round(step * n), unit)) for n in range(int(highest // step) + 1)],
        columns=[
            Column(
                x=x(month),
                label=_label(month, size.narrow),
                now=month == here,
                top=y(now[month - 1]) if month <= here else None,
                height=round(now[month - 1] * scale, 1) if month <= here else 0,
                value=amount_text(now[month - 1], unit) if month <= here else "",
            )
            for month in range(1, 13)
        ],
        column_width=round(pitch * 0.46, 1),
        this_year=line(sums),
        last_year=line(base),
        target=line(course),
        target_end=(x(12), y(course[-1]) - 8, amount_text(target_fen, unit)) if target_fen else None,
        end_x=x(here),
        ends=_place([(name, texts[name], y(value), kind) for name, value, kind in ends], floor),
    )


def _step(least: float) -> float:
    """The next round number that makes about ``TICKS`` lines."""
    power = 10.0 ** (len(str(int(least))) - 1) if least >= 1 else 0.01
    while power * STEPS[-1] < least:
        power *= 10
    return next(power * step for step in STEPS if power * step >= least * 0.97)


def _label(month: int, narrow: bool) -> str:
    return f"{month}月" if not narrow or month in (1, 12) else str(month)


def _place(ends: list[tuple[str, str, float, str]], floor: float) -> list[End]:
    """The words beside the ends, from top to bottom, 18 pixels apart and inside the plot."""
    placed: list[End] = []
    ordered = sorted(ends, key=lambda end: end[2])
    first = min(max(ordered[0][2], 12.0), floor - 18 * len(ordered))
    for name, value, y, kind in ordered:
        words_y = max(first, placed[-1].words_y + 18) if placed else first
        placed.append(End(name, value, y, round(words_y, 1), kind))
    return placed
