"""Processing: the pipelines, one with its steps, their runs, and what people do with them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chengshu.base.errors import ChengshuError
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.listing.facade import BatchAction, open_listing, respond_with_listing
from chengshu.resources.facade import processing
from chengshu.resources.facade.processing import OPEN_STATES, PROCESS, SEE_PROCESSING, PipelineKind, ProcessingState
from chengshu.resources.ui.access import PersonRequest, for_people
from chengshu.resources.ui.lists.processing import (
    PIPELINE_KINDS,
    PROCESSING_STATES,
    RULE_KINDS,
    TRIGGERS,
    pipeline_runs_spec,
    pipelines_spec,
    standardisable_spec,
)
from chengshu.resources.ui.views.left_out import describe_left_out
from chengshu.resources.ui.words import TRANSFORMATIONS

_DIGITS = 19
"""Of an id; the database takes no longer ones."""


@require_http_methods(["GET", "POST"])
@for_people
def list_pipelines(request: PersonRequest) -> HttpResponseBase:
    """Show the pipelines, and what is wrong with the files of those declared in code."""
    from chengshu.resources.facade import processing_work  # noqa: PLC0415 - heavy: imported where it runs

    today = localdate()
    grants.require_anywhere(request.user, SEE_PROCESSING, on=today)
    listing = open_listing(pipelines_spec(), processing.list_pipelines(request.user, on=today), request)
    may = grants.is_permitted_anywhere(request.user, PROCESS, on=today)
    context = {"may_process": may, "faults": processing_work.list_faults() if may else ()}
    return respond_with_listing(request, listing, "resources/processing/pipelines.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def set_up(request: PersonRequest) -> HttpResponseBase:
    """Show resources that could have a standard table; on POST give it to those chosen."""
    today = localdate()
    grants.require_anywhere(request.user, PROCESS, on=today)
    if request.method == "POST" and "selected" in request.POST:
        chosen = [int(one) for one in request.POST.getlist("selected") if one.isdecimal() and len(one) < _DIGITS]
        try:
            made = processing.standardise(chosen, actor=request.user, now=timezone.now())
        except processing.ResourceNotFound as fault:
            messages.error(request, fault.message)
            return redirect("resources:processing-new")
        messages.success(request, _("已建立 %(count)s 个加工任务，第一次运行已排入后台。") % {"count": len(made)})
        return redirect("resources:processing")
    actions = [BatchAction(_("为选中的建立标准化"), reverse("resources:processing-new"))]
    rows = processing.list_standardisable(request.user, on=today)
    listing = open_listing(standardisable_spec(), rows, request, batch_actions=actions)
    return respond_with_listing(request, listing, "resources/processing/new.html")


@require_http_methods(["GET", "POST"])
@for_people
def show_pipeline(request: PersonRequest, pipeline_id: int) -> HttpResponseBase:
    """Show a pipeline: what it reads, its steps, the table it makes, and its runs."""
    from chengshu.resources.facade import processing_work  # noqa: PLC0415 - heavy: imported where it runs

    today = localdate()
    pipeline = processing.get_pipeline(pipeline_id, viewer=request.user, on=today)
    rows = processing.list_pipeline_runs(request.user, on=today, pipeline_id=pipeline.pk)
    context: dict[str, Any] = {
        "pipeline": pipeline,
        "kind": PIPELINE_KINDS[pipeline.kind],
        "may_process": processing.may_process(request.user, pipeline, on=today),
        "is_standard": pipeline.kind == PipelineKind.STANDARD,
    }
    try:
        plan = processing_work.describe_pipeline(pipeline)
        context |= {"plan": plan, "unasked": [RULE_KINDS.get(kind, kind) for kind in plan.unasked]}
    except ChengshuError as fault:
        context["refused"] = fault.message
    listing = open_listing(pipeline_runs_spec(of_one=True), rows, request)
    return respond_with_listing(request, listing, "resources/processing/pipeline.html", context)


@require_POST
@for_people
def run(request: PersonRequest, pipeline_id: int) -> HttpResponseBase:
    """Ask for a run over the newest versions."""
    try:
        ordered = processing.ask_run(pipeline_id, actor=request.user, now=timezone.now())
    except processing.ProcessingRefused as fault:
        messages.error(request, fault.message)
        return redirect("resources:pipeline", pipeline_id)
    return redirect("resources:processing-run", ordered.uuid)


@require_POST
@for_people
def switch(request: PersonRequest, pipeline_id: int) -> HttpResponseBase:
    """Say whether it runs by itself."""
    is_automatic = request.POST.get("automatic") == "yes"
    processing.switch_pipeline(pipeline_id, is_automatic=is_automatic, actor=request.user, now=timezone.now())
    told = _("输入有新版本时自动运行。") if is_automatic else _("只在有人要求时运行。")
    messages.success(request, told)
    return redirect("resources:pipeline", pipeline_id)


@require_POST
@for_people
def remove(request: PersonRequest, pipeline_id: int) -> HttpResponseBase:
    """Give a standard table up."""
    try:
        processing.remove_pipeline(pipeline_id, actor=request.user, now=timezone.now())
        messages.success(request, _("已取消，不再运行。做过的运行和标准表的版本都还在。"))
    except processing.ProcessingRefused as fault:
        messages.error(request, fault.message)
    return redirect("resources:pipeline", pipeline_id)


@require_http_methods(["GET", "POST"])
@for_people
def list_runs(request: PersonRequest) -> HttpResponseBase:
    """Show the runs of all pipelines in sight."""
    today = localdate()
    grants.require_anywhere(request.user, SEE_PROCESSING, on=today)
    listing = open_listing(pipeline_runs_spec(), processing.list_pipeline_runs(request.user, on=today), request)
    return respond_with_listing(request, listing, "resources/processing/runs.html")


@require_http_methods(["GET"])
@for_people
def show_run(request: PersonRequest, uuid: UUID) -> HttpResponseBase:
    """Show a run: how it stands, versions read and written, and where each column comes from."""
    from chengshu.resources.facade import processing_work  # noqa: PLC0415 - heavy: imported where it runs

    today = localdate()
    found = processing.get_pipeline_run(uuid, viewer=request.user, on=today)
    may = processing.may_process(request.user, found.pipeline, on=today)
    names = processing_work.name_tables(item["table"] for item in (*found.inputs, *found.outputs))
    is_open = found.state in OPEN_STATES
    context = {
        "run": found,
        "state": PROCESSING_STATES[found.state],
        "trigger": TRIGGERS[found.trigger],
        "is_open": is_open,
        "may_stop": may and is_open and found.stop_asked_at is None and not processing.is_dead(found),
        "may_resume": may and found.pipeline.is_active and processing.may_resume(found),
        "may_repeat": may and found.pipeline.is_active and found.state == ProcessingState.DONE,
        "compared": [(names.get(table, table), same) for table, same in processing.compare_repeat(found)],
        "inputs": [_place(item, names) for item in found.inputs],
        "outputs": [
            _place(item, names) | {"lineage": [_say_way(told) for told in item["lineage"]]} for item in found.outputs
        ],
        "left_out": describe_left_out(processing.tell_left_out(found, viewer=request.user, on=today)),
        "is_standing": found.pipeline.standing_run_id == found.pk,
        "missing": _count_missing(found),
    }
    return render(request, "resources/processing/run.html", context)


@require_POST
@for_people
def take_step(request: PersonRequest, uuid: UUID, step: str) -> HttpResponseBase:
    """Stop a run, go on with it, or do it again over the same versions."""
    steps = {"stop": processing.stop_run, "resume": processing.resume_run, "repeat": processing.repeat_run}
    if step not in steps:
        raise Http404
    try:
        found = steps[step](uuid, actor=request.user, now=timezone.now())
    except processing.ProcessingRefused as fault:
        messages.error(request, fault.message)
        return redirect("resources:processing-run", uuid)
    return redirect("resources:processing-run", found.uuid)


def _place(item: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    zone, _slash, name = item["table"].partition("/")
    return item | {"zone": zone, "name": name, "title": names[item["table"]]}


def _say_way(told: dict[str, Any]) -> dict[str, Any]:
    return told | {"way": TRANSFORMATIONS[told["transformation"]]}


def _count_missing(run: processing.PipelineRun) -> int | None:
    """Tell how many rows did not enter the standard table where the run did not look why, as repeats do not."""
    is_standard = run.pipeline.kind == PipelineKind.STANDARD and run.state == ProcessingState.DONE
    return run.rows_read - run.rows_written if is_standard and run.left_out is None else None
