"""One ticket: facts, clocks and steps at the left, what happened at the right; and the steps themselves."""

from collections.abc import Callable
from typing import BinaryIO, cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from chengshu.kernel.audit import facade as audit
from chengshu.kernel.files import facade as files
from chengshu.kernel.tickets.contracts import Level
from chengshu.kernel.tickets.errors import InputMissing, TicketError, TicketNotFound
from chengshu.kernel.tickets.models import Attachment, Ticket
from chengshu.kernel.tickets.operations import acting, people
from chengshu.kernel.tickets.operations.acting import find_undoable
from chengshu.kernel.tickets.queries.tickets import (
    ASSIGN,
    get_ticket,
    label_action,
    list_events,
    list_handlers,
    list_held,
)
from chengshu.kernel.tickets.rules.privacy import holds_contact
from chengshu.kernel.tickets.views.inbox import render_inbox
from chengshu.kernel.tickets.views.parts import Failure, Visit, build_cards, read_given, read_next, read_number

_KEPT = ("note", "outcome", "rating", "priority", "assignee")


@require_safe
def show_ticket(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Show one ticket."""
    return _render_ticket(request, ticket_id, Visit.of(request))


@require_POST
def take_step(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Take a step and go back to where it was taken from."""
    action = request.POST.get("action", "")
    given = read_given(request)

    def work(visit: Visit) -> Ticket:
        version = read_number(request.POST.get("version", ""))
        if version is None:
            raise InputMissing(gettext("页面已过时，请刷新后再做。"), field="version")
        return acting.act(ticket_id, action, actor=visit.viewer, now=visit.now, expected_version=version, given=given)

    return _change(request, ticket_id, action, work)


@require_POST
def assign_ticket(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Give the ticket to somebody."""
    given = read_given(request)

    def work(visit: Visit) -> Ticket:
        version = read_number(request.POST.get("version", "")) or 0
        person, note = given.assignee_id or 0, given.note
        return people.assign(ticket_id, person, actor=visit.viewer, now=visit.now, expected_version=version, note=note)

    return _change(request, ticket_id, "assign", work)


@require_POST
def reclassify_ticket(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Change the priority."""
    given = read_given(request)

    def work(visit: Visit) -> Ticket:
        version = read_number(request.POST.get("version", "")) or 0
        priority, why = given.priority, given.note
        return people.reclassify(
            ticket_id, priority, actor=visit.viewer, now=visit.now, expected_version=version, reason=why
        )

    return _change(request, ticket_id, "reclassify", work)


@require_POST
def undo_step(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Take back the person's own last step."""
    return _change(request, ticket_id, "undo", lambda visit: acting.undo(ticket_id, actor=visit.viewer, now=visit.now))


@require_POST
def add_remark(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Add a remark, with a file when one is given."""
    note, upload = request.POST.get("note", ""), request.FILES.get("file")

    def work(visit: Visit) -> object:
        if upload is None or upload.file is None:
            return people.comment(ticket_id, note, actor=visit.viewer, now=visit.now)
        name = upload.name or "file"
        try:
            return people.attach(
                ticket_id, cast("BinaryIO", upload.file), name, actor=visit.viewer, now=visit.now, note=note
            )
        except files.FileError as refused:
            raise InputMissing(refused.message, field="file") from refused

    return _change(request, ticket_id, "comment", work)


@require_safe
def download_attachment(request: HttpRequest, ticket_id: int, attachment_id: int) -> FileResponse:
    """Give a file of a ticket to somebody who may see the ticket."""
    visit = Visit.of(request)
    ticket = _get(ticket_id, visit)
    attachment = Attachment.objects.select_related("file").filter(ticket=ticket, pk=attachment_id).first()
    if attachment is None:
        raise Http404(gettext("没有这份附件。"))
    return FileResponse(
        files.open_file(attachment.file),
        as_attachment=True,
        filename=attachment.file.name,
        content_type="application/octet-stream",
    )


def _change(request: HttpRequest, ticket_id: int, action: str, work: Callable[[Visit], object]) -> HttpResponse:
    """Do the work and go on, or show the page again with what was given and why it was not done."""
    visit = Visit.of(request)
    record = reverse("tickets:record", args=[ticket_id])
    target = read_next(request, record)
    try:
        work(visit)
    except TicketNotFound as error:
        raise Http404(error.message) from error
    except TicketError as error:
        failure = Failure(ticket_id, action, error, {name: request.POST.get(name, "") for name in _KEPT})
        if target == reverse("tickets:inbox"):
            return render_inbox(request, visit, failure)
        return _render_ticket(request, ticket_id, visit, failure)
    if target == reverse("tickets:inbox") and action != "undo":
        return HttpResponseRedirect(f"{target}?done={ticket_id}")
    messages.success(request, _said(action))
    return HttpResponseRedirect(target)


def _said(action: str) -> str:
    return {"undo": gettext("已撤回。"), "comment": gettext("已记下。"), "assign": gettext("已指派。")}.get(
        action, gettext("已提交。")
    )


def _get(ticket_id: int, visit: Visit) -> Ticket:
    try:
        return get_ticket(ticket_id, viewer=visit.viewer, on=localdate(visit.now))
    except TicketNotFound as error:
        raise Http404(error.message) from error


def _render_ticket(request: HttpRequest, ticket_id: int, visit: Visit, failure: Failure | None = None) -> HttpResponse:
    ticket = _get(ticket_id, visit)
    cards = build_cards([ticket], visit, failure)
    if not cards:
        raise Http404(gettext("这张工单的种类已不再使用。"))
    today, place = localdate(visit.now), ticket.organisation_id
    held = list_held(visit.viewer, [place], on=today)[place]
    may_assign = ASSIGN in held and ticket.closed_at is None
    undoable = find_undoable(ticket, actor=visit.viewer, now=visit.now)
    events = list_events(ticket)
    _note_contacts(ticket, [event.note for event in events], visit)
    context = {
        "card": cards[0],
        "ticket": ticket,
        "events": [(event, _label(ticket, event)) for event in events],
        "failure": failure,
        "undoable": label_action(ticket.kind, undoable.action) if undoable else "",
        "may_assign": may_assign,
        "handlers": list(list_handlers(place, on=today)) if may_assign else [],
        "next": request.path if request.method == "GET" else reverse("tickets:record", args=[ticket_id]),
    }
    return render(request, "tickets/record.html", context, status=failure.status if failure else 200)


def _note_contacts(ticket: Ticket, notes: list[str], visit: Visit) -> None:
    """Keep in the audit that somebody saw how to reach a citizen, when a text of the ticket tells it."""
    texts = {"title": [ticket.title], "description": [ticket.description], "notes": notes}
    telling = [name for name, parts in texts.items() if any(holds_contact(part) for part in parts)]
    if telling:
        audit.record_view(visit.viewer, f"ticket:{ticket.pk}", now=visit.now, fields=telling)


def _label(ticket: Ticket, event: object) -> str:
    action = getattr(event, "action", "")
    if action != "escalate":
        return label_action(ticket.kind, action)
    level = getattr(event, "data", {}).get("level")
    return gettext("时限红色提醒") if level == Level.RED else gettext("时限黄色提醒")
