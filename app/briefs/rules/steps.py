"""Section 二: what was signed, started and produced, and what stands (sentences: brief.md §2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.briefs.rules.opening import growth_clause
from app.briefs.rules.runs import Run, Text, row_of, sentence
from app.briefs.rules.sentences import Tokens
from app.briefs.rules.view import View
from app.briefs.rules.words import each_growth, growth, percent, points, spoken
from app.figures.rules import Values, share_percent


@dataclass(frozen=True)
class Step:
    """A step of projects and how the brief names it."""

    kind: str
    name: str


STEPS = (Step("signed", "新签约"), Step("started", "新开工"), Step("produced", "新投产"))


def step_paragraph(view: View, step: Step) -> Text:
    """The month, the largest project, and the year so far of one step."""
    year = _year_in_january(view, step) if view.in_january else _this_year(view, step)
    return sentence(_this_month(view, step), year)


def _counted(view: View, step: Step, window: str, *, big: bool = False) -> dict[str, Run | Text]:
    """个数 and 总投资, each linked, with the step's name."""
    kind = f"{step.kind}_big" if big else step.kind
    count = getattr(view.values(f"{kind}.count"), window)
    amount = getattr(view.values(f"{kind}.amount"), window)
    return {
        "类别": step.name,
        "个数": view.links.figure(f"{count}个", f"{kind}.count", window),
        "总投资": view.links.figure(spoken(amount), f"{kind}.amount", window),
    }


def _this_month(view: View, step: Step) -> Text:
    count, amount = view.values(f"{step.kind}.count").month, view.values(f"{step.kind}.amount").month
    if count < 0 or (not count and amount < 0):
        return _taken_back(view, step, count, amount)
    if not count and not amount:
        return view.say("steps.month_none", {"类别": step.name})
    tokens = _counted(view, step, "month")
    if not count:
        return view.say("steps.month_supplement", tokens)
    more: Tokens = {
        "称呼": view.say(f"steps.{step.kind}"),
        "亿元以上": _big_share(view, step, "month"),
        "最大项目": _largest(view, step),
    }
    return view.say("steps.month", {**tokens, **more})


def _taken_back(view: View, step: Step, count: int, amount: int) -> Text:
    """More was taken back of earlier months than came in the month."""
    parts: list[Text] = []
    if count:
        number = view.links.figure(f"{-count}个", f"{step.kind}.count", "month")
        parts.append(view.say("steps.fell_count", {"个数": number}))
    if amount:
        total = view.links.figure(spoken(abs(amount)), f"{step.kind}.amount", "month")
        parts.append(view.say("steps.fell_amount" if amount < 0 else "steps.rose_amount", {"总投资": total}))
    return view.say("steps.month_fell", {"类别": step.name, "变动": row_of(parts)})


def _big_share(view: View, step: Step, window: str) -> Text:
    """How many of them are 亿元以上."""
    all_of_them = getattr(view.values(f"{step.kind}.count"), window)
    big = getattr(view.values(f"{step.kind}_big.count"), window)
    if not 0 <= big <= all_of_them:
        return []
    if not big:
        return view.say("steps.big_none")
    if big == all_of_them:
        return view.say("steps.big_one" if big == 1 else "steps.big_all")
    key = "steps.big" if window == "month" else "steps.big_year"
    return view.say(key, _counted(view, step, window, big=True))


def _largest(view: View, step: Step) -> Text:
    largest = view.data["largest"][step.kind]
    count = view.values(f"{step.kind}.count").month
    if largest is None or count <= 0:
        return []
    tokens: dict[str, Run | Text] = {
        "企业": largest["investor"],
        "项目名称": view.links.project(largest["name"], largest["id"]),
    }
    if count == 1 and largest.get("alone", True):
        return view.say("steps.only", tokens)
    code = f"{step.kind}.amount"
    amount = view.links.figure(spoken(largest["amount_fen"]), code, "month", project=largest["id"])
    return view.say("steps.largest", tokens | {"总投资": amount})


def _this_year(view: View, step: Step) -> Text:
    count = view.values(f"{step.kind}.count")
    if count.ytd:
        more: Tokens = {
            "同比": _both_growths(view, step),
            "亿元以上": _big_share(view, step, "ytd"),
            "年度目标": _big_target(view, step),
        }
        return view.say("steps.year", {**_counted(view, step, "ytd"), **more})
    if not count.last_year_ytd:
        return view.say("steps.year_none", {"类别": step.name})
    linked = view.links.figure(f"{count.last_year_ytd}个", f"{step.kind}.count", "last_year_ytd")
    return view.say("steps.year_none_before", {"类别": step.name, "上年同期": linked})


def _year_in_january(view: View, step: Step) -> Text:
    """In January the year is the month: only the growth is left to say."""
    count = view.values(f"{step.kind}.count")
    if not count.ytd:
        return []
    tokens: dict[str, Run | Text] = {"类别": step.name, "年度目标": _big_target(view, step)}
    if not count.last_year_ytd:
        return view.say("steps.january_no_base", tokens)
    return view.say("steps.january", tokens | {"同比": _both_growths(view, step)})


def _both_growths(view: View, step: Step) -> Text:
    """同比分别增长a和b; apart when one of them can't be said so, 上年同期无基数 when there was nothing."""
    codes = (f"{step.kind}.count", f"{step.kind}.amount")
    values: list[Values] = [view.values(code) for code in codes]
    words = [growth(each.ytd, each.last_year_ytd) for each in values]
    if not any(words):
        return view.say("growth.none")
    how = each_growth(*words)
    if how is None:
        apart: Tokens = {
            "个数同比": growth_clause(view, codes[0]),
            "总投资同比": growth_clause(view, codes[1]),
        }
        return view.say("steps.apart", apart)
    texts = [word or "" if how == "differ" else (word or "")[2:] for word in words]
    linked = [view.links.figure(text, code, "yoy") for text, code in zip(texts, codes, strict=True)]
    names = ("个数增减", "总投资增减") if how == "differ" else ("个数增幅", "总投资增幅")
    return view.say(f"steps.both_{how}", dict(zip(names, linked, strict=True)))


def _big_target(view: View, step: Step) -> Text:
    """Growth and completion of 亿元以上, where the zone has a target for their number."""
    code = f"{step.kind}_big.count"
    progress = view.target(code)
    if progress is None or not progress.ytd:
        return []
    done = view.links.figure(f"{points(progress.done_percent)}%", code, "done")
    key = "steps.target_january" if view.in_january else "steps.target"
    return view.say(key, {"同比": growth_clause(view, code), "完成率": done})


def stock_paragraph(view: View) -> Text:
    """在册: what stands at the end of the month, how far it is, the money in it, and the reserve."""
    stock, links = view.data["stock"], view.links
    if not stock["projects"]:
        return view.say("stock.none", {"储备": _reserve(view)})
    reached = {"started": 0, "produced": 0}
    for row in view.data["stages"]:
        reached["started"] += row["projects"] if row["stage"] in ("started", "produced", "full") else 0
        reached["produced"] += row["projects"] if row["stage"] in ("produced", "full") else 0
    share = {stage: percent(_share(number, stock["projects"])) for stage, number in reached.items()}
    return view.say(
        "stock.some",
        {
            "个数": links.figure(f"{stock['projects']}个", "stock.count"),
            "总投资": links.figure(spoken(stock["total_fen"]), "stock.amount"),
            "已开工": links.figure(f"{reached['started']}个", "stage.count", stage="开工"),
            "已投产": links.figure(f"{reached['produced']}个", "stage.count", stage="投产"),
            "开工率": links.figure(share["started"], "stage.rate", stage="开工"),
            "投产率": links.figure(share["produced"], "stage.rate", stage="投产"),
            "到位": _money(view),
            "储备": _reserve(view),
        },
    )


def _share(part: int, whole: int) -> Decimal:
    return share_percent(part, whole) or Decimal(0)


def _money(view: View) -> Text:
    stock, links = view.data["stock"], view.links
    if not stock["arrived_fen"]:
        return view.say("stock.money_none")
    rate = percent(_share(stock["arrived_fen"], stock["total_fen"]))
    return view.say(
        "stock.money",
        {
            "到位资金": links.figure(spoken(stock["arrived_fen"]), "funds.amount", "all", stock=1),
            "到位率": links.figure(rate, "funds.rate", stock=1),
        },
    )


def _reserve(view: View) -> Text:
    reserve, links = view.data["reserve"], view.links
    leads, talks = reserve["leads"], reserve["talks"]
    if not leads + talks:
        return []
    kinds = view.say("stock.reserve_talks" if talks else "stock.reserve_leads")
    if leads and talks:
        both: Tokens = {
            "线索": links.figure(f"{leads}个", "reserve.count", stage="线索"),
            "在谈": links.figure(f"{talks}个", "reserve.count", stage="在谈"),
        }
        kinds = view.say("stock.reserve_both", both)
    return view.say(
        "stock.reserve",
        {
            "个数": links.figure(f"{leads + talks}个", "reserve.count"),
            "构成": kinds,
            "意向投资": links.figure(spoken(reserve["intended_fen"]), "reserve.amount"),
        },
    )
