"""When a value of a ledger is likely a slip: a unit, an amount out of scale, a stage that goes back."""

from __future__ import annotations

import re
from collections.abc import Sequence

UNIT_FACTOR = 1_000
"""From this factor on a changed amount looks like another unit (元 for 万元, 万元 for 亿元)."""
SLIP = (95, 105)
"""Ten times as much, in percent of the tenfold: a digit too many."""
ENOUGH = 8
"""So many amounts a column must have before one can be out of scale."""
OUT_OF_SCALE, FROM_NEXT = 1_000, 100
"""An amount is out of scale so many times above (below) the median, and so far from the next one."""
_STAGE_OF_PLAN = re.compile(r"第?[0-9一二三四五六七八九十]+期(?:工程)?|扩建|续建|新建|技改")
_PHASE = re.compile(r"[0-9一二三四五六七八九十甲乙丙丁]+|[a-z](?=区|座|栋|标)|东|西|南|北|上|下")


def is_jump(old: int, new: int) -> bool:
    """Whether an amount changes as if its unit or a digit had slipped."""
    low, high = sorted((abs(old), abs(new)))
    if low == 0:
        return False
    return high >= UNIT_FACTOR * low or SLIP[0] * low <= 10 * high <= SLIP[1] * low


def out_of_scale(amounts: Sequence[int]) -> set[int]:
    """Which of a column's amounts are so far from all others that a unit has likely slipped."""
    known = sorted(amount for amount in amounts if amount > 0)
    if len(known) < ENOUGH:
        return set()
    median, found = known[len(known) // 2], set()
    if known[-1] >= OUT_OF_SCALE * median and known[-1] >= FROM_NEXT * known[-2]:
        found.add(known[-1])
    if known[0] * OUT_OF_SCALE <= median and known[0] * FROM_NEXT <= known[1]:
        found.add(known[0])
    return found


def same_but_for_phase(one: str, other: str) -> bool:
    """Whether two names differ only in what tells parts of one plan apart: 一期 and 二期, 1号 and 2号, 东区 and 西区."""
    return one != other and _plan(one) == _plan(other)


def _plan(name: str) -> str:
    return _PHASE.sub("#", _STAGE_OF_PLAN.sub("", name))
