"""Writes of indicators: one measurement is one row, its evidence beside it."""

import gzip
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.files.facade import FileTooLarge, StoredFile, store_file
from chengshu.kernel.indicators.contracts import Cell, Fact, IndicatorSpec, Scope, Tally, Verification, Window
from chengshu.kernel.indicators.errors import IndicatorError
from chengshu.kernel.indicators.models import Measurement
from chengshu.kernel.indicators.queries import (
    count_facts,
    owner_of,
    parse_scope,
    query_parameters,
    require_measuring,
    seal_query,
    verify_measurement,
)
from chengshu.kernel.indicators.registry import get_spec
from chengshu.kernel.indicators.rules.canonical import plain_decimal
from chengshu.kernel.jobs.facade import Job, Progress, enqueue_job

MEASURE_MANY = "indicators.measure_many"


def measure(key: str, window: Window, scope: str, *, actor: User | None, now: datetime) -> Measurement:
    """Measure an indicator and keep the value with its evidence; None as actor is the system by itself.

    Raises:
        IndicatorUnknown, ScopeUnknown, WindowInvalid: what was asked for does not exist.
        PermissionRefused: the actor may not measure over this scope.
        FactInvalid: the indicator's query gave a row that cannot be counted; nothing is kept.
    """
    spec = get_spec(key)
    found = parse_scope(spec, scope)
    owner = owner_of(found)
    if actor is not None:
        require_measuring(actor, owner, on=localdate(now))
    parameters = query_parameters(spec, window, found)
    with tempfile.TemporaryFile() as spool:
        with gzip.GzipFile(fileobj=spool, mode="wb", mtime=0, filename="") as packed:
            counted = count_facts(spec, spec.sql, parameters, packed.write)
        with transaction.atomic():
            evidence = _keep_evidence(spec, counted, cast("BinaryIO", spool), actor, now)
            kept = Measurement(
                key=key,
                first_day=window.first,
                last_day=window.last,
                organisation_id=owner,
                query=spec.sql,
                parameters=parameters,
                seal=seal_query(spec.sql, parameters),
                evidence=evidence,
                measured_at=now,
                measured_by=actor,
                **_columns_of(spec, found, counted),
            )
            kept.save()
            facts = {"key": key, "value": _text(counted.value), "counted": counted.counted, "digest": counted.digest}
            record(actor, "indicators.measure", f"measurement:{kept.pk}", now=now, details=facts)
    return kept


def verify_again(measurement: Measurement, *, actor: User, now: datetime) -> Verification:
    """Run the kept query over today's facts, and keep that somebody did and what came of it.

    Raises:
        IndicatorUnknown, EvidenceMissing: as `verify_measurement`.
    """
    found = verify_measurement(measurement)
    facts = {"same": found.same, "was": found.was, "is": found.now}
    record(actor, "indicators.verify", f"measurement:{measurement.pk}", now=now, details=facts)
    return found


@transaction.atomic
def start_measuring(keys: Sequence[str], window: Window, scope: str, *, actor: User, now: datetime) -> Job:
    """Queue the measuring of several indicators over one window and scope.

    Raises:
        IndicatorUnknown, ScopeUnknown: what was asked for does not exist, or one of them cannot be measured over it.
        PermissionRefused: the actor may not measure over this scope.
    """
    chosen = list(dict.fromkeys(keys))
    owners = {owner_of(parse_scope(get_spec(key), scope)) for key in chosen}
    for owner in owners:
        require_measuring(actor, owner, on=localdate(now))
    days = {"first": window.first.isoformat(), "last": window.last.isoformat()}
    payload = {"keys": chosen, "scope": scope, "asked_at": now.isoformat(), **days}
    return enqueue_job(MEASURE_MANY, payload=payload, owner=actor, now=now)


def work_measuring(progress: Progress, *, clock: Callable[[], datetime]) -> Mapping[str, Any]:
    """Measure for the worker, one after the other; what an interrupted attempt measured is not measured twice.

    Gives how many were measured, and by key why the others were not.
    """
    asked, actor = progress.payload, User.objects.get(pk=progress.owner_id or 0)
    window = Window(date.fromisoformat(asked["first"]), date.fromisoformat(asked["last"]))
    kind, _colon, code = asked["scope"].partition(":")
    done = set(
        Measurement.objects.filter(
            measured_by=actor,
            scope_kind=kind,
            scope_code=code,
            first_day=window.first,
            last_day=window.last,
            measured_at__gte=datetime.fromisoformat(asked["asked_at"]),
        ).values_list("key", flat=True)
    )
    failed: dict[str, str] = {}
    keys = list(asked["keys"])
    for number, key in enumerate(keys):
        progress.report(gettext("计量"), done=number, total=len(keys))
        if key in done:
            continue
        try:
            measure(key, window, asked["scope"], actor=actor, now=clock())
        except IndicatorError as fault:
            failed[key] = fault.message
    told = gettext("%(count)s 个指标没有计量成") % {"count": len(failed)} if failed else ""
    progress.report(gettext("计量"), done=len(keys), total=len(keys), message=told)
    return {"measured": len(keys) - len(failed), "failed": failed}


def _columns_of(spec: IndicatorSpec, scope: Scope, counted: Tally) -> dict[str, Any]:
    return {
        "scope_kind": scope.kind,
        "scope_id": scope.id,
        "scope_code": scope.code,
        "value": counted.value,
        "digits": spec.digits,
        "unit": spec.unit,
        "numerator": counted.numerator,
        "denominator": counted.denominator,
        "counted": counted.counted,
        "digest": counted.digest,
        "sample": _sample_of(spec, counted),
    }


def _keep_evidence(
    spec: IndicatorSpec, counted: Tally, spool: BinaryIO, actor: User | None, now: datetime
) -> StoredFile | None:
    """Keep the counted lines; too many of them are told by digest and sample alone."""
    if not counted.counted or counted.counted > settings.EVIDENCE_MAX_FACTS:
        return None
    spool.seek(0)
    try:
        return store_file(spool, name=f"{spec.key}.jsonl.gz", owner=actor, now=now)
    except FileTooLarge:
        return None


def _sample_of(spec: IndicatorSpec, counted: Tally) -> list[list[str | int | bool | None]]:
    names = ["fact_key", "numerator", "denominator", *(column.name for column in spec.columns)]
    return [[*names], *(_row(fact) for fact in counted.sample)]


def _row(fact: Fact) -> list[str | int | bool | None]:
    return [fact.key, _plain(fact.numerator), _plain(fact.denominator), *(_plain(cell) for cell in fact.columns)]


def _plain(cell: Cell) -> str | int | bool | None:
    return cell if cell is None or isinstance(cell, str | int | bool) else plain_decimal(cell)


def _text(value: Cell) -> str | None:
    return None if value is None else str(_plain(value))
