"""The lists of processing: pipelines, their runs, and resources that could have a standard table."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.listing.facade import Column, Kind, ListingSpec
from chengshu.resources.facade.processing import DataPipeline, PipelineKind, PipelineRun, ProcessingState, Trigger
from chengshu.resources.ui.lists.resources import narrow
from chengshu.resources.ui.words import by_words

PIPELINE_KINDS: Mapping[str, Promise] = {
    PipelineKind.STANDARD: _("标准化"),
    PipelineKind.DECLARED: _("代码中的管道"),
}
PROCESSING_STATES: Mapping[str, Promise] = {
    ProcessingState.QUEUED: _("排队中"),
    ProcessingState.RUNNING: _("进行中"),
    ProcessingState.DONE: _("已完成"),
    ProcessingState.FAILED: _("没有成功"),
    ProcessingState.CANCELLED: _("已停止"),
}
TRIGGERS: Mapping[str, Promise] = {
    Trigger.PERSON: _("有人要求"),
    Trigger.AUTOMATIC: _("输入有了新版本"),
    Trigger.REPEAT: _("照原版本重做"),
}

RULE_KINDS: Mapping[str, Promise] = {
    "completeness": _("完整率"),
    "date_order": _("类型不同的日期先后"),
    "delivery_timeliness": _("最近交付"),
    "distribution_drift": _("分布变化"),
    "expression": _("跨栏目的表达式"),
    "history_drift": _("与以往比"),
    "matches": _("写法特殊的格式"),
    "references": _("跨表"),
    "row_count_drift": _("行数变化"),
    "timeliness": _("最新一行"),
}
"""Kinds of rules by which rows are not chosen; those that are not here are named as they are."""


def pipelines_spec() -> ListingSpec:
    """Give the list of pipelines, each with how its newest run stands."""
    return ListingSpec(
        key="pipelines",
        columns=(
            Column("title", _("加工任务"), lambda p: p.title, order_by=("title",), url=pipeline_page),
            Column("kind", _("种类"), lambda p: PIPELINE_KINDS[p.kind], order_by=("kind", "title")),
            Column("owner", _("提供方"), lambda p: p.owner_name or "", order_by=("resource__department_id", "title")),
            Column("outputs", _("写入"), lambda p: _now("、").join(p.outputs)),
            Column("automatic", _("自动运行"), _say_automatic, order_by=("is_automatic", "title")),
            Column("state", _("最近一次"), _say_state, order_by=("last_run__state", "title"), url=_last_page),
            Column("ended", _("结束时间"), lambda p: _of_last(p, "ended_at"), Kind.MOMENT, ("last_run__ended_at",)),
            Column(
                "written",
                _("写入行数"),
                lambda p: _of_last(p, "rows_written"),
                Kind.NUMBER,
                ("last_run__rows_written",),
            ),
        ),
        default_sort="title",
        filters=(
            by_words("kind", _("种类"), PIPELINE_KINDS, narrow),
            by_words("last_run__state", _("最近一次"), PROCESSING_STATES, narrow),
        ),
        search=("title__icontains", "purpose__icontains", "resource__code__icontains"),
        search_hint=_("加工任务或目录编码"),
        empty=_("还没有加工任务。为已归集的数据资源建立标准化，合格的行就会按编目的类型进入标准区。"),
        file_name=_now("加工任务"),
    )


def pipeline_runs_spec(*, of_one: bool = False) -> ListingSpec:
    """Give the list of runs."""
    title = Column("pipeline", _("加工任务"), lambda r: r.pipeline.title, order_by=("pipeline__title",))
    return ListingSpec(
        key="pipeline-runs",
        columns=(
            Column("queued", _("提出时间"), lambda r: r.queued_at, Kind.MOMENT, ("queued_at",), url=run_page),
            *(() if of_one else (title,)),
            Column("state", _("状态"), lambda r: PROCESSING_STATES[r.state], order_by=("state",)),
            Column("trigger", _("缘由"), lambda r: TRIGGERS[r.trigger], order_by=("trigger",)),
            Column("read", _("读入行数"), lambda r: r.rows_read, Kind.NUMBER, ("rows_read",)),
            Column("written", _("写入行数"), lambda r: r.rows_written, Kind.NUMBER, ("rows_written",)),
            Column("ended", _("结束时间"), lambda r: r.ended_at, Kind.MOMENT, ("ended_at",)),
            Column("engine", _("引擎"), lambda r: r.engine, is_shown=False),
            Column("author", _("提出人"), lambda r: r.author.display_name if r.author else _now("系统")),
            Column("reason", _("说明"), lambda r: r.reason, is_shown=False),
        ),
        default_sort="-queued",
        filters=(
            by_words("state", _("状态"), PROCESSING_STATES, narrow),
            by_words("trigger", _("缘由"), TRIGGERS, narrow),
        ),
        search=("pipeline__title__icontains", "reason__icontains"),
        search_hint=_("加工任务或说明"),
        empty=_("还没有运行过。"),
        file_name=_now("加工运行"),
    )


def standardisable_spec() -> ListingSpec:
    """Give the list of resources that could have a standard table."""
    return ListingSpec(
        key="standardisable",
        columns=(
            Column("name", _("数据资源"), lambda r: r.name, order_by=("name",), url=_resource_page),
            Column("code", _("目录编码"), lambda r: r.code, order_by=("code",)),
            Column("owner", _("提供方"), lambda r: r.owner_name, order_by=("department_id", "name")),
            Column("fields", _("信息项"), lambda r: r.field_count, Kind.NUMBER, ("field_count",)),
            Column("faults", _("未达标处"), lambda r: r.fault_count, Kind.NUMBER, ("fault_count",)),
        ),
        default_sort="name",
        search=("name__icontains", "code__icontains"),
        search_hint=_("资源名称或目录编码"),
        empty=_("没有可以标准化的数据资源：已发布、已归集的都有了标准表。"),
        file_name=_now("可以标准化的数据资源"),
    )


def pipeline_page(pipeline: DataPipeline) -> str:
    """Give the address of a pipeline."""
    return reverse("resources:pipeline", args=[pipeline.pk])


def run_page(run: PipelineRun) -> str:
    """Give the address of a run."""
    return reverse("resources:processing-run", args=[run.uuid])


def _last_page(pipeline: Any) -> str | None:
    return run_page(pipeline.last_run) if pipeline.last_run else None


def _say_state(pipeline: Any) -> object:
    return PROCESSING_STATES[pipeline.last_run.state] if pipeline.last_run else _now("还没有运行过")


def _say_automatic(pipeline: DataPipeline) -> str:
    if not pipeline.is_active:
        return _now("已取消")
    return _now("是") if pipeline.is_automatic else _now("否")


def _of_last(pipeline: Any, name: str) -> object:
    return getattr(pipeline.last_run, name) if pipeline.last_run else None


def _resource_page(resource: Any) -> str:
    return reverse("resources:resource", args=[resource.pk])
