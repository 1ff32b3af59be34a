"""The opening paragraph, and section 一: figures against targets (sentences: brief.md §2.1, §2.2)."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import Any

from app.briefs.rules.runs import Run, Text, row_of, sentence
from app.briefs.rules.sentences import Tokens
from app.briefs.rules.view import FUNDS, View
from app.briefs.rules.words import growth, halves, percent, points, spoken
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
    text = view.say(
        "opening.year",
        {
            "新签约": _signed_this_year(view),
            "新建亿元以上": _built_this_year(view),
            "到位资金": _funds_this_year(view),
        },
    )
    return text if view.in_january else sentence(text, _this_month(view))


def growth_clause(view: View, code: str) -> Text:
    """同比增长7.0%, with the link on the growth; 上年同期无基数 without a base."""
    values = view.values(code)
    return growth_said(view, values.ytd, values.last_year_ytd, code)


def growth_said(view: View, now: int, base: int, code: str, **narrowed: Any) -> Text:
    """The same for any two numbers of the figure ``code``."""
    word = growth(now, base)
    if word is None:
        return view.say("growth.none")
    linked = view.links.figure(word, code, "yoy", **narrowed)
    return view.say("growth.even" if word.endswith("持平") else "growth.some", {"增幅": linked})


def pace(progress: TargetProgress, view: View, **narrowed: str) -> Text:
    """超进度x个百分点, 欠进度x个百分点 or 与时间进度持平."""
    ahead = progress.ahead_points
    if not ahead:
        return view.say("pace.even")
    linked = view.links.figure(f"{points(ahead)}个百分点", progress.figure, "ahead", **narrowed)
    return view.say("pace.ahead" if ahead > 0 else "pace.behind", {"百分点": linked})


def _signed_this_year(view: View) -> Text:
    count, amount = view.values("signed.count").ytd, view.values("signed.amount").ytd
    total = view.links.figure(spoken(amount), "signed.amount", "ytd")
    if count:
        linked = view.links.figure(f"{count}个", "signed.count", "ytd")
        return view.say("opening.signed", {"个数": linked, "总投资": total})
    if amount:
        return view.say("opening.signed_supplement", {"总投资": total})
    return view.say("opening.signed_none")


def _built_this_year(view: View) -> Text:
    code, links = "started_big.count", view.links
    values = view.values(code)
    if values.ytd:
        tokens: Tokens = {
            "个数": links.figure(f"{values.ytd}个", code, "ytd"),
            "同比": growth_clause(view, code),
        }
        return view.say("opening.built", tokens)
    if values.last_year_ytd:
        linked = links.figure(f"{values.last_year_ytd}个", code, "last_year_ytd")
        return view.say("opening.built_none_before", {"上年同期": linked})
    return view.say("opening.built_none")


def _funds_this_year(view: View) -> Text:
    values, progress = view.values(FUNDS), view.target(FUNDS)
    if values.ytd:
        linked = view.links.figure(spoken(values.ytd), FUNDS, "ytd")
        text = view.say("opening.funds", {"到位资金": linked, "同比": growth_clause(view, FUNDS)})
    else:
        text = view.say("opening.funds_none")
    if progress is None:
        return text
    done = view.links.figure(f"{points(progress.done_percent)}%", FUNDS, "done")
    return view.say("opening.funds_target", {"到位资金": text, "完成率": done, "进度": pace(progress, view)})


def _this_month(view: View) -> Text:
    parts, none = [], []
    for kind, name in (("signed", "新签约"), ("started", "新开工"), ("produced", "新投产")):
        code = f"{kind}.count"
        count = view.values(code).month
        if not count:
            none.append(name)
            continue
        tokens: dict[str, Run | Text] = {"个数": view.links.figure(f"{abs(count)}个", code, "month")}
        if kind == "signed":
            amount = view.values("signed.amount").month
            tokens["总投资"] = view.links.figure(spoken(amount), "signed.amount", "month")
        parts.append(view.say(f"opening.month_{kind}" + ("_fell" if count < 0 else ""), tokens))
    if none:
        parts.append(view.say("opening.month_none", {"类别": "、".join(none)}))
    parts.append(_funds_this_month(view))
    return view.say("opening.month", {"各项": row_of(parts, "，")})


def _funds_this_month(view: View) -> Text:
    funds = view.values(FUNDS).month
    if not funds:
        return view.say("opening.month_funds_none")
    linked = view.links.figure(spoken(abs(funds)), FUNDS, "month")
    return view.say("opening.month_funds" if funds > 0 else "opening.month_funds_fell", {"到位资金": linked})


def targets_paragraph(view: View) -> Text:
    """Where the year's targets stand, what the month brought, and what each month left must bring."""
    month = _month_on_month(view)
    if not view.targets:
        return view.say("targets.none", {"本月到位": month})
    standings = [_standing(target) for target in view.targets]
    order = sorted(view.targets, key=lambda t: standings.index(_standing(t)))
    groups = [_group(view, list(members)) for _same, members in groupby(order, key=_standing)]
    number = len(view.targets)
    tokens: Tokens = {"项数": str(number), "各指标": row_of(groups, "；"), "本月到位": month}
    return view.say("targets.all" if number > 1 else "targets.one", tokens)


def _standing(progress: TargetProgress) -> tuple[Decimal, bool, Decimal]:
    return progress.done_percent, progress.ytd >= progress.target, progress.ahead_points


def _group(view: View, members: list[TargetProgress]) -> Text:
    """Targets with the same 完成率 are said together."""
    first, links = members[0], view.links
    tokens: dict[str, Run | Text] = {
        "指标": "、".join(SHORT[t.figure] for t in members) + ("均" if len(members) > 1 else ""),
        "完成率": links.figure(f"{points(first.done_percent)}%", first.figure, "done"),
    }
    if first.ytd >= first.target:
        return view.say("targets.done", tokens)
    gap = Decimal(first.ytd) - Decimal(first.target) * first.month.month / 12
    if len(members) > 1 or get_figure(first.figure).measure is Measure.count or not gap:
        return view.say("targets.pace", tokens | {"进度": pace(first, view)})
    tokens["差额"] = links.figure(spoken(abs(round(gap))), first.figure, "gap")
    return view.say("targets.gap_ahead" if gap > 0 else "targets.gap_behind", tokens)


def _month_on_month(view: View) -> Text:
    month = view.values(FUNDS).month
    tokens: dict[str, Run | Text] = {"比上月": _since_last_month(view), "余下任务": _needed(view)}
    if not month:
        return view.say("targets.month_none", tokens)
    tokens["到位资金"] = view.links.figure(spoken(abs(month)), FUNDS, "month")
    return view.say("targets.month" if month > 0 else "targets.month_fell", tokens)


def _since_last_month(view: View) -> Text:
    month, before = view.values(FUNDS).month, view.data["before"]
    if not before or not (month or before[FUNDS]["month"]):
        return []
    difference, name = month - before[FUNDS]["month"], f"{view.month.previous().month}月"
    if not difference:
        return view.say("targets.same", {"上月": name})
    linked = view.links.figure(spoken(abs(difference)), FUNDS, "month_delta")
    return view.say("targets.more" if difference > 0 else "targets.less", {"上月": name, "差额": linked})


def _needed(view: View) -> Text:
    progress = view.target(FUNDS)
    if progress is None or progress.ytd >= progress.target:
        return []
    left, months = progress.target - progress.ytd, 12 - view.month.month
    if not months:
        return view.say("targets.need_december", {"金额": view.links.figure(spoken(left), FUNDS, "need")})
    label = REST_OF_YEAR.get(view.month.month, f"后{months}个月平均每月")
    linked = view.links.figure(spoken(halves(left, months)), FUNDS, "need")
    return view.say("targets.need", {"余下月份": label, "金额": linked})


def scale_paragraph(view: View) -> Text | None:
    """从规模看: the share of 亿元以上 and the average contract; None when nothing was signed this year."""
    count, amount = view.values("signed.count"), view.values("signed.amount")
    big, total = view.values("signed_big.count").ytd, view.values("signed_big.amount").ytd
    links = view.links
    if not count.ytd:
        return None
    average = links.figure(spoken(halves(amount.ytd, count.ytd)), "signed.average", "ytd")
    tokens: dict[str, Run | Text] = {"平均": average, "比上年": _average_change(view)}
    if not big:
        return view.say("scale.small", tokens)
    share = share_percent(total, amount.ytd) or Decimal(0)
    return view.say(
        "scale.big",
        tokens
        | {
            "个数": links.figure(f"{big}个", "signed_big.count", "ytd"),
            "总投资": links.figure(spoken(total), "signed_big.amount", "ytd"),
            "占比": links.figure(percent(share), "signed_big.share", "ytd"),
        },
    )


def _average_change(view: View) -> Text:
    count, amount = view.values("signed.count"), view.values("signed.amount")
    if not count.last_year_ytd:
        return view.say("scale.none")
    now = Decimal(amount.ytd) / count.ytd
    difference = round(now - Decimal(amount.last_year_ytd) / count.last_year_ytd)
    if not difference:
        return view.say("scale.same")
    linked = view.links.figure(spoken(abs(difference)), "signed.average", "delta")
    return view.say("scale.more" if difference > 0 else "scale.less", {"差额": linked})
