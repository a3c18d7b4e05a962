"""Scoring a self-evaluation again beside the unit's own scores, and the way of a review as data."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from chengshu.performance.contracts import Form, Rescored
from chengshu.performance.contracts.reviews import LineScore, ReviewedLine, ReviewStep
from chengshu.performance.errors import ReviewInvalid, StepNotOpen
from chengshu.performance.rules.rulesets import RuleSet

EXECUTION = "execution"
_EXECUTION_FIELD = "/money/total"
_CHECKS, _OWNS = "performance.spot_check", "performance.object"

#: open: the reviewer writes; issued: the unit has it; objected: the reviewer answers; settled: the end.
STEPS: tuple[ReviewStep, ...] = (
    ReviewStep("open", "issue", "issued", _CHECKS),
    ReviewStep("issued", "accept", "settled", _OWNS),
    ReviewStep("issued", "object", "objected", _OWNS, needs_words=True),
    ReviewStep("issued", "take_back", "open", _CHECKS, needs_words=True),
    ReviewStep("issued", "settle", "settled", _CHECKS, needs_words=True),
    ReviewStep("objected", "uphold", "open", _CHECKS, needs_words=True),
    ReviewStep("objected", "reject", "settled", _CHECKS, needs_words=True),
)


def list_review_steps(state: str) -> tuple[ReviewStep, ...]:
    """Return the steps that lead on from a state."""
    return tuple(step for step in STEPS if step.source == state)


def find_review_step(state: str, action: str) -> ReviewStep:
    """Return the step of this name from this state.

    Raises:
        StepNotOpen: the review stands elsewhere; somebody else may have led it on meanwhile.
    """
    for step in list_review_steps(state):
        if step.action == action:
            return step
    raise StepNotOpen("这一步现在不能办，可能别人已经先办了。请刷新后再看。", state=state, action=action)


def lay_out_lines(form: Form, rescored: Rescored, keys: Sequence[str]) -> tuple[ReviewedLine, ...]:
    """Return the lines of a form to be scored again, the execution rate first where it is scored.

    `keys` name the indicators in the form's order.
    """
    by_rule = {line.field: line.score for line in rescored.lines}
    lines = [_lay_out_execution(form, by_rule[_EXECUTION_FIELD])] if _EXECUTION_FIELD in by_rule else []
    for number, (key, item) in enumerate(zip(keys, form.indicators, strict=True)):
        level1, level2, name = (word or "" for word in (item.level1, item.level2, item.level3))
        target, actual, why = (word or "" for word in (item.target, item.actual, item.reason))
        score = by_rule.get(f"/indicators/{number}")
        lines.append(ReviewedLine(key, level1, level2, name, target, actual, why, item.weight, item.score, score))
    return tuple(lines)


def _lay_out_execution(form: Form, by_rule: Decimal | None) -> ReviewedLine:
    money = form.money.total
    target, actual = (
        "" if amount is None else f"{amount:,}{form.money_unit or ''}" for amount in (money.budget, money.executed)
    )
    return ReviewedLine(EXECUTION, "", "", "预算执行率", target, actual, "", money.weight, money.score, by_rule)


def apply_scores(lines: Sequence[ReviewedLine], scores: Sequence[LineScore]) -> tuple[ReviewedLine, ...]:
    """Put the reviewer's scores beside the unit's; a score that does not differ leaves the line as it was.

    Raises:
        ReviewInvalid: naming every fault by line: an unknown line, a score below 0 or above the weight, a difference
            without a reason.
    """
    given = {score.key: score for score in scores}
    faults = dict.fromkeys(given.keys() - {line.key for line in lines}, "没有这一行，请刷新后再填。")
    result = []
    for line in lines:
        score = given.get(line.key)
        if score is None or score.score == line.own:
            result.append(replace(line, reviewed=None, reason=""))
            continue
        if fault := _fault(line, score):
            faults[line.key] = fault
        result.append(replace(line, reviewed=score.score, reason=score.reason))
    if faults:
        raise ReviewInvalid(f"有 {len(faults)} 行还不能保存，请看各行的提示。", lines=faults)
    return tuple(result)


def place_scores(lines: Sequence[ReviewedLine], scores: Sequence[LineScore]) -> tuple[ReviewedLine, ...]:
    """Put scores beside the unit's as they are, whether or not they could be kept; those of unknown lines are left out."""
    given = {score.key: score for score in scores}
    return tuple(
        line if (score := given.get(line.key)) is None else replace(line, reviewed=score.score, reason=score.reason)
        for line in lines
    )


def list_faults(lines: Sequence[ReviewedLine], scores: Sequence[LineScore]) -> dict[str, str]:
    """Return what stands in the way of keeping these scores, by line; empty when they can be kept."""
    try:
        apply_scores(lines, scores)
    except ReviewInvalid as fault:
        return dict(fault.lines)
    return {}


def estimate_total(lines: Sequence[ReviewedLine], scores: Sequence[LineScore]) -> Decimal | None:
    """Return the total that scores would give while they are typed, whether or not they can be kept yet."""
    return reviewed_total(place_scores(lines, scores))


def _fault(line: ReviewedLine, score: LineScore) -> str:
    if score.score < 0:
        return "复核分不能小于 0。"
    if line.weight is not None and score.score > line.weight:
        return f"复核分不能超过分值 {line.weight.normalize():f}。"
    return "" if score.reason else "与自评分不同，请写明理由。"


def reviewed_total(lines: Sequence[ReviewedLine]) -> Decimal | None:
    """Return the sum of the scores that count; None where a line has none."""
    counted = [line.counted for line in lines]
    given = [score for score in counted if score is not None]
    return sum(given, Decimal(0)) if given and len(given) == len(counted) else None


def reviewed_grade(total: Decimal | None, rules: RuleSet) -> str:
    """Return the grade of the reviewed total, compared unrounded; empty without a total."""
    return "" if total is None else rules.grade_of(total)


def changed_keys(before: Mapping[str, tuple[Decimal, str]], after: Sequence[ReviewedLine]) -> tuple[str, ...]:
    """Return the lines whose reviewed score or reason an edit changed."""
    now = {line.key: (line.reviewed, line.reason) for line in after if line.reviewed is not None}
    keys = [line.key for line in after if now.get(line.key) != before.get(line.key)]
    return tuple(keys)
