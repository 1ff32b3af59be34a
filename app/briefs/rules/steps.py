"""Section 二: what was signed, started and produced, and what stands (sentences: brief.md §2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.briefs.rules.opening import growth_clause
from app.briefs.rules.runs import Text, row_of, sentence
from app.briefs.rules.view import View
from app.briefs.rules.words import NO_BASE, each_growth, growth, percent, points, spoken
from app.figures.rules import Values, share_percent


@dataclass(frozen=True)
class Step:
    """A step of projects and how the brief names it."""

    kind: str
    name: str
    subject: str


STEPS = (
    Step("signed", "新签约", "新签订招商引资合同项目"),
    Step("started", "新开工", "新开工项目"),
    Step("produced", "新投产", "新投产项目"),
)


def step_paragraph(view: View, step: Step) -> Text:
    """The month, the largest project, and the year so far of one step."""
    month = sentence(f"{view.this}，", _this_month(view, step), _largest(view, step), "。")
    year = _year_in_january(view, step) if view.in_january else _this_year(view, step)
    return sentence(month, year)


def _counted(view: View, step: Step, window: str, *, big: bool = False) -> Text:
    """n个、总投资x, each linked."""
    kind = f"{step.kind}_big" if big else step.kind
    count = getattr(view.values(f"{kind}.count"), window)
    amount = getattr(view.values(f"{kind}.amount"), window)
    links = view.links
    return [
        links.figure(f"{count}个", f"{kind}.count", window),
        "、总投资",
        links.figure(spoken(amount), f"{kind}.amount", window),
    ]


def _this_month(view: View, step: Step) -> Text:
    count, amount = view.values(f"{step.kind}.count").month, view.values(f"{step.kind}.amount").month
    if count < 0 or (not count and amount < 0):
        return _taken_back(view, step, count, amount)
    if not count:
        extra: Text = []
        if amount:
            linked = view.links.figure(spoken(amount), f"{step.kind}.amount", "month")
            extra = ["，原签约项目补充协议增资", linked]
        return [f"无{step.name}项目", *extra]
    return [step.subject, *_counted(view, step, "month"), *_big_share(view, step, "month", "，其中")]


def _taken_back(view: View, step: Step, count: int, amount: int) -> Text:
    """More was taken back of earlier months than came in the month."""
    parts: list[Text] = []
    if count:
        parts.append(["项目", view.links.figure(f"{-count}个", f"{step.kind}.count", "month")])
    if amount:
        word = "总投资净减少" if amount < 0 else "总投资净增加"
        parts.append([word, view.links.figure(spoken(abs(amount)), f"{step.kind}.amount", "month")])
    return [f"因更正以前月份数据，{step.name}{'净减少' if count else ''}", *row_of(parts)]


def _big_share(view: View, step: Step, window: str, lead: str) -> Text:
    """How many of them are 亿元以上."""
    all_of_them = getattr(view.values(f"{step.kind}.count"), window)
    big = getattr(view.values(f"{step.kind}_big.count"), window)
    if not 0 <= big <= all_of_them:
        return []
    if not big:
        return ["，无亿元以上项目"]
    if big == all_of_them:
        return ["，为亿元以上项目" if big == 1 else "，均为亿元以上项目"]
    return [f"{lead}亿元以上项目", *_counted(view, step, window, big=True)]


def _largest(view: View, step: Step) -> Text:
    largest = view.data["largest"][step.kind]
    if largest is None or view.values(f"{step.kind}.count").month <= 0:
        return []
    name = view.links.project(largest["name"], largest["id"])
    if view.values(f"{step.kind}.count").month == 1 and largest.get("alone", True):
        return [f"，为{largest['investor']}投资建设的", name]
    code = f"{step.kind}.amount"
    amount = view.links.figure(spoken(largest["amount_fen"]), code, "month", project=largest["id"])
    return [f"。投资额最大的是{largest['investor']}投资建设的", name, "，总投资", amount]


def _this_year(view: View, step: Step) -> Text:
    count = view.values(f"{step.kind}.count")
    if not count.ytd:
        before: Text = []
        if count.last_year_ytd:
            linked = view.links.figure(f"{count.last_year_ytd}个", f"{step.kind}.count", "last_year_ytd")
            before = ["（上年同期", linked, "）"]
        return [f"{view.period}无{step.name}项目", *before, "。"]
    counted, rises = _counted(view, step, "ytd"), _both_growths(view, step)
    big = _big_share(view, step, "ytd", "；其中")
    return sentence(f"{view.period}累计{step.name}", counted, "，", rises, big, _big_target(view, step), "。")


def _year_in_january(view: View, step: Step) -> Text:
    """In January the year is the month: only the growth is left to say."""
    if not view.values(f"{step.kind}.count").ytd:
        return []
    if not view.values(f"{step.kind}.count").last_year_ytd:
        return sentence(f"上年同期无{step.name}项目", _big_target(view, step), "。")
    return sentence("个数、总投资", _both_growths(view, step), _big_target(view, step), "。")


def _both_growths(view: View, step: Step) -> Text:
    """同比分别增长a和b; apart when the directions differ, 上年同期无基数 when there was nothing."""
    codes = (f"{step.kind}.count", f"{step.kind}.amount")
    values: list[Values] = [view.values(code) for code in codes]
    words = [growth(each.ytd, each.last_year_ytd) for each in values]
    if not any(words):
        return [NO_BASE]
    both = each_growth(*words)
    if both is None:
        return ["个数", *growth_clause(view, codes[0]), "，总投资", *growth_clause(view, codes[1])]
    before, between, how = both
    texts = [word[2:] if how == "number" and word else word or "" for word in words]
    linked = [view.links.figure(text, code, "yoy") for text, code in zip(texts, codes, strict=True)]
    return [before, linked[0], between, linked[1]]


def _big_target(view: View, step: Step) -> Text:
    """Growth and completion of 亿元以上, where the zone has a target for their number."""
    code = f"{step.kind}_big.count"
    progress = view.target(code)
    if progress is None or not progress.ytd:
        return []
    done = view.links.figure(f"{points(progress.done_percent)}%", code, "done")
    return [
        "，个数" if not view.in_january else "，亿元以上项目数",
        *growth_clause(view, code),
        "，完成年度目标的",
        done,
    ]


def stock_paragraph(view: View) -> Text:
    """在册: what stands at the end of the month, how far it is, the money in it, and the reserve."""
    stock, links = view.data["stock"], view.links
    if not stock["projects"]:
        return sentence(f"截至{view.end}，无在册签约项目。", _reserve(view))
    reached = {"started": 0, "produced": 0}
    for row in view.data["stages"]:
        reached["started"] += row["projects"] if row["stage"] in ("started", "produced", "full") else 0
        reached["produced"] += row["projects"] if row["stage"] in ("produced", "full") else 0
    share = {stage: percent(_share(number, stock["projects"])) for stage, number in reached.items()}
    return sentence(
        f"截至{view.end}，在册签约项目",
        links.figure(f"{stock['projects']}个", "stock.count"),
        "、总投资",
        links.figure(spoken(stock["total_fen"]), "stock.amount"),
        "，其中已开工",
        links.figure(f"{reached['started']}个", "stage.count", stage="开工"),
        "、已投产",
        links.figure(f"{reached['produced']}个", "stage.count", stage="投产"),
        "；开工率",
        links.figure(share["started"], "stage.rate", stage="开工"),
        "，投产率",
        links.figure(share["produced"], "stage.rate", stage="投产"),
        "。",
        _money(view),
        _reserve(view),
    )


def _share(part: int, whole: int) -> Decimal:
    return share_percent(part, whole) or Decimal(0)


def _money(view: View) -> Text:
    stock, links = view.data["stock"], view.links
    if not stock["arrived_fen"]:
        return ["在册项目尚无资金到位。"]
    return [
        "在册项目历年累计到位资金",
        links.figure(spoken(stock["arrived_fen"]), "funds.amount", "all", stock=1),
        "，资金到位率",
        links.figure(percent(_share(stock["arrived_fen"], stock["total_fen"])), "funds.rate", stock=1),
        "。",
    ]


def _reserve(view: View) -> Text:
    reserve, links = view.data["reserve"], view.links
    leads, talks = reserve["leads"], reserve["talks"]
    if not leads + talks:
        return []
    kinds: Text = [f"，均为{'在谈' if talks else '线索'}项目"]
    if leads and talks:
        kinds = [
            "，其中线索",
            links.figure(f"{leads}个", "reserve.count", stage="线索"),
            "、在谈",
            links.figure(f"{talks}个", "reserve.count", stage="在谈"),
        ]
    return [
        "另有储备项目",
        links.figure(f"{leads + talks}个", "reserve.count"),
        *kinds,
        "，意向投资",
        links.figure(spoken(reserve["intended_fen"]), "reserve.amount"),
        "，框架协议、意向协议均未计入签约。",
    ]
