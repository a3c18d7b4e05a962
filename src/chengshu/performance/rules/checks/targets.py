"""Targets and actual values: missing, echoed, not of one kind, not of one unit, beyond measure."""

import re
from collections.abc import Iterator
from functools import lru_cache

from chengshu.base.quantities import Kind, Quantity, common_values, find_figures
from chengshu.performance.contracts import Finding
from chengshu.performance.rules.checks.scores import is_far_better
from chengshu.performance.rules.lexicon import member_of, one_of, scale_nouns, scales_of, words
from chengshu.performance.rules.notices import find
from chengshu.performance.rules.rounding import round_half_up
from chengshu.performance.rules.view import FormView, Row

_LIMIT_MARKS = ("≥", "≤", ">", "<")
_ABOUT = ("约", "近", "大约", "±")
_AND_MORE = re.compile(r"左右$|[0-9万亿][余多]")
_LIMIT_WORDS = ("以上", "以下", "以内", "不低于", "不少于", "不超过", "超过", "大于", "小于")


def check_missing(view: FormView) -> Iterator[Finding]:
    """TARGET_MISSING, ACTUAL_MISSING, NOT_FILLED: empty cells of a weighted row; what could not be read is not empty."""
    for row in view.rows:
        if row.weight is None and row.score is None:
            if row.target is None and row.actual is None and row.name and not view.is_unreadable(row.path):
                yield _find(view, "NOT_FILLED.row", row, "")
            continue
        if not row.weight and not row.score:
            continue  # a class that does not apply, kept with no points
        if row.name in member_of("money", "rate_names"):
            continue  # the execution rate among the indicators: its target and value stand in the money block
        if row.target is None and not view.is_unreadable(f"{row.path}/target"):
            yield _find(view, "TARGET_MISSING", row, "/target")
        if row.actual is None and not view.is_unreadable(f"{row.path}/actual"):
            yield _find(view, "ACTUAL_MISSING", row, "/actual")


def check_low_target(view: FormView) -> Iterator[Finding]:
    """TARGET_LOW: the actual value far beyond its target (or far below the limit it had to stay under)."""
    for row in view.rows:
        ratio, target = row.assessment.ratio, row.target
        if ratio is None or target is None or not is_far_better(row, view.rules):
            continue
        share = f"{round_half_up(ratio * 100, 1):f}%"
        key = "TARGET_LOW.limit" if target.sign in {"≤", "<"} else "TARGET_LOW"
        yield _find(view, key, row, "/target", share=share)


def check_echo(view: FormView) -> Iterator[Finding]:
    """TARGET_ECHO: nearly every actual value is its target over again."""
    pairs = [(row.target, row.actual) for row in view.rows if row.target is not None and row.actual is not None]
    if len(pairs) < view.rules.echo_rows:
        return
    same = sum(_is_echo(target, actual) for target, actual in pairs)
    if same >= view.rules.echo_share * len(pairs):
        yield find(view, "TARGET_ECHO", "/indicators", count=len(pairs), same=same)


def _is_echo(target: Quantity, actual: Quantity) -> bool:
    if target.value is None or actual.value is None:
        return target.text == actual.text
    pair = common_values(target, actual)
    return pair is not None and pair[0] == pair[1] and target.upper == actual.upper


def check_kinds(view: FormView) -> Iterator[Finding]:
    """TYPE_MISMATCH, ACTUAL_IS_RANGE, ACTUAL_OFF_SCALE, UNIT_MISMATCH: does the answer answer the target."""
    for row in view.rows:
        target, actual = row.target, row.actual
        if actual is None:
            continue
        if target is not None and _is_other_type(target, actual):
            yield _find(view, "TYPE_MISMATCH", row, "/actual")
        if _is_range(target, actual):
            yield _find(view, "ACTUAL_IS_RANGE", row, "/actual")
        if target is None:
            continue
        if is_off_scale(target.text, actual.text):
            yield _find(view, "ACTUAL_OFF_SCALE", row, "/actual")
        yield from _check_units(view, row, target, actual)


def _is_other_type(target: Quantity, actual: Quantity) -> bool:
    if target.value is not None:
        if actual.kind is Kind.DATE:
            return True
        return actual.kind is Kind.WORD and not _has_figure_in(actual.text, target.unit)
    if actual.value is None:
        return False
    return target.kind is Kind.DATE or not any(glyph.isdecimal() for glyph in target.text)


@lru_cache(maxsize=16384)
def _has_figure_in(text: str, unit: str) -> bool:
    """Whether the words hold a figure in the target's unit (已完成6项)."""
    return any(figure.unit == unit[:1] or not unit for figure in find_figures(text))


def _is_range(target: Quantity | None, actual: Quantity) -> bool:
    if actual.kind is Kind.RANGE:
        return target is None or target.kind is not Kind.RANGE
    if actual.is_limit or (actual.value is not None and _is_rough(actual.text)):
        return True
    if actual.kind is not Kind.WORD or not any(glyph.isdecimal() for glyph in actual.text):
        return False
    return any(mark in actual.text for mark in _LIMIT_MARKS) or any(mark in actual.text for mark in _LIMIT_WORDS)


@lru_cache(maxsize=16384)
def _is_rough(text: str) -> bool:
    """Whether a figure is only given about (约95%, 120余次)."""
    return text.startswith(_ABOUT) or bool(_AND_MORE.search(text))


@lru_cache(maxsize=16384)
def is_off_scale(target: str, answer: str) -> bool:
    """Whether the answer is a word of another scale than the target's, or only names the dimension (及时性)."""
    if answer in scale_nouns():
        return True
    asked, answered = scales_of(target), scales_of(answer)
    if not asked or not answered or answer in member_of("answers", "met") or answer in member_of("answers", "partial"):
        return False
    return not asked & answered


def _check_units(view: FormView, row: Row, target: Quantity, actual: Quantity) -> Iterator[Finding]:
    if target.kind is Kind.PERCENT and row.name.endswith(tuple(words()["units"]["counted_endings"])):
        yield _find(view, "UNIT_MISMATCH.counted", row, "/target")
        return
    if target.value is None or actual.value is None or common_values(target, actual) is not None:
        return
    is_percent = "%" in (target.unit, actual.unit) and view.rules.actual_units == "printed"
    if is_percent or (target.unit and actual.unit):
        yield _find(view, "UNIT_MISMATCH", row, "/actual")


def check_measurable(view: FormView) -> Iterator[Finding]:
    """UNMEASURABLE: a percentage of something that has none, or a word without a standard."""
    for row in view.rows:
        if row.target is None:
            continue
        if row.target.kind is Kind.PERCENT:
            if _is_abstract(row.name):
                yield _find(view, "UNMEASURABLE.percent", row, "/target")
        elif row.target.kind is Kind.WORD and _is_vague(row.name, row.target.text):
            yield _find(view, "UNMEASURABLE.words", row, "/target")


@lru_cache(maxsize=16384)
def _is_abstract(name: str) -> bool:
    return bool(one_of("names", "abstract").search(name)) and not one_of("names", "rate_words").search(name)


@lru_cache(maxsize=16384)
def _is_vague(name: str, target: str) -> bool:
    """Whether a target in words gives no standard: not a state that documents show, nor whether a rule book stands."""
    if target in member_of("vague", "verifiable"):
        return False
    if target in member_of("vague", "standing") and one_of("vague", "arrangements").search(name):
        return False
    return bool(scales_of(target)) or target in member_of("vague", "words") or target in scale_nouns()


def _find(view: FormView, key: str, row: Row, cell: str, **facts: object) -> Finding:
    indicator = row.indicator
    printed = {"/target": indicator.target, "/actual": indicator.actual}.get(cell)
    said = {"label": row.label, "target": indicator.target or "空", "actual": indicator.actual or "空", **facts}
    other = f"{row.path}/{'actual' if cell == '/target' else 'target'}"
    return find(view, key, f"{row.path}{cell}", printed=printed, expected=None, cells=(other,), **said)
