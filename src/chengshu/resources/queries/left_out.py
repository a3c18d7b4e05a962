"""Reads of rows that stay out of standard tables: their reasons with who owes them, and the rows of the newest run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Sum

from chengshu.kernel.grants import facade as grants
from chengshu.resources.contracts.processing import LeftOutReason, LeftOutWhy
from chengshu.resources.contracts.quality import IssueState
from chengshu.resources.models import DataPipeline, DataResource, LeftOutRow, PipelineRun, QualityIssue, QualityRule
from chengshu.resources.queries.row_sight import sees_whole_rows
from chengshu.resources.rules.masking import mask_value


@dataclass(frozen=True, slots=True)
class ReasonTold:
    """A reason of a run: rows that have it, how many of them are listed, and the names of its fields.

    `rule` is the rule's name, `issue` an open issue of it that the viewer may see, `owed` the rows that this one owes.
    """

    number: int
    reason: LeftOutReason
    rows: int
    listed: int
    fields: tuple[str, ...]
    rule: str = ""
    issue: int | None = None
    owed: int = 0


@dataclass(frozen=True, slots=True)
class LeftOutTold:
    """Why rows of a run stayed out; `same` are rows beyond the first of those that are all alike and entered."""

    reasons: tuple[ReasonTold, ...]
    same: int

    @property
    def rows(self) -> int:
        """How many stayed out."""
        return sum(told.rows for told in self.reasons)

    @property
    def is_cut(self) -> bool:
        """Whether not all of them are listed."""
        return any(told.listed < told.rows for told in self.reasons)


@dataclass(frozen=True, slots=True)
class CellSight:
    """How somebody sees the cells of rows: as they are, or masked by the grades of their fields."""

    is_whole: bool
    grades: Mapping[str, int]
    highest: int

    def show(self, code: str, cell: str | None) -> str:
        """Give a cell of a field by its code."""
        if cell is None or self.is_whole:
            return cell or ""
        return mask_value(cell, self.grades.get(code, self.highest))


def tell_left_out(run: PipelineRun, *, viewer: grants.Viewer, on: date) -> LeftOutTold | None:
    """Tell why rows of a run in sight stayed out; None where it did not look, as of repeats and of older runs."""
    resource = run.pipeline.resource
    if run.left_out is None or resource is None:
        return None
    names = {code.lower(): name for code, name in resource.fields.values_list("code", "name")}
    rules = dict(QualityRule.objects.filter(resource=resource).values_list("key", "name"))
    issues = _open_issues(resource, viewer, on)
    counted = run.left_out_rows.order_by().values("reason").annotate(listed=Sum("copies"))
    listed = dict(counted.values_list("reason", "listed"))
    reasons = []
    for told in run.left_out:
        reason = LeftOutReason(LeftOutWhy(told["why"]), told["rule"], tuple(told["fields"]))
        issue, owed = issues.get(reason.rule, (None, 0)) if reason.is_faulted else (None, 0)
        reasons.append(
            ReasonTold(
                number=told["number"],
                reason=reason,
                rows=told["rows"],
                listed=listed.get(told["number"], 0),
                fields=tuple(names.get(code, code) for code in reason.fields),
                rule=rules.get(reason.rule, reason.rule),
                issue=issue,
                owed=owed,
            )
        )
    out = sum(told.rows for told in reasons)
    return LeftOutTold(tuple(reasons), run.rows_read - run.rows_written - out)


def list_left_out(pipeline: DataPipeline) -> QuerySet[LeftOutRow]:
    """List the rows that stay out of the table of a pipeline in sight, unordered."""
    return LeftOutRow.objects.filter(run=pipeline.standing_run_id)


def sight_of_left_out(pipeline: DataPipeline, viewer: grants.Viewer, *, on: date) -> CellSight:
    """Tell how the viewer sees the rows of a pipeline in sight; of no resource they are hidden."""
    if pipeline.resource is None:
        return CellSight(is_whole=False, grades={}, highest=5)
    grades = {code.lower(): grade for code, grade in pipeline.resource.fields.values_list("code", "grade")}
    is_whole = sees_whole_rows(viewer, pipeline.resource.department_id, on=on)
    return CellSight(is_whole=is_whole, grades=grades, highest=max(pipeline.resource.grade, *grades.values(), 0))


def key_fields(run: PipelineRun) -> tuple[str, ...]:
    """Give the codes of the fields that named a row when the run made its table."""
    return tuple(column["code"] for column in run.recipe.get("columns", ()) if column["is_key"])


def _open_issues(resource: DataResource, viewer: grants.Viewer, on: date) -> dict[str, tuple[int, int]]:
    """Give by rule the newest open issue in sight, and how many rows all of them owe."""
    seen = QualityIssue.objects.visible_to(viewer, on=on).filter(resource=resource, state=IssueState.OPEN.value)
    found: dict[str, tuple[int, int]] = {}
    for key, issue, owed in seen.order_by("pk").values_list("rule__key", "pk", "rows_owed"):
        found[key] = (issue, owed + found.get(key, (0, 0))[1])
    return found
