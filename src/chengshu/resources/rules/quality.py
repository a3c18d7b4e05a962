"""Rules of quality that follow from what the catalogue says of fields. Pure; definitions are those of rule files."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Any

from chengshu.resources.contracts.quality import FieldFacts, RuleDraft, RuleSeverity
from chengshu.resources.rules.ranges import bound_of_rule
from chengshu.resources.rules.table_tests import DELIVERY, DRIFT, Measure, cycle_bound

USUAL_ROWS, USUAL_NULLS = 0.5, 0.2
"""How far rows, as a share of their median, and the share of nulls may depart from the last versions by default."""
_KEY_LENGTH = 60
_UNFIT = re.compile(r"[^0-9A-Za-z_.\-\u4e00-\u9fff]")
_FORMAT = re.compile(r"(an|a|n)(\.\.)?([0-9]{1,4})(?:,[0-9]{1,2})?")
_DATES = {
    "YYYYMMDD": "[0-9]{8}",
    "YYYY-MM-DD": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "YYYYMM": "[0-9]{6}",
    "YYYY": "[0-9]{4}",
    "YYYYMMDDHHMMSS": "[0-9]{14}",
}
_CHECKS: dict[str, tuple[dict[str, str], str]] = {
    "id_number": ({"kind": "check_digit", "scheme": "citizen_id"}, "应是校验码正确的公民身份号码"),
    "credit_code": ({"kind": "check_digit", "scheme": "credit_code"}, "应是校验码正确的统一社会信用代码"),
    "phone": ({"kind": "matches", "pattern": "1[3-9][0-9]{9}"}, "应是 11 位手机号码"),
    "postcode": ({"kind": "matches", "pattern": "[0-9]{6}"}, "应是 6 位邮政编码"),
    "plate": ({"kind": "matches", "pattern": "[\u4e00-\u9fff][A-Z][A-Z0-9]{5,6}"}, "应是机动车号牌"),
}
_TYPES = {
    "integer": ("integer", "应是整数"),
    "decimal": ("number", "应是数"),
    "boolean": ("boolean", "应是真或假"),
    "date": ("date", "应是日期，如 2024-03-15"),
    "moment": ("timestamp", "应是日期时间"),
}
READ_AS = {kind: told for kind, (told, _words) in _TYPES.items() if kind != "boolean"}
"""As what the texts of a field are compared, by the field's type."""


def rules_of_fields(fields: Sequence[FieldFacts]) -> list[RuleDraft]:
    """Give the rules of a resource's fields in their order, then those of its key; keys of rules are stable."""
    drafts = [draft for field in fields for draft in _rules_of(field)]
    keys = [field for field in fields if field.is_key]
    if keys:
        told = "、".join(field.name for field in keys)
        columns = [field.code for field in keys]
        drafts += [
            RuleDraft(
                "key.not_null",
                f"标识（{told}）不得为空",
                {"kind": "not_null", "blank": True, "columns": columns},
                RuleSeverity.CRITICAL,
            ),
            RuleDraft(
                "key.unique", f"标识（{told}）不得重复", {"kind": "unique", "columns": columns}, RuleSeverity.CRITICAL
            ),
        ]
    return list({draft.key: draft for draft in drafts}.values())


def rules_of_table(cycle: str) -> list[RuleDraft]:
    """Give the rule that follows from how often a resource is to be renewed; none where nothing is promised."""
    within = cycle_bound(cycle)
    if not within:
        return []
    definition = {"kind": DELIVERY, "within": within}
    return [RuleDraft("table.delivery_timeliness", "数据应按更新周期交付", definition, RuleSeverity.MAJOR)]


def rules_of_history(fields: Sequence[FieldFacts], *, is_growing: bool) -> list[RuleDraft]:
    """Give the rules that hold a table against its last versions: its rows, and how much of its elements is empty.

    A table that is only added to grows by nature, so its rows are not compared.
    """
    drafts = []
    if not is_growing:
        told = {"kind": DRIFT, "measure": Measure.ROWS.value, "tolerance": USUAL_ROWS}
        words = f"行数与以往相差不应超过 {USUAL_ROWS:.0%}"
        drafts.append(RuleDraft("table.row_drift", words, told, RuleSeverity.MINOR))
    for field in fields:
        if field.is_element and field.is_nullable and not field.is_key:
            told = {
                "kind": DRIFT,
                "measure": Measure.NULLS.value,
                "column": field.code,
                "tolerance": USUAL_NULLS,
            }
            words = f"{field.name}空值的占比与以往相差不应超过 {USUAL_NULLS * 100:.0f} 个百分点"
            drafts.append(RuleDraft(rule_key(field.code, "null_drift"), words, told, RuleSeverity.MINOR))
    return drafts


def is_rule_key(text: str) -> bool:
    """Tell whether a rule may have this key: it names a folder of failing rows."""
    return 0 < len(text) <= _KEY_LENGTH and not _UNFIT.search(text) and text[0] not in ".-"


def rule_key(code: str, kind: str) -> str:
    """Give the key of a field's rule: code and kind, shortened by a digest where the code does not fit."""
    plain = _UNFIT.sub("_", code).lstrip(".-") or "_"
    key = f"{plain}.{kind}"
    if plain == code and len(key) <= _KEY_LENGTH:
        return key
    mark = hashlib.sha256(code.encode()).hexdigest()[:8]
    return f"{plain[: _KEY_LENGTH - len(kind) - 10]}_{mark}.{kind}"


def _rules_of(field: FieldFacts) -> Iterator[RuleDraft]:
    """Give the rules of one field. A value domain or check digits settle length and format too: one fault, one issue."""
    if not field.is_nullable and not field.is_key:
        yield _draft(field, {"kind": "not_null", "blank": True}, "不得为空")
    if field.type in _TYPES:
        told, words = _TYPES[field.type]
        yield _draft(field, {"kind": "type", "type": told}, words)
    is_settled = bool(field.codes) or field.check in _CHECKS
    if field.type == "text" and field.length and not is_settled:
        yield _draft(field, {"kind": "length", "max": field.length}, f"不超过 {field.length} 个字", RuleSeverity.MINOR)
    if field.check in _CHECKS:
        definition, words = _CHECKS[field.check]
        yield _draft(field, definition, words)
    elif field.type == "text" and field.format and not is_settled:
        yield from _rules_of_format(field)
    if field.codes:
        yield _draft(field, {"kind": "one_of", "values": list(field.codes)}, "应在值域内")
    yield from _rules_of_ties(field)


def _rules_of_ties(field: FieldFacts) -> Iterator[RuleDraft]:
    """Give what follows from a field's range, from the field that it may not be earlier than, from what it refers to."""
    bounds = {"min": bound_of_rule(field.least, field.type), "max": bound_of_rule(field.most, field.type)}
    if told := {name: bound for name, bound in bounds.items() if bound is not None}:
        words = {"min": f"不小于 {field.least}", "max": f"不大于 {field.most}"}
        between = f"在 {field.least} 至 {field.most} 之间" if len(told) > 1 else words[next(iter(told))]
        yield _draft(field, {"kind": "between", **told, "where": readable(field.code)}, f"应{between}")
    if field.not_before:
        earlier, name = field.not_before
        order = {"kind": "date_order", "columns": [earlier, field.code], "where": readable(earlier, field.code)}
        yield RuleDraft(rule_key(field.code, "date_order"), f"{field.name}不应早于{name}", order, RuleSeverity.MAJOR)
    if field.refers_to:
        code, column = field.refers_to
        looked_up = {"kind": "references", "references": {"data": code, "column": column}}
        yield _draft(field, looked_up, f"应在 {code} 的 {column} 中")


def readable(*codes: str) -> str:
    """Leave out rows with a cell that is not of its type: their type's rule tells of them, one fault is one issue."""
    return " and ".join(f'"{code.replace(chr(34), chr(34) * 2)}" is not null' for code in codes)


def _rules_of_format(field: FieldFacts) -> Iterator[RuleDraft]:
    """Read 表示格式 as GB/T 19488 writes it; `an` says no more than a length, as it covers any sign.

    Elements are published with names of people and places as `a`: Chinese signs count as letters.
    """
    if pattern := _DATES.get(field.format.upper()):
        yield _draft(field, {"kind": "matches", "pattern": pattern}, f"应写成 {field.format.upper()} 样式的日期")
    elif found := _FORMAT.fullmatch(field.format):
        signs, upto, most = found[1], bool(found[2]), int(found[3])
        if signs != "an":
            times = f"{{1,{most}}}" if upto else f"{{{most}}}"
            pattern = ("[0-9]" if signs == "n" else "[^0-9]") + times
            number = f"1 至 {most}" if upto and most > 1 else f"{most}"
            words = f"应为 {number} 位数字" if signs == "n" else f"应为 {number} 个字，不含数字"
            yield _draft(field, {"kind": "matches", "pattern": pattern}, words)
        elif not upto and field.length != most:
            told = {"kind": "length", "min": most, "max": most}
            yield _draft(field, told, f"应为 {most} 个字", RuleSeverity.MINOR)


def _draft(
    field: FieldFacts, definition: dict[str, Any], words: str, severity: RuleSeverity = RuleSeverity.MAJOR
) -> RuleDraft:
    key = rule_key(field.code, definition["kind"])
    return RuleDraft(key, f"{field.name}{words}", {**definition, "columns": [field.code]}, severity)
