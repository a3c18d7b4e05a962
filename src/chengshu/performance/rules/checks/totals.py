"""The total row and the grade: sums of weights and scores, bands."""

from collections.abc import Iterator
from decimal import Decimal

from chengshu.performance.contracts import Finding
from chengshu.performance.rules.notices import find
from chengshu.performance.rules.sums import accepted_weights, is_summed, sum_scores, sum_weights
from chengshu.performance.rules.view import FormView, class_of, compact_text

_ZERO = Decimal(0)
_GRADES = {"优秀": "优", "良好": "良", "中等": "中", "合格": "中", "较差": "差", "不合格": "差"}


def check_weight_sum(view: FormView) -> Iterator[Finding]:
    """WEIGHT_SUM: the indicators' weights with the execution rate's must be the full score, or the printed total."""
    together, printed = sum_weights(view.form), view.form.total.weight
    if together is None:
        return
    is_right = together in accepted_weights(view.form, view.rules)
    if is_right and printed in {None, together}:
        return
    cells = (*(f"{row.path}/weight" for row in view.rows), "/money/total/weight", "/indicators")
    if is_right:
        summed, score = sum_scores(view.form), view.form.total.score
        is_sure = summed is not None and score is not None and is_summed(score, summed) and printed != summed
        key = "WEIGHT_SUM.total" if is_sure else "WEIGHT_SUM.total_open"
        yield find(view, key, "/total/weight", printed=printed, expected=together, cells=cells)
        return
    full = view.rules.full_score
    key = "WEIGHT_SUM.near" if abs(together - full) <= view.rules.weight_slack else "WEIGHT_SUM"
    yield find(view, key, "/total/weight", printed=together, expected=full, cells=cells)


def check_total(view: FormView) -> Iterator[Finding]:
    """TOTAL_WRONG: the printed total against the exact sum of the printed scores."""
    printed = view.form.total.score
    summed = sum_scores(view.form)
    if printed is None or summed is None or is_summed(printed, summed):
        return
    execution = view.form.money.total.score
    is_without = execution is not None and summed - execution == printed
    if is_without and view.form.total.weight == sum((row.weight or _ZERO for row in view.rows), _ZERO):
        return
    key = "TOTAL_WRONG.without_execution" if is_without else "TOTAL_WRONG"
    if is_without and view.form.total.weight is None:
        key = "TOTAL_WRONG.open"
    cells = (*(f"{row.path}/score" for row in view.rows), "/money/total/score", "/indicators")
    yield find(view, key, "/total/score", printed=printed, expected=summed, cells=cells)


def check_grade(view: FormView) -> Iterator[Finding]:
    """GRADE_WRONG: the printed grade against the band of the printed total, or of the scores' sum."""
    printed, total = compact_text(view.form.grade), view.form.total.score
    known = [grade for grade, _ in view.rules.grade_bands]
    grade = _GRADES.get(printed, printed)
    if total is None or grade not in known:
        return
    summed = sum_scores(view.form)
    expected = view.rules.grade_of(total)
    if grade == expected or (summed is not None and grade == view.rules.grade_of(summed)):
        return
    yield find(
        view, "GRADE_WRONG", "/grade", printed=printed, expected=expected, cells=("/total/score",), total=f"{total:f}"
    )


def check_class_weights(view: FormView) -> Iterator[Finding]:
    """WEIGHT_NONSTANDARD: the classes' weights against the usual ones of the rule set."""
    sums: dict[str, Decimal] = {}
    for row in view.rows:
        if row.weight is None or not (name := class_of(row)):
            return
        sums[name] = sums.get(name, _ZERO) + row.weight
    if not sums or any(sums == dict(pattern) for pattern in view.rules.class_weights):
        return
    shown = "、".join(f"{name}{points.normalize():f}分" for name, points in sums.items())
    usual = " / ".join(
        "、".join(f"{name}{points:f}分" for name, points in pattern.items()) for pattern in view.rules.class_weights
    )
    yield find(view, "WEIGHT_NONSTANDARD", "/indicators", printed=shown, expected=usual)
