"""The data-operation service at a glance: what waits, and every figure of the month and the year with its evidence."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.organisations.facade import Organisation
from chengshu.resources.facade import service
from chengshu.resources.ui.access import PersonRequest, for_people

_WAITING: dict[str, tuple[Promise, str, str]] = {
    "data_work": (gettext_lazy("未办结的服务工单"), "tickets:list", "?kind=data_work&role=work&role=asking"),
    "data_trouble": (gettext_lazy("未办结的报障"), "tickets:list", "?kind=data_trouble&role=work&role=asking"),
    "held": (gettext_lazy("结构变化待处理的交付"), "resources:deliveries", "?state=held"),
    "failed": (gettext_lazy("失败的交付"), "resources:deliveries", "?state=failed"),
    "sources": (gettext_lazy("到期没有交付的数据源"), "resources:sources", "?lateness=missing"),
    "issues": (gettext_lazy("待整改的数据质量问题"), "resources:quality", ""),
}


@dataclass(frozen=True, slots=True)
class ShownWork:
    """What waits, in words, and where it is seen to."""

    label: Promise
    count: int
    late: int | None
    address: str


@require_safe
@for_people
def show_service(request: PersonRequest) -> HttpResponseBase:
    """Show what waits, and the figures over a place in a month and its year."""
    now = timezone.now()
    today = localdate(now)
    grants.require_anywhere(request.user, service.SEE_SERVICE, on=today)
    places = service.list_service_places(request.user, on=today)
    place = _chosen(places, request.GET.get("place", ""))
    if "place" not in request.GET:
        place = service.find_measured_place(request.user, places, on=today) or place
    day = _read_month(request.GET.get("month", ""), today)
    context = {
        "places": places,
        "place": place,
        "day": day,
        "month_text": f"{day:%Y-%m}",
        "groups": service.read_figures(request.user, place, day, on=today) if place else (),
        "work": [_shown(work) for work in service.list_waiting_work(request.user, now=now)],
        "may_measure": place is not None and grants.is_permitted(request.user, indicators.MEASURE, place.pk, on=today),
    }
    return render(request, "resources/service.html", context)


@require_POST
@for_people
def measure_service(request: PersonRequest) -> HttpResponseBase:
    """Have everything that can be counted measured over a place, for a month and for its year."""
    now = timezone.now()
    today = localdate(now)
    grants.require_anywhere(request.user, service.SEE_SERVICE, on=today)
    grants.require_anywhere(request.user, indicators.MEASURE, on=today)
    place = _chosen(service.list_service_places(request.user, on=today), request.POST.get("place", ""))
    day = _read_month(request.POST.get("month", ""), today)
    if place is not None:
        scope, keys = f"organisation:{place.code}", service.list_measurable()
        for window in (service.month_window(day), service.year_window(day)):
            indicators.start_measuring(keys, window, scope, actor=request.user, now=now)
        messages.success(request, _("已开始计量，算完后刷新本页就能看到。"))
    query = f"?place={place.code}&month={day:%Y-%m}" if place else ""
    return redirect(reverse("resources:service") + query)


def _chosen(places: list[Organisation], code: str) -> Organisation | None:
    """Give the place that was asked for, else the first in sight, which is the widest."""
    return next((place for place in places if place.code == code), places[0] if places else None)


def _read_month(text: str, today: date) -> date:
    """Read a month such as 2024-03; today's for what is none."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)


def _shown(work: service.WaitingWork) -> ShownWork:
    label, page, query = _WAITING[work.key]
    return ShownWork(label, work.count, work.late, reverse(page) + query)
