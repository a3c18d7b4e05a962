"""The versions of a table of the lake, and what it held at one."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from chengshu.resources.facade.processing import ProcessingRefused
from chengshu.resources.ui.access import PersonRequest, for_people, note_look

_OPERATIONS = {
    "CREATE TABLE": _("建表"),
    "WRITE": _("写入"),
    "MERGE": _("按主键合并"),
    "OPTIMIZE": _("合并小文件"),
    "ADD COLUMN": _("增加列"),
    "VACUUM START": _("清旧文件"),
    "VACUUM END": _("清旧文件"),
}


class VersionForm(forms.Form):
    """Which version: by its number, or as it was at a moment; neither is the newest."""

    version = forms.IntegerField(label=_("版本"), min_value=0, required=False)
    moment = forms.DateTimeField(
        label=_("或某一时刻"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
        error_messages={"invalid": _("请写成 2026-03-31 23:59。")},
    )


@require_GET
@for_people
def show_table(request: PersonRequest, zone: str, name: str) -> HttpResponseBase:
    """Show a table's versions and the first rows of one."""
    from chengshu.resources.facade import processing_work  # noqa: PLC0415 - heavy: imported where it runs

    today = localdate()
    owner = processing_work.get_table(zone, name, viewer=request.user, on=today)
    form = VersionForm(request.GET or None)
    context: dict[str, Any] = {"owner": owner, "form": form, "shown": processing_work.SHOWN_ROWS}
    version, moment = _read_form(form)
    try:
        versions = processing_work.list_versions(owner)
        context["versions"] = [
            (one, _OPERATIONS.get(one.snapshot.operation, one.snapshot.operation)) for one in versions
        ]
        context["most"] = processing_work.MOST_VERSIONS
        if not form.errors:
            note_look(request, f"lake:{owner.table}", "rows")
            context["content"] = processing_work.read_version(
                owner, request.user, on=today, version=version, moment=moment
            )
    except ProcessingRefused as fault:
        context["refused"] = fault.message
    status = 422 if form.errors or ("refused" in context and request.GET) else 200
    return render(request, "resources/processing/table.html", context, status=status)


def _read_form(form: VersionForm) -> tuple[int | None, datetime | None]:
    """Give the version that was asked for, or else the moment."""
    if not form.is_bound or not form.is_valid():
        return None, None
    version: int | None = form.cleaned_data["version"]
    return version, form.cleaned_data["moment"] if version is None else None
