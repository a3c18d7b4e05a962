"""Writes of indicators: one measurement is one row, its evidence beside it."""

import gzip
import tempfile
from datetime import datetime
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.files.facade import FileTooLarge, StoredFile, store_file
from chengshu.kernel.indicators.contracts import Cell, Fact, IndicatorSpec, Scope, Tally, Window
from chengshu.kernel.indicators.models import Measurement
from chengshu.kernel.indicators.queries import (
    count_facts,
    owner_of,
    parse_scope,
    query_parameters,
    require_measuring,
    seal_query,
)
from chengshu.kernel.indicators.registry import get_spec
from chengshu.kernel.indicators.rules.canonical import plain_decimal


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
