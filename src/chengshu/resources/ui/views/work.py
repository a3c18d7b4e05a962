"""Today's work: all that a department owes, in one list that leads to where each thing is done."""

from dataclasses import dataclass

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.resources.facade import work
from chengshu.resources.facade.work import SEE_WORK, WorkCounts
from chengshu.resources.ui.access import PersonRequest, for_people
from chengshu.resources.ui.lists.work import WORK_KINDS, work_spec


@dataclass(frozen=True, slots=True)
class ShownCount:
    """How many items of a kind wait, and how many of them are late."""

    kind: str
    label: Promise
    waiting: int
    late: int


@require_http_methods(["GET", "POST"])
@for_people
def list_work(request: PersonRequest) -> HttpResponseBase:
    """Show what the departments in sight owe, what is overdue first."""
    now = timezone.now()
    today = localdate(now)
    grants.require_anywhere(request.user, SEE_WORK, on=today)
    spec = work_spec(work.list_work_departments(request.user, on=today), now)
    items = work.list_work(request.user, now=now)
    counts = work.count_work(items, now=now)
    listing = open_listing(spec, items, request, total=counts.all_waiting)
    return respond_with_listing(
        request, listing, "resources/work.html", {"counts": counts, "kinds": _show_counts(counts)}
    )


def _show_counts(counts: WorkCounts) -> list[ShownCount]:
    return [ShownCount(kind, WORK_KINDS[kind], n, counts.late[kind]) for kind, n in counts.waiting.items()]
