"""The total row and the grade: sums of weights and scores, bands."""

from collections.abc import Iterator
from decimal import Decimal

from chengshu.performance.contracts import Finding
from chengshu.performance.rules.notices import find
from chengshu.performance.rules.rounding import cut, decimals_of, round_half_up
from chengshu.performance.rules.view import FormView, class_of, compact_text

_ZERO = Decimal(0)
_GRADES = {"优秀": "优", "良好": "良", "中等": "中", "合格": "中", "较差": "差", "不合格": "差"}


def check_weight_sum(view: FormView) -> Iterator[Finding]:
    """WEIGHT_SUM: the indicators' weights with the execution rate's must be the full score, or the printed total."""
    weights = [row.weight for row in view.rows]
    if not weights or None in weights:
        return
    full, printed = view.rules.full_score, view.form.total.weight
    together = sum((weight for weight in weights if weight is not None), _ZERO)
    accepted = {full}
    if _counts_execution(view):
        together += view.form.money.total.weight or _ZERO
    else:
        accepted.add(full - view.rules.execution_points)
    if together in accepted and printed in {None, together}:
        return
    cells = (*(f"{row.path}/weight" for row in view.rows), "/money/total/weight", "/indicators")
    if together in accepted:
        yield find(view, "WEIGHT_SUM.total", "/total/weight", printed=printed, expected=together, cells=cells)
        return
    key = "WEIGHT_SUM.near" if abs(together - full) <= view.rules.weight_slack else "WEIGHT_SUM"
    yield find(view, key, "/total/weight", printed=together, expected=full, cells=cells)


def _counts_execution(view: FormView) -> bool:
    """Whether the total row takes in the execution rate: by its score where that decides, else by having a weight."""
    money, total = view.form.money.total, view.form.total
    if money.weight is None:
        return False
    summed = summed_score(view)
    return money.score is None or summed is None or total.score != summed - money.score or money.score == 0


def check_total(view: FormView) -> Iterator[Finding]:
    """TOTAL_WRONG: the printed total against the exact sum of the printed scores."""
    printed = view.form.total.score
    summed = summed_score(view)
    if printed is None or summed is None or printed == summed:
        return
    digits = decimals_of(printed)
    if digits < decimals_of(summed) and printed in {round_half_up(summed, digits), cut(summed, digits)}:
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


def summed_score(view: FormView) -> Decimal | None:
    """Give the sum of the printed scores with the execution rate's; None where one of them is not there."""
    scores = [row.score for row in view.rows]
    money = view.form.money.total
    if not scores or None in scores or (money.score is None and money.weight is not None):
        return None
    return sum((score for score in scores if score is not None), money.score or _ZERO)


def check_grade(view: FormView) -> Iterator[Finding]:
    """GRADE_WRONG: the printed grade against the band of the printed total, or of the scores' sum."""
    printed, total = compact_text(view.form.grade), view.form.total.score
    known = [grade for grade, _ in view.rules.grade_bands]
    grade = _GRADES.get(printed, printed)
    if total is None or grade not in known:
        return
    summed = summed_score(view)
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
