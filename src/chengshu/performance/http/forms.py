"""Imported forms and the findings on them over HTTP."""

from typing import Any, Literal

from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import Field

from chengshu.kernel.http.facade import Id, Line, Page, PageAsked, narrow_to_words, person_of, read_page
from chengshu.performance import facade
from chengshu.performance.facade import FindingRecord, FormRecord
from chengshu.performance.http.records import PublishedForm, plain

# Not the enum: tickets have a `Level` of their own, and the description has one name for one shape.
Level = Literal["error", "breach", "hint"]
router = Router(tags=["forms"])
findings = Router(tags=["forms"])


class FormRow(Schema):
    """An imported form; money in 元; `rescored` and `rule_grade` are what the rules give."""

    id: int
    batch_id: int
    file: str
    number: int
    template: str
    year: int | None
    project: str
    department: str
    unit: str
    budget: str | None
    executed: str | None
    score: str | None
    grade: str
    rescored: str | None
    rule_grade: str | None
    errors: int
    breaches: int
    hints: int
    unreadable: int
    duplicate_of: int | None


class FormPage(Page[FormRow]):
    """One page of forms."""


class FormsAsked(PageAsked):
    """Which forms are asked for."""

    batch: list[Id] = Field(default_factory=list, max_length=200, description="批次的编号，可多选")
    year: list[int] = Field(default_factory=list, max_length=50, description="年度，可多选")
    unit: list[Line] = Field(default_factory=list, max_length=50, description="实施单位的名称，可多选")
    grade: list[Line] = Field(default_factory=list, max_length=20, description="自评等级，可多选")
    code: list[Line] = Field(default_factory=list, max_length=50, description="有此类别的发现，可多选")


class FindingRow(Schema):
    """One finding on one cell, as the last check left it; `field` is the cell's JSON pointer in the form."""

    id: int
    form_id: int
    number: int
    code: str
    level: Level
    field: str
    printed: str | None
    expected: str | None
    message: str
    message_en: str
    basis: str
    doubtful: bool


class FindingPage(Page[FindingRow]):
    """One page of findings, the gravest first."""


class FindingsAsked(PageAsked):
    """Which findings are asked for."""

    form: list[Id] = Field(default_factory=list, max_length=200, description="自评表的编号，可多选")
    level: list[Level] = Field(default_factory=list, description="级别，可多选")
    code: list[Line] = Field(default_factory=list, max_length=50, description="类别，可多选")
    year: list[int] = Field(default_factory=list, max_length=50, description="年度，可多选")


@router.get("", response=FormPage, summary=_("自评表列表"))
def list_forms(request: HttpRequest, asked: Query[FormsAsked]) -> dict[str, Any]:
    """List the imported forms in sight in the order handed in."""
    rows = facade.list_forms(person_of(request), on=localdate())
    chosen = {
        "batch__in": asked.batch,
        "year__in": _years(asked.year),
        "unit__in": asked.unit,
        "grade__in": asked.grade,
    }
    rows = rows.filter(**{lookup: values for lookup, values in chosen.items() if values})
    if asked.code:
        rows = facade.narrow_to_codes(rows, asked.code)
    found = narrow_to_words(rows, asked, ("project__icontains", "unit__icontains", "department__icontains"))
    return read_page(found, asked, _write_form, order=["source_file_id", "number"])


@router.get("/{form_id}", response=PublishedForm, summary=_("一张自评表"))
def get_form(request: HttpRequest, form_id: Id) -> dict[str, Any]:
    """Give a form in sight in the published shape, with its corrections."""
    stored = facade.get_form(form_id, viewer=person_of(request), on=localdate())
    return facade.form_record(facade.current_form(stored))


@findings.get("", response=FindingPage, summary=_("核查发现"))
def list_findings(request: HttpRequest, asked: Query[FindingsAsked]) -> dict[str, Any]:
    """List the findings on forms in sight, the gravest first."""
    rows = facade.list_findings(person_of(request), on=localdate())
    chosen = {
        "form__in": asked.form,
        "level__in": asked.level,
        "code__in": asked.code,
        "form__year__in": _years(asked.year),
    }
    rows = rows.filter(**{lookup: values for lookup, values in chosen.items() if values})
    found = narrow_to_words(rows, asked, ("form__project__icontains", "form__unit__icontains", "message__icontains"))
    return read_page(found, asked, _write_finding, order=["gravity", "form_id", "number"])


def _years(years: list[int]) -> list[int]:
    """Leave what can be a year; a number that no column holds finds nothing, and 0 is no year."""
    return [year if 0 <= year < 10_000 else 0 for year in years]


def _write_form(form: FormRecord) -> FormRow:
    scored = getattr(form, "rescoring", None)
    return FormRow(
        id=form.pk,
        batch_id=form.batch_id,
        file=str(form.source_file),
        number=form.number,
        template=form.template,
        year=form.year,
        project=form.project,
        department=form.department,
        unit=form.unit,
        budget=plain(form.budget_yuan),
        executed=plain(form.executed_yuan),
        score=plain(form.score),
        grade=form.grade,
        rescored=plain(scored.total) if scored else None,
        rule_grade=scored.grade if scored else None,
        errors=form.error_count,
        breaches=form.breach_count,
        hints=form.hint_count,
        unreadable=form.unreadable_count,
        duplicate_of=form.duplicate_of_id,
    )


def _write_finding(finding: FindingRecord) -> FindingRow:
    return FindingRow.from_orm(finding)
