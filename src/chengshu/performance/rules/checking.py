"""The door of the rules: check one form, or many together."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from chengshu.base.memory import collection_paused
from chengshu.performance.contracts import Checked, Finding, Form
from chengshu.performance.rules.across import check_across
from chengshu.performance.rules.checks import goals, money, reasons, scores, structure, targets, totals
from chengshu.performance.rules.rulesets import RuleSet, rule_set_for
from chengshu.performance.rules.scoring import rescore
from chengshu.performance.rules.view import FormView, view_form

Check = Callable[[FormView], Iterator[Finding]]

CHECKS: tuple[tuple[str, Check], ...] = (
    ("RATE_WRONG RATE_BASE UNIT", money.check_rate),
    ("RATE_SCORE_WRONG", money.check_rate_score),
    ("SCORE_ABOVE_WEIGHT", money.check_rate_score_bounds),
    ("COMPONENT_SUM UNIT", money.check_components),
    ("LOW_EXECUTION_UNEXPLAINED", money.check_low_execution),
    ("BUDGET_SWING", money.check_budget_swing),
    ("WEIGHT_SUM", totals.check_weight_sum),
    ("TOTAL_WRONG", totals.check_total),
    ("GRADE_WRONG", totals.check_grade),
    ("WEIGHT_NONSTANDARD", totals.check_class_weights),
    ("SCORE_ABOVE_WEIGHT", scores.check_score_bounds),
    ("SCORE_MET_BUT_DEDUCTED SCORE_OVER SCORE_UNDER", scores.check_score_by_rule),
    ("SCORE_INCONSISTENT", scores.check_same_answer),
    ("REASON_MISSING", reasons.check_reason_missing),
    ("REASON_BOILERPLATE", reasons.check_reason_repeated),
    ("OFF_POINT TAUTOLOGY", reasons.check_reason_meaning),
    ("TARGET_MISSING ACTUAL_MISSING NOT_FILLED", targets.check_missing),
    ("TARGET_LOW", targets.check_low_target),
    ("TARGET_ECHO", targets.check_echo),
    ("TYPE_MISMATCH ACTUAL_IS_RANGE ACTUAL_OFF_SCALE UNIT_MISMATCH", targets.check_kinds),
    ("UNMEASURABLE", targets.check_measurable),
    ("INDICATOR_PLACEHOLDER DUPLICATED", structure.check_names),
    ("NO_SATISFACTION MISSING_CLASS", structure.check_classes),
    ("MISCLASSIFIED", structure.check_category),
    ("NAME_MISSING YEAR_MISMATCH", structure.check_project),
    ("COLUMN_MISUSED NOT_FILLED", structure.check_columns),
    ("UNREADABLE", structure.check_unreadable),
    ("GOAL_COPIED", goals.check_goal_copied),
    ("ITEM_UNREPORTED", goals.check_goal_items),
    ("GOAL_WITHOUT_INDICATOR", goals.check_goal_covered),
    ("UNIT", goals.check_goal_amounts),
    ("CONTRADICTION", goals.check_contradictions),
)


def check_form(form: Form, rule_set: RuleSet) -> Checked:
    """Check one form by a rule set and score it again."""
    return _check(view_form(form, rule_set), ())


def check_forms(forms: Sequence[Form], rule_set: RuleSet | None) -> tuple[Checked, ...]:
    """Check forms together and against each other, in order.

    Without a rule set each form gets the one of its template and year.
    """
    with collection_paused():
        views = [view_form(form, rule_set or rule_set_for(form)) for form in forms]
        between: dict[int, list[Finding]] = defaultdict(list)
        for number, finding in check_across(views):
            between[number].append(finding)
        return tuple(_check(view, between[number]) for number, view in enumerate(views))


def _check(view: FormView, between: Iterable[Finding]) -> Checked:
    findings = [finding for _, check in CHECKS for finding in check(view)]
    return Checked(view.form.source, view.rules.name, (*findings, *between), rescore(view))
