"""What a rule would find in the rows that are there, shown to who writes it; nothing is kept."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.dataplane.errors import DataplaneError
from chengshu.kernel.grants import facade as grants
from chengshu.resources.contracts.quality import RuleDraft
from chengshu.resources.errors import CheckFailed
from chengshu.resources.models import CHECK, DataResource, QualityRule
from chengshu.resources.queries.quality_profiles import columns_measured
from chengshu.resources.queries.quality_rules import lake_table, list_key, require_sense, require_sight, rules_text
from chengshu.resources.queries.quality_tables import judge_tables
from chengshu.resources.rules.masking import mask_value

if TYPE_CHECKING:
    from chengshu.resources.pipelines.previewing import Tried
    from chengshu.resources.pipelines.quality import Found

PREVIEW_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would check and fail; rows are masked by the grades of their fields, header by header."""

    version: int
    rows: int
    checked: int
    failed: int
    is_passed: bool
    observed: str
    seconds: Decimal
    header: tuple[str, ...] = ()
    failing: tuple[tuple[str, ...], ...] = ()


def preview_rule(
    resource: DataResource, draft: RuleDraft, *, viewer: grants.Viewer, now: datetime, seconds: float = PREVIEW_SECONDS
) -> Preview:
    """Ask a rule that is being written of the newest version of its table.

    Raises:
        PermissionRefused: the viewer may not have this resource checked.
        RuleRefused: the rule makes no sense, or looks anew into a resource that is not in sight.
        CheckFailed: there is no table or column, or it took too long.
    """
    from chengshu.resources.pipelines.previewing import try_rule  # noqa: PLC0415 - heavy: imported where it runs
    from chengshu.resources.pipelines.quality import Asked  # noqa: PLC0415 - the same
    from chengshu.resources.queries.lake import open_lake  # noqa: PLC0415 - the same

    grants.require(viewer, CHECK, resource.department_id, on=localdate(now))
    key = list_key(resource)
    require_sense(draft, key)
    if not QualityRule.objects.filter(resource=resource, definition=dict(draft.definition)).exists():
        require_sight(draft.definition, viewer, on=localdate(now))
    rule = QualityRule(
        resource=resource,
        key=draft.key,
        name=draft.name,
        definition=dict(draft.definition),
        severity=draft.severity.value,
        threshold=draft.threshold,
    )
    table = lake_table(resource)
    # Not on the engine of the settings: a person waits, and the start of Spark alone takes seconds.
    asked = Asked(open_lake(), table, rules_text(resource, [rule]), measured=columns_measured([rule]))
    try:
        tried = try_rule(asked, now=now, seconds=seconds)
    except DataplaneError as fault:
        raise CheckFailed(fault.message, resource=resource.pk) from fault
    judged = judge_tables(resource, [rule], tried.measured, table=table, version=tried.version, now=now)
    found = tried.found or next(judged)
    if found.fault:
        raise CheckFailed(found.fault, resource=resource.pk)
    return _tell(tried, found, _Shown(resource, key, tried.columns))


def _tell(tried: "Tried", found: "Found", show: "_Shown") -> Preview:
    return Preview(
        version=tried.version,
        rows=tried.rows,
        checked=found.checked,
        failed=found.failed,
        is_passed=found.is_passed,
        observed=found.observed,
        seconds=Decimal(tried.seconds).quantize(Decimal("0.01")),
        header=show.header(),
        failing=() if found.is_of_table else tuple(show.row(cells, value) for cells, value in tried.failing),
    )


class _Shown:
    """Names columns and masks cells by the grades of a resource's fields; a column that is no field has the table's."""

    def __init__(self, resource: DataResource, key: Sequence[str], columns: Sequence[str]) -> None:
        facts = {code: (name, grade) for code, name, grade in resource.fields.values_list("code", "name", "grade")}
        self._facts, self._grade = facts, resource.grade
        self._key, self._columns = list(key), list(columns)

    def header(self) -> tuple[str, ...]:
        return tuple(self._facts.get(code, (code, 0))[0] for code in (*self._key, *self._columns))

    def row(self, cells: Sequence[str | None], value: str) -> tuple[str, ...]:
        values = (
            [value] if len(self._columns) == 1 else [cell or "" for cell in json.loads(value or "[]", strict=False)]
        )
        shown = zip((*self._key, *self._columns), (*(cell or "" for cell in cells), *values), strict=False)
        return tuple(
            _("（空白）")
            if text and not text.strip()
            else mask_value(text, self._facts.get(code, ("", self._grade))[1])
            for code, text in shown
        )
