"""Checks of a resource's table: what is found is kept in one transaction at the end, so that a cut check leaves nothing."""

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.errors import ChengshuError
from chengshu.dataplane.engines.choosing import EngineChoice
from chengshu.dataplane.engines.workplaces import work_folder
from chengshu.dataplane.errors import DataplaneError
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.resources.contracts.quality import RowFate, RunKind, RunState
from chengshu.resources.errors import CheckFailed, CheckOvertaken
from chengshu.resources.models import CheckRun, DataResource, IssueRow, QualityRule, RuleOutcome
from chengshu.resources.operations.entries import subject_of
from chengshu.resources.operations.quality_answers import answer_corrections, note_failing
from chengshu.resources.operations.quality_issues import RowKey, attach_rows, settle_rows
from chengshu.resources.operations.quality_rules import lock_resource
from chengshu.resources.queries.quality_profiles import columns_measured
from chengshu.resources.queries.quality_rules import lake_table, list_key, list_rules, rules_text
from chengshu.resources.queries.quality_tables import judge_tables

if TYPE_CHECKING:
    from chengshu.resources.pipelines.quality import Asked, Checked, Found, Rechecked
    from chengshu.resources.rules.table_tests import Measured

Tell = Callable[[str, int, int], object]
"""Told of progress: stage, done, total. What it raises stops the check."""
Owed: TypeAlias = dict[str, dict[RowKey, int]]
"""Owed rows by rule: their keys, and their ids."""
_FAULT_LENGTH, _OBSERVED_LENGTH = 500, 300


@dataclass(frozen=True, slots=True)
class _Work:
    """A check under way."""

    run: CheckRun
    rules: dict[str, QualityRule]
    asked: "Asked"
    now: datetime
    began: float
    tell: Tell

    def moment(self) -> datetime:
        """Give the moment it is, reckoned from when the check began."""
        return self.now + timedelta(seconds=time.perf_counter() - self.began)


def _tell_nobody(_stage: str, _done: int, _total: int) -> None:
    """Nobody listens."""


def check_resource(resource_id: int, *, actor: User | None, now: datetime, tell: Tell = _tell_nobody) -> CheckRun:
    """Ask all rules of all rows of a resource's table; new failing rows become issues. Owed rows are looked at first.

    Raises:
        ResourceNotFound, PermissionRefused: not in sight, or not the actor's to check.
        CheckFailed: there is no table, key or rule, or the table cannot be read; kept as a failed check.
        CheckOvertaken: another full check of the table began meanwhile.
    """
    from chengshu.resources.pipelines.quality import check_table  # noqa: PLC0415 - heavy: imported where it runs

    with transaction.atomic():
        resource = lock_resource(resource_id, actor=actor, now=now)
    if _owes(resource):
        recheck_resource(resource_id, actor=actor, now=now, tell=tell)
    with (
        _begun(resource, RunKind.FULL, on=settings.ENGINE, actor=actor, now=now, tell=tell) as work,
        work_folder(settings.WORK_ROOT) as keys,
    ):
        tell(_("检查"), 0, 1)
        checked = check_table(work.asked, now=now, keys=keys)
        with transaction.atomic():
            _keep_full(work, checked)
    if CheckRun.objects.filter(resource=resource, state=RunState.DONE, version__gt=work.run.version).exists():
        recheck_resource(resource_id, actor=actor, now=work.moment(), tell=tell)
    return work.run


def recheck_resource(
    resource_id: int,
    *,
    actor: User | None,
    now: datetime,
    tell: Tell = _tell_nobody,
    excused: Collection[int] = (),
    note: str = "",
) -> CheckRun | None:
    """Ask the rules again of exactly the rows that are owed, in the table as it is now; None when nothing is owed.

    What holds now is fixed, what is no longer there is gone; both are verified by this check. Of the rules `excused`
    (ids), which were changed, rows that hold now were never wrong: they are void, for the reason in `note`.

    Raises as `check_resource` does.
    """
    from chengshu.resources.pipelines.quality import recheck_rows  # noqa: PLC0415 - heavy: imported where it runs

    with transaction.atomic():
        resource = lock_resource(resource_id, actor=actor, now=now)
    if not _owes(resource):
        return None
    on = EngineChoice() if excused else settings.ENGINE  # who changed a rule waits, and Spark's start takes seconds
    with (
        _begun(resource, RunKind.RECHECK, on=on, actor=actor, now=now, tell=tell) as work,
        work_folder(settings.WORK_ROOT) as keys,
    ):
        tell(_("复检"), 0, 1)
        owed = _list_owed(work)
        rechecked = recheck_rows(work.asked, owed, now=now, keys=keys)
        with transaction.atomic():
            _keep_recheck(work, owed, rechecked, excused=excused, note=note)
    return work.run


@contextmanager
def _begun(
    resource: DataResource, kind: RunKind, *, on: EngineChoice, actor: User | None, now: datetime, tell: Tell
) -> Iterator[_Work]:
    """Keep that a check began; when it cannot be made, keep why."""
    from chengshu.resources.pipelines.quality import Asked  # noqa: PLC0415 - heavy: imported where it runs
    from chengshu.resources.queries.lake import open_lake  # noqa: PLC0415 - the same

    with transaction.atomic():
        lock_resource(resource.pk, actor=None, now=now)
        running = CheckRun.objects.filter(resource=resource, kind=kind, state=RunState.RUNNING)
        running.update(state=RunState.INTERRUPTED, finished_at=now)
        run = CheckRun.objects.create(
            resource=resource,
            kind=kind.value,
            table=lake_table(resource),
            month_on=localdate(now).replace(day=1),
            author=actor,
            started_at=now,
        )
    asked_rules = list_rules(resource).filter(is_active=True).order_by("key")
    if kind is RunKind.RECHECK:
        asked_rules = asked_rules.filter(pk__in=IssueRow.objects.filter(fate=RowFate.OWED).values("rule"))
    rules = {rule.key: rule for rule in asked_rules}
    asked = Asked(
        open_lake(),
        lake_table(resource),
        rules_text(resource, rules.values()),
        measured=columns_measured(rules.values()),
        on=on,
    )
    try:
        _refuse_bare(resource, rules)
        yield _Work(run, rules, asked, now, time.perf_counter(), tell)
    except DataplaneError as fault:
        _fail(run, fault, now=now)
        raise CheckFailed(fault.message, resource=resource.pk) from fault
    except ChengshuError as fault:
        _fail(run, fault, now=now)
        raise


def _refuse_bare(resource: DataResource, rules: dict[str, QualityRule]) -> None:
    if not list_key(resource):
        raise CheckFailed(_("编目里没有标出标识项，不能按行检查。请先在编目中标出主键。"), resource=resource.pk)
    if not rules:
        raise CheckFailed(_("还没有启用的质量规则。请先由编目生成规则。"), resource=resource.pk)


def _fail(run: CheckRun, fault: ChengshuError, *, now: datetime) -> None:
    unfinished = CheckRun.objects.filter(pk=run.pk, state=RunState.RUNNING)
    unfinished.update(state=RunState.FAILED, finished_at=now, fault=fault.message[:_FAULT_LENGTH])


def _owes(resource: DataResource) -> bool:
    return IssueRow.objects.filter(issue__resource=resource, fate=RowFate.OWED).exists()


def _list_owed(work: _Work) -> Owed:
    """Give the owed rows by rule: their keys, and their ids here."""
    owed: Owed = {key: {} for key in work.rules}
    rows = IssueRow.objects.filter(rule__in=work.rules.values(), fate=RowFate.OWED)
    width = len(list_key(work.run.resource))
    for pk, rule, key in rows.values_list("pk", "rule__key", "key"):
        if len(key) in {0, width}:  # none: the table as a whole
            owed[rule][tuple(key)] = pk
    return owed


def _keep_full(work: _Work, checked: "Checked") -> None:
    run = _still_mine(work)
    moment = work.moment()
    opened, standing = 0, _list_standing(work)
    told = (*checked.found, *_judge(work, run, checked.measured, checked.version))
    for done, found in enumerate(told):
        work.tell(_("登记问题"), done, len(told))
        rule, beyond = work.rules[found.key], 0
        if not found.is_passed and rule.pk in standing:
            issues, beyond = attach_rows(run, rule, found.failing(), now=moment)
            opened += len(issues)
        _keep_outcome(run, rule, found, beyond)
    run.failed_rules = sum(not found.is_passed for found in told)
    _finish(work, run, version=checked.version, rows=checked.rows, moment=moment)
    details = {"version": checked.version, "rows": checked.rows, "rules": len(told), "issues": opened}
    record(run.author, "resources.check_quality", subject_of(run.resource), now=moment, details=details)


def _list_standing(work: _Work) -> set[int]:
    """List the rules that stand as they were asked: what was changed or switched off meanwhile opens no issues."""
    asked = {rule.pk: rule.revision for rule in work.rules.values()}
    now = QualityRule.objects.filter(pk__in=asked, is_active=True).values_list("pk", "revision")
    return {pk for pk, revision in now if asked[pk] == revision}


def _keep_recheck(work: _Work, owed: Owed, rechecked: "Rechecked", *, excused: Collection[int], note: str) -> None:
    run = _still_mine(work)
    moment = work.moment()
    judged = list(_judge(work, run, rechecked.measured, rechecked.version))
    failed = dict(rechecked.failing) | {found.key: dict(found.failing()) for found in judged}
    told = (*rechecked.found, *judged)
    unasked = {found.key for found in told if found.fault}
    fates: dict[RowFate, list[int]] = {RowFate.FIXED: [], RowFate.GONE: [], RowFate.VOID: []}
    still: dict[int, str | None] = {}
    for rule, rows in owed.items():
        if rule in unasked:
            continue
        failing = failed.get(rule, {})
        holds = RowFate.VOID if work.rules[rule].pk in excused else RowFate.FIXED
        for key, pk in rows.items():
            if key not in rechecked.present:
                fates[RowFate.GONE].append(pk)
            elif key in failing:
                still[pk] = failing[key]
            else:
                fates[holds].append(pk)
    for done, found in enumerate(told):
        work.tell(_("登记复检结果"), done, len(told))
        _keep_outcome(run, work.rules[found.key], found, 0)
    number = sum(map(len, owed.values()))
    _finish(work, run, version=rechecked.version, rows=number, moment=moment)
    settle_rows(fates, run=run, now=moment, note=note)
    note_failing(run, still)
    answer_corrections(run)
    work.tell(_("登记复检结果"), len(told), len(told))
    details = {"version": rechecked.version, "rows": number} | {fate.value: len(rows) for fate, rows in fates.items()}
    record(run.author, "resources.recheck_quality", subject_of(run.resource), now=moment, details=details)


def _judge(work: _Work, run: CheckRun, measured: "Measured | None", version: int) -> Iterator["Found"]:
    rules = work.rules.values()
    return judge_tables(run.resource, rules, measured, table=run.table, version=version, now=work.now)


def _still_mine(work: _Work) -> CheckRun:
    """Lock the table's resource for the writing, and see that no other check of this kind took over."""
    lock_resource(work.run.resource_id, actor=None, now=work.now)
    run = CheckRun.objects.select_related("resource", "author").get(pk=work.run.pk)
    if run.state != RunState.RUNNING:
        raise CheckOvertaken(_("这张表又开始了另一次检查，这一次没有留下结果。"), run=run.pk)
    return run


def _finish(work: _Work, run: CheckRun, *, version: int, rows: int, moment: datetime) -> None:
    run.state, run.version, run.rows, run.finished_at = RunState.DONE.value, version, rows, moment
    run.save()
    work.run.refresh_from_db()


def _keep_outcome(run: CheckRun, rule: QualityRule, found: "Found", beyond: int) -> None:
    RuleOutcome.objects.create(
        run=run,
        rule=rule,
        revision=rule.revision,
        checked=found.checked,
        failed=found.failed,
        unattached=beyond,
        is_passed=found.is_passed,
        observed=found.observed[:_OBSERVED_LENGTH],
        fault=found.fault[:_OBSERVED_LENGTH],
        milliseconds=found.milliseconds,
    )
