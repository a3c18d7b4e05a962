"""Reads of publications: what the public may see, what may be published, and how a public record is made."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import CharField, DateTimeField, Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.indicators.facade import IndicatorError, Mask, Measurement
from chengshu.kernel.organisations import facade as organisations
from chengshu.performance.contracts import Form
from chengshu.performance.contracts.publications import AnnexRow
from chengshu.performance.contracts.wire import form_from_record, form_record
from chengshu.performance.contracts.year import SheetState
from chengshu.performance.errors import PublicationNotFound, SheetNotFound
from chengshu.performance.models import EvaluatedIndicator, Evaluation, Publication
from chengshu.performance.queries.evaluation_papers import fit_paper
from chengshu.performance.queries.forms_of_years import form_of, plain
from chengshu.performance.rules.year.publications import digest_publication, public_sample, write_content

PUBLISH = "performance.publish"
_CONTENT = ("record", "annex")


def list_public() -> QuerySet[Publication]:
    """List what is public now, unordered, without the contents. What a project's secrecy covers since is left out."""
    return _not_secret().filter(withdrawn_at__isnull=True).defer(*_CONTENT)


def _not_secret() -> QuerySet[Publication]:
    return Publication.objects.filter(evaluation__project_year__project__is_secret=False)


def list_public_values(column: str) -> list[Any]:
    """List the values that a column of the public records has (year, unit, grade), years newest first."""
    values = list_public().order_by().values_list(column, flat=True).distinct()
    return sorted((value for value in values if value != ""), reverse=column == "year")


def get_public(slug: str) -> Publication:
    """Return what is or was public under an address; one that was taken down tells so.

    Raises:
        PublicationNotFound: nothing is or was, or its project has become secret.
    """
    found = _not_secret().filter(slug=slug).first()
    if found is None:
        raise PublicationNotFound(_("没有这份公开的自评。"), slug=slug)
    return found


def list_editions(publication: Publication) -> list[Publication]:
    """Return all publications of the same self-evaluation, newest first, without the contents."""
    rows = Publication.objects.filter(evaluation=publication.evaluation_id).defer(*_CONTENT)
    return list(rows.order_by("-published_at", "-pk"))


def is_intact(publication: Publication) -> bool:
    """Tell whether record and annex are those of which the digest was taken."""
    return digest_publication(publication.record, publication.annex) == publication.digest


def content_of(publication: Publication) -> bytes:
    """Give record and annex as the file of which the digest was taken."""
    return write_content(publication.record, publication.annex)


def form_of_publication(publication: Publication) -> Form:
    """Give the published record as a form, as the paper of its year asks for it."""
    form = form_from_record(publication.record)
    return fit_paper(form, form.template)


def annex_of(publication: Publication) -> tuple[AnnexRow, ...]:
    """Give the rows of the published annex."""
    return tuple(AnnexRow(**row) for row in publication.annex["indicators"])


def list_publishable(viewer: grants.Viewer, *, on: date) -> QuerySet[Any]:
    """List the approved self-evaluations in sight, unordered, secret ones too, so that nobody wonders where they are.

    Each has `unit_name` of that day, and of what is public now `public_slug` and `public_at` (null when nothing is);
    `was_withdrawn` tells whether something was taken down.
    """
    rows: QuerySet[Evaluation] = Evaluation.objects.visible_to(viewer, on=on).filter(state=SheetState.APPROVED)
    return _with_publications(rows, on=on)


def list_publishable_years(viewer: grants.Viewer, *, on: date) -> list[int]:
    """List the budget years that approved self-evaluations in sight have, newest first."""
    years = list_publishable(viewer, on=on).order_by().values_list("project_year__year", flat=True).distinct()
    return sorted(years, reverse=True)


def list_publishable_units(viewer: grants.Viewer, *, on: date) -> list[tuple[int, str]]:
    """List the units that have approved self-evaluations in sight, with their name, by name."""
    ids = list_publishable(viewer, on=on).order_by().values_list("project_year__unit_id", flat=True).distinct()
    return sorted(organisations.names_on(list(ids), on).items(), key=lambda item: (item[1], item[0]))


def list_hindrances(paper: Evaluation, *, is_public: bool) -> list[str]:
    """Return why a self-evaluation cannot be made public as it stands, whatever its contents say."""
    standing = (
        (paper.project_year.project.is_secret, _("涉密项目不公开")),
        (paper.state != SheetState.APPROVED, _("自评还没有审核通过")),
        (is_public, _("已经公开；要换成新的内容，请先撤回")),
    )
    return [said for stands, said in standing if stands]


def preview_form(evaluation: Evaluation) -> Form:
    """Give the form that publishing would freeze."""
    return form_of(evaluation)


def _with_publications(rows: QuerySet[Evaluation], *, on: date) -> QuerySet[Any]:
    all_of = Publication.objects.filter(evaluation=OuterRef("pk"))
    standing = all_of.filter(withdrawn_at__isnull=True)
    added: dict[str, Any] = {
        "unit_name": organisations.name_expression(on, of="project_year__unit_id"),
        "public_slug": Subquery(standing.values("slug"), output_field=CharField()),
        "public_at": Subquery(standing.values("published_at"), output_field=DateTimeField()),
        "was_withdrawn": Exists(all_of.filter(withdrawn_at__isnull=False)),
    }
    return rows.select_related("project_year__project").annotate(**added)


def get_publishable(evaluation_id: int, *, viewer: grants.Viewer, on: date) -> Any:
    """Return one self-evaluation in sight, approved or not, as `list_publishable` gives them.

    Raises:
        SheetNotFound: there is none, or not for this person.
    """
    rows: QuerySet[Evaluation] = Evaluation.objects.visible_to(viewer, on=on).filter(pk=evaluation_id)
    found = _with_publications(rows, on=on).first()
    if found is None:
        raise SheetNotFound(_("没有这份自评，或您无权查看。"), sheet=evaluation_id)
    return found


def list_publications_of(evaluation_id: int) -> list[Publication]:
    """Return the publications of a self-evaluation, newest first, with people and without the contents."""
    rows = Publication.objects.filter(evaluation=evaluation_id).select_related("published_by", "withdrawn_by")
    return list(rows.defer(*_CONTENT).order_by("-published_at", "-pk"))


def may_publish(evaluation: Evaluation, viewer: grants.Viewer, *, on: date) -> bool:
    """Tell whether the viewer may make this public."""
    year = evaluation.project_year
    return grants.is_permitted(viewer, PUBLISH, year.unit_id, on=on, scope=f"project:{year.project_id}")


def build_record(evaluation: Evaluation, slug: str) -> dict[str, Any]:
    """Build the public record of a self-evaluation: the published contract of forms, its source the public address."""
    record = form_record(form_of(evaluation))
    return {**record, "source": {"file": slug, "form": 1, "line": None}}


def build_annex(evaluation: Evaluation) -> dict[str, Any]:
    """Build the public annex: on what each indicator rests. Personal columns of samples are left out; so are documents."""
    rows = evaluation.indicators.select_related("goal").order_by("goal__number")
    results: list[EvaluatedIndicator] = list(rows)
    ids = [row.measurement_id for row in results if row.measurement_id is not None]
    measured = {found.pk: found for found in Measurement.objects.filter(pk__in=ids)}
    listed = [
        {
            "number": row.goal.number + 1,
            "name": row.goal.name,
            "target": row.goal.target,
            "actual": row.actual,
            "score": _text(row.score),
            "is_document": row.measurement_id is None and row.document_id is not None,
            "evidence": _evidence(measured.get(row.measurement_id or 0)),
        }
        for row in results
    ]
    return {"indicators": listed}


def _evidence(measured: Measurement | None) -> dict[str, Any] | None:
    if measured is None:
        return None
    described = _describe(measured)
    return {
        "key": measured.key,
        "unit": measured.unit,
        "value": None if measured.value is None else f"{measured.value:.{measured.digits}f}",
        "numerator": _text(measured.numerator),
        "denominator": _text(measured.denominator),
        "counted": measured.counted,
        "from": measured.first_day.isoformat(),
        "until": measured.last_day.isoformat(),
        "scope": measured.scope,
        "query": measured.query,
        "parameters": measured.parameters,
        "digest": measured.digest,
        **described,
    }


def _describe(measured: Measurement) -> Mapping[str, Any]:
    """Give name, definition and sample; of an indicator that nobody registers any more it is not known what is personal."""
    try:
        spec = indicators.get_spec(measured.key)
    except IndicatorError:
        return {"name": measured.key, "definition": "", "sample": []}
    personal = frozenset(column.name for column in spec.columns if column.mask is not Mask.NONE)
    sample = public_sample(measured.sample, personal)
    return {"name": str(spec.name), "definition": str(spec.definition), "sample": sample}


def _text(figure: Decimal | None) -> str | None:
    bare = plain(figure)
    return None if bare is None else format(bare, "f")
