"""Sources, what they promised, deliveries with their receipts, and the rows that were refused."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from chengshu.kernel.grants import facade as grants
from chengshu.resources.contracts.collection import Channel, DeliveryState, SourceKind, WriteMode
from chengshu.resources.models.editions import AppendOnlyQuerySet
from chengshu.resources.models.resources import DataResource
from chengshu.resources.models.rights import SEE, M

COLLECT = "resources.collect"


class CollectedManager(models.Manager[M]):
    """Gives rows that belong to a department: to be seen where its unpublished entries may be."""

    def __init__(self, path: str = "") -> None:
        super().__init__()
        self._path = path

    def deconstruct(self) -> Any:
        """Say nothing to migrations: rows are the same with or without it."""
        return (False, "django.db.models.Manager", None, (), {})

    def visible_to(self, viewer: grants.Viewer, *, on: date) -> models.QuerySet[M]:
        """Leave what the viewer may see that day."""
        return self.filter(**{f"{self._path}department__in": grants.permitted(viewer, SEE, on=on)})


class DueManager(CollectedManager[M]):
    """Gives rows that are added and read, nothing else."""

    def get_queryset(self) -> AppendOnlyQuerySet[M]:
        """Return all rows."""
        return AppendOnlyQuerySet(self.model, using=self._db)


class DataSource(models.Model):
    """数据源: where a department's rows come from, and the lake table that they go to."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Outward id")
    name = models.CharField(max_length=200, help_text="数据源名称")
    department = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="+", help_text="Who delivers"
    )
    resource = models.ForeignKey(
        DataResource, on_delete=models.PROTECT, null=True, blank=True, related_name="sources", help_text="Its entry"
    )
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in SourceKind], help_text="How it comes")
    table = models.CharField(max_length=60, help_text="Table in the raw zone of the lake")
    columns = models.JSONField(help_text="Declared columns: name, type, is_nullable, scale")
    mode = models.CharField(max_length=8, choices=[(m.value, m.value) for m in WriteMode], help_text="How rows are put")
    key = models.JSONField(default=list, help_text="Columns that rows are merged by")
    address = models.JSONField(default=dict, help_text="Where it lies, without secrets")
    secret_box = models.TextField(blank=True, default="", help_text="Secrets of the address, sealed; empty = none")
    mark = models.JSONField(null=True, blank=True, help_text="水位: up to where the source was read")
    etag = models.CharField(max_length=200, blank=True, default="", help_text="Tag of the interface's last answer")
    is_active = models.BooleanField(default=True, help_text="Whether it is collected from")
    created_at = models.DateTimeField(help_text="When it was registered")
    checked_at = models.DateTimeField(null=True, blank=True, help_text="When it was last asked, also for nothing new")
    revision = models.PositiveIntegerField(default=1, help_text="Grows with each change by people")

    objects = CollectedManager["DataSource"]()

    class Meta:
        """Constraints, and an index for the list."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["table"], name="source_has_own_table"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(table=""), name="source_named"),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in SourceKind]), name="source_kind_known"),
            models.CheckConstraint(condition=Q(mode__in=[m.value for m in WriteMode]), name="source_mode_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["department", "name"], name="source_department_name")]

    def __str__(self) -> str:
        return self.name


class DeliveryPromise(models.Model):
    """交换约定: how often a source owes a delivery, and until when."""

    source = models.OneToOneField(DataSource, on_delete=models.CASCADE, related_name="promise", help_text="Who owes")
    cycle = models.CharField(max_length=16, help_text="How often")
    due_hours = models.PositiveIntegerField(help_text="Hours after the cycle's end until it counts as late")
    since = models.DateField(help_text="First day of the promise")

    class Meta:
        """Nothing beside the columns."""

    def __str__(self) -> str:
        return f"{self.source_id} {self.cycle}"


class Delivery(models.Model):
    """交付: one handing over of rows, with its receipt."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Outward id; names the commit")
    source = models.ForeignKey(DataSource, on_delete=models.PROTECT, related_name="deliveries", help_text="From where")
    department = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="+", help_text="Who delivered, at the time"
    )
    name = models.CharField(max_length=255, help_text="Name of the file, or of what was read")
    channel = models.CharField(max_length=8, choices=[(c.value, c.value) for c in Channel], help_text="How it came")
    file = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="As it came"
    )
    digest = models.CharField(max_length=64, blank=True, default="", help_text="SHA-256 of the file; empty = none")
    repeat = models.PositiveIntegerField(default=0, help_text="How often the same content came to the source before")
    push_key = models.CharField(max_length=128, blank=True, default="", help_text="幂等键 that the pushing system gave")
    state = models.CharField(max_length=8, default=DeliveryState.WAITING.value, help_text="Where it stands")
    sent = models.PositiveBigIntegerField(default=0, help_text="Rows that came")
    taken = models.PositiveBigIntegerField(default=0, help_text="Rows in the lake")
    refused = models.PositiveBigIntegerField(default=0, help_text="Rows in quarantine")
    refused_file = models.ForeignKey(
        "files.StoredFile",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="All rows in quarantine, as Parquet",
    )
    version = models.PositiveIntegerField(null=True, blank=True, help_text="Version of the lake table it made")
    rows_held = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="Rows that the lake table held after it; null = it made no version"
    )
    drift = models.JSONField(default=dict, help_text="What changed in the columns; empty = nothing")
    headings = models.JSONField(
        default=dict, help_text="Declared columns by the headings that stood for them, as the linked entry calls them"
    )
    is_drift_accepted = models.BooleanField(default=False, help_text="Somebody decided to take it nevertheless")
    reason = models.CharField(max_length=500, blank=True, default="", help_text="Why it failed or was accepted")
    waived = models.CharField(
        max_length=200, blank=True, default="", help_text="Why nothing more is done about its failure; empty = it is"
    )
    received_at = models.DateTimeField(help_text="When it came")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When its rows were taken")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Who"
    )
    job = models.UUIDField(null=True, blank=True, help_text="The job that takes it")

    objects = CollectedManager["Delivery"]()

    class Meta:
        """Constraints, and indexes for the lists."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "digest", "repeat"], condition=~Q(digest=""), name="delivery_content_once"
            ),
            models.UniqueConstraint(
                fields=["source", "push_key"], condition=~Q(push_key=""), name="delivery_push_key_once"
            ),
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(channel=Channel.PULL.value, digest="") & ~Q(state=DeliveryState.TAKEN.value),
                name="delivery_one_pull_at_a_time",
            ),
            models.CheckConstraint(condition=Q(sent=F("taken") + F("refused")), name="delivery_rows_add_up"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in DeliveryState]), name="delivery_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.TAKEN.value) | Q(ended_at__isnull=False), name="delivery_taken_has_end"
            ),
            models.CheckConstraint(
                condition=Q(waived="") | Q(state=DeliveryState.FAILED.value), name="delivery_waived_is_failed"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "received_at"], name="delivery_source_at"),
            models.Index(fields=["received_at"], name="delivery_at"),
            models.Index(fields=["department", "received_at"], name="delivery_department_at"),
            models.Index(
                fields=["source", "version", "ended_at"],
                condition=Q(rows_held__isnull=False),
                name="delivery_held_versions",
            ),
            models.Index(fields=["state", "department"], name="delivery_state_department"),
            models.Index(
                fields=["source", "received_at"],
                condition=Q(state=DeliveryState.TAKEN.value),
                name="delivery_taken_source_at",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_unchanged(self) -> bool:
        """Whether it brought what the source had delivered before, so that nothing was to be read or written."""
        return self.repeat > 0 and self.state == DeliveryState.TAKEN.value and self.version is None and not self.sent


class DueDelivery(models.Model):
    """应交付: a delivery that was owed at a moment, by the promise as it stood then; added once that moment is over."""

    source = models.ForeignKey(
        DataSource, on_delete=models.PROTECT, related_name="dues", db_index=False, help_text="Who owed it"
    )
    department = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="+", help_text="Whose it was, at the time"
    )
    cycle = models.CharField(max_length=16, help_text="How often the source owes")
    cycle_ended_at = models.DateTimeField(help_text="End of the cycle: the delivery for it comes after this")
    due_at = models.DateTimeField(help_text="Until when it had to come")

    objects = DueManager["DueDelivery"]()

    class Meta:
        """Constraints, and an index for what is measured over a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "cycle_ended_at"], name="due_delivery_once"),
            models.CheckConstraint(condition=Q(due_at__gte=F("cycle_ended_at")), name="due_delivery_after_cycle"),
        ]
        indexes: ClassVar = [models.Index(fields=["due_at"], name="due_delivery_at")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.due_at:%Y-%m-%d}"


class SourceKey(models.Model):
    """推送令牌: lets a department's system push rows to one source, in the name of who issued it."""

    source = models.ForeignKey(DataSource, on_delete=models.CASCADE, related_name="keys", help_text="Where to")
    name = models.CharField(max_length=100, help_text="Which system has it")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token; nobody keeps the token")
    hint = models.CharField(max_length=8, help_text="Its last signs, to tell tokens apart")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Whose rights it has"
    )
    created_at = models.DateTimeField(help_text="When it was issued")
    expires_at = models.DateTimeField(help_text="From when on it opens nothing")
    used_at = models.DateTimeField(null=True, blank=True, help_text="When rows were last pushed with it")
    revoked_at = models.DateTimeField(null=True, blank=True, help_text="When somebody took it back")

    class Meta:
        """A name, and an end after the beginning."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="source_key_named"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="source_key_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.name} …{self.hint}"


class RefusedRow(models.Model):
    """隔离行: a row that could not be read as declared."""

    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="refused_rows", db_index=False, help_text="Its delivery"
    )
    row = models.PositiveBigIntegerField(help_text="Number in the file as a spreadsheet shows it; 0 = has none")
    column = models.CharField(
        max_length=200, blank=True, default="", help_text="Column at fault; empty = the whole row"
    )
    raw = models.TextField(help_text="The row as it came")
    reason = models.CharField(max_length=200, help_text="Why it was refused")

    class Meta:
        """An index for the list."""

        indexes: ClassVar = [models.Index(fields=["delivery", "row"], name="refused_row_place")]

    def __str__(self) -> str:
        return f"{self.delivery_id}:{self.row}"
