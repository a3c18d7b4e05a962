"""Reads of indicators: facts out of the database, and measurements with their evidence."""

import gzip
import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.files.facade import open_file
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.indicators.contracts import IndicatorSpec, Scope, Tally, Verification, Window
from chengshu.kernel.indicators.errors import (
    EvidenceMissing,
    IndicatorUnknown,
    MeasurementNotFound,
    ScopeUnknown,
    WindowInvalid,
)
from chengshu.kernel.indicators.models import Measurement, MeasurementQuerySet
from chengshu.kernel.indicators.registry import get_spec, resolve_scope
from chengshu.kernel.indicators.rules.canonical import encode_fact, plain_decimal, read_fact
from chengshu.kernel.indicators.rules.counting import Sink, tally
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Organisation

SEE = "indicators.see"
MEASURE = "indicators.measure"
ORGANISATION = "organisation"
_CHUNK = 2000
_CHANGES_SHOWN = 100
_MEASURED = ("value", "numerator", "denominator", "from", "until", "scope", "query", "digest", "sample", "id")
#: How each database sorts texts by code point, whatever its language.
_CODE_POINTS = {"sqlite": "BINARY", "postgresql": '"C"'}


def parse_scope(spec: IndicatorSpec, text: str) -> Scope:
    """Read a scope such as `organisation:310000` or `project:P-12`; an empty text is the whole city.

    Raises:
        ScopeUnknown: the indicator has no such kind of scope, or there is no such code.
    """
    if not text:
        return Scope()
    kind, _colon, code = text.partition(":")
    if kind == ORGANISATION:
        organisation = organisations.find_organisation(code)
        if organisation is None:
            raise ScopeUnknown(f"没有代码为 {code} 的组织", kind=kind, scope=code)
        return Scope(kind, organisation.pk, code)
    if kind not in spec.scopes:
        raise ScopeUnknown(f"指标 {spec.key} 不能按 {kind} 计量", key=spec.key, kind=kind)
    found, _owner = resolve_scope(kind, code)
    return Scope(kind, found, code)


def owner_of(scope: Scope) -> int | None:
    """Return the id of the organisation whose rights count for a scope; None for the whole city.

    Raises:
        ScopeUnknown: the scope does not exist.
    """
    if not scope.kind:
        return None
    return scope.id if scope.kind == ORGANISATION else resolve_scope(scope.kind, scope.code)[1]


def query_parameters(spec: IndicatorSpec, window: Window, scope: Scope) -> dict[str, Any]:
    """Return the parameters of a query as plain JSON: moments are texts in UTC.

    Raises:
        WindowInvalid: the window ends before it begins.
    """
    if window.last < window.first:
        raise WindowInvalid("起始日期晚于截止日期", first=str(window.first), last=str(window.last))
    parameters: dict[str, Any] = dict.fromkeys((ORGANISATION, *spec.scopes))
    if scope.kind:
        parameters[scope.kind] = scope.id
    if not spec.is_stock:
        parameters["from"] = _midnight(window.first)
    return parameters | {"until": _midnight(window.last + timedelta(days=1))}


def _midnight(day: date) -> str:
    return datetime.combine(day, time.min, ZoneInfo(settings.TIME_ZONE)).astimezone(UTC).isoformat()


def count_facts(spec: IndicatorSpec, sql: str, parameters: Mapping[str, Any], sink: Sink | None = None) -> Tally:
    """Run a query and count its facts while they stream by.

    Raises:
        FactInvalid: the query gave a row that cannot be counted.
    """
    with _streaming(sql, parameters) as rows:
        return tally(spec, (read_fact(spec, row) for row in rows), sink)


@contextmanager
def _streaming(sql: str, parameters: Mapping[str, Any]) -> Iterator[Iterator[dict[str, Any]]]:
    """Give the rows of one snapshot; on PostgreSQL its cursor lives in a transaction and ends before it."""
    with transaction.atomic(), closing(_stream(sql, parameters)) as rows:
        yield rows


def _stream(sql: str, parameters: Mapping[str, Any]) -> Generator[dict[str, Any], None, None]:
    collation = _CODE_POINTS[connection.vendor]
    # The query is a registered one, or a stored one under our seal; its values come as parameters.
    ordered = f"SELECT facts.* FROM ({sql}) AS facts ORDER BY CAST(facts.fact_key AS text) COLLATE {collation}"  # noqa: S608
    with closing(connection.chunked_cursor()) as cursor:
        cursor.execute(ordered, _adapt(parameters))
        names: Sequence[str] = ()
        while rows := cursor.fetchmany(_CHUNK):
            names = names or [column[0] for column in cursor.description]
            for row in rows:
                yield dict(zip(names, row, strict=True))


def _adapt(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Turn moments into what the database compares its own columns with."""
    adapt = connection.ops.adapt_datetimefield_value
    return {
        name: adapt(datetime.fromisoformat(value)) if name in {"from", "until"} else value
        for name, value in parameters.items()
    }


def seal_query(sql: str, parameters: Mapping[str, Any]) -> str:
    """Return the keyed digest that a stored query is run under."""
    told = sql + "\n" + "\n".join(f"{name}={parameters[name]}" for name in sorted(parameters))
    return salted_hmac("chengshu.indicators.query", told, algorithm="sha256").hexdigest()


def list_measurements(viewer: User, *, on: date) -> MeasurementQuerySet:
    """Return the measurements that somebody may see."""
    permitted = grants.permitted(viewer, SEE, on=on)
    seen = Measurement.objects.within(permitted, sees_all=covers_city(viewer, SEE, on=on))
    return seen.select_related("organisation", "measured_by", "evidence")


def holds_file(file_id: int, viewer: User, on: date) -> bool | None:
    """Tell whether the viewer may see a measurement that the file is evidence of; None when it is of none."""
    seen = list_measurements(viewer, on=on).filter(evidence=file_id)
    return seen.exists() or (False if Measurement.objects.filter(evidence=file_id).exists() else None)


def newest_by_key(viewer: User, *, on: date) -> dict[str, Measurement]:
    """Return the measurement taken last of each indicator, among those that somebody may see."""
    seen = list_measurements(viewer, on=on).order_by()
    newest = seen.values("key").annotate(newest=Max("pk")).values("newest")
    return {kept.key: kept for kept in Measurement.objects.filter(pk__in=newest)}


def may_measure(viewer: User, owner: int | None, *, on: date) -> bool:
    """Tell whether the viewer may measure over what belongs to `owner`; None is the whole city."""
    if owner is None:
        return covers_city(viewer, MEASURE, on=on)
    return grants.is_permitted(viewer, MEASURE, owner, on=on)


def covers_city(viewer: User, permission: str, *, on: date) -> bool:
    """Tell whether the viewer may do this in the whole city: at every city there is, and there is one."""
    cities = Organisation.objects.filter(kind=organisations.Kind.CITY).existing_on(on)
    beyond = cities.exclude(pk__in=grants.permitted(viewer, permission, on=on))
    return cities.exists() and not beyond.exists()


def require_measuring(viewer: User, owner: int | None, *, on: date) -> None:
    """Pass if the viewer may measure over what belongs to `owner`; None is the whole city.

    Raises:
        PermissionRefused: he may not.
    """
    if owner is not None:
        grants.require(viewer, MEASURE, owner, on=on)
    elif not covers_city(viewer, MEASURE, on=on):
        raise grants.PermissionRefused(_("您没有在全市范围计量的权限，请选择本单位的范围。"), permission=MEASURE)


def get_measurement(measurement_id: int, viewer: User, *, on: date) -> Measurement:
    """Return one measurement.

    Raises:
        MeasurementNotFound: there is none, or not for this person.
    """
    found = list_measurements(viewer, on=on).filter(pk=measurement_id).first()
    if found is None:
        raise MeasurementNotFound("没有这次计量，或您无权查看。", measurement=measurement_id)
    return found


def open_measurement(measurement_id: int) -> Measurement:
    """Return one measurement to the system itself.

    Raises:
        MeasurementNotFound: there is none.
    """
    found = Measurement.objects.filter(pk=measurement_id).first()
    if found is None:
        raise MeasurementNotFound(f"没有编号为 {measurement_id} 的计量。", measurement=measurement_id)
    return found


def read_evidence(measurement: Measurement) -> Iterator[bytes]:
    """Give the canonical lines that a measurement counted, in the order of their keys.

    Raises:
        EvidenceMissing: they were too many to keep.
        FileContentMissing: they are not on the disk any more.
    """
    if measurement.evidence is None:
        if measurement.counted:
            raise EvidenceMissing("事实条数超过保存上限，只留了摘要和样本。", measurement=measurement.pk)
        return
    with open_file(measurement.evidence) as packed, gzip.open(packed) as lines:
        for line in lines:
            yield line.rstrip(b"\n")


def _key_of(line: bytes) -> str:
    return str(json.loads(line)[0])


def write_spec_record(spec: IndicatorSpec) -> dict[str, Any]:
    """Return the published record of an indicator without a measurement: None where a figure would stand."""
    told = {"key": spec.key, "name": str(spec.name), "unit": spec.unit}
    return told | dict.fromkeys(_MEASURED) | {"query": spec.sql}


def write_record(kept: Measurement) -> dict[str, Any]:
    """Return the published record; an indicator that is not registered any more goes by its key."""
    try:
        name = str(get_spec(kept.key).name)
    except IndicatorUnknown:
        name = kept.key
    return {
        "key": kept.key,
        "name": name,
        "unit": kept.unit,
        "value": None if kept.value is None else f"{kept.value:.{kept.digits}f}",
        "numerator": plain_decimal(kept.numerator),
        "denominator": None if kept.denominator is None else plain_decimal(kept.denominator),
        "from": kept.first_day.isoformat(),
        "until": kept.last_day.isoformat(),
        "scope": kept.scope,
        "query": kept.query,
        "digest": kept.digest,
        "sample": kept.sample,
        "id": kept.pk,
    }


def verify_measurement(measurement: Measurement) -> Verification:
    """Run the stored query over today's facts and say whether they are the ones that were counted.

    Raises:
        IndicatorUnknown: the indicator is not registered any more, so that nobody can say how its rows are read.
        EvidenceMissing: the stored query or its parameters were changed behind our back.
    """
    if not constant_time_compare(measurement.seal, seal_query(measurement.query, measurement.parameters)):
        raise EvidenceMissing("保存的查询或参数被改动过，不能再执行。", measurement=measurement.pk)
    spec = get_spec(measurement.key)
    now = count_facts(spec, measurement.query, measurement.parameters)
    same = now.digest == measurement.digest
    added, removed, altered = ((), (), ()) if same else _compare(spec, measurement)
    return Verification(
        same=same,
        was=measurement.digest,
        now=now.digest,
        was_value=measurement.value,
        now_value=now.value,
        added=added,
        removed=removed,
        altered=altered,
    )


Keys = tuple[str, ...] | None


def _compare(spec: IndicatorSpec, measurement: Measurement) -> tuple[Keys, Keys, Keys]:
    """Name the facts that were added, removed and altered, a page of each; None each when the old ones were not kept."""
    try:
        old = {_key_of(line): line for line in read_evidence(measurement)}
    except EvidenceMissing:
        return None, None, None
    added: list[str] = []
    altered: list[str] = []
    with _streaming(measurement.query, measurement.parameters) as rows:
        for fact in (read_fact(spec, row) for row in rows):
            line = old.pop(fact.key, None)
            if line is None:
                added.append(fact.key)
            elif line != encode_fact(fact):
                altered.append(fact.key)
    return tuple(added[:_CHANGES_SHOWN]), tuple(sorted(old)[:_CHANGES_SHOWN]), tuple(altered[:_CHANGES_SHOWN])
