"""What the form of a rule begins with: a standing rule, what was typed before, or what goes without saying."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from chengshu.resources.facade.quality import (
    PARTS_KINDS,
    QualityRule,
    RuleRefused,
    RuleSeverity,
    definition_of,
    parts_of,
    title_of,
)
from chengshu.resources.ui.rule_words import MEASURE_WORDS, SCHEME_WORDS, VALUE_TYPE_WORDS

JSON = "json"
COLUMN_PARTS = ("column", "earlier", "later", "left", "right")
_OFFERED: Mapping[str, Mapping[str, Any]] = {
    "value_type": VALUE_TYPE_WORDS,
    "scheme": SCHEME_WORDS,
    "measure": MEASURE_WORDS,
}
BEGUN: Mapping[str, Any] = {
    "threshold": Decimal(0),
    "severity": RuleSeverity.MAJOR,
    "is_active": True,
    "blank": True,
    "last": 6,
    "unit": "d",
}


def typed_of(data: QueryDict, *, is_other_kind: bool = False) -> dict[str, Any]:
    """Give what was posted as the first contents of another form; boxes that were not ticked stay so."""
    boxes = ("is_active",) if is_other_kind else ("is_active", "strict", "blank")
    return data.dict() | {"more": data.getlist("more")} | {name: bool(data.get(name)) for name in boxes}


def columns_named(rule: QualityRule | None) -> set[str]:
    """Give the columns that a rule already names."""
    found = parts_of(rule.definition) if rule else None
    if found is None:
        return set()
    parts = found[1]
    return {str(parts[name]) for name in COLUMN_PARTS if parts.get(name)} | set(parts.get("more") or ())


def contents_of(rule: QualityRule, names: Mapping[str, str], *, is_typed: bool) -> dict[str, Any]:
    """Give a rule as the first contents of its form: what it asks only where nothing is typed in its place."""
    told = {
        "key": rule.key,
        "name": rule.name,
        "severity": rule.severity,
        "threshold": rule.threshold.normalize() if rule.threshold else Decimal(0),
        "is_active": rule.is_active,
    }
    if is_typed:
        return told
    found = parts_shown(rule.definition, rule.threshold)
    if found is None:
        return told | {"kind": JSON, "definition": written(rule.definition)}
    name = "" if rule.name == title_of(*found, names) else rule.name
    return {"strict": False, "blank": False, **found[1]} | told | {"kind": found[0], "name": name}


def parts_shown(definition: Mapping[str, Any], threshold: Decimal | None) -> tuple[str, dict[str, Any]] | None:
    """Give kind and parts of a rule; None where its fields cannot say all of it."""
    found = parts_of(definition)
    if found is None or (threshold and not PARTS_KINDS[found[0]].has_threshold):
        return None
    offered = all(str(found[1][part]) in words for part, words in _OFFERED.items() if part in found[1])
    return found if offered else None


def begun_of(kind: str, cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """Give a definition of the parts that are filled in so far."""
    parts = dict.fromkeys(PARTS_KINDS[kind].parts, "") | dict(cleaned)
    try:
        return definition_of(kind, parts)
    except (RuleRefused, AttributeError):
        columns = [code for code in (parts.get("column"), *(parts.get("more") or ())) if code]
        told = {"columns": columns, "where": parts.get("where")}
        return {"kind": kind if kind != "compare" else "expression"} | {name: one for name, one in told.items() if one}


def written(definition: Mapping[str, Any]) -> str:
    """Write a definition as people read it."""
    return json.dumps(definition, ensure_ascii=False, indent=2)


def place_of(error: Exception) -> str:
    """Say where the JSON breaks off."""
    if isinstance(error, json.JSONDecodeError):
        return _("第 %(line)s 行第 %(column)s 个字起读不懂") % {"line": error.lineno, "column": error.colno}
    return _("里面有不成对的代理字符") if isinstance(error, UnicodeError) else str(error)


def refuse_constant(text: str) -> None:
    """Refuse what JSON does not know, such as NaN."""
    raise ValueError(text)
