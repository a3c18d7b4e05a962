"""The long work that this domain offers to the worker."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.jobs import facade as jobs
from chengshu.kernel.jobs.facade import Backoff, JobCancelled, JobKind, JobPostponed, Progress, Schedule
from chengshu.resources.facade import arrivals, collection, service
from chengshu.resources.facade.grading import regrade_traced
from chengshu.resources.facade.lineage import BUILD_JOB
from chengshu.resources.facade.processing import RUN_JOB


def take_delivery(progress: Progress) -> Mapping[str, Any]:
    """Take a delivery into the lake."""
    from chengshu.resources.facade import deliveries  # noqa: PLC0415 - heavy: imported where it runs

    told = int(progress.payload["delivery"])
    delivery = deliveries.take_delivery(
        told, report=lambda stage, rows: progress.report(stage, done=rows, total=0), now=timezone.now
    )
    return {"delivery": delivery.pk, "state": delivery.state, "taken": delivery.taken, "refused": delivery.refused}


def pull_source(progress: Progress) -> Mapping[str, Any]:
    """Ask an interface whether it has something new, and receive it."""
    from chengshu.resources.facade import deliveries  # noqa: PLC0415 - the same

    source = int(progress.payload["source"])
    delivery = deliveries.bring_interface(source, now=timezone.now())
    return {"source": source, "delivery": delivery.pk if delivery else None}


def watch_folders(now: datetime) -> None:
    """Receive what lies in watched folders."""
    collection.watch_folders(now)


def pull_due(now: datetime) -> None:
    """Read what is due by promise."""
    collection.pull_due(now)


def note_dues(now: datetime) -> None:
    """Keep what has become due as facts."""
    collection.note_dues(now)


def note_months(now: datetime) -> None:
    """Keep what a month that is over asked for, and what was done."""
    service.note_months(now)


def forget_arrivals(now: datetime) -> None:
    """Forget refused arrivals that were kept long enough."""
    arrivals.forget_arrivals(now)


def build_lineage(progress: Progress) -> Mapping[str, Any]:
    """Build the graph of lineage, unless it stands for everything already."""
    from chengshu.resources.facade import lineage_work  # noqa: PLC0415 - the same

    if not lineage_work.is_behind():
        return {}
    progress.report("build", done=0, total=1)
    state = lineage_work.build_graph()
    regrade_traced(timezone.now())
    return {"tables": state.tables, "columns": state.columns, "edges": state.edges}


def keep_lineage(now: datetime) -> None:
    """Take what runs, registered indicators and the platform's own records say, and have the graph built where more was told since."""
    from chengshu.resources.facade import lineage_work  # noqa: PLC0415 - the same

    lineage_work.take_indicators(now)
    lineage_work.take_runs(now)
    lineage_work.take_records(now)
    lineage_work.keep_graph(now)


def run_pipeline(progress: Progress) -> Mapping[str, Any]:
    """Carry a run of a pipeline out, or go on with it."""
    from chengshu.resources.facade import processing_work  # noqa: PLC0415 - the same

    def report(stage: str, done: int, total: int) -> None:
        try:
            progress.report(stage, done=done, total=total)
        except JobCancelled:  # seen again at the next asking, where the run ends in order
            return

    try:
        run = processing_work.carry_out(
            int(progress.payload["run"]),
            tell=report,
            is_cancelled=lambda: jobs.is_cancelled(progress.uuid),
            job=progress.uuid,
        )
    except processing_work.RunStopped as fault:
        raise JobCancelled(fault.message, uuid=str(progress.uuid)) from fault
    except processing_work.LakeBusy as fault:
        raise JobPostponed(fault.message, uuid=str(progress.uuid)) from fault
    return {"run": str(run.uuid), "state": run.state}


def order_pipelines(now: datetime) -> None:
    """Ask for the runs of pipelines whose inputs have a new version."""
    from chengshu.resources.facade import processing_work  # noqa: PLC0415 - the same

    processing_work.order_due(now)  # first: nothing that a city's own code does may keep standard tables back
    processing_work.sync_declared(now)
    processing_work.order_declared_due(now)


def sweep_work(_now: datetime) -> None:
    """Take away the files of work whose process died."""
    from chengshu.resources.facade import lake  # noqa: PLC0415 - the same

    lake.sweep_work()


def tidy_lake(progress: Progress) -> Mapping[str, Any]:
    """Put small files of the lake together, and take away what no version that is kept needs."""
    from chengshu.resources.facade import lake  # noqa: PLC0415 - the same

    done = lake.tidy_lake(lambda table, place, tables: progress.report(table, done=place, total=tables))
    return asdict(done)


def _delivery_page(result: Mapping[str, Any]) -> str:
    return reverse("resources:delivery", args=[result["delivery"]])


def import_entries(progress: Progress) -> Mapping[str, Any]:
    """Take a workbook of entries."""
    from chengshu.resources.facade import intakes  # noqa: PLC0415 - the same

    intake = intakes.take_intake(
        int(progress.payload["intake"]),
        clock=timezone.now,
        report=lambda done, total: progress.report("import", done=done, total=total),
    )
    return {"intake": intake.pk, "created": intake.created, "changed": intake.changed, "rejected": intake.rejected}


def export_entries(progress: Progress) -> Mapping[str, Any]:
    """Write a workbook of entries."""
    from chengshu.resources.facade import intakes  # noqa: PLC0415 - the same

    def report(done: int, total: int) -> None:
        if done % _TOLD_EVERY == 0 or done == total:
            progress.report("export", done=done, total=total)

    told = progress.payload
    export = intakes.write_export(int(told["export"]), told["resources"], now=timezone.now(), report=report)
    return {"export": export.pk, "file": str(export.file.uuid) if export.file else ""}


def _intake_page(result: Mapping[str, Any]) -> str:
    return reverse("resources:intake", args=[result["intake"]])


def _export_file(result: Mapping[str, Any]) -> str:
    return f"/files/{result['file']}/"


def _run_page(result: Mapping[str, Any]) -> str:
    return reverse("resources:processing-run", args=[result["run"]])


_TOLD_EVERY = 100
KINDS = (
    JobKind("resources.import_entries", _("导入编目表"), import_entries, _intake_page),
    JobKind("resources.export_entries", _("导出编目表"), export_entries, _export_file),
    JobKind(collection.JOB, _("归集交付的数据"), take_delivery, _delivery_page),
    JobKind(BUILD_JOB, _("重建血缘图"), build_lineage),
    JobKind(collection.PULL_JOB, _("采集接口数据"), pull_source),
    JobKind(RUN_JOB, _("数据加工"), run_pipeline, _run_page, Backoff(5, timedelta(minutes=5))),
    JobKind("resources.tidy_lake", _("整理数据湖"), tidy_lake),
)
TIDYING = Schedule("resources.tidy_lake", _("整理数据湖"), "30 2 * * *", "resources.tidy_lake")
CHORES = (
    ("watch_folders", watch_folders, timedelta(minutes=1)),
    ("pull_due", pull_due, timedelta(minutes=5)),
    ("sweep_work", sweep_work, timedelta(minutes=1)),
    ("note_dues", note_dues, timedelta(minutes=30)),
    ("note_months", note_months, timedelta(hours=1)),
    ("order_pipelines", order_pipelines, timedelta(minutes=5)),
    ("forget_arrivals", forget_arrivals, timedelta(days=1)),
    ("keep_lineage", keep_lineage, timedelta(minutes=2)),
)
"""What the worker does again and again, and how often."""
