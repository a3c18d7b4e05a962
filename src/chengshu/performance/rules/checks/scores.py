"""Every indicator's score against its answer."""

from collections.abc import Iterator
from decimal import Decimal

from chengshu.base.quantities import Kind
from chengshu.performance.contracts import Finding
from chengshu.performance.rules.assessment import UNMET, WORDS, Assessment, Outcome, judge_answer
from chengshu.performance.rules.notices import find
from chengshu.performance.rules.rounding import decimals_of, round_half_up
from chengshu.performance.rules.rulesets import RuleSet
from chengshu.performance.rules.scoring import word_bounds
from chengshu.performance.rules.view import FormView, Row

_ZERO = Decimal(0)
_HUNDRED = Decimal(100)


def check_score_bounds(view: FormView) -> Iterator[Finding]:
    """SCORE_ABOVE_WEIGHT: more points than the weight, or fewer than none."""
    for row in view.rows:
        if row.score is None or row.weight is None or _ZERO <= row.score <= row.weight:
            continue
        key = "SCORE_ABOVE_WEIGHT" if row.score > 0 else "SCORE_ABOVE_WEIGHT.negative"
        yield find(
            view,
            key,
            f"{row.path}/score",
            printed=row.score,
            expected=row.weight,
            cells=(f"{row.path}/weight",),
            label=f"指标{row.label}",
            label_en=row.label,
        )


def check_score_by_rule(view: FormView) -> Iterator[Finding]:
    """SCORE_MET_BUT_DEDUCTED, SCORE_OVER, SCORE_UNDER: the printed score against what the answer is worth."""
    for row in view.rows:
        verdict = row.assessment
        if row.score is None or row.weight is None or row.weight <= 0 or not _ZERO <= row.score <= row.weight:
            continue
        if verdict.outcome is Outcome.MET:
            if row.score < row.weight:
                yield _deducted(view, row)
        elif verdict.outcome in UNMET:
            yield from _check_short(view, row, verdict, row.weight, row.score)
        elif verdict.outcome in WORDS:
            yield from _check_words(view, row, verdict, row.weight, row.score)
        elif row.is_full and verdict.outcome is Outcome.LATE:
            yield _find(view, "SCORE_OVER.late" if verdict.is_sure else "SCORE_OVER.late_open", row, expected=None)
        elif row.is_full and _is_partly_done(row):
            yield _find(view, "SCORE_OVER.mixed", row, expected=None)


def _is_partly_done(row: Row) -> bool:
    """Whether a figure was asked for and the words say that it was not wholly reached (≥90%, 基本完成)."""
    if row.target is None or row.target.value is None or row.actual is None or row.actual.kind is not Kind.WORD:
        return False
    return judge_answer(row.target.text, row.actual.text) in {Outcome.WORDS_PARTIAL, Outcome.WORDS_UNMET}


def _deducted(view: FormView, row: Row) -> Finding:
    is_explained = row.reason is not None or view.is_unreadable(f"{row.path}/reason")
    key = "SCORE_MET_BUT_DEDUCTED.explained" if is_explained else "SCORE_MET_BUT_DEDUCTED"
    if is_far_better(row, view.rules) and (row.assessment.ratio or _ZERO) >= view.rules.over_target:
        key = "SCORE_MET_BUT_DEDUCTED.far"
    if not row.assessment.is_sure:
        key = "SCORE_MET_BUT_DEDUCTED.unsigned"
    return _find(view, key, row, expected=row.weight)


def is_far_better(row: Row, rules: RuleSet) -> bool:
    """Whether a met value lies so far from its target that the target may have been set too low."""
    ratio, target = row.assessment.ratio, row.target
    if row.assessment.outcome is not Outcome.MET or ratio is None or target is None:
        return False
    return ratio < rules.under_limit if target.sign in {"≤", "<"} else ratio >= rules.over_target


def _check_short(view: FormView, row: Row, verdict: Assessment, weight: Decimal, score: Decimal) -> Iterator[Finding]:
    if verdict.share is None:
        return
    digits = decimals_of(score)
    due = verdict.share * weight
    most = max(due, (verdict.lenient or _ZERO) * weight)
    shown = round_half_up(due, max(digits, view.rules.score_digits))
    share = _share(verdict)
    if score > max(round_half_up(most, digits), most):
        key = "SCORE_OVER.reverse" if verdict.outcome is Outcome.EXCEEDED else "SCORE_OVER"
        if any(score == round_half_up(most, fewer) for fewer in range(digits)) and most > 0:
            key = "SCORE_OVER.rounded"
        elif not verdict.is_sure:
            key = "SCORE_OVER.unsigned" if verdict.outcome is Outcome.ZERO_EXCEEDED else "SCORE_OVER.direction"
        yield _find(view, key, row, expected=shown, share=share)
    elif score > max(round_half_up(due, digits), due):
        yield _find(view, "SCORE_OVER.lenient", row, expected=shown, share=share)
    elif score < min(round_half_up(due, digits), due) and due - score > _smallest(digits):
        yield _find(view, "SCORE_UNDER", row, expected=shown, share=share)


def _smallest(digits: int) -> Decimal:
    return Decimal(1).scaleb(-digits)


def _check_words(view: FormView, row: Row, verdict: Assessment, weight: Decimal, score: Decimal) -> Iterator[Finding]:
    low, high = word_bounds(verdict, weight)
    bounds = f"{low.normalize():f}–{high.normalize():f}"
    if score < low:
        met = verdict.outcome is Outcome.WORDS_MET
        key = "SCORE_UNDER.words" if not met else "SCORE_MET_BUT_DEDUCTED.words"
        yield _find(view, key, row, expected=bounds)
    elif verdict.is_open and score >= high and high > 0:
        key = "SCORE_OVER.words_unmet" if verdict.outcome is Outcome.WORDS_UNMET else "SCORE_OVER.words"
        yield _find(view, key, row, expected=bounds)


def check_same_answer(view: FormView) -> Iterator[Finding]:
    """SCORE_INCONSISTENT: rows with the same completion that got different shares of their weights."""
    groups: dict[object, list[tuple[Decimal, Row]]] = {}
    met: list[Decimal] = []
    for row in view.rows:
        if row.weight is None or row.score is None or row.weight <= 0 or row.target is None or row.actual is None:
            continue
        if row.score > row.weight:  # a fault of its own (SCORE_ABOVE_WEIGHT), and no yardstick for the others
            continue
        share = row.score / row.weight
        groups.setdefault(_answer_key(row), []).append((share, row))
        if row.assessment.outcome is Outcome.MET:
            met.append(share)
    for group in groups.values():
        if len(group) > 1:
            yield from _check_group(view, group)
    yield from _check_met_alike(view, met)


def _check_group(view: FormView, group: list[tuple[Decimal, Row]]) -> Iterator[Finding]:
    """Name the rows below the best of their group; the best too where it stands alone and was not simply met."""
    most, best = max(group, key=lambda entry: entry[0])
    below = [(share, row) for share, row in group if most - share > _INCONSISTENT]
    for share, row in below:
        yield _uneven(view, row, share, best, most)
    if len(group) - len(below) == 1 < len(below) and best.assessment.outcome not in _FULL_ANSWERS:
        yield _uneven(view, best, most, below[0][1], below[0][0])


def _uneven(view: FormView, row: Row, share: Decimal, other: Row, theirs: Decimal) -> Finding:
    cells = (f"{other.path}/score", f"{other.path}/weight", f"{row.path}/weight")
    facts = {"other": other.label, "share": _as_percent(share), "theirs": _as_percent(theirs)}
    return _find(view, "SCORE_INCONSISTENT", row, expected=None, cells=cells, **facts)


def _check_met_alike(view: FormView, shares: list[Decimal]) -> Iterator[Finding]:
    """Say once for the form that targets met were not all worth the same."""
    if shares and max(shares) - min(shares) > _INCONSISTENT:
        facts = {"count": len(shares), "least": _as_percent(min(shares)), "most": _as_percent(max(shares))}
        yield find(view, "SCORE_INCONSISTENT.met", "/indicators", printed=None, expected=None, cells=(), **facts)


_FULL_ANSWERS = frozenset({Outcome.MET, Outcome.WORDS_MET})  # full marks are what these are worth
_INCONSISTENT = Decimal("0.005")  # below this the difference is the rounding of the scores


def _answer_key(row: Row) -> object:
    if row.assessment.ratio is not None:
        return row.assessment.outcome, round_half_up(row.assessment.ratio, 4)
    if row.assessment.outcome in WORDS:
        return row.assessment.outcome, row.actual.text if row.actual else ""
    target, actual = row.target, row.actual
    is_figure = target is not None and target.value is not None
    return is_figure, actual.text if actual else ""


def _find(
    view: FormView,
    key: str,
    row: Row,
    *,
    expected: Decimal | str | None,
    cells: tuple[str, ...] = (),
    **facts: object,
) -> Finding:
    own = (f"{row.path}/target", f"{row.path}/actual", f"{row.path}/weight")
    said = {
        "label": row.label,
        "target": row.indicator.target,
        "actual": row.indicator.actual,
        "weight": f"{row.weight:f}" if row.weight is not None else "",
        **facts,
    }
    return find(view, key, f"{row.path}/score", printed=row.score, expected=expected, cells=(*own, *cells), **said)


def _share(verdict: Assessment) -> str:
    return "" if verdict.ratio is None else _as_percent(verdict.ratio)


def _as_percent(share: Decimal) -> str:
    return f"{round_half_up(share * _HUNDRED, 2):f}%"
