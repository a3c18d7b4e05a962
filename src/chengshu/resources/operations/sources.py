"""Sources are registered, changed, switched off and on, tied to an entry of the catalogue, deleted while unused."""

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations
from chengshu.resources.contracts.catalogue import ResourceState, ValueType
from chengshu.resources.contracts.collection import DeliveryState, SourceContent, SourceKind, WriteMode
from chengshu.resources.errors import ReasonMissing, SecretUnreadable, SourceInvalid, SourceStale
from chengshu.resources.models import COLLECT, DataResource, DataSource, Delivery, DeliveryPromise
from chengshu.resources.operations.dues import note_dues
from chengshu.resources.operations.quality import note_new_version
from chengshu.resources.operations.standings import keep_source_standing
from chengshu.resources.queries.secrets import full_address, house_keys
from chengshu.resources.rules.addresses import find_fault
from chengshu.resources.rules.secrets import keep_known, mask_address, seal, take_secrets

_MOST_COLUMNS = 1000
_TABLE = re.compile(r"[^\W_]\w{0,59}")
_LONGEST_REASON = 256
_READ_FROM = ("table", "schema", "by", "key")
"""Parts of a database's address that say which rows there are, and up to where they were read."""


@transaction.atomic
def register_source(content: SourceContent, *, actor: User, now: datetime) -> DataSource:
    """Register a source of a department.

    Raises:
        PermissionRefused: the actor does not collect for the department.
        SourceInvalid: it cannot be kept as given; `details["field"]` names the place.
    """
    department = organisations.find_organisation(content.department)
    if department is None:
        raise SourceInvalid(_("没有代码为“%(code)s”的单位。") % {"code": content.department}, field="department")
    grants.require(actor, COLLECT, department.pk, on=localdate(now))
    _check(content)
    if DataSource.objects.filter(table=content.table).exists():
        raise SourceInvalid(_("湖表“%(table)s”已由另一个数据源使用。") % {"table": content.table}, field="table")
    source = DataSource.objects.create(
        department=department, kind=content.kind.value, created_at=now, **_values(content)
    )
    keep_source_standing(source, now=now)
    record(actor, "resources.register_source", f"source:{source.pk}", now=now, after=_tell(source))
    return source


@transaction.atomic
def change_source(
    source: DataSource, content: SourceContent, *, seen: int, reason: str, actor: User, now: datetime
) -> DataSource:
    """Change what is declared of a source; department and kind stay. Masked secrets in the address stay as they are.

    Once rows were taken, the table stays, and columns may be added, reordered and need no value, but not go or change
    their type. A database that is read on from its mark is not pointed at other rows where these would be appended.

    Raises:
        PermissionRefused: the actor does not collect for the department.
        SourceStale: somebody else changed the source since `seen`.
        ReasonMissing: no reason was given.
        SourceInvalid: it cannot be kept as given; `details["field"]` names the place.
    """
    told = _require_reason(reason)
    locked = _lock(source, seen, actor, now)
    wanted = replace(content, address=_with_secrets(locked, content.address), kind=SourceKind(locked.kind))
    _check(wanted)
    _require_fit(locked, wanted)
    before = _tell(locked)
    values = _values(wanted)
    if _points_elsewhere(locked, values["address"]):
        values |= {"mark": None, "etag": ""}
    for name, value in values.items():
        setattr(locked, name, value)
    locked.revision += 1
    locked.save()
    keep_source_standing(locked, now=now)
    record(
        actor,
        "resources.change_source",
        f"source:{locked.pk}",
        now=now,
        reason=told,
        before=before,
        after=_tell(locked),
    )
    return locked


@transaction.atomic
def switch_source(
    source: DataSource, *, is_active: bool, seen: int, reason: str, actor: User, now: datetime
) -> DataSource:
    """Switch a source off (nothing is received or collected, nothing is owed) or on again.

    What it owed up to now stays a fact; after a pause it owes from the day on which it was switched on.

    Raises:
        PermissionRefused, SourceStale, ReasonMissing: as `change_source` does.
    """
    told = _require_reason(reason)
    locked = _lock(source, seen, actor, now)
    if locked.is_active != is_active:
        note_dues(now, source_id=locked.pk)
        locked.is_active, locked.revision = is_active, locked.revision + 1
        locked.save(update_fields=["is_active", "revision"])
        keep_source_standing(locked, now=now)
        if is_active:
            DeliveryPromise.objects.filter(source=locked, since__lt=localdate(now)).update(since=localdate(now))
        states = {"before": {"is_active": not is_active}, "after": {"is_active": is_active}}
        record(actor, "resources.switch_source", f"source:{locked.pk}", now=now, reason=told, **states)
    return locked


@transaction.atomic
def delete_source(source: DataSource, *, reason: str, actor: User, now: datetime) -> None:
    """Delete a source to which nothing was ever delivered, with its promise and its tokens.

    Raises:
        PermissionRefused, ReasonMissing: as `change_source` does.
        SourceInvalid: something was delivered, or owed: it can be switched off only.
    """
    told = _require_reason(reason)
    locked = _lock(source, None, actor, now)
    if Delivery.objects.filter(source=locked).exists() or locked.dues.exists():
        raise SourceInvalid(_("这个数据源已有交付或到期记录，不能删除，只能停用。"), field="source")
    record(actor, "resources.delete_source", f"source:{locked.pk}", now=now, reason=told, before=_tell(locked))
    locked.delete()


@transaction.atomic
def link_source(
    source: DataSource, resource: DataResource | None, *, actor: User, now: datetime, reason: str = ""
) -> DataSource:
    """Say which entry of the catalogue a source fills, or that it fills none. Its table is then the entry's.

    Raises:
        PermissionRefused: the actor does not collect for the department.
        SourceInvalid: the entry is another department's, withdrawn, or filled by another source.
    """
    locked = _lock(source, None, actor, now)
    if resource is not None:
        _require_fillable(locked, resource)
    before = _code(locked)
    locked.resource, locked.revision = resource, locked.revision + 1
    locked.save(update_fields=["resource", "revision"])
    if resource is not None:
        taken = Delivery.objects.filter(source=locked, state=DeliveryState.TAKEN.value, version__isnull=False)
        version = taken.order_by("-version").values_list("version", flat=True).first()
        if version is not None:
            note_new_version(resource.pk, version, now=now)
    record(
        actor,
        "resources.link_source",
        f"source:{locked.pk}",
        now=now,
        reason=drop_controls(reason).strip()[:_LONGEST_REASON],
        before={"resource": before},
        after={"resource": _code(locked)},
    )
    return locked


def _lock(source: DataSource, seen: int | None, actor: User, now: datetime) -> DataSource:
    grants.require(actor, COLLECT, source.department_id, on=localdate(now))
    locked = DataSource.objects.select_for_update().get(pk=source.pk)
    if seen is not None and locked.revision != seen:
        raise SourceStale(_("别人刚刚修改了这个数据源，请重新打开后再改。"), source=locked.pk)
    return locked


def _require_reason(reason: str) -> str:
    told = drop_controls(reason).strip()[:_LONGEST_REASON]
    if not told:
        raise ReasonMissing(_("请写明理由。"), field="reason")
    return told


def _require_fit(source: DataSource, wanted: SourceContent) -> None:
    """See that rows that were taken, and rows that are to come, go into one table."""
    other = DataSource.objects.filter(table=wanted.table).exclude(pk=source.pk)
    if other.exists():
        raise SourceInvalid(_("湖表“%(table)s”已由另一个数据源使用。") % {"table": wanted.table}, field="table")
    if source.mark and source.mode == WriteMode.APPEND.value and _points_elsewhere(source, wanted.address):
        message = _("已按水位读到中间，追加方式下不能改表名或水位列，否则会重复或遗漏；请另登记一个数据源。")
        raise SourceInvalid(message, field="address")
    if not Delivery.objects.filter(source=source, version__isnull=False).exists():
        return
    if wanted.table != source.table:
        raise SourceInvalid(_("已有数据入湖，湖表名不能改。"), field="table")
    types = {column.name: (column.type.value, _scale(asdict(column))) for column in wanted.columns}
    firm = [c["name"] for c in source.columns if types.get(c["name"]) != (c["type"], _scale(c))]
    if firm:
        message = _("已有数据入湖，列“%(names)s”不能去掉，也不能改类型。")
        raise SourceInvalid(message % {"names": "、".join(firm[:10])}, field="columns")


def _require_fillable(source: DataSource, resource: DataResource) -> None:
    if resource.department_id != source.department_id:
        raise SourceInvalid(_("只能选择本单位的目录。"), field="resource")
    if resource.state == ResourceState.WITHDRAWN.value:
        raise SourceInvalid(_("这条目录已下架，不能选择。"), field="resource")
    other = DataSource.objects.filter(resource=resource).exclude(pk=source.pk).first()
    if other is not None:
        raise SourceInvalid(_("这条目录已由数据源“%(name)s”归集。") % {"name": other.name}, field="resource")


def _points_elsewhere(source: DataSource, address: Mapping[str, str]) -> bool:
    if source.kind == SourceKind.DATABASE.value:
        return any(source.address.get(name, "") != address.get(name, "") for name in _READ_FROM)
    known: str = source.address.get("url", "")
    return known != mask_address(address).get("url", "")


def _with_secrets(source: DataSource, typed: Mapping[str, str]) -> Mapping[str, str]:
    if not source.secret_box:
        return typed
    address, wrong = keep_known(typed, _known_address(source))
    if wrong:
        raise SourceInvalid(_("地址改了，请重新填写口令，不能沿用原来的。"), field="address")
    return address


def _known_address(source: DataSource) -> dict[str, str]:
    """The address with its secrets; nothing where no key opens them any more, so that they are asked for again."""
    try:
        return full_address(source)
    except SecretUnreadable:
        return {}


def _scale(column: Mapping[str, Any]) -> int | None:
    return column.get("scale", 2) if column["type"] == ValueType.DECIMAL.value else None


def _values(content: SourceContent) -> dict[str, Any]:
    """Give what is kept of a source's content; secrets apart."""
    return {
        "name": content.name.strip(),
        "table": content.table,
        "columns": [asdict(column) | {"type": column.type.value} for column in content.columns],
        "mode": content.mode.value,
        "key": list(content.key),
        "address": mask_address(content.address),
        "secret_box": seal(take_secrets(content.address), house_keys=house_keys()),
    }


def _tell(source: DataSource) -> dict[str, Any]:
    """Tell the audit of a source what people may see of it."""
    names = ("name", "kind", "table", "mode", "key", "address", "columns")
    return {name: getattr(source, name) for name in names}


def _code(source: DataSource) -> str:
    return source.resource.code if source.resource else ""


def _check(content: SourceContent) -> None:
    if not content.name.strip():
        raise SourceInvalid(_("请填写数据源名称。"), field="name")
    if not _TABLE.fullmatch(content.table):
        message = _("湖表名请用不超过 60 个汉字、字母、数字或下划线，不以下划线开头。")
        raise SourceInvalid(message, field="table")
    names = [column.name for column in content.columns]
    if not names or len(names) > _MOST_COLUMNS or len(set(names)) < len(names) or not all(map(str.strip, names)):
        message = _("请声明 1 至 %(most)s 个列，列名不能为空或重复。")
        raise SourceInvalid(message % {"most": _MOST_COLUMNS}, field="columns")
    if any(column.type is ValueType.BINARY or not 0 <= column.scale <= 18 for column in content.columns):
        raise SourceInvalid(_("列的类型不能是二进制，小数位数在 0 至 18 之间。"), field="columns")
    if set(content.key) - set(names) or (content.mode is WriteMode.MERGE and not content.key):
        raise SourceInvalid(_("按主键合并时，请指定主键，主键必须是声明过的列。"), field="key")
    wrong = find_fault(content.kind, content.address)
    if wrong:
        message = _("地址中的“%(field)s”没有填写，或填写的内容不能使用。") % {"field": wrong}
        raise SourceInvalid(message, field=f"address.{wrong}")
