"""What the rules say of goals: those checks of a form that need no result, and what only holds before the year's work."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from chengshu.base.quantities import Kind, Quantity, common_values, parse_quantity
from chengshu.performance.contracts import Finding, Form, Level
from chengshu.performance.contracts.goals import Background, GoalContent, GoalRow, Mark, PastValue
from chengshu.performance.rules.checking import check_form
from chengshu.performance.rules.lexicon import member_of, one_of
from chengshu.performance.rules.rulesets import RuleSet
from chengshu.performance.rules.view import class_name, class_of, compact_text, quoted, view_form
from chengshu.performance.rules.year.goal_copying import names_past

#: Of the checks of a filled form, those that speak of the promise alone.
_SHARED = frozenset(
    {
        "WEIGHT_NONSTANDARD",
        "UNMEASURABLE",
        "UNIT_MISMATCH",
        "INDICATOR_PLACEHOLDER",
        "DUPLICATED",
        "NO_SATISFACTION",
        "MISSING_CLASS",
        "MISCLASSIFIED",
        "YEAR_MISMATCH",
        "COLUMN_MISUSED",
        "NOT_FILLED",
        "UNIT",
        "GOAL_WITHOUT_INDICATOR",
    }
)
_COMPULSORY = ("产出", "效益")  # 财预〔2021〕101号: always; the others where they fit
_ROW_DEPTH = 2  # slashes in the pointer of a whole row
_MARKS: Mapping[Mark, tuple[str, str]] = {
    Mark.DATES: ("写有往年日期", "names a past year"),
    Mark.SAME_TARGET: ("指标值与上年相同", "the target is last year's"),
    Mark.FAILED: ("上年没有完成", "missed last year"),
}


@dataclass(frozen=True, slots=True)
class GoalNotice:
    """One kind of notice on goals: its code and level, what it rests on, its names and texts."""

    code: str
    level: Level
    basis: str
    name_zh: str
    name_en: str
    zh: str
    en: str


@cache
def goal_notices() -> Mapping[str, GoalNotice]:
    """Give every notice by its key, "CODE" or "CODE.variant"."""
    table = tomllib.loads(files("chengshu.performance.rules").joinpath("lexicons", "goals.toml").read_text("utf-8"))
    return {key: GoalNotice(key.partition(".")[0], Level(entry.pop("level")), **entry) for key, entry in table.items()}


def check_goals(content: GoalContent, form: Form, rules: RuleSet, background: Background) -> tuple[Finding, ...]:
    """Check goals, gravest first; `form` is the content as a form. Pointers are those of the form's record."""
    found = [*_own_checks(content, form, rules, background), *_shared_checks(form, rules)]
    order = {level: at for at, level in enumerate(Level)}
    return tuple(sorted(found, key=lambda finding: order[finding.level]))


def _shared_checks(form: Form, rules: RuleSet) -> Iterator[Finding]:
    for finding in check_form(form, rules).findings:
        is_whole_row = finding.code == "NOT_FILLED" and finding.field.count("/") == _ROW_DEPTH
        if finding.code in _SHARED and not is_whole_row:
            yield finding


def _own_checks(content: GoalContent, form: Form, rules: RuleSet, background: Background) -> Iterator[Finding]:
    yield from _check_text(content.expected, form.year or 0, background.last_expected, rules)
    if not content.rows:
        yield _find(rules, "GOAL_EMPTY", "/indicators")
        return
    yield from _check_weights(content.rows, rules)
    yield from _check_classes(form, rules)
    for number, row in enumerate(content.rows):
        path = f"/indicators/{number}"
        yield from _check_cells(number, path, row, rules)
        past = background.past.get(compact_text(row.name), ())
        yield from _check_past(path, row, past, rules)


def _check_text(expected: str, year: int, last: str, rules: RuleSet) -> Iterator[Finding]:
    text = compact_text(expected)
    if not text:
        yield _find(rules, "GOAL_TEXT_MISSING", "/goal/expected")
        return
    if len(text) >= rules.goal_length and text == compact_text(last):
        yield _find(rules, "GOAL_TEXT_COPIED", "/goal/expected")
    if names_past(expected, year):
        yield _find(rules, "GOAL_TEXT_PAST", "/goal/expected", year=year)


def points_expected(rows: Sequence[GoalRow], rules: RuleSet) -> Decimal:
    """Give what the weights have to add up to: the full score without the execution rate's points.

    Where the execution rate stands among the indicators its points are counted there.
    """
    has_rate = any(compact_text(row.name) in member_of("money", "rate_names") for row in rows)
    return rules.full_score if has_rate else rules.full_score - rules.execution_points


def _check_weights(rows: Sequence[GoalRow], rules: RuleSet) -> Iterator[Finding]:
    expected = points_expected(rows, rules)
    weights = [row.weight for row in rows if row.weight is not None]
    total = sum(weights, Decimal(0))
    if total != expected:
        said = {"full": f"{rules.full_score:f}", "points": f"{rules.execution_points:f}"}
        yield _find(rules, "GOAL_WEIGHT_SUM", "/total/weight", printed=_bare(total), expected=_bare(expected), **said)


def _bare(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _check_classes(form: Form, rules: RuleSet) -> Iterator[Finding]:
    present = {name for row in view_form(form, rules).rows for name in (class_of(row), row.level1)}
    missing = [name for name in rules.expected_classes if name in _COMPULSORY and class_name(name) not in present]
    if missing:
        yield _find(rules, "GOAL_CLASS_MISSING", "/indicators", expected="、".join(missing))


def _check_cells(number: int, path: str, row: GoalRow, rules: RuleSet) -> Iterator[Finding]:
    label = quoted(row.name) if row.name else f"第{number + 1}项"
    if not row.name:
        yield _find(rules, "GOAL_NAME_MISSING", f"{path}/level3", number=number + 1)
    if not row.target:
        yield _find(rules, "GOAL_TARGET_MISSING", f"{path}/target", label=label)
    if row.weight is None:
        yield _find(rules, "GOAL_WEIGHT_MISSING", f"{path}/weight", label=label)
    if row.marks:
        zh, en = "、".join(_MARKS[mark][0] for mark in row.marks), ", ".join(_MARKS[mark][1] for mark in row.marks)
        yield _find(rules, "GOAL_MUST_CHANGE", f"{path}/level3", label=label, marks=zh, marks_en=en)


def _check_past(path: str, row: GoalRow, past: Sequence[PastValue], rules: RuleSet) -> Iterator[Finding]:
    """Hold a target against the newest earlier result, else against the newest earlier target."""
    target = parse_quantity(row.target) if row.target else None
    if target is None or target.value is None:
        return
    is_limit = _is_limit(row.name, target)
    for value in past:
        reached, promised = _same_sort(target, value.actual), _same_sort(target, value.target)
        if reached is not None and _is_far(reached, is_limit=is_limit, rules=rules):
            yield _past(rules, "GOAL_BELOW_RESULT", path, row, value, is_limit=is_limit)
            return
        if promised is not None and (promised[1] < promised[0] if is_limit else promised[1] > promised[0]):
            yield _past(rules, "GOAL_BELOW_TARGET", path, row, value, is_limit=is_limit)
            return
        if reached is not None or promised is not None:
            return


def _is_limit(name: str, target: Quantity) -> bool:
    """Whether less is better: by the sign, and where none says so by the name."""
    if target.sign in {"≤", "<"}:
        return True
    return target.sign in {None, "="} and bool(one_of("direction", "reverse").search(compact_text(name)))


def _same_sort(target: Quantity, text: str) -> tuple[Decimal, Decimal] | None:
    """Read an earlier value next to the target, in one unit; None where they cannot be compared."""
    value = parse_quantity(text) if text else None
    if value is None or Kind.RANGE in (value.kind, target.kind):
        return None
    return common_values(target, value)


def _is_far(pair: tuple[Decimal, Decimal], *, is_limit: bool, rules: RuleSet) -> bool:
    target, reached = pair
    if target <= 0:
        return False
    return reached <= target * rules.under_limit if is_limit else reached >= target * rules.over_target


def _past(rules: RuleSet, key: str, path: str, row: GoalRow, value: PastValue, *, is_limit: bool) -> Finding:
    shown = value.actual if key == "GOAL_BELOW_RESULT" else value.target
    said = {"label": quoted(row.name), "target": row.target, "year": value.year, "past": shown}
    return _find(rules, f"{key}.limit" if is_limit else key, f"{path}/target", **said)


def _find(rules: RuleSet, key: str, field: str, **facts: object) -> Finding:
    notice = goal_notices()[key]
    printed, expected = facts.get("printed"), facts.get("expected")
    return Finding(
        notice.code,
        notice.level,
        field,
        None if printed is None else str(printed),
        None if expected is None else str(expected),
        notice.zh.format_map(facts),
        notice.en.format_map(facts),
        rules.basis_of(notice.basis),
    )
