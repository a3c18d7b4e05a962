"""The page of the official calendar: the years as announced, and loading a new notice."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from chengshu.kernel.accounts.queries import authenticated_user
from chengshu.kernel.calendars.errors import NoticeInvalid
from chengshu.kernel.calendars.operations import LOAD_NOTICE_RIGHT, load_notices
from chengshu.kernel.calendars.queries import list_years
from chengshu.kernel.grants import facade as grants

_YEARS_AHEAD = 1
_MAX_BYTES = 256 * 1024


@require_http_methods(["GET", "HEAD", "POST"])
def show_years(request: HttpRequest) -> HttpResponse:
    """Show the announced years, newest first; take a file with a new notice."""
    error, status, viewer, now = "", 200, authenticated_user(request), timezone.now()
    if request.method == "POST":
        try:
            years = load_notices(_read_upload(request), actor=viewer, now=now)
        except NoticeInvalid as invalid:
            error, status = invalid.message, 422
        else:
            done = gettext("已载入 %(years)s 年的节假日通知，未办结的工单已按新日历重算。")
            messages.success(request, done % {"years": "、".join(map(str, years))})
            return HttpResponseRedirect(reverse("calendars:years"))
    may_load = grants.is_permitted_anywhere(viewer, LOAD_NOTICE_RIGHT, on=localdate(now))
    context = {"years": list_years(ahead=_YEARS_AHEAD), "error": error, "can_load": may_load}
    return render(request, "calendars/years.html", context, status=status)


def _read_upload(request: HttpRequest) -> str:
    upload = request.FILES.get("notices")
    if not isinstance(upload, UploadedFile) or not upload.size:
        raise NoticeInvalid(gettext("请选择一份节假日文件。"))
    if upload.size > _MAX_BYTES:
        raise NoticeInvalid(gettext("文件太大，不是节假日文件。"))
    try:
        return str(upload.read(), "utf-8")
    except UnicodeDecodeError as error:
        raise NoticeInvalid(gettext("文件不是 UTF-8 文本，不能载入。")) from error
