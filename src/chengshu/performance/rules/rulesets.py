"""Rule sets: every number that a check or a re-scoring uses, with where it comes from, per year and place."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from chengshu.performance.contracts import Form
from chengshu.performance.errors import RuleSetInvalid, RuleSetUnknown

DEFAULT = "national-2020"

Weights = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One rule set. Shares are fractions of 1, rates per cent, scores points.

    `basis` has what findings print for each setting, `principles` the same for rules without a figure.
    `positive_formula` is "proportion"; `reverse_formula` "excess" (1 − (a−t)/t) or "ratio" (t/a); `rate_base`
    "budget" or "initial". What a template's print leaves open: `reason_place` "row", "some" (not every print has the
    column) or "form"; `execution_reason` "form" or "elsewhere"; `component_rows` "closed" or "open" (more rows than
    three may stand there); `actual_units` "printed" or "column" (a column of its own). `grade_bands` run from best to worst, each with its lowest score (included).
    """

    name: str
    title: str
    place: str
    from_year: int
    basis: Mapping[str, str]
    principles: Mapping[str, str]
    full_score: Decimal
    execution_points: Decimal
    rate_base: str
    execution_cap: Decimal
    class_weights: tuple[Weights, ...]
    expected_classes: tuple[str, ...]
    expected_categories: tuple[str, ...]
    positive_formula: str
    reverse_formula: str
    pass_share: Decimal
    qualitative_bands: tuple[Decimal, Decimal]
    grade_bands: tuple[tuple[str, Decimal], ...]
    score_digits: int
    rate_slack: Decimal
    weight_slack: Decimal
    low_execution: Decimal
    budget_swing: Decimal
    over_target: Decimal
    over_target_reason: Decimal
    under_limit: Decimal
    reason_place: str
    execution_reason: str
    component_rows: str
    actual_units: str
    goal_similarity: Decimal
    goal_near: Decimal
    goal_repeats: Decimal
    goal_length: int
    echo_share: Decimal
    echo_rows: int
    boilerplate_similarity: Decimal
    boilerplate_repeats: int
    copied_share: Decimal
    copied_rows: int
    reset_share: Decimal
    reset_forms: int
    unit_ratio: Decimal
    confidence_floor: Decimal

    def basis_of(self, key: str) -> str:
        """Give what a finding prints as its basis: this rule set, the setting or principle, and where it comes from."""
        return self.basis.get(key) or self.principles[key]

    def grade_of(self, total: Decimal) -> str:
        """Give the grade of a total score, compared unrounded."""
        return next((grade for grade, lowest in self.grade_bands if total >= lowest), self.grade_bands[-1][0])


@cache
def list_rule_sets() -> tuple[str, ...]:
    """Give the names of the known rule sets in alphabetical order."""
    entries = files("chengshu.performance.rules").joinpath("rulesets").iterdir()
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in entries if entry.name.endswith(".toml")))


@cache
def get_rule_set(name: str) -> RuleSet:
    """Give a rule set by name.

    Raises RuleSetUnknown, naming the known ones, or RuleSetInvalid where its data break the schema.
    """
    if name not in list_rule_sets():
        known = "、".join(list_rule_sets())
        raise RuleSetUnknown(f"没有名为“{name}”的规则集，可用的有：{known}。", name=name, known=known)
    return build_rule_set(name, _read_with_parents(name, ()))


def rule_set_for(form: Form) -> RuleSet:
    """Give the rule set of the form's template and year; the national one of 2020 where none is closer.

    A template's own name wins; else the newest rule set of the template's place that was in force in the year.
    """
    return _choose(form.template, form.year)


@lru_cache(maxsize=4096)
def _choose(template: str, year: int | None) -> RuleSet:
    known = list_rule_sets()
    if template in known:
        return get_rule_set(template)
    place = template.partition("-")[0]
    local = [get_rule_set(name) for name in known if place and name.partition("-")[0] == place]
    if place == DEFAULT.partition("-")[0] or not local:
        return get_rule_set(DEFAULT)
    in_force = [rules for rules in local if year is None or rules.from_year <= year]
    return max(in_force, key=lambda rules: rules.from_year) if in_force else local[0]


def build_rule_set(name: str, data: Mapping[str, Any]) -> RuleSet:
    """Build a rule set from its data (already merged with what it extends).

    Raises RuleSetInvalid, naming the setting, where one is missing, unknown, without source or of a wrong kind.
    """
    settings: Mapping[str, Any] = data.get("settings", {})
    expected = {item.name for item in fields(RuleSet)} - {"name", "title", "place", "from_year", "basis", "principles"}
    if odd := sorted(expected.symmetric_difference(settings)):
        raise RuleSetInvalid(f"规则集“{name}”的设定有缺漏或多余：{'、'.join(odd)}。", name=name, settings=" ".join(odd))
    basis = {key: _basis(name, key, entry) for key, entry in settings.items()}
    principles = {key: _basis(name, key, entry) for key, entry in data.get("principles", {}).items()}
    return RuleSet(
        name=name,
        title=str(data["title"]),
        place=str(data["place"]),
        from_year=int(data["from_year"]),
        basis=MappingProxyType(basis),
        principles=MappingProxyType(principles),
        **{key: _value(name, key, entry) for key, entry in settings.items()},
    )


def _read_with_parents(name: str, seen: tuple[str, ...]) -> dict[str, Any]:
    if name in seen:
        raise RuleSetInvalid(f"规则集“{name}”循环继承。", name=name)
    path = files("chengshu.performance.rules").joinpath("rulesets", f"{name}.toml")
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as fault:
        raise RuleSetUnknown(f"规则集“{seen[-1]}”引用了不存在的“{name}”。", name=name) from fault
    parent = data.get("extends")
    if parent is None:
        return data
    inherited = _read_with_parents(parent, (*seen, name))
    settings = dict(inherited["settings"])
    for key, entry in data.get("settings", {}).items():
        settings[key] = {**settings.get(key, {}), **entry}
    return {**inherited, **data, "settings": settings}


def _basis(name: str, key: str, entry: Any) -> str:
    label, source = entry.get("label"), entry.get("source")
    if not label or not source:
        raise RuleSetInvalid(f"规则集“{name}”的设定“{key}”没有写明名称和来源。", name=name, setting=key)
    return f"{name}：{label}。依据：{source}"


def _value(name: str, key: str, entry: Any) -> Any:
    try:
        return _READERS.get(key, Decimal)(entry["value"])
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as fault:
        raise RuleSetInvalid(f"规则集“{name}”的设定“{key}”不合要求：{fault}", name=name, setting=key) from fault


def _one_of(*allowed: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in allowed:
            raise ValueError(value)
        return str(value)

    return read


def _weights(patterns: Any) -> tuple[Weights, ...]:
    return tuple(MappingProxyType({name: Decimal(points) for name, points in pattern.items()}) for pattern in patterns)


def _names(values: Any) -> tuple[str, ...]:
    return tuple(str(value) for value in values)


def _qualitative(values: Any) -> tuple[Decimal, Decimal]:
    met, partial = (Decimal(value) for value in values)
    if not 0 <= partial <= met <= 1:
        raise ValueError(values)
    return met, partial


def _grades(bands: Any) -> tuple[tuple[str, Decimal], ...]:
    read = tuple((str(grade), Decimal(lowest)) for grade, lowest in bands)
    if [lowest for _, lowest in read] != sorted((lowest for _, lowest in read), reverse=True) or read[-1][1] != 0:
        raise ValueError(bands)
    return read


def _count(value: Any) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError(value)
    return value


_READERS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "rate_base": _one_of("budget", "initial"),
        "positive_formula": _one_of("proportion"),
        "reason_place": _one_of("row", "some", "form"),
        "execution_reason": _one_of("form", "elsewhere"),
        "component_rows": _one_of("closed", "open"),
        "actual_units": _one_of("printed", "column"),
        "reverse_formula": _one_of("excess", "ratio"),
        "class_weights": _weights,
        "expected_classes": _names,
        "expected_categories": _names,
        "qualitative_bands": _qualitative,
        "grade_bands": _grades,
        "score_digits": _count,
        "goal_length": _count,
        "echo_rows": _count,
        "boilerplate_repeats": _count,
        "copied_rows": _count,
        "reset_forms": _count,
    }
)
