"""Section 四: the ranking of the responsible units (sentences: brief.md §2.4)."""

from __future__ import annotations

from app.briefs.rules.opening import pace
from app.briefs.rules.ranking import tied
from app.briefs.rules.runs import Text, row_of
from app.briefs.rules.sentences import Tokens
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
        return view.say("ranking.unset")
    if not rows:
        return view.say("ranking.none")
    if len(rows) == 1:
        [row] = rows
        tokens: Tokens = {"单位": row["unit"], "进度": pace(progress_of(view, row), view, unit=row["unit"])}
        return view.say("ranking.one", tokens)
    groups: dict[str, list[Data]] = {"ahead": [], "even": [], "behind": []}
    for row in rows:
        ahead = progress_of(view, row).ahead_points
        groups["ahead" if ahead > 0 else "behind" if ahead < 0 else "even"].append(row)
    parts = [_group(view, name, members, len(rows)) for name, members in groups.items() if members]
    return view.say(
        "ranking.all" if len(parts) > 1 else "ranking.alike",
        {"单位数": str(len(rows)), "各组": row_of(parts, "；"), "位次变化": _moves(view, rows)},
    )


def _group(view: View, name: str, rows: list[Data], of: int) -> Text:
    names: list[Text] = []
    for row in rows:
        ahead = progress_of(view, row).ahead_points
        linked = view.links.figure(f"{points(ahead)}个百分点", FUNDS, "ahead", unit=row["unit"])
        unit: Tokens = {"单位": row["unit"], "百分点": linked}
        names.append(view.say("ranking.unit", unit) if ahead else [row["unit"]])
    if of == len(rows):
        return view.say(f"ranking.all_{name}", {"各单位": row_of(names)})
    number = view.links.figure(f"{len(rows)}个", f"units.{name}")
    return view.say(f"ranking.{name}", {"个数": number, "各单位": row_of(names)})


def _moves(view: View, rows: list[Data]) -> Text:
    """与上月相比: left out in January."""
    if view.in_january:
        return []
    now, before = [row["rank"] for row in rows], [row["rank_before"] for row in rows]
    moved = [row for row in rows if row["rank"] != row["rank_before"]]
    if not moved:
        return view.say("ranking.moves_none")
    parts = []
    for row in moved:
        tokens: Tokens = {
            "单位": row["unit"],
            "原位次": _place(view, row, row["rank_before"], before, "last"),
            "现位次": _place(view, row, row["rank"], now, None),
        }
        parts.append(view.say("ranking.rose" if row["rank"] < row["rank_before"] else "ranking.fell", tokens))
    key = "ranking.moves_rest" if len(moved) < len(rows) else "ranking.moves"
    return view.say(key, {"升降": row_of(parts, "，")})


def _place(view: View, row: Data, rank: int, ranks: list[int], window: str | None) -> Text:
    linked = view.links.figure(str(rank), "funds.rank", window, unit=row["unit"])
    return view.say("ranking.place_tied" if tied(rank, ranks) else "ranking.place", {"位次": linked})
