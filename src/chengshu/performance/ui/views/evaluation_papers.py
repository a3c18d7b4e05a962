"""A self-evaluation to take away: the official form on any of the city's papers, and the annex of its evidence."""

from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chengshu.performance.facade import evaluations
from chengshu.performance.facade.evaluations import Evaluation
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.views.downloads import TYPES
from chengshu.performance.ui.wording import language


@require_GET
@for_people
def download_form(request: PersonRequest, evaluation_id: int, kind: str) -> HttpResponseBase:
    """Give the official form, on the paper of its year or on the one asked for by `template`."""
    sheet = evaluations.get_evaluation(evaluation_id, viewer=request.user, on=localdate())
    template = request.GET.get("template", "")
    known = next((name for name in evaluations.FORM_KINDS if name == kind), None)
    if known is None or template not in {"", *evaluations.list_papers(sheet)}:
        raise Http404
    data = evaluations.print_evaluation(sheet, known, template=template or None, font_dir=settings.FONT_DIR)
    return _attachment(data, _name(sheet, _("自评表")), kind)


@require_GET
@for_people
def download_annex(request: PersonRequest, evaluation_id: int, kind: str) -> HttpResponseBase:
    """Give the annex: every figure with what it rests on, and how an outsider recomputes it."""
    sheet = evaluations.get_evaluation(evaluation_id, viewer=request.user, on=localdate())
    known = next((name for name in evaluations.ANNEX_KINDS if name == kind), None)
    if known is None:
        raise Http404
    data = evaluations.print_annex(
        sheet, known, made_at=timezone.now(), language=language(), font_dir=settings.FONT_DIR
    )
    return _attachment(data, _name(sheet, _("佐证附件")), kind)


def _name(sheet: Evaluation, paper: str) -> str:
    return f"{sheet.project_year.project.name} {sheet.project_year.year} {paper}"


def _attachment(data: bytes, name: str, kind: str) -> HttpResponse:
    disposition = f"attachment; filename*=UTF-8''{quote(f'{name}.{kind}')}"
    return HttpResponse(data, content_type=TYPES[kind], headers={"Content-Disposition": disposition})
