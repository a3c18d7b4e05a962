"""A pipeline as people read it: what it reads, its steps with their SQL, the tables it makes. Heavy to import."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from chengshu.dataplane.pipelines.pipeline import Pipeline
from chengshu.dataplane.runs.contracts import Plan
from chengshu.dataplane.tables.describing import TYPE_NAMES, describe_constraint
from chengshu.dataplane.tables.shapes import Column, Shape, Type
from chengshu.resources.contracts.processing import PipelineKind
from chengshu.resources.errors import ProcessingRefused
from chengshu.resources.models import DataPipeline
from chengshu.resources.pipelines.declared import read_folder
from chengshu.resources.pipelines.standardising import list_unasked, standard_plan
from chengshu.resources.queries.recipes import find_recipe


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step: its name, the relations that it reads, why it is there, its SQL."""

    name: str
    reads: tuple[str, ...]
    purpose: str
    sql: str


@dataclass(frozen=True, slots=True)
class ColumnShown:
    """A column of a table that is made, as its declaration documents it; `type` is in words."""

    name: str
    type: str
    description: str
    unit: str
    element: str
    grade: int | None
    constraints: str


@dataclass(frozen=True, slots=True)
class TableShown:
    """A table of the lake, `zone/name`, with what stands for it in the plan; `columns` where they are declared."""

    relation: str
    table: str
    mode: str = ""
    description: str = ""
    columns: tuple[ColumnShown, ...] = ()

    @property
    def place(self) -> tuple[str, str]:
        """Zone and name."""
        zone, _slash, name = self.table.partition("/")
        return zone, name


@dataclass(frozen=True, slots=True)
class PlanShown:
    """A plan; `unasked` are the kinds of rules that its rows are not held to, `absent` fields that the raw table lacks."""

    inputs: tuple[TableShown, ...]
    steps: tuple[StepShown, ...]
    outputs: tuple[TableShown, ...]
    file: str = ""
    unasked: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


def plan_of_pipeline(pipeline: DataPipeline) -> Plan:
    """Give the plan of a pipeline as it would run now.

    Raises:
        ProcessingRefused: it cannot be made; the message says why.
    """
    if pipeline.kind == PipelineKind.STANDARD and pipeline.resource is not None:
        return standard_plan(find_recipe(pipeline.resource))
    declared = read_folder(settings.PIPELINES_DIR).find(pipeline.key.removeprefix("declared:"))
    if declared is None:
        raise ProcessingRefused(_("这个加工任务的代码已不在目录里。"))
    return declared.plan


def describe_pipeline(pipeline: DataPipeline) -> PlanShown:
    """Give what a pipeline would do now. Raises as `plan_of_pipeline` does."""
    if pipeline.kind == PipelineKind.STANDARD and pipeline.resource is not None:
        recipe = find_recipe(pipeline.resource)
        plan = standard_plan(recipe)
        shapes = [plan.pipeline.output] if plan.pipeline.output else []
        return _show(plan, shapes, unasked=list_unasked(recipe), absent=tuple(recipe.absent))
    declared = read_folder(settings.PIPELINES_DIR).find(pipeline.key.removeprefix("declared:"))
    plan = plan_of_pipeline(pipeline)
    return _show(plan, declared.tables if declared else (), file=declared.file if declared else "")


def list_faults() -> tuple[str, ...]:
    """Tell what is wrong with the files of pipelines declared in code."""
    return read_folder(settings.PIPELINES_DIR).faults


def _show(
    plan: Plan,
    shapes: Iterable[Shape],
    *,
    file: str = "",
    unasked: tuple[str, ...] = (),
    absent: tuple[str, ...] = (),
) -> PlanShown:
    known = {shape.name: shape for shape in shapes}
    pipeline = plan.pipeline
    if pipeline.output is not None:
        known[pipeline.outcome] = pipeline.output
    outputs = []
    for output in plan.outputs:
        shape = known.get(output.step) or known.get(output.table.name)
        columns = _columns(shape) if shape else _found_columns(pipeline, output.step)
        outputs.append(
            TableShown(output.step, str(output.table), output.mode.value, shape.description if shape else "", columns)
        )
    return PlanShown(
        inputs=tuple(TableShown(relation, str(item.table)) for relation, item in plan.inputs.items()),
        steps=tuple(
            StepShown(step.name, step.inputs, step.purpose, step.query.sql("duckdb", pretty=True))
            for step in pipeline.resolved
        ),
        outputs=tuple(outputs),
        file=file,
        unasked=unasked,
        absent=absent,
    )


def _columns(shape: Shape) -> tuple[ColumnShown, ...]:
    return tuple(_column(column) for column in shape.columns)


def _column(column: Column) -> ColumnShown:
    told = _("；").join(describe_constraint(one) for one in column.constraints)
    return ColumnShown(
        column.name,
        TYPE_NAMES[column.type],
        column.description,
        column.unit or "",
        column.element or "",
        column.grade,
        told,
    )


def _found_columns(pipeline: Pipeline, step: str) -> tuple[ColumnShown, ...]:
    fields = pipeline.step(step).fields
    return tuple(ColumnShown(name, TYPE_NAMES[Type(kind)], "", "", "", None, "") for name, kind in fields.items())
