"""Entries of the catalogue: registered and changed. One transaction and one audit entry each."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls, tidy
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.grants import facade as grants
from chengshu.resources.contracts.catalogue import (
    HIGHEST_GRADE,
    LOWEST_GRADE,
    FieldContent,
    ListContent,
    ListKind,
    ResourceContent,
    ResourceState,
)
from chengshu.resources.errors import ResourceClosed, ResourceInvalid, ResourceNotFound, ResourceStale
from chengshu.resources.models import EDIT, Change, DataElement, DataResource, Field, ListItem
from chengshu.resources.operations.grading import keep_origins
from chengshu.resources.operations.indexing import index_resources
from chengshu.resources.operations.standings import keep_standing
from chengshu.resources.queries.entries import (
    check_content,
    find_change,
    find_department,
    open_content,
    standing_content,
)
from chengshu.resources.rules.contents import plain_content
from chengshu.resources.rules.differences import list_differences
from chengshu.resources.rules.grades import highest_grade, hold_grade
from chengshu.resources.rules.origins import read_origins, write_origins
from chengshu.resources.rules.ties import write_reference

MOST_FIELDS = 2000
_LENGTHS = {"code": 64, "name": 200, "category": 120, "sharing_mode": 120, "system": 120, "related": 400}
_FIELD_LENGTHS = {"code": 120, "name": 200, "unit": 32, "not_before": 120, "refers_to": 200}
_LONG = 4000
_REASON = 256
_CODE = re.compile(r"\S+")
_TOLD = 50


@transaction.atomic
def register_resource(content: ResourceContent, *, actor: User, now: datetime) -> DataResource:
    """Enter a resource as a draft of its department.

    Raises:
        PermissionRefused: the actor may not edit entries of the department.
        ResourceInvalid: names the place: a text is missing or too long, the code is taken, a department is not there.
    """
    resource = enter(content, actor=actor, now=now)
    index_resources([resource], now=now)
    return resource


@transaction.atomic
def register_once(content: ResourceContent, *, actor: User, now: datetime) -> tuple[DataResource, bool]:
    """Enter a resource, unless it stands so already; return it, and whether it is new. For callers who may ask twice.

    Raises as `register_resource` does, also where the code is taken by an entry that says something else.
    """
    department = _require_department(content, actor=actor, now=now)
    standing = DataResource.objects.filter(code=tidy(drop_controls(content.code)), department=department).first()
    if standing is not None and open_content(standing) == clean_content(content):
        return standing, False
    return register_resource(content, actor=actor, now=now), True


@transaction.atomic
def change_resource(
    resource_id: int, content: ResourceContent, *, seen: int, actor: User, now: datetime, reason: str = ""
) -> DataResource:
    """Change an entry; of a published one the change waits until the centre approves it.

    Args:
        resource_id: of the entry.
        content: all of it as it is to be.
        seen: the revision that the edit began from.
        actor: who changes it.
        now: the moment, aware.
        reason: why, may be empty.

    Raises:
        ResourceNotFound: there is none in sight.
        PermissionRefused: the actor may not edit entries of the department, the old or the new one.
        ResourceStale: somebody else changed it meanwhile.
        ResourceClosed: it was handed in or withdrawn.
        ResourceInvalid: names the place.
    """
    resource = lock_resource(resource_id, actor=actor, now=now)
    if resource.revision != seen:
        raise ResourceStale(_("别人已先修改了这项资源。您填的内容还在，请对照后再保存。"), resource=resource_id)
    if (
        put_content(resource, content, actor=actor, now=now, reason=reason)
        and resource.state != ResourceState.PUBLISHED
    ):
        index_resources([resource], now=now)
    return resource


def enter(content: ResourceContent, *, actor: User, now: datetime) -> DataResource:
    """Keep a new draft in the caller's transaction, without the index.

    Raises as `register_resource` does.
    """
    department = _require_department(content, actor=actor, now=now)
    content = clean_content(content)
    _refuse_unknown_elements(content)
    if DataResource.objects.filter(code=content.code).exists():
        raise ResourceInvalid(_("目录编码“%(code)s”已被使用。") % {"code": content.code}, field="code")
    resource = DataResource(created_at=now, state=ResourceState.DRAFT.value)
    write_rows(resource, content, department, actor=actor, now=now)
    told = plain_content(content)
    after = {name: value for name, value in told.items() if name != "fields"} | {"fields": len(content.fields)}
    record(actor, "resources.register", subject_of(resource), now=now, after=after)
    return resource


def put_content(
    resource: DataResource, content: ResourceContent, *, actor: User, now: datetime, reason: str = ""
) -> bool:
    """Put content into a locked entry in the caller's transaction, without the index; False when nothing differs.

    Raises as `change_resource` does.
    """
    grants.require(actor, EDIT, resource.department_id, on=localdate(now))
    change = find_change(resource)
    _refuse_closed(resource, change)
    department = _require_department(content, actor=actor, now=now)
    content = clean_content(content)
    _refuse_unknown_elements(content)
    if content.code != resource.code and DataResource.objects.filter(code=content.code).exists():
        raise ResourceInvalid(_("目录编码“%(code)s”已被使用。") % {"code": content.code}, field="code")
    before, after = plain_content(open_content(resource)), plain_content(content)
    differences = list_differences(before, after)
    if not differences:
        return False
    if resource.version and resource.state == ResourceState.PUBLISHED:
        _keep_change(resource, content, actor=actor, now=now)
    else:
        write_rows(resource, content, department, actor=actor, now=now)
    told = {d.place: d.before for d in differences[:_TOLD]}, {d.place: d.after for d in differences[:_TOLD]}
    record(
        actor,
        "resources.change",
        subject_of(resource),
        now=now,
        reason=tell_reason(reason),
        before=told[0],
        after=told[1],
        details={"places": len(differences)},
    )
    return True


def _keep_change(resource: DataResource, content: ResourceContent, *, actor: User, now: datetime) -> None:
    """Keep what is to be; where that is what is published, no change is left."""
    if not list_differences(plain_content(standing_content(resource)), plain_content(content)):
        Change.objects.filter(resource=resource).delete()
        touch(resource, actor=actor, now=now)
        return
    kept = {
        "content": plain_content(content),
        "is_submitted": False,
        "fault_count": len(check_content(content)),
        "edited_at": now,
        "edited_by": actor,
    }
    Change.objects.update_or_create(resource=resource, defaults=kept)
    touch(resource, actor=actor, now=now)


def write_rows(
    resource: DataResource, content: ResourceContent, department_id: int, *, actor: User | None, now: datetime
) -> None:
    """Write an entry's rows as the content says, its grade no lower than the highest of its fields and of their origins."""
    code_before, is_new = resource.code, resource.pk is None
    for name, value in plain_content(content).items():
        if name not in {"department", "grade", "fields", "lists"}:
            setattr(resource, name, value)
    resource.department_id = department_id
    resource.own_grade = content.grade
    resource.highest_field_grade = highest_grade(field.grade for field in content.fields)
    resource.grade = hold_grade(content.grade, content.fields)
    resource.field_count = len(content.fields)
    resource.fault_count = len(check_content(content))
    touch(resource, actor=actor, now=now)
    if not is_new:
        Field.objects.filter(resource=resource).delete()
        ListItem.objects.filter(resource=resource).delete()
    _write_fields(resource, content)
    ListItem.objects.bulk_create(
        ListItem(
            resource=resource,
            kind=item.kind.value,
            basis=item.basis,
            since_on=date.fromisoformat(item.since) if item.since else None,
            requester=item.requester,
            contact=item.contact,
            wanted_on=date.fromisoformat(item.wanted_by) if item.wanted_by else None,
        )
        for item in content.lists
    )
    keep_origins(resource, content, code_before, now=now)


def touch(resource: DataResource, *, actor: User | None, now: datetime) -> None:
    """Save an entry with its next revision, and keep since when it stands so."""
    resource.revision = resource.revision + 1 if resource.pk else 1
    resource.edited_at, resource.edited_by = now, actor
    resource.save()
    keep_standing(resource, now=now)


def lock_resource(resource_id: int, *, actor: User, now: datetime) -> DataResource:
    """Return an entry in sight of the actor, locked to the end of the transaction.

    Raises:
        ResourceNotFound: there is none in sight.
    """
    today = localdate(now)
    seen = DataResource.objects.visible_to(actor, on=today).filter(pk=resource_id)
    if not seen.exists():
        raise ResourceNotFound(_("没有这项数据资源，或您无权查看。"), resource=resource_id)
    locked: DataResource = DataResource.objects.select_for_update().get(pk=resource_id)
    return locked


def clean_content(content: ResourceContent) -> ResourceContent:
    """Return the content with its texts tidied.

    Raises:
        ResourceInvalid: names the place that the database or the catalogue cannot hold.
    """
    tidied = {name: tidy(drop_controls(getattr(content, name))) for name in _LENGTHS}
    long = {
        name: drop_controls(getattr(content, name).replace("\r\n", "\n")).strip()
        for name in ("summary", "sharing_terms", "opening_terms")
    }
    fields = tuple(_clean_field(field) for field in content.fields)
    cleaned = replace(content, **tidied, **long, fields=fields, lists=tuple(_clean_lists(content.lists)))  # type: ignore[arg-type]  # texts for texts
    for name, most in (*_LENGTHS.items(), *((name, _LONG) for name in long)):
        if len(getattr(cleaned, name)) > most:
            raise ResourceInvalid(_("最多 %(most)s 个字。") % {"most": most}, field=name)
    for name in ("code", "name"):
        if not getattr(cleaned, name):
            raise ResourceInvalid(_("这一项必须填写。"), field=name)
    if not _CODE.fullmatch(cleaned.code):
        raise ResourceInvalid(_("目录编码里不能有空格。"), field="code")
    if not LOWEST_GRADE <= cleaned.grade <= HIGHEST_GRADE:
        raise ResourceInvalid(_("分级是 1 至 5。"), field="grade")
    _refuse_repeats(fields)
    return cleaned


def subject_of(resource: DataResource) -> str:
    """Give the name of an entry in the audit."""
    return f"resource:{resource.pk}"


def tell_reason(text: str) -> str:
    """Give a reason as the audit takes it."""
    return tidy(drop_controls(text))[:_REASON]


def _require_department(content: ResourceContent, *, actor: User, now: datetime) -> int:
    department = find_department(content.department)
    if department is None:
        raise ResourceInvalid(_("没有代码为“%(code)s”的部门。") % {"code": content.department}, field="department")
    grants.require(actor, EDIT, department, on=localdate(now))
    return department


def _refuse_closed(resource: DataResource, change: Change | None) -> None:
    if resource.state == ResourceState.SUBMITTED or (change is not None and change.is_submitted):
        raise ResourceClosed(_("已提交审核，现在不能修改。需要改动时请先收回。"), resource=resource.pk)
    if resource.state == ResourceState.WITHDRAWN:
        raise ResourceClosed(_("已下架，现在不能修改。请先恢复编目。"), resource=resource.pk)


def _clean_field(field: FieldContent) -> FieldContent:
    texts: dict[str, Any] = {
        name: tidy(drop_controls(getattr(field, name))) for name in ("code", "name", "unit", "element", "not_before")
    }
    texts["refers_to"] = write_reference(drop_controls(field.refers_to))
    texts["derived_from"] = write_origins(read_origins(drop_controls(field.derived_from)))
    cleaned = replace(field, **texts, description=drop_controls(field.description).strip())
    place = f"fields/{cleaned.code}"
    if not cleaned.code:
        raise ResourceInvalid(_("每个信息项都要有代码。"), field="fields")
    for name, most in _FIELD_LENGTHS.items():
        if len(getattr(cleaned, name)) > most:
            raise ResourceInvalid(
                _("信息项“%(code)s”：最多 %(most)s 个字。") % {"code": cleaned.code[:40], "most": most}, field=place
            )
    if not LOWEST_GRADE <= cleaned.grade <= HIGHEST_GRADE:
        raise ResourceInvalid(_("信息项“%(code)s”：分级是 1 至 5。") % {"code": cleaned.code}, field=place)
    if cleaned.length is not None and not 0 < cleaned.length <= 2_000_000_000:
        raise ResourceInvalid(_("信息项“%(code)s”：长度要大于 0。") % {"code": cleaned.code}, field=place)
    return cleaned


def _refuse_unknown_elements(content: ResourceContent) -> None:
    wanted = {field.element for field in content.fields if field.element}
    known = set(DataElement.objects.filter(code__in=wanted).values_list("code", flat=True))
    if wanted - known:
        raise ResourceInvalid(_("没有数据元“%(code)s”。") % {"code": min(wanted - known)}, field="fields")


def _refuse_repeats(fields: tuple[FieldContent, ...]) -> None:
    if len(fields) > MOST_FIELDS:
        raise ResourceInvalid(_("一项资源最多 %(most)s 个信息项。") % {"most": MOST_FIELDS}, field="fields")
    codes: set[str] = set()
    for field in fields:
        if field.code in codes:
            raise ResourceInvalid(_("信息项代码“%(code)s”写了两次。") % {"code": field.code}, field="fields")
        codes.add(field.code)


_LIST_LENGTHS = {"basis": 400, "requester": 120, "contact": 120}


def _clean_lists(items: tuple[ListContent, ...]) -> Iterator[ListContent]:
    for item in sorted({item.kind: item for item in items}.values(), key=lambda item: item.kind.value):
        cleaned = replace(
            item,
            basis=tidy(drop_controls(item.basis)),
            since=_clean_day(item.since),
            requester=" ".join(drop_controls(item.requester).split()),
            contact=" ".join(drop_controls(item.contact).split()),
            wanted_by=_clean_day(item.wanted_by),
        )
        for name, most in _LIST_LENGTHS.items():
            if len(getattr(cleaned, name)) > most:
                raise ResourceInvalid(_("最多 %(most)s 个字。") % {"most": most}, field="lists")
        if cleaned.kind is not ListKind.DEMAND and (cleaned.requester or cleaned.contact or cleaned.wanted_by):
            raise ResourceInvalid(_("只有需求清单写需求方、联系方式和时限。"), field="lists")
        if cleaned.kind is ListKind.NEGATIVE and not cleaned.basis:
            raise ResourceInvalid(_("列入负面清单要写明依据。"), field="lists")
        yield cleaned


def _clean_day(text: str) -> str:
    try:
        return date.fromisoformat(text.strip()).isoformat() if text.strip() else ""
    except ValueError as fault:
        raise ResourceInvalid(_("日期请写成 2024-03-15。"), field="lists") from fault


def _write_fields(resource: DataResource, content: ResourceContent) -> None:
    codes = {field.element for field in content.fields if field.element}
    elements = dict(DataElement.objects.filter(code__in=codes).values_list("code", "pk"))
    Field.objects.bulk_create(
        (
            Field(
                resource=resource,
                number=number,
                code=field.code,
                name=field.name,
                type=field.type.value,
                length=field.length,
                unit=field.unit,
                element_id=elements.get(field.element),
                own_grade=field.grade,
                grade=field.grade,
                derived_from=field.derived_from,
                is_key=field.is_key,
                is_nullable=field.is_nullable,
                not_before=field.not_before,
                refers_to=field.refers_to,
                description=field.description,
            )
            for number, field in enumerate(content.fields)
        ),
        batch_size=500,
    )
