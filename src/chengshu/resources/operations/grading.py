"""Grades along lineage (ADR 0028): fields are at least as grave as what they are made of; owners lower what is gathered up."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls, tidy
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.grants import facade as grants
from chengshu.resources.contracts.catalogue import LOWEST_GRADE, ResourceContent
from chengshu.resources.contracts.grading import Derivation, Lowering
from chengshu.resources.errors import ReasonMissing, ResourceInvalid, ResourceNotFound
from chengshu.resources.models import EDIT, DataResource, Field, FieldOrigin, LoweredGrade
from chengshu.resources.queries.grading import list_derived, trace_origins
from chengshu.resources.queries.lineage_origins import list_graded_entries
from chengshu.resources.rules.grading import Graded, gathered_grade, settle_grades
from chengshu.resources.rules.origins import read_origins

Node = tuple[str, str]
"""Codes of an entry and of one of its fields."""
_REASON = 256
_PIECE = 500
_TOLD = 50


def keep_origins(resource: DataResource, content: ResourceContent, code_before: str, *, now: datetime) -> None:
    """Keep what an entry says of the origins of its fields, and grade it and all that is made of it, in the caller's transaction."""
    said = {
        (field.code, origin.code, origin.field, origin.way.value)
        for field in content.fields
        if field.derived_from
        for origin in read_origins(field.derived_from)
    }
    concerned = FieldOrigin.objects.filter(Q(resource=resource) | Q(source_code__in={resource.code, code_before}))
    if not said and not concerned.exists():
        return
    FieldOrigin.objects.filter(resource=resource, is_traced=False).delete()
    FieldOrigin.objects.bulk_create(
        FieldOrigin(resource=resource, field=field, source_code=code, source_field=source, way=way)
        for field, code, source, way in sorted(said)
    )
    _settle({resource.pk} | list_derived({resource.code, code_before}), now=now, written=resource.pk)
    resource.refresh_from_db(fields=["grade", "highest_field_grade"])


@transaction.atomic
def regrade(resource_ids: Collection[int], *, now: datetime) -> int:
    """Ask lineage anew of which fields those of some entries are made; grade them and all that is made of them.

    To be called when lineage changed. Returns how many fields got another grade.
    """
    codes = dict(DataResource.objects.filter(pk__in=resource_ids).values_list("pk", "code"))
    origins = list(trace_origins(list(codes)))
    sources = {origin.source_resource_id for origin in origins}
    names = dict(DataResource.objects.filter(pk__in=sources).values_list("pk", "code"))
    FieldOrigin.objects.filter(resource__in=codes, is_traced=True).delete()
    FieldOrigin.objects.bulk_create(
        (
            FieldOrigin(
                resource_id=origin.resource_id,
                field=origin.field,
                source_code=names[origin.source_resource_id],
                source_field=origin.source_field,
                way=origin.way.value,
                is_traced=True,
            )
            for origin in dict.fromkeys(origins)
            if origin.resource_id in codes and origin.source_resource_id in names
        ),
        batch_size=_PIECE,
    )
    return _settle(set(codes) | list_derived(set(codes.values())), now=now)


def regrade_traced(now: datetime) -> None:
    """Grade anew what lineage knows or knew; to be called when its graph was built."""
    known = list_graded_entries() | set(
        FieldOrigin.objects.filter(is_traced=True).values_list("resource_id", flat=True).distinct()
    )
    _regrade_in_pieces(sorted(known), now)


def regrade_all(now: datetime) -> None:
    """Grade everything anew that is made of something, as far as lineage and entries tell today."""
    _regrade_in_pieces(list(DataResource.objects.order_by("pk").values_list("pk", flat=True)), now)


def _regrade_in_pieces(ids: list[int], now: datetime) -> None:
    for first in range(0, len(ids), _PIECE):
        regrade(ids[first : first + _PIECE], now=now)


@dataclass(frozen=True, slots=True)
class LoweringAsked:
    """A field whose gathered values are to count as less grave: to which grade (None: no longer lowered), and why."""

    resource_id: int
    field: str
    grade: int | None
    reason: str


@transaction.atomic
def lower_grade(asked: LoweringAsked, *, actor: User, now: datetime) -> None:
    """Let what is gathered up in a field count as less grave than its sources, or no longer so.

    It holds until a source becomes graver than it was when this was decided.

    Raises:
        ResourceNotFound: no such entry or field in sight.
        PermissionRefused: the actor may not edit entries of the department.
        ReasonMissing: nothing was said why.
        ResourceInvalid: nothing is gathered up in the field, or the grade is not lower than its sources.
    """
    today = localdate(now)
    resource = DataResource.objects.visible_to(actor, on=today).filter(pk=asked.resource_id).first()
    code = drop_controls(asked.field)
    if resource is None or not resource.fields.filter(code=code).exists():
        raise ResourceNotFound(_("没有这个信息项，或您无权查看。"), resource=asked.resource_id)
    grants.require(actor, EDIT, resource.department_id, on=today)
    reason = tidy(drop_controls(asked.reason))[:_REASON]
    if not reason:
        raise ReasonMissing(_("请写明为什么可以降级，它会留在记录里。"), field="reason")
    before = LoweredGrade.objects.filter(resource=resource, field=code).first()
    if asked.grade is None:
        LoweredGrade.objects.filter(resource=resource, field=code).delete()
    else:
        kept = {
            "grade": asked.grade,
            "origin_grade": _refuse_unlowered(resource, code, asked.grade),
            "reason": reason,
            "author": actor,
            "decided_at": now,
        }
        LoweredGrade.objects.update_or_create(resource=resource, field=code, defaults=kept)
    subject, was, now_is = f"resource:{resource.pk}", {code: before.grade if before else None}, {code: asked.grade}
    record(actor, "resources.lower_grade", subject, now=now, reason=reason, before=was, after=now_is)
    _settle({resource.pk} | list_derived({resource.code}), now=now)


def _refuse_unlowered(resource: DataResource, code: str, grade: int) -> int:
    rows = FieldOrigin.objects.filter(resource=resource, field=code)
    grades = _grades_of({(row.source_code, row.source_field) for row in rows})
    graded = [
        Graded(grades.get((row.source_code, row.source_field), LOWEST_GRADE), Derivation(row.way)) for row in rows
    ]
    gathered = gathered_grade(graded)
    if not LOWEST_GRADE <= grade < gathered:
        message = _("只有由高于 1 级的信息项汇总而来的才能降级，而且要低于来源的 %(grade)s 级。")
        raise ResourceInvalid(message % {"grade": gathered}, field="grade")
    return gathered


def _settle(resource_ids: Collection[int], *, now: datetime, written: int | None = None) -> int:
    """Give fields of some entries the grade that holds, and tell the audit where it became another one.

    Of an entry that was just `written` its own change tells already.
    """
    rows = list(FieldOrigin.objects.filter(resource__in=resource_ids).select_related("resource"))
    origins: dict[Node, list[tuple[Node, Derivation]]] = defaultdict(list)
    for row in rows:
        source = (row.source_code, row.source_field)
        origins[row.resource.code, row.field].append((source, Derivation(row.way)))
    fields = {
        (field.resource.code, field.code): field
        for field in Field.objects.filter(
            Q(resource__in={row.resource_id for row in rows}) | Q(resource__in=resource_ids, origin_grade__gt=1)
        ).select_related("resource")
    }
    own = {node: field.own_grade for node, field in fields.items()}
    sources = {source for told in origins.values() for source, _way in told}
    lowered = {
        (low.resource.code, low.field): Lowering(low.origin_grade, low.grade)
        for low in LoweredGrade.objects.filter(resource__in=resource_ids).select_related("resource")
    }
    asked = settle_grades(own, origins, lowered, _grades_of(sources - own.keys()))
    changed, was = [], {}
    for node, field in fields.items():
        grade = max(field.own_grade, asked[node])
        if (grade, asked[node]) != (field.grade, field.origin_grade):
            was[node] = field.grade
            field.grade, field.origin_grade = grade, asked[node]
            changed.append(field)
    Field.objects.bulk_update(changed, ["grade", "origin_grade"], batch_size=_PIECE)
    _lift_entries({field.resource_id for field in changed})
    others = [(field, was[field.resource.code, field.code]) for field in changed if field.resource_id != written]
    _tell_audit(others, now=now)
    return len(changed)


def _grades_of(nodes: Collection[Node]) -> dict[Node, int]:
    """Give the grades that hold of fields by the codes of their entries and their own."""
    found = Field.objects.filter(resource__code__in={code for code, _field in nodes})
    wanted = found.filter(code__in={field for _code, field in nodes})
    return {(code, field): grade for code, field, grade in wanted.values_list("resource__code", "code", "grade")}


def _lift_entries(resource_ids: Collection[int]) -> None:
    """Keep the grade of entries no lower than that of their gravest field."""
    graded = DataResource.objects.filter(pk__in=resource_ids).annotate(gravest=Max("fields__grade")).order_by("pk")
    for resource in graded:
        told = {"highest_field_grade": resource.gravest, "grade": max(resource.gravest, resource.own_grade)}
        DataResource.objects.filter(pk=resource.pk).update(**told)


def _tell_audit(changed: Iterable[tuple[Field, int]], *, now: datetime) -> None:
    """Leave a trace at each entry where a grade became another one by its origins."""
    by_entry: dict[int, dict[str, tuple[int, int]]] = defaultdict(dict)
    for field, before in changed:
        if field.grade != before:
            by_entry[field.resource_id][field.code] = before, field.grade
    for resource_id, fields in by_entry.items():
        first: list[Any] = list(fields.items())[:_TOLD]
        record(
            None,
            "resources.regrade",
            f"resource:{resource_id}",
            now=now,
            before={code: grades[0] for code, grades in first},
            after={code: grades[1] for code, grades in first},
            details={"fields": len(fields)},
        )
