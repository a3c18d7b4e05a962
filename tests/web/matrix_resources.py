"""What the addresses of data resources answer to whom."""

from collections.abc import Callable

from web.expected import Body, Expected
from web.world import ADMIN, AUDITOR, CITY_ADMIN, CITY_AUDITOR, DEPARTMENT_REVIEWER, OFFICER, Side

from chengshu.resources.facade.catalogue import DataResource

_CITY = frozenset({CITY_ADMIN, CITY_AUDITOR})
_SEE_DRAFTS = frozenset({DEPARTMENT_REVIEWER, AUDITOR, ADMIN}) | _CITY
_SEE_LINEAGE = _SEE_DRAFTS | {OFFICER}
_EDIT_RESOURCES = frozenset({ADMIN, CITY_ADMIN})


def _resource(**more: object) -> Expected:
    """Expect a draft of the catalogue of each unit: there for who sees the unit's drafts, written by its operators."""
    fields = {"may": _SEE_DRAFTS, "may_foreign": _CITY, "args": lambda side: [side.resource_id]} | more
    return Expected(**fields)  # type: ignore[arg-type]  # the fields of Expected


def _source_id(side: Side) -> list[object]:
    return [side.source_id]


def _delivery_id(side: Side) -> list[object]:
    return [side.delivery_id]


# Seen as a department's drafts are, changed by who collects for it.
_COLLECTS: dict[str, object] = {"posts": True, "forbidden": _SEE_DRAFTS - _EDIT_RESOURCES}


def _kept(args: Callable[[Side], list[object]]) -> Expected:
    """Expect what the whole city shares: kept by who keeps data elements in the city."""
    may = frozenset({CITY_ADMIN})
    return Expected(may=may, refused=403, args=args, posts=True, body=lambda _: {"name": ""}, works=frozenset({422}))


def _hand_in_entry(side: Side) -> Body:
    return {"step": "submit", "seen": str(DataResource.objects.get(pk=side.resource_id).revision)}


def _half_a_form(_side: Side) -> Body:
    return {"reason": ""}  # enough to be told what is missing, too little to change anything


_SEE_PROCESSING = frozenset({AUDITOR, ADMIN}) | _CITY


def _processing(**more: object) -> Expected:
    """Expect what belongs to a pipeline of each unit: there for who sees its processing, run by who processes."""
    fields = {"may": _SEE_PROCESSING, "may_foreign": _CITY, "args": lambda side: [side.pipeline_id]} | more
    return Expected(**fields)  # type: ignore[arg-type]  # the fields of Expected


_PROCESSES: dict[str, object] = {"posts": True, "forbidden": _SEE_PROCESSING - _EDIT_RESOURCES}


RESOURCES: dict[str, Expected] = {
    "resources:processing": Expected(may=_SEE_PROCESSING, refused=403),
    "resources:processing-new": Expected(may=_EDIT_RESOURCES, refused=403),
    "resources:processing-runs": Expected(may=_SEE_PROCESSING, refused=403),
    "resources:pipeline": _processing(),
    "resources:pipeline-left-out": _processing(),
    "resources:pipeline-run": _processing(**_PROCESSES),
    "resources:pipeline-switch": _processing(**_PROCESSES),
    "resources:pipeline-remove": _processing(**_PROCESSES),
    "resources:processing-run": _processing(args=lambda side: [side.processing_run]),
    "resources:processing-step": _processing(args=lambda side: [side.processing_run, "repeat"], **_PROCESSES),
    "resources:lake-table": _processing(args=lambda side: ["raw", side.lake_table]),
    "resources:search": Expected(),
    "resources:catalogue": Expected(),
    "resources:suggest": Expected(),
    "resources:resource": _resource(),
    "resources:fields": _resource(),
    "resources:fields-edit": _resource(
        posts=True, forbidden=_SEE_DRAFTS - _EDIT_RESOURCES, works=frozenset({422}), body=lambda _: {"put": "1"}
    ),
    "resources:fields-grade": _resource(
        posts=True,
        forbidden=_SEE_DRAFTS - _EDIT_RESOURCES,
        works=frozenset({302}),
        body=lambda _: {"field": "f0", "grade": "1", "reason": "试"},
    ),
    "resources:addresses": Expected(
        may=frozenset({CITY_ADMIN}), refused=403, posts=True, body=_half_a_form, works=frozenset({422})
    ),
    "resources:editions": _resource(),
    "resources:edit": _resource(
        posts=True, forbidden=_SEE_DRAFTS - _EDIT_RESOURCES, works=frozenset({422}), body=_half_a_form
    ),
    "resources:step": _resource(
        posts=True, forbidden=_SEE_DRAFTS - _EDIT_RESOURCES, works=frozenset({422}), body=_hand_in_entry
    ),
    "resources:dispute": _resource(
        posts=True, forbidden=frozenset({AUDITOR, CITY_AUDITOR}), body=lambda _: {"problem": "名称不对"}
    ),
    "resources:register": Expected(
        may=_EDIT_RESOURCES, refused=403, posts=True, body=_half_a_form, works=frozenset({422})
    ),
    "resources:hand-in": Expected(
        may=_EDIT_RESOURCES, refused=403, posts=True, body=_half_a_form, works=frozenset({422})
    ),
    "resources:scan": Expected(may=_EDIT_RESOURCES, refused=403, posts=True, body=_half_a_form, works=frozenset({422})),
    "resources:export": Expected(),
    "resources:intakes": Expected(),
    "resources:intake": Expected(args=lambda _: [0], works=frozenset({404})),  # none is his
    "resources:waiting": Expected(may=_EDIT_RESOURCES, refused=403),
    "resources:lacking": Expected(may=_SEE_DRAFTS, refused=403),
    "resources:elements": Expected(),
    "resources:element": Expected(args=lambda side: [side.element_id]),
    "resources:element-new": Expected(
        may=frozenset({CITY_ADMIN}), refused=403, posts=True, body=_half_a_form, works=frozenset({422})
    ),
    "resources:element-edit": _kept(lambda side: [side.element_id]),
    "resources:sources": Expected(),
    "resources:source-new": Expected(
        may=_EDIT_RESOURCES, refused=403, posts=True, body=_half_a_form, works=frozenset({422})
    ),
    "resources:source": _resource(args=_source_id),
    "resources:source-send": _resource(args=_source_id, **_COLLECTS),
    "resources:source-pull": _resource(args=_source_id, **_COLLECTS),
    "resources:source-promise": _resource(
        args=_source_id, **_COLLECTS | {"works": frozenset({422}), "body": _half_a_form}
    ),
    "resources:source-edit": _resource(
        args=_source_id, **_COLLECTS | {"works": frozenset({422}), "body": _half_a_form}
    ),
    "resources:source-switch": _resource(args=_source_id, **_COLLECTS),
    "resources:source-delete": _resource(args=_source_id, **_COLLECTS),
    "resources:source-entry": _resource(args=_source_id, **_COLLECTS | {"works": frozenset({422})}),
    "resources:source-key-new": _resource(
        args=_source_id, **_COLLECTS | {"works": frozenset({422}), "body": _half_a_form}
    ),
    "resources:source-key-revoke": _resource(
        args=lambda side: [side.source_id, 0], **_COLLECTS | {"works": frozenset({404})}
    ),
    "resources:deliveries": Expected(),
    "resources:delivery": _resource(args=_delivery_id),
    "resources:delivery-refused": _resource(args=_delivery_id),
    "resources:delivery-refused-file": _resource(
        args=lambda side: [side.delivery_id, "csv"],
        works=frozenset({404}),  # nothing of it was refused
    ),
    "resources:delivery-accept": _resource(args=_delivery_id, **_COLLECTS),
    "resources:delivery-waive": _resource(args=_delivery_id, **_COLLECTS),
    "resources:delivery-retry": _resource(args=_delivery_id, **_COLLECTS),
    "resources:domains": Expected(),
    "resources:domain": Expected(args=lambda side: [side.domain_id]),
    "resources:domain-new": Expected(
        may=frozenset({CITY_ADMIN}), refused=403, posts=True, body=_half_a_form, works=frozenset({422})
    ),
    "resources:domain-edit": _kept(lambda side: [side.domain_id]),
    "resources:lineage": Expected(may=_SEE_LINEAGE, refused=403),
    "resources:lineage-impact": Expected(may=_SEE_LINEAGE, refused=403),  # without a question it leads to the search
    "resources:lineage-origins": Expected(may=_SEE_LINEAGE, refused=403),
    "resources:lineage-graph": Expected(may=_SEE_LINEAGE, refused=403),
    "resources:lineage-tellers": Expected(may=_SEE_LINEAGE, refused=403),
    "resources:lineage-hand-in": Expected(
        may=_EDIT_RESOURCES, refused=403, posts=True, body=_half_a_form, works=frozenset({422})
    ),
    "resources:lineage-teller": Expected(
        may=_SEE_LINEAGE, refused=403, args=lambda _: [0], works=frozenset({404})
    ),  # none is there
    "resources:lineage-edition": Expected(may=_SEE_LINEAGE, refused=403, args=lambda _: [0, 1], works=frozenset({404})),
    "resources:arrivals": Expected(may=_EDIT_RESOURCES, refused=403),
    "resources:work": Expected(may=_SEE_DRAFTS, refused=403),
    "resources:service": Expected(may=_SEE_DRAFTS, refused=403),
    "resources:service-measure": Expected(
        may=frozenset({DEPARTMENT_REVIEWER, ADMIN, CITY_ADMIN}), refused=403, posts=True
    ),
    "resources:quality": Expected(may=_SEE_DRAFTS, refused=403),
    "resources:quality-issues": Expected(may=_SEE_DRAFTS, refused=403),
    "resources:quality-issue": _resource(args=lambda side: [side.issue_id]),
    "resources:quality-export": _resource(args=lambda side: [side.issue_id], forbidden=_SEE_DRAFTS - _EDIT_RESOURCES),
    "resources:quality-return": _resource(args=lambda side: [side.sheet_id]),
    "resources:quality-checks": Expected(may=_SEE_DRAFTS, refused=403),
    "resources:quality-check": _resource(args=lambda side: [side.run_id]),
    "resources:quality-rule": _resource(args=lambda side: [side.rule_id]),
    "resources:quality-rules": _resource(),
    "resources:quality-plan": Expected(may=_SEE_DRAFTS, refused=403),
    "resources:quality-month": Expected(may=_SEE_DRAFTS, refused=403, args=lambda _: [2024, 3]),
    "resources:quality-trend": Expected(may=_SEE_DRAFTS, refused=403),
    "resources:quality-profile": _resource(),
    "resources:quality-rule-new": _resource(
        posts=True, forbidden=_SEE_DRAFTS - _EDIT_RESOURCES, works=frozenset({422}), body=_half_a_form
    ),
}
