"""Hand in files, a folder, a ZIP, or pasted text."""

from collections.abc import Iterator

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chengshu.performance import facade
from chengshu.performance.ui.access import PersonRequest, for_people

_PASTED_NAME = "粘贴的文字.txt"


@require_http_methods(["GET", "POST"])
@for_people
def upload(request: PersonRequest) -> HttpResponseBase:
    """Show the upload page; on POST open a batch with the files and go to it."""
    places = facade.list_import_places(request.user, on=timezone.localdate())
    context = {"rule_sets": facade.list_rule_sets(), "typed": request.POST, "places": places}
    if request.method != "POST":
        return render(request, "performance/upload.html", context)
    rules = request.POST.get("rules", "")
    chosen = request.POST.get("organisation", "")
    place = next((place.pk for place in places if place.code == chosen), None)
    if error := _error_of(request, rules) or _error_of_place(chosen, place):
        return render(request, "performance/upload.html", {**context, "error": error}, status=422)
    now = timezone.now()
    name = request.POST.get("name", "").strip() or _default_name(request)
    batch = facade.start_import(
        _files(request), name=name, owner=request.user, now=now, rules=rules, organisation_id=place
    )
    return redirect("performance:batch", batch.pk)


def _error_of(request: PersonRequest, rules: str) -> str:
    if not request.FILES and not request.POST.get("text", "").strip():
        return _("还没有选择文件。请选择或拖入文件，或粘贴表格文字。")
    if rules and rules not in {rule_set.name for rule_set in facade.list_rule_sets()}:
        return _("没有这个规则集，请重新选择。")
    return ""


def _error_of_place(chosen: str, place: int | None) -> str:
    return _("您不能以这个单位的名义导入，请重新选择。") if chosen and place is None else ""


def _files(request: PersonRequest) -> Iterator[tuple[str, bytes]]:
    """Give the files one after the other, so that no more than one is in memory; the pasted text counts as one."""
    for file in request.FILES.getlist("files"):
        yield file.name or _PASTED_NAME, file.read()
    if text := request.POST.get("text", "").strip():
        yield _PASTED_NAME, text.encode()


def _default_name(request: PersonRequest) -> str:
    files = request.FILES.getlist("files")
    first = (files[0].name or "") if files else _PASTED_NAME
    if len(files) > 1:
        return _("%(first)s 等 %(n)s 份文件") % {"first": first[:80], "n": len(files)}
    return first[:120]
