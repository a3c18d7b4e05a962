"""The deviation reasons: missing, the same everywhere, beside the point, saying nothing."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache

from rapidfuzz import fuzz

from chengshu.performance.contracts import Finding
from chengshu.performance.rules.assessment import UNMET, Outcome
from chengshu.performance.rules.lexicon import any_word, one_of, tautology_share, words
from chengshu.performance.rules.notices import find
from chengshu.performance.rules.view import FormView, Row

_SHORTEST_REASON = 8  # a few words need not name their indicator
_SHORTEST_NEAR = 8  # shorter texts resemble each other by accident


def check_reason_missing(view: FormView) -> Iterator[Finding]:
    """REASON_MISSING: points taken off, a target missed or far surpassed, and no word why."""
    has_column = view.rules.reason_place == "row"
    if view.rules.reason_place == "some":
        has_column = any(row.reason is not None for row in view.rows)
    for row in view.rows:
        if row.reason is not None or view.is_unreadable(f"{row.path}/reason"):
            continue
        if key := _missing_key(view, row, has_column=has_column):
            cells = tuple(f"{row.path}/{cell}" for cell in ("score", "weight", "target", "actual"))
            facts = {"target": row.indicator.target, "actual": row.indicator.actual, "weight": row.weight}
            yield _find(view, key, row, cells=cells, score=row.score, **facts)


def _missing_key(view: FormView, row: Row, *, has_column: bool) -> str | None:
    verdict = row.assessment
    if row.is_deducted or (verdict.outcome in UNMET and verdict.is_sure):
        if not has_column:
            return "REASON_MISSING.form"
        return "REASON_MISSING" if row.is_deducted else "REASON_MISSING.short"
    is_far = verdict.ratio is not None and verdict.ratio >= view.rules.over_target_reason
    return "REASON_MISSING.over" if is_far and verdict.outcome is Outcome.MET else None


def check_reason_repeated(view: FormView) -> Iterator[Finding]:
    """REASON_BOILERPLATE: one text, or nearly one, given for several indicators."""
    given = [(row, row.reason) for row in view.rows if row.reason is not None]
    if len(given) < view.rules.boilerplate_repeats:
        return
    cutoff = float(view.rules.boilerplate_similarity * 100)
    for row, reason in given:
        same = sum(reason == other or _is_near(reason, other, cutoff) for _, other in given)
        if same >= view.rules.boilerplate_repeats:
            yield _find(view, "REASON_BOILERPLATE", row, count=same)


def _is_near(left: str, right: str, cutoff: float) -> bool:
    if min(len(left), len(right)) < _SHORTEST_NEAR:
        return False
    return fuzz.ratio(left, right, score_cutoff=cutoff) >= cutoff


def check_reason_meaning(view: FormView) -> Iterator[Finding]:
    """OFF_POINT, TAUTOLOGY: a reason without a word about its indicator, or without a cause."""
    for row in view.rows:
        if row.reason is None or row.weight is None or row.score is None or not row.is_deducted:
            continue
        if is_tautology(row.name, row.reason):
            yield _find(view, "TAUTOLOGY", row)
        elif row.name and len(row.reason) >= _SHORTEST_REASON and is_off_point(row.name, row.reason):
            yield _find(view, "OFF_POINT", row)


@lru_cache(maxsize=16384)
def is_off_point(name: str, reason: str) -> bool:
    """Whether a reason shares no two characters in a row with the indicator's name, nor a word related to it."""
    if any(name[at : at + 2] in reason for at in range(len(name) - 1)):
        return False
    return not any(names.search(name) and reasons.search(reason) for names, reasons in _related())


@cache
def _related() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return tuple((any_word(entry["names"]), any_word(entry["reasons"])) for entry in words()["related"])


@lru_cache(maxsize=16384)
def is_tautology(name: str, reason: str) -> bool:
    """Whether a reason only says again what is short: a set phrase, or the name with words of wish."""
    if any(pattern.fullmatch(reason) for pattern in _set_phrases()):
        return True
    rest = one_of("tautology", "want").sub("", reason)
    rest = "".join(glyph for glyph in rest if glyph not in name)
    return Decimal(len(reason) - len(rest)) >= tautology_share() * len(reason)


@cache
def _set_phrases() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in words()["tautology"]["patterns"])


def _find(view: FormView, key: str, row: Row, *, cells: tuple[str, ...] = (), **facts: object) -> Finding:
    said = {"label": row.label, "reason": row.indicator.reason, **facts}
    return find(view, key, f"{row.path}/reason", printed=row.indicator.reason, expected=None, cells=cells, **said)
