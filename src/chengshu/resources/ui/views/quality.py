"""Issues of quality: the inbox, all of them, one with its rows and what can be done, and how departments compare."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.kernel.tickets.facade import TicketError
from chengshu.resources.errors import ResourcesError
from chengshu.resources.facade import quality
from chengshu.resources.facade.quality import IssueNotFound, RowFate, Ruling
from chengshu.resources.ui.access import PersonRequest, for_people, note_look
from chengshu.resources.ui.forms.quality import SheetForm
from chengshu.resources.ui.lists.quality import inbox_spec, issues_spec, refusals_spec, rows_spec

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_SHOWN = 100
"""Rows that fail still which a receipt shows; all of them stand on the issue's page."""


@require_http_methods(["GET", "POST"])
@for_people
def list_inbox(request: PersonRequest) -> HttpResponseBase:
    """Show what is owed, by due time, with how the departments in sight stand."""
    now, today = timezone.now(), localdate()
    grants.require_anywhere(request.user, quality.SEE_QUALITY, on=today)
    standings = quality.compare_departments(request.user, on=today, now=now)
    owners = [(one.id, one.name) for one in standings if one.id is not None]
    rows = quality.list_owed_issues(request.user, on=today, now=now)
    listing = open_listing(inbox_spec(owners), rows, request)
    context = {
        "counts": quality.count_owed(request.user, on=today, now=now),
        "standing": standings[0] if len(standings) == 1 else None,
    }
    return respond_with_listing(request, listing, "resources/quality/inbox.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def list_issues(request: PersonRequest) -> HttpResponseBase:
    """Show all issues in sight, with the league of departments and the months."""
    now, today = timezone.now(), localdate()
    grants.require_anywhere(request.user, quality.SEE_QUALITY, on=today)
    standings = quality.compare_departments(request.user, on=today, now=now)
    owners = [(one.id, one.name) for one in standings if one.id is not None]
    rows = quality.list_issues(request.user, on=today)
    listing = open_listing(issues_spec(owners), rows, request)
    context = {
        "standings": standings,
        "months": quality.trend_by_month(request.user, on=today),
    }
    return respond_with_listing(request, listing, "resources/quality/issues.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def show_issue(request: PersonRequest, issue_id: int) -> HttpResponseBase:
    """Show an issue with its rows; on POST dispute, rule, or hand a corrected sheet in."""
    today = localdate()
    issue = quality.get_issue(issue_id, viewer=request.user, on=today)
    context: dict[str, Any] = {"sheet_form": SheetForm(None)}
    if request.method == "POST" and (step := request.POST.get("step", "")) in _STEPS:
        try:
            return _STEPS[step](request, issue_id, context)
        except IssueNotFound:
            raise
        except (ResourcesError, TicketError) as fault:
            context["refused"] = fault.message
            context["reason"] = request.POST.get("reason", "")
    note_look(request, f"quality_issue:{issue.pk}", "rows")
    place = issue.organisation_id
    sees_whole = quality.sees_whole_rows(request.user, place, on=today)
    listing = open_listing(rows_spec(issue, is_whole=sees_whole), quality.list_rows(issue), request)
    open_now = issue.state == "open"
    context |= {
        "issue": issue,
        "is_whole": quality.is_whole(issue),
        "sees_whole": sees_whole,
        "state_name": quality.name_ticket_state(issue.ticket_state or ""),
        "is_disputed": issue.ticket_state == "disputed",
        "may_rectify": open_now and grants.is_permitted(request.user, quality.RECTIFY, place, on=today),
        "may_rule": open_now and grants.is_permitted(request.user, quality.CHECK, place, on=today),
        "returns": quality.answer_sheets(issue, quality.list_returns(issue)),
        "recheck": (recheck := quality.find_last_recheck(issue)),
        "still_failing": quality.count_still_failing(issue, recheck) if recheck else 0,
    }
    response = respond_with_listing(request, listing, "resources/quality/issue.html", context)
    if "refused" in context or context["sheet_form"].errors:
        response.status_code = 422
    return response


@require_GET
@for_people
def export_rows(request: PersonRequest, issue_id: int) -> HttpResponseBase:
    """Give the owed rows as a workbook to be filled in."""
    issue = quality.get_issue(issue_id, viewer=request.user, on=localdate())
    try:
        file = quality.export_sheet(issue_id, actor=request.user, now=timezone.now())
    except quality.SheetRefused as fault:
        messages.error(request, fault.message)
        return redirect("resources:quality-issue", issue_id)
    name = _("更正表-%(number)s.xlsx") % {"number": issue.ticket_number}
    return FileResponse(file, as_attachment=True, filename=name, content_type=_XLSX)


@require_http_methods(["GET", "POST"])
@for_people
def show_return(request: PersonRequest, sheet_id: int) -> HttpResponseBase:
    """Show the receipt of a corrected sheet, with the rows that were refused."""
    sheet = quality.get_return(sheet_id, viewer=request.user, on=localdate())
    note_look(request, f"quality_sheet:{sheet.pk}", "refused_rows")
    listing = open_listing(refusals_spec(), quality.list_refusals(sheet), request)
    is_whole = quality.sees_whole_rows(request.user, sheet.issue.organisation_id, on=localdate())
    context = {
        "sheet": sheet,
        "answer": quality.answer_sheet(sheet),
        "failing": _tell_failing(sheet, is_whole=is_whole),
    }
    return respond_with_listing(request, listing, "resources/quality/return.html", context)


def _tell_failing(sheet: quality.ReturnedSheet, *, is_whole: bool) -> list[dict[str, Any]]:
    """Give the first of the rows of a sheet that fail still: row of the sheet, key and cell, masked by their grades."""
    key_grade, value_grade = (1, 1) if is_whole else quality.grades_of(sheet.issue)
    rows = quality.list_corrections(sheet).filter(outcome=RowFate.OWED).order_by("row")[:_MOST_SHOWN]
    return [
        {
            "row": one.row,
            "key": quality.show_masked(one.issue_row.key, key_grade),
            "value": quality.show_masked([one.value], value_grade) or _("（空）"),
        }
        for one in rows
    ]


def _dispute(request: PersonRequest, issue_id: int, _context: dict[str, Any]) -> HttpResponseBase:
    reason = request.POST.get("reason", "")
    quality.dispute_issue(issue_id, reason, actor=request.user, now=timezone.now())
    messages.success(request, _("已提出异议，整改时限暂停，等待裁定。"))
    return redirect("resources:quality-issue", issue_id)


def _refuse(request: PersonRequest, issue_id: int, _context: dict[str, Any]) -> HttpResponseBase:
    ruling = Ruling(upheld=False, reason=request.POST.get("reason", ""))
    quality.settle_dispute(issue_id, ruling, actor=request.user, now=timezone.now())
    messages.success(request, _("已裁定继续整改，时限继续计时。"))
    return redirect("resources:quality-issue", issue_id)


def _uphold(request: PersonRequest, issue_id: int, _context: dict[str, Any]) -> HttpResponseBase:
    ruling = Ruling(upheld=True, reason=request.POST.get("reason", ""))
    quality.settle_dispute(issue_id, ruling, actor=request.user, now=timezone.now())
    messages.success(request, _("异议成立：规则已停用，问题行不再计入。"))
    return redirect("resources:quality-issue", issue_id)


def _return(request: PersonRequest, issue_id: int, context: dict[str, Any]) -> HttpResponseBase:
    context["sheet_form"] = form = SheetForm(request.POST, request.FILES)
    if not form.is_valid():
        raise quality.SheetRefused(_("请选择填好的更正表。"))
    file = form.cleaned_data["sheet"]
    told = {"name": file.name, "actor": request.user, "now": timezone.now()}
    receipt = quality.return_sheet(issue_id, file.read(), **told)
    return redirect("resources:quality-return", receipt.pk)


_STEPS = {"dispute": _dispute, "refuse": _refuse, "uphold": _uphold, "return": _return}
