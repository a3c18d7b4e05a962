"""The build of the form: names, classes, years, cells used for something else, cells not read."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from chengshu.base.quantities import Kind, parse_quantity
from chengshu.performance.contracts import Finding
from chengshu.performance.rules.lexicon import any_word, member_of, one_of, words
from chengshu.performance.rules.notices import find
from chengshu.performance.rules.view import FormView, Row, class_of, compact_text

_YEAR = re.compile(r"(?<![0-9])20[0-4][0-9](?![0-9])")
_LIMIT_IN_NAME = re.compile(r"(?:不超过|不低于|不少于|不高于|至少|达到?|约|控制在|[≥≤<>])[0-9]")
_SATISFACTION = "满意度"


_UNNAMED = frozenset({Kind.PERCENT, Kind.WORD})  # targets that do not say the figure again


def check_names(view: FormView) -> Iterator[Finding]:
    """INDICATOR_PLACEHOLDER, DUPLICATED: a class name in place of an indicator; one name twice."""
    seen: dict[str, Row] = {}
    for row in view.rows:
        if not row.name:
            continue
        if _is_class_name(row.name):
            yield _find(view, "INDICATOR_PLACEHOLDER", row)
        if row.name in seen:
            other = seen[row.name]
            yield _find(view, "DUPLICATED", row, other=f"{other.level1}/{other.level2}")
        else:
            seen[row.name] = row


@lru_cache(maxsize=16384)
def _is_class_name(name: str) -> bool:
    bare = name.rstrip("0123456789一二三四五六:：")
    return not {name, bare, bare.removesuffix("指标")}.isdisjoint(member_of("names", "placeholders"))


def check_classes(view: FormView) -> Iterator[Finding]:
    """NO_SATISFACTION, MISSING_CLASS: a class or category that the form should have and has not."""
    present = {class_of(row) for row in view.rows} | {row.level1 for row in view.rows}
    if not present or "" in present or view.is_unreadable("/indicators"):
        return
    missing = [name for name in view.rules.expected_classes if name not in present]
    if _SATISFACTION in missing:
        missing.remove(_SATISFACTION)
        yield find(view, "NO_SATISFACTION", "/indicators")
    categories = {row.level2 for row in view.rows}
    if "产出" in present and "" not in categories:
        missing += [name for name in view.rules.expected_categories if name not in categories and name not in present]
    if missing:
        yield find(view, "MISSING_CLASS", "/indicators", expected="、".join(missing))


def check_category(view: FormView) -> Iterator[Finding]:
    """MISCLASSIFIED: the name's words speak for another category; a hint, no more."""
    for row in view.rows:
        if row.name and is_misplaced(row.level2, row.name):
            yield _find(view, "MISCLASSIFIED", row, category=row.level2)


@lru_cache(maxsize=16384)
def is_misplaced(category: str, name: str) -> bool:
    """Whether the name has a cue word of another category, or none of a category that needs one."""
    cues = _cues().get(category)
    if cues is None or name.removesuffix("指标") in member_of("names", "placeholders"):
        return False
    own, foreign = cues
    return bool(foreign.search(name)) or (own is not None and not own.search(name))


@cache
def _cues() -> Mapping[str, tuple[re.Pattern[str] | None, re.Pattern[str]]]:
    listed: Mapping[str, Any] = words()["cues"]
    return {
        category: (any_word(entry["own"]) if "own" in entry else None, any_word(entry.get("foreign", ())))
        for category, entry in listed.items()
    }


def check_project(view: FormView) -> Iterator[Finding]:
    """NAME_MISSING, YEAR_MISMATCH: no project name; another year in it, or in a deadline."""
    form = view.form
    name = compact_text(form.project)
    if not name and not view.is_unreadable("/project"):
        yield find(view, "NAME_MISSING", "/project")
    if form.year is None:
        return
    years = {int(year) for year in _YEAR.findall(name)}
    if years and not min(years) <= form.year <= max(years):
        shown = "、".join(map(str, sorted(years)))
        yield find(
            view, "YEAR_MISMATCH", "/project", printed=form.project, cells=("/year",), years=shown, year=form.year
        )
    for row in view.rows:
        if row.target is not None and row.target.day is not None and row.target.day.year < form.year:
            yield find(
                view,
                "YEAR_MISMATCH.target",
                f"{row.path}/target",
                printed=row.indicator.target,
                cells=("/year",),
                label=row.label,
                year=form.year,
            )


def check_columns(view: FormView) -> Iterator[Finding]:
    """COLUMN_MISUSED, NOT_FILLED: weights in the value columns, targets in the name column, hints left standing."""
    if view.is_misused:
        yield find(view, "COLUMN_MISUSED", "/indicators")
    for row in view.rows:
        if row.target is not None and row.target.kind in _UNNAMED and _names_a_target(row.name):
            yield _find(view, "COLUMN_MISUSED.name", row, target=row.indicator.target)
        for cell, text in (("target", row.target), ("actual", row.actual)):
            if text is not None and text.kind is Kind.WORD and one_of("hints", "unfilled").search(text.text):
                yield find(view, "NOT_FILLED", f"{row.path}/{cell}", printed=text.text, label=row.label)
        if row.name and one_of("hints", "unfilled").match(row.name):
            yield _find(view, "NOT_FILLED", row)


@lru_cache(maxsize=16384)
def _names_a_target(name: str) -> bool:
    """Whether a name holds a deadline or a limit with its figure, which belong into the target column."""
    whole = parse_quantity(name)
    return (whole is not None and whole.kind is Kind.DATE) or bool(_LIMIT_IN_NAME.search(name))


def check_unreadable(view: FormView) -> Iterator[Finding]:
    """UNREADABLE: what stands on the paper and could not be read, so that nobody takes it for empty."""
    for item in view.form.unreadable:
        yield find(view, "UNREADABLE", item.field, printed=item.raw, raw=item.raw)


def _find(view: FormView, key: str, row: Row, **facts: object) -> Finding:
    printed = row.indicator.level3
    cells = (f"{row.path}/level2",)
    return find(view, key, f"{row.path}/level3", printed=printed, expected=None, cells=cells, label=row.label, **facts)
