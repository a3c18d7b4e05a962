"""Self-evaluations over HTTP, in the published shape of forms."""

from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema

from chengshu.kernel.http.facade import Id, Page, narrow_to_words, person_of, read_page
from chengshu.performance import facade
from chengshu.performance.contracts.year import SheetKind
from chengshu.performance.facade import evaluations
from chengshu.performance.facade.evaluations import Evaluation, ProjectYear
from chengshu.performance.http.records import PublishedForm, plain
from chengshu.performance.http.sheets import (
    DecisionRecord,
    OfferedStep,
    SheetRow,
    SheetsAsked,
    SheetStepAsked,
    describe_sheet,
    lead_on,
    offer,
)

router = Router(tags=["evaluations"])


class EvaluationRow(SheetRow):
    """A self-evaluation with its score and what of it rests on evidence."""

    rules: str
    total: str | None
    grade: str
    errors: int
    breaches: int
    indicators: int
    indicators_with_evidence: int


class Evidence(Schema):
    """On what the figure of an indicator rests: a measurement, or a document with the place in it."""

    goal_id: int
    name: str
    measurement_id: int | None
    document: str | None
    document_note: str


class EvaluationRecord(EvaluationRow):
    """A self-evaluation as its form, with its evidence and the steps that the caller may take."""

    form: PublishedForm
    evidence: list[Evidence]
    offered: list[OfferedStep]


class EvaluationPage(Page[EvaluationRow]):
    """One page of self-evaluations."""


@router.get("", response=EvaluationPage, summary=_("绩效自评列表"))
def list_evaluations(request: HttpRequest, asked: Query[SheetsAsked]) -> dict[str, Any]:
    """List the self-evaluations in sight, newest year first."""
    rows = evaluations.list_evaluation_years(person_of(request), on=localdate()).filter(evaluation__isnull=False)
    chosen = {"evaluation__state__in": asked.state, "unit__in": asked.unit, "year": asked.year}
    rows = rows.filter(**{lookup: value for lookup, value in chosen.items() if value})
    found = narrow_to_words(rows, asked, ("project__name__icontains", "project__code__icontains"))
    return read_page(found, asked, _write_row, order=["-year"])


@router.get("/{evaluation_id}", response=EvaluationRecord, summary=_("一份绩效自评"))
def get_evaluation(request: HttpRequest, evaluation_id: Id) -> dict[str, Any]:
    """Give a self-evaluation in sight as its form, with what each figure rests on."""
    viewer, today = person_of(request), localdate()
    found = evaluations.get_evaluation(evaluation_id, viewer=viewer, on=today)
    year, results = found.project_year, evaluations.results_of(found)
    return {
        **_describe(found, year, evaluations.name_units(year, on=today)["unit"]),
        "form": facade.form_record(evaluations.form_of(found)),
        "evidence": [
            Evidence(
                goal_id=goal.pk,
                name=goal.name,
                measurement_id=result.measurement_id,
                document=result.document.name if result.document else None,
                document_note=result.document_note,
            )
            for goal in evaluations.list_promises(found)
            if (result := results.get(goal.pk)) is not None
        ],
        "offered": offer(evaluations.list_evaluation_steps(found, viewer=viewer, on=today)),
    }


@router.post("/{evaluation_id}/steps", response=DecisionRecord, summary=_("推进绩效自评"))
def take_evaluation_step(request: HttpRequest, evaluation_id: Id, asked: SheetStepAsked) -> DecisionRecord:
    """Lead a self-evaluation on: hand in, approve, return, withdraw, reopen."""
    return lead_on(request, SheetKind.EVALUATION, evaluation_id, asked)


def _write_row(year: ProjectYear) -> EvaluationRow:
    return EvaluationRow(**_describe(year.evaluation, year, getattr(year, "unit_name", "")))


def _describe(found: Evaluation, year: ProjectYear, unit_name: str) -> dict[str, Any]:
    return {
        **describe_sheet(found, year, unit_name),
        "rules": found.rules,
        "total": plain(found.total),
        "grade": found.grade,
        "errors": found.error_count,
        "breaches": found.breach_count,
        "indicators": found.indicator_count,
        "indicators_with_evidence": found.evidence_count,
    }
