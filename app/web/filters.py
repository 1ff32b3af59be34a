"""How values are written on a page."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request, url_for

from app.kernel import clock
from app.kernel.capitals import in_capitals
from app.kernel.money import amount_text, cut_zeros, plain_text, round_half_up, spoken
from app.kernel.text import masked_phone, masked_phones
from app.web.session import unit_in_use

NOTHING = "—"


def money(fen: int | None, unit: str | None = None) -> str:
    """Thousands separators and two decimals in the page's unit (or ``unit``); — for nothing."""
    return NOTHING if fen is None else amount_text(fen, unit or unit_in_use())


def yi(fen: int | None) -> str:
    """In 亿元, two decimals."""
    return NOTHING if fen is None else amount_text(fen, "亿元")


def wan(fen: int | None) -> str:
    """In 万元, two decimals."""
    return NOTHING if fen is None else amount_text(fen, "万元")


def yuan(fen: int | None) -> str:
    """Full yuan, for the title of an amount."""
    return NOTHING if fen is None else amount_text(fen, "元") + " 元"


def plain_amount(fen: int | None, unit: str = "万元") -> str:
    """For a form field: the exact amount, no separators, no needless zeros."""
    return "" if fen is None else plain_text(fen, unit, 10).replace("−", "-")


def day(value: dt.date | None) -> str:
    """2024-06-28"""
    return NOTHING if value is None else value.isoformat()


def when(value: dt.datetime | None) -> str:
    """2024-06-28 15:30, Beijing time."""
    return NOTHING if value is None else f"{value.astimezone(clock.BEIJING):%Y-%m-%d %H:%M}"


def percent(value: Decimal | None, places: int = 1) -> str:
    """7.0%; — without a base."""
    return NOTHING if value is None else f"{round_half_up(value, places)}%".replace("-", "−")


def growth(value: Decimal | None) -> str:
    """增长7.0%, 下降8.9%, 持平; never 增长−8.9% (figures.md §2)."""
    if value is None:
        return "上年同期无基数"
    if value == 0:
        return "持平"
    return f"{'增长' if value > 0 else '下降'}{abs(round_half_up(value, 1))}%"


def ahead(points: Decimal) -> str:
    """超 2.38 个百分点, 欠 2.38 个百分点, 与时间进度持平."""
    if points == 0:
        return "与时间进度持平"
    return f"{'超' if points > 0 else '欠'} {abs(points)} 个百分点"


def whole(value: int | Decimal | None) -> str:
    """A whole number with thousands separators."""
    return NOTHING if value is None else f"{value:,}".replace("-", "−")


def in_words(fen: int | None) -> str:
    """1.5亿元，大写 壹亿伍仟万元整: the echo of an amount that was typed."""
    return "" if fen is None else f"{spoken(fen)}，大写 {in_capitals(fen)}"


def asset(name: str) -> str:
    """The address of a static file; it changes with the file, so that browsers may keep it for long."""
    changed = (Path(current_app.static_folder or "") / name).stat().st_mtime_ns
    return url_for("static", filename=name, v=f"{changed // 1_000_000:x}")


def this_page(**changes: Any) -> str:
    """The address of this page with some of its parameters changed (None removes one)."""
    arguments: dict[str, Any] = {**(request.view_args or {}), **request.args.to_dict(flat=False), **changes}
    return url_for(request.endpoint or "home.home", **{k: v for k, v in arguments.items() if v is not None})


def register_filters(app: Flask) -> None:
    """Make the filters known to all templates, under their own names."""
    own = (money, yi, wan, yuan, plain_amount, day, when, percent, growth, ahead, whole, in_words)
    app.jinja_env.filters.update({filter_.__name__: filter_ for filter_ in own})
    app.jinja_env.filters.update(spoken=spoken, cut_zeros=cut_zeros, masked_phone=masked_phone)
    app.jinja_env.filters.update(masked_phones=masked_phones)
    app.jinja_env.globals.update(asset=asset, this_page=this_page, unit_in_use=unit_in_use)
