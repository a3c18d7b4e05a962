"""Rules of a resource: what the catalogue says, and rules as the text that checks read."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chengshu.dataplane.errors import DataplaneError
from chengshu.kernel.grants import facade as grants
from chengshu.resources.contracts.collection import WriteMode
from chengshu.resources.contracts.quality import FieldFacts, RuleDraft, RuleOrigin, RulesMade
from chengshu.resources.errors import RuleRefused
from chengshu.resources.models import DataResource, DataSource, QualityRule
from chengshu.resources.rules.lake_tables import lake_table_name
from chengshu.resources.rules.quality import READ_AS, is_rule_key, rules_of_fields, rules_of_history, rules_of_table
from chengshu.resources.rules.table_tests import is_platform_kind, read_table_test
from chengshu.resources.rules.ties import can_order, read_reference

_LONGEST_DEFINITION = 200_000
_PLACE_IN_FILE = re.compile(r"^规则(?: 第 [0-9]+ 行（第 [0-9]+ 条规则）)?：")


def list_field_facts(resource: DataResource) -> list[FieldFacts]:
    """Give what the catalogue says of a resource's fields, in their order."""
    fields = resource.fields.select_related("element__domain").prefetch_related("element__domain__codes")
    facts, standing = [], {field.code: field for field in fields.order_by("number")}
    for field in standing.values():
        element, earlier = field.element, standing.get(field.not_before)
        domain = element.domain if element else None
        facts.append(
            FieldFacts(
                code=field.code,
                name=field.name,
                type=field.type,
                length=field.length or (element.length if element else None),
                is_key=field.is_key,
                is_nullable=field.is_nullable,
                format=element.format if element else "",
                check=element.check_name if element else "",
                codes=tuple(code.code for code in domain.codes.all()) if domain else (),
                is_element=element is not None,
                least=element.least if element else "",
                most=element.most if element else "",
                not_before=(earlier.code, earlier.name) if earlier and can_order(earlier.type, field.type) else None,
                refers_to=read_reference(field.refers_to),
            )
        )
    return facts


@dataclass(frozen=True, slots=True)
class RulesForeseen:
    """What making rules from the catalogue would do: rules to be created, changed and switched off."""

    new: tuple[RuleDraft, ...]
    other: tuple[tuple[QualityRule, RuleDraft], ...]
    gone: tuple[QualityRule, ...]
    unchanged: int

    def counts(self) -> RulesMade:
        """Give the numbers."""
        return RulesMade(len(self.new), len(self.other), len(self.gone), self.unchanged)


def foresee_rules(resource: DataResource) -> RulesForeseen:
    """Hold a resource's rules against what its entry asks for now; what a person wrote or changed stays as it is."""
    fields = list_field_facts(resource)
    of_history = rules_of_history(fields, is_growing=is_growing(resource))
    following = [*rules_of_fields(fields), *rules_of_table(resource.cycle), *of_history]
    drafts = {draft.key: draft for draft in following}
    standing = {rule.key: rule for rule in QualityRule.objects.filter(resource=resource)}
    made = {key: rule for key, rule in standing.items() if rule.origin == RuleOrigin.CATALOGUE}
    new = tuple(draft for key, draft in drafts.items() if key not in standing)
    other = tuple((made[key], draft) for key, draft in drafts.items() if key in made and not _stands(made[key], draft))
    gone = tuple(rule for key, rule in made.items() if key not in drafts and rule.is_active)
    return RulesForeseen(new, other, gone, len(drafts) - len(new) - len(other))


def columns_of(draft: RuleDraft) -> dict[str, Any]:
    """Give a draft as the columns that keep it."""
    return {
        "name": draft.name[:300],
        "definition": dict(draft.definition),
        "severity": draft.severity.value,
        "threshold": draft.threshold,
    }


def _stands(rule: QualityRule, draft: RuleDraft) -> bool:
    return rule.is_active and all(getattr(rule, name) == value for name, value in columns_of(draft).items())


def is_growing(resource: DataResource) -> bool:
    """Tell whether deliveries add to a resource's table instead of putting all of it anew."""
    sources = DataSource.objects.filter(resource=resource, is_active=True)
    return sources.exclude(mode=WriteMode.REPLACE).exists()


def list_key(resource: DataResource) -> list[str]:
    """Give the codes of the fields that name a row, in their order."""
    return list(resource.fields.filter(is_key=True).order_by("number").values_list("code", flat=True))


def list_rules(resource: DataResource) -> QuerySet[QualityRule]:
    """List the rules of a resource that is in sight, unordered."""
    rules: QuerySet[QualityRule] = QualityRule.objects.filter(resource=resource)
    return rules.select_related("resource", "changed_by")


def list_lookup_tables(viewer: grants.Viewer, *, on: date, most: int = 300) -> list[tuple[str, str]]:
    """List codes and names of the first entries in sight whose rows are collected: rules may look into them."""
    seen = DataResource.objects.visible_to(viewer, on=on).filter(pk__in=DataSource.objects.values("resource"))
    return list(seen.order_by("name").values_list("code", "name")[:most])


def list_lookup_columns(code: str, *, viewer: grants.Viewer, on: date) -> list[tuple[str, str]] | None:
    """List codes and names of the fields of an entry in sight; None where there is no such entry."""
    resource = DataResource.objects.visible_to(viewer, on=on).filter(code=code).first()
    return None if resource is None else list(resource.fields.order_by("number").values_list("code", "name"))


def rules_text(resource: DataResource, rules: Iterable[QualityRule]) -> str:
    """Write rules as the JSON of a rule file, with the key of the resource and how its texts are read.

    Tests that the platform judges by itself are left out.
    """
    types = {
        code: READ_AS[kind]
        for code, kind in resource.fields.values_list("code", "type")
        if READ_AS.get(kind) is not None
    }
    entries = [
        rule_entry(rule.key, rule.name, rule.definition, rule.severity, rule.threshold)
        for rule in rules
        if not is_platform_kind(rule.definition)
    ]
    for entry in entries:
        if "references" in entry:
            entry["references"] = {**entry["references"], "data": _table_of_code(entry["references"]["data"])}
    return json.dumps({"key": list_key(resource), "types": types, "rules": entries}, ensure_ascii=False)


def lake_table(resource: DataResource) -> str:
    """Give zone and name of the table that holds a resource's rows: its source's, or one under its code."""
    source = DataSource.objects.filter(resource=resource).order_by("-is_active", "pk").first()
    return f"raw/{source.table}" if source else f"standard/{lake_table_name(resource.code)}"


def _table_of_code(code: str) -> str:
    """Give the table of the resource that a rule looks into; that of a code that nobody has is in no lake."""
    resource = DataResource.objects.filter(code=code).first()
    return f"standard/{lake_table_name(code)}" if resource is None else lake_table(resource)


def rule_entry(key: str, name: str, definition: Mapping[str, Any], severity: str, threshold: Decimal) -> dict[str, Any]:
    """Write one rule as it stands in a rule file."""
    entry = {**definition, "key": key, "name": name, "severity": severity}
    if threshold:
        entry["threshold"] = float(threshold)
    return entry


def require_sense(draft: RuleDraft, key: list[str]) -> None:
    """Refuse a rule that checks could not ask; the same reader decides as for rule files.

    Raises:
        RuleRefused: `details["field"]` and the message name the place.
    """
    from chengshu.resources.pipelines.quality import require_rules  # noqa: PLC0415 - heavy: imported where it runs

    if not draft.name.strip() or len(draft.name) > 300:
        raise RuleRefused(_("请用 1 至 %(most)s 个字写明规则。") % {"most": 300}, field="name")
    if not is_rule_key(draft.key):
        told = _("规则编号“%(key)s”不能用：请用字母、数字、汉字、点、横线和下划线，不超过 60 个字。")
        raise RuleRefused(told % {"key": draft.key[:60]}, field="key")
    definition = draft.definition
    if is_platform_kind(definition):
        read_table_test(definition)
        definition = {"kind": "unique", "columns": key or ["_"]}  # what stands beside it is read as in any rule
    try:
        entry = rule_entry(draft.key, draft.name, definition, draft.severity.value, draft.threshold)
        text = json.dumps({"key": key, "rules": [entry]}, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise RuleRefused(_("规则不是 JSON 能写下的内容。"), field="definition") from error
    if "\\u0000" in text.replace(r"\\", ""):
        raise RuleRefused(_("规则不是 JSON 能写下的内容。"), field="definition")
    if len(text) > _LONGEST_DEFINITION:
        raise RuleRefused(_("规则太长，请用目录里的值域。"), field="definition")
    try:
        require_rules(text)
    except DataplaneError as fault:
        raise RuleRefused(_PLACE_IN_FILE.sub("", fault.message), field="definition") from fault


def require_sight(definition: Mapping[str, Any], viewer: grants.Viewer, *, on: date) -> None:
    """Refuse a rule that looks into a resource which its author may not see: what it finds would tell of those rows.

    Raises:
        RuleRefused: there is no such resource, or none in sight; which of both is not told.
    """
    other = definition.get("references")
    code = other.get("data") if isinstance(other, Mapping) else other
    if code is not None and not DataResource.objects.visible_to(viewer, on=on).filter(code=str(code)).exists():
        raise RuleRefused(_("目录里没有这个编码的资源，或您无权查看。"), field="table")
