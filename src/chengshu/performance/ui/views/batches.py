"""Batches: the list, one batch with its files and figures, and what can be done with it."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.performance import facade
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.lists.batches import batches_spec, files_spec, state_of
from chengshu.performance.ui.views.dashboards import dashboard_context


@require_http_methods(["GET", "POST"])
@for_people
def list_batches(request: PersonRequest) -> HttpResponseBase:
    """Show the batches, and those put away that can be restored."""
    listing = open_listing(batches_spec(), facade.list_batches(request.user, on=localdate()), request)
    deleted = facade.list_deleted_batches(request.user, on=localdate())[:20]
    return respond_with_listing(request, listing, "performance/batches.html", {"deleted": deleted})


@require_http_methods(["GET", "POST"])
@for_people
def show_batch(request: PersonRequest, batch_id: int) -> HttpResponseBase:
    """Show a batch: how far its import is, its files with their verdicts, and its dashboard."""
    batch = facade.get_batch(batch_id, viewer=request.user, on=localdate())
    listing = open_listing(files_spec(), facade.list_files(batch_id, viewer=request.user, on=localdate()), request)
    context = {
        "batch": batch,
        "can_edit": facade.can_edit(batch_id, viewer=request.user, on=localdate()),
        "state": state_of(batch),
        "rule_sets": facade.list_rule_sets(),
        "report_kinds": facade.REPORT_KINDS,
        "is_report_large": facade.count_papers(batch_id) > facade.FORMS_AT_ONCE,
        **dashboard_context(request.user, batch_id),
    }
    return respond_with_listing(request, listing, "performance/batch.html", context)


@require_POST
@for_people
def resume_batch(request: PersonRequest, batch_id: int) -> HttpResponseBase:
    """Read the files that still wait, and those that failed, once more."""
    facade.resume_import(batch_id, actor=request.user, now=timezone.now())
    messages.success(request, _("已开始重新读取未读出的文件。"))
    return redirect("performance:batch", batch_id)


@require_POST
@for_people
def recheck_batch(request: PersonRequest, batch_id: int) -> HttpResponseBase:
    """Check a batch again under the chosen rule set."""
    rules = request.POST.get("rules", "")
    known = {rule_set.name for rule_set in facade.list_rule_sets()}
    if rules and rules not in known:
        messages.error(request, _("没有这个规则集，请重新选择。"))
        return redirect("performance:batch", batch_id)
    facade.start_recheck(batch_id, rules, actor=request.user, now=timezone.now())
    messages.success(request, _("已开始重新检查。"))
    return redirect("performance:batch", batch_id)


@require_POST
@for_people
def rename_batch(request: PersonRequest, batch_id: int) -> HttpResponseBase:
    """Give a batch another name."""
    name = request.POST.get("name", "").strip()
    if name:
        facade.rename_batch(batch_id, name, actor=request.user, now=timezone.now())
        messages.success(request, _("已改名。"))
    return redirect("performance:batch", batch_id)


@require_http_methods(["GET", "POST"])
@for_people
def delete_batch(request: PersonRequest, batch_id: int) -> HttpResponseBase:
    """Ask once more, naming the batch; on POST put it away."""
    batch = facade.get_batch(batch_id, viewer=request.user, on=localdate())
    if request.method != "POST":
        facade.require_editable(batch_id, actor=request.user, on=localdate())
        return render(request, "performance/batch_delete.html", {"batch": batch})
    facade.delete_batch(batch_id, actor=request.user, now=timezone.now())
    messages.success(request, _("已删除批次“%(name)s”，可以在批次列表下方恢复。") % {"name": batch.name})
    return redirect("performance:batches")


@require_POST
@for_people
def restore_batch(request: PersonRequest, batch_id: int) -> HttpResponseBase:
    """Bring back a batch that was put away."""
    facade.restore_batch(batch_id, actor=request.user, now=timezone.now())
    messages.success(request, _("已恢复。"))
    return redirect("performance:batch", batch_id)
