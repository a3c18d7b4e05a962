"""Composes a form that is right: sums add up, scores follow the rules, deductions have their reason."""

from datetime import date, timedelta
from random import Random

from chengshu.synthetic.forms.drafts import EXECUTION_WEIGHT, Draft, Purse, Row, share_of
from chengshu.synthetic.forms.styles import MET_ANSWER, PARTIAL_ANSWER, Style, bare, fixed
from chengshu.synthetic.forms.vocabulary import Family, Kind, Layout, Spec, Vocabulary, pick

CLASSES = {
    "quantity": ("产出指标", "数量指标"),
    "quality": ("产出指标", "质量指标"),
    "timeliness": ("产出指标", "时效指标"),
    "cost": ("产出指标", "成本指标"),
    "economic": ("效益指标", "经济效益指标"),
    "social": ("效益指标", "社会效益指标"),
    "ecological": ("效益指标", "生态效益指标"),
    "sustainable": ("效益指标", "可持续影响指标"),
    "satisfaction": ("满意度指标", "服务对象满意度指标"),
}
LOW_RATE = 90_00
UNMET_SHARE = 0.08  # of the figures; half of it of the answers in words
PARTIAL_SHARE = 70  # per cent of the weight, within the band of half an answer


def compose_form(rng: Random, vocabulary: Vocabulary, style: Style, number: int) -> Draft:
    """Compose a right form of a template."""
    family = pick(rng, vocabulary.families)
    district = pick(rng, vocabulary.districts)
    area = vocabulary.city + district
    subject = district + pick(rng, vocabulary.places) + pick(rng, family.objects)
    project = pick(rng, family.projects).format(o=subject)
    purse = compose_purse(rng, style)
    rows = _compose_rows(rng, vocabulary, family, subject, style)
    return Draft(
        style=style,
        number=number,
        year=style.year,
        project=project,
        department=area + family.bureau,
        unit=area + pick(rng, family.units),
        purse=purse,
        expected=_expected(family, subject, rows),
        actual=_actual(rng, vocabulary, project, purse, rows, style),
        rows=rows,
    )


def compose_purse(rng: Random, style: Style) -> Purse:
    """Draw amounts of a plausible size: right rate and score, half up; three budgets in ten adjusted, by less than 10 %."""
    step = 1 if style.money_unit == "万元" else 100_00
    initial = int(10 ** (3 + 3.5 * rng.random())) * step
    budget = initial if rng.random() < 0.7 else initial * (92 + int(rng.random() * 17)) // 100
    draw = rng.random()
    executed = budget if draw < 0.35 else budget * (9000 + int(rng.random() * 1000)) // 10000
    if draw > 0.96:
        executed = budget * (60 + int(rng.random() * 30)) // 100
    carried_over = budget // 5 if rng.random() < 0.15 else 0
    rate, score = rate_of(executed, budget)
    return Purse(initial, budget, executed, carried_over, budget - carried_over, rate, score)


def rate_of(executed: int, base: int) -> tuple[int, int]:
    """Give the execution rate and its score, both in hundredths, from the unrounded quotient."""
    return share_of(100_00, executed, base), min(share_of(EXECUTION_WEIGHT, executed, base), EXECUTION_WEIGHT)


def score_of(kind: Kind, target: int, actual: int, weight: int) -> int:
    """Score a figure by rule: full when reached, else in proportion (for "≤": 1 − excess ÷ target, at least 0)."""
    if kind is Kind.AT_MOST:
        return weight if actual <= target else max(share_of(weight, 2 * target - actual, target), 0)
    return weight if actual >= target else share_of(weight, actual, target)


def give_reason(rng: Random, vocabulary: Vocabulary, row: Row) -> str:
    """Write the reason for a row that fell short, tied to the row by its name."""
    return f"因{pick(rng, vocabulary.causes)}，{row.level3}与年初设定有差距；已{pick(rng, vocabulary.measures)}。"


def _compose_rows(rng: Random, vocabulary: Vocabulary, family: Family, subject: str, style: Style) -> list[Row]:
    outputs = vocabulary.outputs if style.has_cost_class else vocabulary.outputs_without_cost
    layout: Layout = pick(rng, outputs) + pick(rng, vocabulary.effects) + pick(rng, vocabulary.served)
    benefit = pick(rng, family.benefits).format(o=subject)
    rows: list[Row] = []
    previous, used = "", 0
    for category, points in layout:
        specs = family.specs[category]
        used = used + 1 if category == previous else int(rng.random() * len(specs))
        previous = category
        spec = specs[used % len(specs)]
        level1, level2 = CLASSES[category]
        name = spec.name.replace("{o}", subject).replace("{b}", benefit)
        row = Row(level1, level2, name, spec.kind, spec.unit, spec.word, points * 100)
        _answer(rng, vocabulary, spec, row, style)
        rows.append(row)
    return rows


def _answer(rng: Random, vocabulary: Vocabulary, spec: Spec, row: Row, style: Style) -> None:
    """Fill in target, answer, score and, where it fell short, the reason."""
    row.score = row.weight
    if spec.kind is Kind.WORD:
        _answer_in_words(rng, vocabulary, row, style)
    elif spec.kind is Kind.DEADLINE:
        last = date(style.year, *spec.day)
        done = last - timedelta(days=int(rng.random() * 60))
        row.target_text = f"于{last.year}年{last.month}月{last.day}日前完成"
        row.actual_text = f"{done.year}年{done.month}月{done.day}日完成"
    elif spec.kind is Kind.WITHIN:
        limit = spec.targets[0] // 100
        row.target_text = f"{limit}{spec.unit}内"
        row.actual_text = f"{limit * (60 + int(rng.random() * 40)) // 100}{spec.unit}"
    else:
        row.target = pick(rng, spec.targets)
        row.target_text = style.target(spec.kind, row.target, spec.unit)
        is_short = rng.random() < UNMET_SHARE
        answer_figure(row, _draw_actual(rng, spec, row.target, is_short=is_short), style)
        if row.score < row.weight:
            row.reason = give_reason(rng, vocabulary, row)


def _answer_in_words(rng: Random, vocabulary: Vocabulary, row: Row, style: Style) -> None:
    row.target_text = row.word
    row.actual_text = MET_ANSWER if style.has_bracketed_units else row.word
    if rng.random() < UNMET_SHARE / 2:
        row.actual_text = PARTIAL_ANSWER if style.has_bracketed_units else vocabulary.partial[row.word]
        row.score = row.weight * PARTIAL_SHARE // 100
        row.reason = give_reason(rng, vocabulary, row)


def answer_figure(row: Row, actual: int, style: Style) -> None:
    """Set a row's figure with its printed text and the score that it gets by rule."""
    row.actual = actual
    row.actual_text = style.figure(actual, row.unit)
    row.score = score_of(row.kind, row.target or actual, actual, row.weight)


def _draw_actual(rng: Random, spec: Spec, target: int, *, is_short: bool) -> int:
    step = 10 if spec.unit in {"%", "ms", "公里", "公顷"} else 100
    if is_short:
        shift = 1.02 + 0.3 * rng.random() if spec.kind is Kind.AT_MOST else 0.97 - 0.3 * rng.random()
    elif spec.kind is Kind.AT_LEAST:
        shift = 1 + 0.15 * rng.random()
    else:
        shift = 1 - 0.35 * rng.random() if spec.kind is Kind.AT_MOST else 1
    drawn = int(target * shift) // step * step
    if not is_short:
        drawn = min(drawn, target) if spec.kind is Kind.AT_MOST else max(drawn, target)
    return min(drawn, 100_00) if spec.unit == "%" and spec.kind is not Kind.AT_MOST else drawn


def _expected(family: Family, subject: str, rows: list[Row]) -> str:
    promises = "，".join(f"{row.level3}{row.target_text}" for row in rows[:2])
    return f"{family.purpose.format(o=subject)}，年度内力争达到：{promises}。"


def _actual(rng: Random, vocabulary: Vocabulary, project: str, purse: Purse, rows: list[Row], style: Style) -> str:
    amount = fixed(purse.executed) if style.money_unit == "万元" else bare(purse.executed)
    reached = "，".join(f"{row.level3}为{row.actual_text}" for row in rows[:2])
    text = f"全年支付{amount}{style.money_unit}，{project}各项任务已办结，{reached}。"
    if purse.rate < LOW_RATE:
        text += f"因{pick(rng, vocabulary.causes)}，预算执行率为{fixed(purse.rate)}%，尾款结转下年支付。"
    return text
