"""Section 四: the ranking of the responsible units (sentences: brief.md §2.4)."""

from __future__ import annotations

from app.briefs.rules.ranking import tied
from app.briefs.rules.runs import Text, row_of, sentence
from app.briefs.rules.view import FUNDS, Data, View
from app.briefs.rules.words import points
from app.figures.rules import TargetProgress


def progress_of(view: View, row: Data) -> TargetProgress:
    """A ranked unit's 到位资金 against its target."""
    return TargetProgress(row["unit"], FUNDS, row["target"], row["ytd"], view.month)


def ranked(view: View) -> list[Data]:
    """Units with a target, best first."""
    return [row for row in view.data["units"] if row["target"] is not None]


def ranking_paragraph(view: View) -> Text:
    """Who is ahead, who is behind, who moved."""
    rows = ranked(view)
    if not view.data["units"]:
        return ["尚未设置责任单位。"]
    if not rows:
        return [f"{view.month.year}年未下达各责任单位到位资金年度目标，不作排名。"]
    groups: dict[str, list[Data]] = {"超进度": [], "与时间进度持平": [], "欠进度": []}
    for row in rows:
        ahead = progress_of(view, row).ahead_points
        groups["超进度" if ahead > 0 else "欠进度" if ahead < 0 else "与时间进度持平"].append(row)
    parts = [_group(view, word, members, len(rows)) for word, members in groups.items() if members]
    lead = f"{len(rows)}个责任单位{'中，' if len(parts) > 1 else '均'}" if len(rows) > 1 else ""
    return sentence(f"按到位资金年度目标完成率排名，{lead}", row_of(parts, "；"), "。", _moves(view, rows))


def _group(view: View, word: str, rows: list[Data], of: int) -> Text:
    code = {"超进度": "units.ahead", "欠进度": "units.behind"}.get(word, "units.even")
    names: list[Text] = []
    for row in rows:
        ahead = progress_of(view, row).ahead_points
        linked = view.links.figure(f"{points(ahead)}个百分点", FUNDS, "ahead", unit=row["unit"])
        names.append([row["unit"], linked] if ahead else [row["unit"]])
    if of == 1:
        return sentence(rows[0]["unit"], word, names[0][1:])
    if of == len(rows):
        return sentence(
            f"{word}：" if word != "与时间进度持平" else word, row_of(names) if len(names[0]) > 1 else []
        )
    return sentence(view.links.figure(f"{len(rows)}个", code), f"{word}：", row_of(names))


def _moves(view: View, rows: list[Data]) -> Text:
    """与上月相比: left out in January and for a single unit."""
    if view.in_january or len(rows) < 2:
        return []
    now, before = [row["rank"] for row in rows], [row["rank_before"] for row in rows]
    moved = [row for row in rows if row["rank"] != row["rank_before"]]
    if not moved:
        return ["与上月相比，位次均未变化。"]
    parts = []
    for row in moved:
        narrowed = {"unit": row["unit"]}
        last = view.links.figure(str(row["rank_before"]), "funds.rank", "last", **narrowed)
        this = view.links.figure(str(row["rank"]), "funds.rank", **narrowed)
        parts.append(
            sentence(
                f"{row['unit']}由{'并列' if tied(row['rank_before'], before) else ''}第",
                last,
                f"位{'升' if row['rank'] < row['rank_before'] else '降'}至{'并列' if tied(row['rank'], now) else ''}第",
                this,
                "位",
            )
        )
    rest = "，其余单位位次未变" if len(moved) < len(rows) else ""
    return sentence("与上月相比，", row_of(parts, "，"), rest, "。")
