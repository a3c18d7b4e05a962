"""Making self-evaluations public and taking them down: the list, one paper, many at once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.jobs.facade import JobNotFound, get_job
from chengshu.kernel.listing.facade import BatchAction, open_listing, respond_with_listing
from chengshu.performance.facade import publications
from chengshu.performance.facade.publications import PublicationRefused, ReasonMissing, SheetStale, StepNotOpen
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.lists.publications import look_of_state, name_state, publishable_spec
from chengshu.performance.ui.public_paper import draw_public_paper

_PAGE = "performance/publications/publication.html"


@require_http_methods(["GET", "POST"])
@for_people
def list_publications(request: PersonRequest) -> HttpResponseBase:
    """Show the approved self-evaluations in sight, with what is public of them."""
    return _list(request, {})


def _list(request: PersonRequest, context: dict[str, Any]) -> HttpResponseBase:
    today = localdate()
    may_publish = grants.is_permitted_anywhere(request.user, publications.PUBLISH, on=today)
    actions = [BatchAction(_("公开选中的"), reverse("performance:publish-many"))] if may_publish else []
    rows = publications.list_publishable(request.user, on=today)
    listing = open_listing(publishable_spec(request.user, on=today), rows, request, batch_actions=actions)
    return respond_with_listing(request, listing, "performance/publications/list.html", context)


@require_POST
@for_people
def publish_many(request: PersonRequest) -> HttpResponseBase:
    """Publish the selected ones in the background, and go to where the progress is seen."""
    chosen = [text for text in request.POST.getlist("selected") if text.isascii() and text.isdecimal()]
    wanted = [int(text) for text in chosen if len(text) < 19]
    try:
        job = publications.start_publishing(wanted, actor=request.user, now=timezone.now())
    except PublicationRefused as fault:
        messages.error(request, fault.message)
        return redirect("performance:publications")
    return redirect("job", job.uuid)


@require_GET
@for_people
def show_publishing(request: PersonRequest, job: UUID) -> HttpResponseBase:
    """Show what became of publishing many: how many are public, which were refused and why."""
    try:
        found = get_job(job, actor=request.user)
    except JobNotFound as fault:
        raise Http404(fault.message) from fault
    if found.kind != publications.PUBLISH_KIND or not found.result:
        raise Http404
    refused = found.result["refused"]
    papers = publications.list_publishable(request.user, on=localdate()).in_bulk([row["evaluation"] for row in refused])
    context = {
        "published": found.result["published"],
        "refused": [(papers.get(row["evaluation"]), row["evaluation"], row["reason"]) for row in refused],
    }
    return render(request, "performance/publications/publishing.html", context)


@require_GET
@for_people
def show_publication(request: PersonRequest, evaluation_id: int) -> HttpResponse:
    """Show one self-evaluation as the public would see it, and what was and is public of it."""
    return _show(request, evaluation_id)


@require_POST
@for_people
def publish(request: PersonRequest, evaluation_id: int) -> HttpResponseBase:
    """Make it public as it stands."""
    version = request.POST.get("version", "")
    seen = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
    try:
        publications.publish(evaluation_id, seen, actor=request.user, now=timezone.now())
    except PublicationRefused as fault:
        return _show(request, evaluation_id, error=fault.message, faults=fault.faults, status=422)
    except SheetStale as fault:
        return _show(request, evaluation_id, error=fault.message, status=409)
    messages.success(request, _("已公开。以后再改自评，公开的内容也不变。"))
    return redirect("performance:publication", evaluation_id)


@require_POST
@for_people
def withdraw(request: PersonRequest, evaluation_id: int, publication_id: int) -> HttpResponseBase:
    """Take it down with a reason."""
    reason = request.POST.get("reason", "")
    if all(one.pk != publication_id for one in publications.list_publications_of(evaluation_id)):
        raise Http404
    try:
        publications.withdraw(publication_id, reason, actor=request.user, now=timezone.now())
    except (ReasonMissing, StepNotOpen) as fault:
        return _show(request, evaluation_id, error=fault.message, status=422)
    messages.success(request, _("已撤回。原网址会说明何时、为什么撤回。"))
    return redirect("performance:publication", evaluation_id)


def _show(
    request: PersonRequest, evaluation_id: int, *, error: str = "", faults: tuple[str, ...] = (), status: int = 200
) -> HttpResponse:
    today = localdate()
    paper = publications.get_publishable(evaluation_id, viewer=request.user, on=today)
    context = {
        "paper": paper,
        "year": paper.project_year,
        "state": name_state(paper),
        "look": look_of_state(paper),
        "sheet": draw_public_paper(publications.preview_form(paper)),
        "editions": publications.list_publications_of(evaluation_id),
        "may_publish": publications.may_publish(paper, request.user, on=today),
        "hindrances": publications.list_hindrances(paper, is_public=paper.public_slug is not None),
        "reason_length": publications.REASON_LENGTH,
        "error": error,
        "faults": faults,
    }
    return render(request, _PAGE, context, status=status)
