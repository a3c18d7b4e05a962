"""Self-evaluations, pure: scores by the rule set beside those by hand, what is missing, what was copied."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from difflib import SequenceMatcher

from chengshu.performance.contracts import Finding, Form, RescoredLine, Total
from chengshu.performance.contracts.evaluations import (
    Coverage,
    EvaluationContent,
    Gap,
    GapKind,
    LineScore,
    ResultRow,
    Settled,
    SideBySide,
    Stretch,
)
from chengshu.performance.rules.assessment import Outcome
from chengshu.performance.rules.rulesets import RuleSet
from chengshu.performance.rules.scoring import rescore
from chengshu.performance.rules.view import Row, view_form

_ZERO = Decimal(0)
_SHORTEST_COPY = 8  # characters in a row that are no accident
_LONGEST_COMPARED = 5000  # the matcher's work grows with the square
_FAR = "REASON_MISSING"


def settle(form: Form, by_hand: Sequence[Decimal | None], rules: RuleSet) -> Settled:
    """Score a form: each line as the rules give it, or as given by hand.

    The rules' score is what a full claim would get: a figure's by formula, an answer in words the most that its band
    allows. Lines that no rule covers have none and count as given by hand.
    """
    claimed = tuple(replace(row, score=row.weight) for row in form.indicators)
    money = replace(form.money, total=replace(form.money.total, score=None))
    view = view_form(replace(form, indicators=claimed, money=money, total=Total(), grade=None), rules)
    found = {line.field: line for line in rescore(view).lines}
    lines = tuple(
        _line(row, found[row.path], hand) for row, hand in zip(view.rows, _padded(by_hand, len(view.rows)), strict=True)
    )
    paid = found.get("/money/total")
    execution = LineScore(paid.weight, paid.score, paid.score, paid.why, paid.why_en) if paid else None
    scores = [line.score for line in (*lines, *((execution,) if execution else ()))]
    given = [score for score in scores if score is not None]
    total = sum(given, _ZERO) if scores and len(given) == len(scores) else None
    return Settled(lines, execution, total, "" if total is None else rules.grade_of(total))


def _padded(by_hand: Sequence[Decimal | None], count: int) -> Sequence[Decimal | None]:
    return [*by_hand, *[None] * (count - len(by_hand))]


def _line(row: Row, found: RescoredLine, hand: Decimal | None) -> LineScore:
    verdict = row.assessment
    is_covered = verdict.outcome is Outcome.MET or verdict.share is not None or verdict.low is not None
    rule = found.score if is_covered and row.weight is not None else None
    return LineScore(row.weight, rule, rule if hand is None else hand, found.why, found.why_en)


def fill_scores(form: Form, settled: Settled) -> Form:
    """Put the scores, the total and the grade on the form."""
    rows = tuple(replace(row, score=line.score) for row, line in zip(form.indicators, settled.lines, strict=True))
    paid = settled.execution.score if settled.execution else None
    money = replace(form.money, total=replace(form.money.total, score=paid))
    total = replace(form.total, score=settled.total)
    return replace(form, indicators=rows, money=money, total=total, grade=settled.grade or None)


def cover(form: Form, content: EvaluationContent) -> Coverage:
    """Tell how many indicators, and how many of their points, rest on a measurement."""
    weights = [row.weight or _ZERO for row in form.indicators]
    measured = [row.measurement_id is not None for row in content.rows]
    points = sum((weight for weight, has in zip(weights, measured, strict=True) if has), _ZERO)
    return Coverage(len(weights), sum(measured), sum(weights, _ZERO), points)


def list_gaps(
    content: EvaluationContent,
    settled: Settled,
    findings: Iterable[Finding],
    *,
    bound: Sequence[bool],
    waiting: Sequence[bool],
    is_approved: bool,
) -> tuple[Gap, ...]:
    """List what has to be mended before a self-evaluation is handed in, in the order of the form.

    `bound` tells for each row whether a registered indicator measures it, `waiting` whether what it would count is not
    there yet, so that nothing else can be asked of the row; `is_approved` whether the goals stand.
    """
    unexplained = {finding.field.removesuffix("/reason") for finding in findings if finding.code == _FAR}
    gaps = [] if is_approved else [Gap("", GapKind.GOALS_OPEN)]
    if not content.actual:
        gaps.append(Gap("/goal/actual", GapKind.RESULT))
    if settled.execution is None or settled.execution.score is None:
        gaps.append(Gap("/money/total", GapKind.EXECUTION))
    for at, (row, line) in enumerate(zip(content.rows, settled.lines, strict=True)):
        path = f"/indicators/{at}"
        if waiting[at]:
            gaps.append(Gap(f"{path}/actual", GapKind.WAITING, row.name))
            continue
        needs_words = path in unexplained or (line.score is not None and line.score < (line.weight or _ZERO))
        for cell, kind in _row_gaps(row, line, is_bound=bound[at], needs_words=needs_words):
            gaps.append(Gap(f"{path}/{cell}", kind, row.name))
    return tuple(gaps)


def _row_gaps(row: ResultRow, line: LineScore, *, is_bound: bool, needs_words: bool) -> Iterator[tuple[str, GapKind]]:
    if not row.actual:
        yield "actual", GapKind.ACTUAL
    if row.measurement_id is None:
        if row.document_id is None:
            yield "evidence", GapKind.MEASUREMENT if is_bound else GapKind.DOCUMENT
        elif not row.document_note:
            yield "evidence", GapKind.DOCUMENT_NOTE
    yield from (("score", kind) for kind in _score_gaps(row, line))
    if needs_words and not row.deviation:
        yield "reason", GapKind.DEVIATION


def _score_gaps(row: ResultRow, line: LineScore) -> Iterator[GapKind]:
    if line.score is None:
        if row.actual:  # without a result that is what is missing
            yield GapKind.SCORE
        return
    if line.weight is not None and line.score > line.weight:
        yield GapKind.SCORE_ABOVE_WEIGHT
    if row.score_reason:
        return
    if line.rule_score is None:
        yield GapKind.SCORE_BASIS
    elif line.score > line.rule_score:
        yield GapKind.SCORE_RAISED


def lay_side_by_side(expected: str, actual: str) -> SideBySide:
    """Mark what the result has word by word from the goal; stretches of fewer than eight characters do not count."""
    left, right = expected[:_LONGEST_COMPARED], actual[:_LONGEST_COMPARED]
    blocks = [
        block
        for block in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
        if block.size >= _SHORTEST_COPY
    ]
    copied = sum(block.size for block in blocks)
    share = round(100 * copied / len(actual)) if actual else 0
    return SideBySide(
        tuple(_stretches(expected, [(block.a, block.size) for block in blocks])),
        tuple(_stretches(actual, [(block.b, block.size) for block in blocks])),
        share,
    )


def _stretches(text: str, copied: Sequence[tuple[int, int]]) -> Iterator[Stretch]:
    at = 0
    for start, size in copied:
        if start > at:
            yield Stretch(text[at:start], is_copied=False)
        yield Stretch(text[start : start + size], is_copied=True)
        at = start + size
    if at < len(text):
        yield Stretch(text[at:], is_copied=False)
