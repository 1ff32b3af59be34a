"""The opening paragraph, and section 一: figures against targets (sentences: brief.md §2.1, §2.2)."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby

from app.briefs.rules.runs import Run, Text, row_of, sentence
from app.briefs.rules.view import FUNDS, View
from app.briefs.rules.words import halves, percent, points, spoken, year_growth
from app.figures.rules import Measure, TargetProgress, get_figure, share_percent

SHORT = {
    "signed.count": "新签约合同项目数",
    "signed.amount": "合同总投资",
    "signed_big.count": "亿元以上新签约项目数",
    "signed_big.amount": "亿元以上合同总投资",
    "started.count": "新开工项目数",
    "started.amount": "新开工项目总投资",
    "started_big.count": "亿元以上新开工项目数",
    "started_big.amount": "亿元以上新开工项目总投资",
    "produced.count": "新投产项目数",
    "produced.amount": "新投产项目总投资",
    "produced_big.count": "亿元以上新投产项目数",
    "produced_big.amount": "亿元以上新投产项目总投资",
    FUNDS: "到位资金",
}
REST_OF_YEAR = {3: "后三个季度平均每月", 6: "下半年平均每月", 9: "四季度平均每月", 11: "12月"}


def opening(view: View) -> Text:
    """The headline paragraph; the month's own sentence is left out in January."""
    text = sentence(
        f"{view.period}，{view.zone['name']}",
        _signed_this_year(view),
        "；",
        _built_this_year(view),
        "；",
        _funds_this_year(view),
        "。",
    )
    return text if view.in_january else sentence(text, _this_month(view))


def growth_clause(view: View, code: str) -> Text:
    """同比增长7.0%, with the link on the growth; 上年同期无基数 without a base."""
    values = view.values(code)
    before, word = year_growth(values.ytd, values.last_year_ytd)
    return [before, view.links.figure(word, code, "yoy")] if before else [word]


def pace(progress: TargetProgress, view: View, **narrowed: str) -> Text:
    """超进度x个百分点, 欠进度x个百分点 or 与时间进度持平."""
    ahead = progress.ahead_points
    if not ahead:
        return ["与时间进度持平"]
    linked = view.links.figure(f"{points(ahead)}个百分点", progress.figure, "ahead", **narrowed)
    return ["超进度" if ahead > 0 else "欠进度", linked]


def _signed_this_year(view: View) -> Text:
    count, amount = view.values("signed.count").ytd, view.values("signed.amount").ytd
    total = view.links.figure(spoken(amount), "signed.amount", "ytd")
    if count:
        linked = view.links.figure(f"{count}个", "signed.count", "ytd")
        return ["新签订招商引资合同项目", linked, "、总投资", total]
    return ["无新签订招商引资合同项目"] + (["，补充协议增资", total] if amount else [])


def _built_this_year(view: View) -> Text:
    values, links = view.values("started_big.count"), view.links
    if values.ytd:
        linked = links.figure(f"{values.ytd}个", "started_big.count", "ytd")
        return ["新建亿元以上项目", linked, "，", *growth_clause(view, "started_big.count")]
    if values.last_year_ytd:
        linked = links.figure(f"{values.last_year_ytd}个", "started_big.count", "last_year_ytd")
        return ["无新建亿元以上项目（上年同期", linked, "）"]
    return ["无新建亿元以上项目"]


def _funds_this_year(view: View) -> Text:
    values, progress = view.values(FUNDS), view.target(FUNDS)
    text: Text = ["无招商引资资金到位"]
    if values.ytd:
        linked = view.links.figure(spoken(values.ytd), FUNDS, "ytd")
        text = ["招商引资到位资金", linked, "，", *growth_clause(view, FUNDS)]
    if progress:
        done = view.links.figure(f"{points(progress.done_percent)}%", FUNDS, "done")
        text += ["，完成年度目标的", done, "，", *pace(progress, view)]
    return text


def _this_month(view: View) -> Text:
    links, parts, none = view.links, [], []
    signed, amount = view.values("signed.count").month, view.values("signed.amount").month
    if signed > 0:
        number = links.figure(f"{signed}个", "signed.count", "month")
        parts.append(
            ["新签约项目", number, "、总投资", links.figure(spoken(amount), "signed.amount", "month")]
        )
    elif signed < 0:
        parts.append(["新签约项目净减少", links.figure(f"{-signed}个", "signed.count", "month")])
    else:
        none.append("新签约")
    for kind, name in (("started", "新开工"), ("produced", "新投产")):
        count = view.values(f"{kind}.count").month
        if count < 0:
            parts.append([f"{name}项目净减少", links.figure(f"{-count}个", f"{kind}.count", "month")])
        elif count:
            parts.append([f"{name}项目", links.figure(f"{count}个", f"{kind}.count", "month")])
        else:
            none.append(name)
    if none:
        parts.append([f"无{'、'.join(none)}项目"])
    funds = view.values(FUNDS).month
    word = "到位资金" if funds > 0 else "到位资金净减少"
    parts.append([word, links.figure(spoken(abs(funds)), FUNDS, "month")] if funds else ["无资金到位"])
    return sentence(f"{view.this}，", row_of([sentence(*part) for part in parts], "，"), "。")


def targets_paragraph(view: View) -> Text:
    """Where the year's targets stand, what the month brought, and what each month left must bring."""
    if not view.targets:
        return sentence(f"{view.month.year}年未下达全区年度目标。", _month_on_month(view))
    standings = [_standing(target) for target in view.targets]
    order = sorted(view.targets, key=lambda t: standings.index(_standing(t)))
    groups = [_group(view, list(members)) for _same, members in groupby(order, key=_standing)]
    start = f"全年{len(view.targets)}项主要指标中，" if len(view.targets) > 1 else "全年"
    return sentence(start, row_of(groups, "；"), "。", _month_on_month(view))


def _standing(progress: TargetProgress) -> tuple[Decimal, bool, Decimal]:
    return progress.done_percent, progress.ytd >= progress.target, progress.ahead_points


def _group(view: View, members: list[TargetProgress]) -> Text:
    """Targets with the same 完成率 are said together."""
    first = members[0]
    names = "、".join(SHORT[t.figure] for t in members) + ("均" if len(members) > 1 else "")
    done = view.links.figure(f"{points(first.done_percent)}%", first.figure, "done")
    text: Text = [f"{names}完成年度目标的", done, "，"]
    if first.ytd >= first.target:
        return [*text, "已完成全年目标"]
    gap = Decimal(first.ytd) - Decimal(first.target) * first.month.month / 12
    if len(members) > 1 or get_figure(first.figure).measure is Measure.count or not gap:
        return text + pace(first, view)
    linked = view.links.figure(spoken(abs(round(gap))), first.figure, "gap")
    return [*text, f"比时间进度{'多' if gap > 0 else '少'}", linked]


def _month_on_month(view: View) -> Text:
    values, before, links = view.values(FUNDS), view.data["before"], view.links
    text: Text = [f"{view.this}无资金到位"]
    if values.month:
        word = "到位资金" if values.month > 0 else "到位资金净减少"
        text = [f"{view.this}{word}", links.figure(spoken(abs(values.month)), FUNDS, "month")]
    if before and (values.month or before[FUNDS]["month"]):
        difference = values.month - before[FUNDS]["month"]
        name = f"{view.month.month - 1}月"
        if difference:
            linked = links.figure(spoken(abs(difference)), FUNDS, "month_delta")
            text += [f"，比{name}{'增加' if difference > 0 else '减少'}", linked]
        else:
            text += [f"，与{name}持平"]
    return sentence(*text, _needed(view), "。")


def _needed(view: View) -> Text:
    progress = view.target(FUNDS)
    if progress is None or progress.ytd >= progress.target:
        return []
    left, months = progress.target - progress.ytd, 12 - view.month.month
    if not months:
        return ["；距全年目标还差", view.links.figure(spoken(left), FUNDS, "need")]
    label = REST_OF_YEAR.get(view.month.month, f"后{months}个月平均每月")
    linked = view.links.figure(spoken(halves(left, months)), FUNDS, "need")
    return [f"；{label}须到位", linked, "，方可完成全年目标"]


def scale_paragraph(view: View) -> Text | None:
    """从规模看: the share of 亿元以上 and the average contract; None when nothing was signed this year."""
    count, amount = view.values("signed.count"), view.values("signed.amount")
    big, total = view.values("signed_big.count").ytd, view.values("signed_big.amount").ytd
    links = view.links
    if not count.ytd:
        return None
    start: Text = ["从规模看，新签约项目均在亿元以下"]
    if big:
        share = share_percent(total, amount.ytd) or Decimal(0)
        start = [
            "从规模看，新签约亿元以上项目",
            links.figure(f"{big}个", "signed_big.count", "ytd"),
            "、总投资",
            links.figure(spoken(total), "signed_big.amount", "ytd"),
            "，占合同总投资的",
            links.figure(percent(share), "signed_big.share", "ytd"),
        ]
    average = links.figure(spoken(halves(amount.ytd, count.ytd)), "signed.average", "ytd")
    return sentence(*start, "；单个项目平均总投资", average, _average_change(view), "。")


def _average_change(view: View) -> Text:
    count, amount = view.values("signed.count"), view.values("signed.amount")
    if not count.last_year_ytd:
        return ["（上年同期无新签约项目）"]
    now = Decimal(amount.ytd) / count.ytd
    difference = round(now - Decimal(amount.last_year_ytd) / count.last_year_ytd)
    if not difference:
        return ["，与上年同期持平"]
    linked: Run = view.links.figure(spoken(abs(difference)), "signed.average", "delta")
    return [f"，比上年同期{'增加' if difference > 0 else '减少'}", linked]
