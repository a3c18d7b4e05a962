"""A self-evaluation on paper: the official form, and the annex with what each figure rests on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from chengshu.kernel.files.facade import FileError, StoredFile
from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.indicators.facade import IndicatorError, IndicatorSpec, IndicatorUnknown, Measurement
from chengshu.kernel.organisations import facade as organisations
from chengshu.performance.contracts import Form
from chengshu.performance.contracts.wire import MONEY_COLUMNS
from chengshu.performance.models import EvaluatedIndicator, Evaluation, GoalIndicator
from chengshu.performance.papers.annex import AnnexKind, render_annex
from chengshu.performance.papers.annex.contents import Annex, Counting, Document, Figure, KeptFile, Measured
from chengshu.performance.papers.forms import FormKind, render_form
from chengshu.performance.papers.layouts import layout_names
from chengshu.performance.papers.reports.words import Language
from chengshu.performance.queries.evaluations import (
    list_promises,
    list_waiting_promises,
    read_measurements,
    results_of,
)
from chengshu.performance.queries.forms_of_years import form_of, plain, template_of_year
from chengshu.performance.reading.profile import load_profiles

WAITING = "待具备条件"
"""What the official form, which is in Chinese, says in place of a figure that cannot be counted yet."""
#: Counted rows that the annex itself holds; more of them are in the evidence file alone.
LINES_PRINTED = 2000


def list_papers(evaluation: Evaluation) -> list[str]:
    """Name the papers that a self-evaluation can be printed on: its year's own first, then the city's others."""
    own = template_of_year(evaluation.project_year.year)
    place = own.partition("-")[0]
    return [own, *sorted(name for name in layout_names() if name.partition("-")[0] == place and name != own)]


def print_evaluation(
    evaluation: Evaluation, kind: FormKind, *, template: str | None = None, font_dir: Path | None
) -> bytes:
    """Print the official form on the paper of its year, or on that of `template`; raise ProfileInvalid for none."""
    printed = tell_waiting(form_of(evaluation), evaluation)
    form = fit_paper(printed, template or template_of_year(evaluation.project_year.year))
    return render_form(form, template=form.template, kind=kind, font_dir=font_dir)


def tell_waiting(form: Form, evaluation: Evaluation) -> Form:
    """Say on the paper of what waits for its conditions that it does, and for which, where figure and reason stand."""
    waiting = list_waiting_promises(evaluation)
    rows = tuple(
        replace(row, actual=WAITING, score=None, reason=waiting[goal.pk]) if goal.pk in waiting else row
        for row, goal in zip(form.indicators, list_promises(evaluation), strict=True)
    )
    return replace(form, indicators=rows)


def fit_paper(form: Form, template: str) -> Form:
    """Leave on the rows of the money's sources only what the template's paper asks for there: most ask for no rate."""
    asked = next((profile.sub_columns for profile in load_profiles() if profile.name == template), MONEY_COLUMNS)
    blank: dict[str, Any] = dict.fromkeys(column for column in MONEY_COLUMNS if column not in asked)
    money = replace(
        form.money,
        fiscal=replace(form.money.fiscal, **blank),
        carried_over=replace(form.money.carried_over, **blank),
        other=replace(form.money.other, **blank),
    )
    return replace(form, template=template, money=money)


def print_annex(
    evaluation: Evaluation, kind: AnnexKind, *, made_at: datetime, language: Language, font_dir: Path | None
) -> bytes:
    """Print the evidence annex."""
    annex = gather_annex(evaluation, made_at=made_at)
    return render_annex(annex, kind=kind, language=language, font_dir=font_dir)


def gather_annex(evaluation: Evaluation, *, made_at: datetime) -> Annex:
    """Gather what the annex says; the counted rows too where they are few."""
    year = evaluation.project_year
    measurements, results = read_measurements(evaluation), results_of(evaluation)
    waiting = list_waiting_promises(evaluation)
    figures = [
        _waiting(number, goal, waiting[goal.pk])
        if goal.pk in waiting
        else _figure(number, goal, results.get(goal.pk), measurements)
        for number, goal in enumerate(list_promises(evaluation), start=1)
    ]
    names = organisations.names_on([year.unit_id], date(year.year, 12, 31))
    return Annex(
        project=year.project.name,
        code=year.project.code,
        unit=names.get(year.unit_id, ""),
        year=year.year,
        version=evaluation.version,
        state=evaluation.state,
        rules=evaluation.rules,
        total=plain(evaluation.total),
        grade=evaluation.grade,
        made_at=made_at,
        figures=figures,
    )


def _waiting(number: int, goal: GoalIndicator, reason: str) -> Figure:
    told = (number, goal.level2, goal.name, goal.target)
    return Figure(*told, WAITING, plain(goal.weight), None, None, None, None, waiting=reason)


def _figure(
    number: int, goal: GoalIndicator, result: EvaluatedIndicator | None, measurements: Mapping[int, Measurement]
) -> Figure:
    kept = measurements.get(result.measurement_id or 0) if result else None
    document = result.document if result else None
    return Figure(
        number=number,
        category=goal.level2,
        name=goal.name,
        target=goal.target,
        actual=result.actual if result else "",
        weight=plain(goal.weight),
        rule_score=plain(result.rule_score) if result else None,
        score=plain(result.score) if result else None,
        measured=_measured(kept) if kept else None,
        document=Document(_kept_file(document), result.document_note) if result and document and not kept else None,
    )


def _measured(kept: Measurement) -> Measured:
    spec = _find_spec(kept.key)
    sample = indicators.read_sample(kept, spec)
    return Measured(
        key=kept.key,
        counting=_counting(spec) if spec else None,
        first_day=kept.first_day,
        last_day=kept.last_day,
        scope=kept.scope,
        value=plain(kept.value),
        digits=kept.digits,
        unit=kept.unit,
        numerator=kept.numerator.normalize(),
        denominator=None if kept.denominator is None else kept.denominator.normalize(),
        counted=kept.counted,
        query=kept.query,
        parameters=kept.parameters,
        digest=kept.digest,
        titles=sample.head,
        sample=kept.sample[1:],
        rows_file=_kept_file(kept.evidence) if kept.evidence else None,
        lines=_lines(kept),
        measured_at=kept.measured_at,
        measured_by=kept.measured_by.display_name if kept.measured_by else "",
    )


def _counting(spec: IndicatorSpec) -> Counting:
    return Counting(str(spec.definition), spec.aggregation.value, spec.factor, spec.divisor, spec.percentile)


def _lines(kept: Measurement) -> list[str] | None:
    """Give the counted rows where they are few and still there; a file that was lost must not lose the annex."""
    if kept.counted > LINES_PRINTED:
        return None
    try:
        return [line.decode() for line in indicators.read_evidence(kept)]
    except (FileError, IndicatorError):
        return None


def _kept_file(stored: StoredFile) -> KeptFile:
    return KeptFile(stored.name, stored.size, stored.sha256)


def _find_spec(key: str) -> IndicatorSpec | None:
    try:
        return indicators.get_spec(key)
    except IndicatorUnknown:
        return None
