"""Rules of a resource: what the catalogue says, and rules as the text that checks read."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from chengshu.resources.contracts.quality import FieldFacts
from chengshu.resources.models import DataResource, DataSource, QualityRule
from chengshu.resources.rules.lake_tables import lake_table_name
from chengshu.resources.rules.quality import READ_AS
from chengshu.resources.rules.table_tests import is_platform_kind


def list_field_facts(resource: DataResource) -> list[FieldFacts]:
    """Give what the catalogue says of a resource's fields, in their order."""
    fields = resource.fields.select_related("element__domain").prefetch_related("element__domain__codes")
    facts = []
    for field in fields.order_by("number"):
        element = field.element
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
            )
        )
    return facts


def list_key(resource: DataResource) -> list[str]:
    """Give the codes of the fields that name a row, in their order."""
    return list(resource.fields.filter(is_key=True).order_by("number").values_list("code", flat=True))


def list_rules(resource: DataResource) -> QuerySet[QualityRule]:
    """List the rules of a resource that is in sight, unordered."""
    rules: QuerySet[QualityRule] = QualityRule.objects.filter(resource=resource)
    return rules.select_related("resource", "changed_by")


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
    source = DataSource.objects.filter(resource=resource, is_active=True).order_by("pk").first()
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
