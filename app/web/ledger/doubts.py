"""What is to be confirmed on the page 识别表头, each with the answers that can be given to it there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from app.ledger.rules.synonyms import COMPOSITES, EXTRA, IGNORED, MONTHLY_FUNDS
from app.web.ledger.fields import MEASURED
from app.web.ledger.grid import letters_of, tables_of


@dataclass(frozen=True)
class Button:
    """One answer: what it says, and the fields of ``AnswerForm`` it sends."""

    label: str
    says: dict[str, str]


@dataclass(frozen=True)
class Card:
    """One question with its buttons; ``ask`` a field for which a value is to be typed, or ``year``."""

    sheet: str
    title: str
    message: str
    buttons: tuple[Button, ...] = ()
    ask: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    """Columns to choose from: letters and head."""
    letters: str = ""
    head: str = ""
    urgent: bool = True
    says: dict[str, str] = field(default_factory=dict)


def cards_of(found: dict[str, Any]) -> list[Card]:
    """All doubts, then the hints, which stand in nobody's way."""
    asked = _together(found, found["doubts"])
    return asked + [_card(found, hint, False) for hint in found.get("hints", [])]


def _together(found: dict[str, Any], doubts: list[dict[str, Any]]) -> list[Card]:
    """The doubts as cards; columns of months of which nobody says what they hold are one question."""
    cards: list[Card] = []
    asked: dict[tuple[str, str], int] = {}
    for doubt in doubts:
        card = _card(found, doubt, True)
        column = _column(next(iter(tables_of(found, card.sheet)), None), card.letters)
        if doubt["subject"] == "column" and column is not None and column["field"] == EXTRA:
            place = asked.setdefault((card.sheet, card.message.replace(card.head, "")), len(cards))
            if place < len(cards):
                cards[place] = _joined(cards[place], card)
                continue
        cards.append(card)
    return cards


def _joined(first: Card, card: Card) -> Card:
    """One card for both, with the answers of the first for the columns of both."""
    letters = f"{first.letters} {card.letters}"
    names = letters.split()
    return replace(
        first, letters=letters,
        title=f"{names[0]} 至 {names[-1]} 列等 {len(names)} 列",
        message=re.sub(r"”(等 \d+ 列)?", f"”等 {len(names)} 列", first.message, count=1),
        buttons=tuple(Button(b.label, b.says | {"letters": letters}) for b in first.buttons),
    )  # fmt: skip


def _card(found: dict[str, Any], doubt: dict[str, Any], urgent: bool) -> Card:
    tables = tables_of(found, doubt["sheet"])
    table = tables[0] if tables else None
    letters = doubt["cell"].rstrip("0123456789")
    title = f"{letters} 列“{doubt['head']}”" if letters else (doubt["head"] or doubt["sheet"] or "整个文件")
    subject = doubt["subject"]
    common = {
        "sheet": doubt["sheet"],
        "title": title,
        "message": doubt["message"],
        "letters": letters,
        "head": doubt["head"],
        "urgent": urgent,
    }
    if subject == "unit":
        return Card(**common, buttons=_units(table, letters))
    if subject == "year":
        return Card(**common, ask="year")
    if subject == "totals":
        return Card(**common, buttons=(Button("以各行为准", {"accept_totals": "1"}),))
    if subject == "field":
        return Card(**common, ask=doubt["head"], columns=_free_columns(table))
    if subject == "column" and letters:
        return Card(**common, buttons=_fields(table, letters, doubt))
    return Card(**common)


def _units(table: dict[str, Any] | None, letters: str) -> tuple[Button, ...]:
    """The units of the column's field, that of the table first."""
    column = _column(table, letters)
    units = list(MEASURED.get(column["field"] if column else "", ("元", "万元", "亿元")))
    usual = (table or {}).get("unit") or "万元"
    units.sort(key=lambda unit: unit != usual)
    return tuple(Button(unit, {"letters": letters, "unit": unit}) for unit in units)


def _fields(table: dict[str, Any] | None, letters: str, doubt: dict[str, Any]) -> tuple[Button, ...]:
    """Which column it is where several claim a field; else the fields that such a column may hold."""
    rivals = [name for name in doubt.get("rivals", []) if table]
    if rivals:
        field_ = doubt["field"]
        return tuple(
            Button(f"用 {name} 列“{column['head']}”", {"letters": name, "field": field_})
            for name in rivals
            if (column := _column(table, name)) is not None
        )
    column = _column(table, letters)
    fields = [column["field"]] if column else []
    if column and column["field"] in COMPOSITES:
        fields += COMPOSITES[column["field"]][:1]
    elif column and column["field"] == EXTRA:
        fields = [MONTHLY_FUNDS, EXTRA]
    fields.append(IGNORED)
    return tuple(Button(_say(name), {"letters": letters, "field": name}) for name in dict.fromkeys(fields))


def _say(field_: str) -> str:
    if field_ in COMPOSITES:
        return "拆成两项"
    return {MONTHLY_FUNDS: "是到位资金", EXTRA: "作附加列", IGNORED: "不导入"}.get(field_, f"作为{field_}")


def _column(table: dict[str, Any] | None, letters: str) -> dict[str, Any] | None:
    return next((c for c in (table or {"columns": []})["columns"] if letters_of(c["place"]) == letters), None)


def _free_columns(table: dict[str, Any] | None) -> tuple[tuple[str, str], ...]:
    """Columns that hold no field yet, for a field that has no column."""
    columns = (table or {"columns": []})["columns"]
    free = [c for c in columns if c["field"] in (EXTRA, IGNORED)]
    return tuple((letters_of(c["place"]), c["head"]) for c in free)
