"""The door of the rules: check one form, or many together."""

from collections.abc import Callable, Iterator, Sequence

from chengshu.performance.contracts import Checked, Finding, Form
from chengshu.performance.rules.checks import money, scores, totals
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
)


def check_form(form: Form, rule_set: RuleSet) -> Checked:
    """Check one form by a rule set and score it again."""
    view = view_form(form, rule_set)
    findings = tuple(finding for _, check in CHECKS for finding in check(view))
    return Checked(form.source, rule_set.name, findings, rescore(view))


def check_forms(forms: Sequence[Form], rule_set: RuleSet | None) -> tuple[Checked, ...]:
    """Check forms together, in order; without a rule set each form gets the one of its template and year."""
    return tuple(check_form(form, rule_set or rule_set_for(form)) for form in forms)
