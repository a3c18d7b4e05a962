"""Who comes to a page: people with an account; what they may not see does not exist for them."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record_view
from chengshu.resources.errors import NotInSight

P = ParamSpec("P")


class PersonRequest(HttpRequest):
    """A request of somebody who has logged in."""

    user: User


View = Callable[Concatenate[PersonRequest, P], HttpResponseBase]


def for_people(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Ask for a login before the view, and answer 404 for what is out of sight."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(cast("PersonRequest", request), *args, **kwargs)
        except NotInSight as fault:
            raise Http404(fault.message) from fault

    return guarded


def note_look(request: PersonRequest, subject: str, *shown: str) -> None:
    """Keep in the audit who looked at rows that are about people; called once they may, before they are shown."""
    record_view(request.user, subject, now=timezone.now(), fields=shown)
