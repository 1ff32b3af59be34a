"""Amounts of a ledger that are out of scale with their column."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from app.kernel.money import to_fen
from app.ledger.rules.doubting import out_of_scale
from app.ledger.workbook.recognising import FormRow

_ASKED = frozenset({"合同总投资", "其中：固定资产投资", "预计年产值", "预计年税收", "折人民币（万元）"})


class Scales:
    """Which amounts of a ledger's columns are likely in another unit."""

    def __init__(self, rows: Iterable[FormRow]) -> None:
        amounts: dict[tuple[str, str], list[int]] = {}
        for row in rows:
            for head in _ASKED & row.cells.keys():
                fen = _fen(row, head)
                if fen is not None:
                    amounts.setdefault((row.sheet, head), []).append(fen)
        self._odd = {key: odd for key, values in amounts.items() if (odd := out_of_scale(values))}

    def odd(self, row: FormRow) -> frozenset[str]:
        """The heads of the row whose amount is out of scale."""
        if not self._odd:
            return frozenset()
        return frozenset(
            head
            for head in _ASKED & row.cells.keys()
            if _fen(row, head) in self._odd.get((row.sheet, head), set())
        )


def _fen(row: FormRow, head: str) -> int | None:
    cell = row.cells.get(head)
    if cell is None or not isinstance(cell.value, Decimal) or not cell.value.is_finite():
        return None
    return to_fen(cell.value, "万元")
