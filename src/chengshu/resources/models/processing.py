"""Processing (数据加工): the pipelines of the house, and their runs with the versions that they read and made."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from chengshu.kernel.grants import facade as grants
from chengshu.resources.contracts.processing import OPEN_STATES, PipelineKind, ProcessingState, Trigger
from chengshu.resources.models.resources import DataResource
from chengshu.resources.models.rights import M

SEE_PROCESSING, PROCESS = "resources.see_processing", "resources.process"


class ProcessingManager(models.Manager[M]):
    """Gives pipelines, or rows that hang on one."""

    def __init__(self, path: str = "") -> None:
        super().__init__()
        self._path = path

    def deconstruct(self) -> Any:
        """Say nothing to migrations: rows are the same with or without it."""
        return (False, "django.db.models.Manager", None, (), {})

    def visible_to(self, viewer: grants.Viewer, *, on: date) -> models.QuerySet[M]:
        """Leave those of departments where the viewer sees processing that day; of no department: seen by all who see any."""
        places = grants.permitted(viewer, SEE_PROCESSING, on=on)
        seen = Q(**{f"{self._path}resource__department__in": places})
        if grants.is_permitted_anywhere(viewer, SEE_PROCESSING, on=on):
            seen |= Q(**{f"{self._path}resource": None})
        return self.get_queryset().filter(seen)


def _person(help_text: str) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=help_text,
    )


class DataPipeline(models.Model):
    """加工任务: a pipeline that the house runs, of a catalogued resource or declared in code."""

    key = models.CharField(max_length=200, unique=True, help_text="standard:<resource id> or declared:<name>")
    kind = models.CharField(max_length=12, help_text="standard or declared")
    title = models.CharField(max_length=200, help_text="What people call it")
    purpose = models.CharField(max_length=500, blank=True, default="", help_text="What it is for")
    resource = models.OneToOneField(
        DataResource,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pipeline",
        help_text="The resource whose standard table it makes",
    )
    outputs = models.JSONField(default=list, help_text="Zones and names of the tables that it writes")
    is_active = models.BooleanField(default=True, help_text="Whether it may run; false once its code is gone")
    is_automatic = models.BooleanField(default=True, help_text="Whether it runs when its inputs have a new version")
    last_run = models.OneToOneField(
        "PipelineRun", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", help_text="The newest run"
    )
    standing_run = models.OneToOneField(
        "PipelineRun",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who made its table",
    )
    unowed_rows = models.PositiveBigIntegerField(
        default=0, help_text="Rows that stay out of its table and that no check faults"
    )
    unowed_since = models.DateTimeField(null=True, blank=True, help_text="Since when there are any; null = none")
    created_at = models.DateTimeField(help_text="When it was set up")
    author = _person("Who set it up; null = the system")

    objects = ProcessingManager["DataPipeline"]()

    class Meta:
        """Constraints, and an index for the list."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in PipelineKind]), name="pipeline_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="standard", resource__isnull=False) | Q(kind="declared", resource=None),
                name="pipeline_standard_has_resource",
            ),
            models.CheckConstraint(
                condition=Q(unowed_rows=0, unowed_since=None) | Q(unowed_rows__gt=0, unowed_since__isnull=False),
                name="pipeline_unowed_since",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["title"], name="pipeline_title"),
            models.Index(fields=["resource"], condition=Q(unowed_rows__gt=0), name="pipeline_unowed"),
        ]

    def __str__(self) -> str:
        return self.title


class PipelineRun(models.Model):
    """加工运行: one carrying out of a pipeline, kept with what it was made of."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Outward id; its id in the lake")
    pipeline = models.ForeignKey(DataPipeline, on_delete=models.PROTECT, related_name="runs", help_text="Of what")
    again = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="repeats", help_text="The run it repeats"
    )
    trigger = models.CharField(max_length=12, help_text="person, automatic or repeat")
    state = models.CharField(max_length=12, default=ProcessingState.QUEUED.value, help_text="How it stands")
    recipe = models.JSONField(default=dict, help_text="How its standard table was to be made; empty = declared in code")
    engine = models.CharField(max_length=60, blank=True, default="", help_text="Engine and its version")
    inputs = models.JSONField(default=list, help_text="What was read: relation, table, version, rows")
    outputs = models.JSONField(default=list, help_text="What was written: step, table, version, rows, digest, columns")
    rows_read = models.PositiveBigIntegerField(default=0, help_text="Rows of all inputs")
    rows_written = models.PositiveBigIntegerField(default=0, help_text="Rows of all outputs")
    left_out = models.JSONField(
        null=True,
        blank=True,
        help_text="Why rows stayed out of a standard table: number, why, rule, fields, rows; null = not looked for",
    )
    reason = models.CharField(
        max_length=500, blank=True, default="", help_text="Why it failed or stopped, and the cure"
    )
    job = models.ForeignKey(
        "jobs.Job", on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="The work"
    )
    author = _person("Who asked for it; null = the system")
    queued_at = models.DateTimeField(help_text="When it was asked for")
    started_at = models.DateTimeField(null=True, blank=True, help_text="When it began")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it ended")
    stop_asked_at = models.DateTimeField(null=True, blank=True, help_text="When somebody asked to stop")

    objects = ProcessingManager["PipelineRun"]("pipeline__")

    class Meta:
        """Constraints, and indexes for lists."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in ProcessingState]), name="processing_state_known"
            ),
            models.CheckConstraint(
                condition=Q(trigger__in=[one.value for one in Trigger]), name="processing_trigger_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, ended_at=None)
                | (~Q(state__in=OPEN_STATES) & Q(ended_at__isnull=False)),
                name="processing_ends_once",
            ),
            models.UniqueConstraint(
                fields=["pipeline"], condition=Q(state__in=OPEN_STATES), name="pipeline_runs_one_at_a_time"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["pipeline", "queued_at"], name="processing_pipeline_queued"),
            models.Index(fields=["queued_at"], name="processing_queued"),
        ]

    def __str__(self) -> str:
        return f"{self.pipeline_id} {self.uuid}"


class LeftOutRow(models.Model):
    """未进入的行: one that stayed out of a standard table; those of the run that made the table are kept, up to a bound."""

    run = models.ForeignKey(
        PipelineRun, on_delete=models.CASCADE, related_name="left_out_rows", db_index=False, help_text="The run"
    )
    number = models.PositiveIntegerField(help_text="Its place among the rows of the run, from 1")
    reason = models.PositiveIntegerField(help_text="The number of its reason among those of the run")
    key = models.JSONField(help_text="Cells of the key as given, as text")
    cells = models.JSONField(help_text="Cells at fault as given but trimmed, as text, by the fields of the reason")
    copies = models.PositiveBigIntegerField(help_text="How often the row is given")

    class Meta:
        """Constraints, and an index for the list."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "number"], name="left_out_row_once")]
        indexes: ClassVar = [models.Index(fields=["run", "reason", "number"], name="left_out_row_reason")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.number}"
