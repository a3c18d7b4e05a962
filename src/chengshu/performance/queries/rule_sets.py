"""Rule sets for people: every number with what it is for and where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from chengshu.performance.models import FormRecord
from chengshu.performance.rules import rulesets
from chengshu.performance.rules.rulesets import RuleSet

_CHOICES: Mapping[str, str] = MappingProxyType(
    {
        "budget": "全年预算数",
        "initial": "年初预算数",
        "proportion": "按比例",
        "excess": "按超出部分",
        "ratio": "按比值",
        "row": "逐项",
        "some": "部分行",
        "form": "整表",
    }
)


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """One number, band or formula of a rule set; `changed` tells that it differs from the national one."""

    key: str
    label: str
    value: str
    source: str
    changed: bool


def list_rule_sets() -> tuple[RuleSet, ...]:
    """List the rule sets, by place and year."""
    found = [rulesets.get_rule_set(name) for name in rulesets.list_rule_sets()]
    return tuple(sorted(found, key=lambda item: (item.name != rulesets.DEFAULT, item.place, item.from_year, item.name)))


def list_settings(rule_set: RuleSet) -> tuple[RuleSetting, ...]:
    """List the settings of a rule set in the order of its data."""
    national = rulesets.get_rule_set(rulesets.DEFAULT)
    return tuple(_setting(rule_set, key, national) for key in rule_set.basis)


def doubt_floor(stored: FormRecord) -> float:
    """Give the confidence below which the rule set that checked a form calls a reading doubtful."""
    scored = getattr(stored, "rescoring", None)
    known = rulesets.list_rule_sets()
    name = scored.rules if scored is not None and scored.rules in known else rulesets.DEFAULT
    return float(rulesets.get_rule_set(name).confidence_floor)


def rule_set_record(rule_set: RuleSet) -> dict[str, Any]:
    """Give a rule set as plain JSON values."""
    return {
        "name": rule_set.name,
        "title": rule_set.title,
        "place": rule_set.place,
        "from_year": rule_set.from_year,
        "settings": [
            {"key": item.key, "label": item.label, "value": item.value, "source": item.source}
            for item in list_settings(rule_set)
        ],
    }


def _setting(rule_set: RuleSet, key: str, national: RuleSet) -> RuleSetting:
    words = rule_set.basis[key].removeprefix(f"{rule_set.name}：")
    label, _, source = words.partition("。依据：")
    value = getattr(rule_set, key)
    return RuleSetting(key, label, _in_words(value), source, changed=value != getattr(national, key))


def _in_words(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, Mapping):
        return " ".join(f"{name} {_in_words(part)}" for name, part in value.items())
    if isinstance(value, tuple):
        return "；".join(_pair(part) for part in value)
    return _CHOICES.get(str(value), str(value))


def _pair(part: object) -> str:
    return " ".join(_in_words(item) for item in part) if isinstance(part, tuple) else _in_words(part)
