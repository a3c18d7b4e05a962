"""An indicator whose facts are not there yet shows that it waits, and never a figure that somebody typed."""

import io
import json
from dataclasses import replace
from datetime import datetime

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from performance.evaluations.conftest import ACCOUNTS, TODAY, Office, reload, type_in

from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.indicators.facade import AwaitedSpec, IndicatorAwaited
from chengshu.performance.contracts.evaluations import GapKind
from chengshu.performance.contracts.year import SheetKind
from chengshu.performance.errors import SheetIncomplete
from chengshu.performance.facade import evaluations, goals
from chengshu.performance.facade.evaluations import Evaluation, Proof, ResultInvalid
from chengshu.performance.facade.goals import StepAsked
from chengshu.performance.models import GoalIndicator

pytestmark = pytest.mark.django_db
KEY, REASON = "test.awaited_visits", "线路巡检系统尚未上线。"


@pytest.fixture
def waiting(filled: Evaluation, office: Office) -> Evaluation:
    """A filled self-evaluation whose first indicator turns out to wait."""
    indicators.register_awaited(AwaitedSpec(KEY, "线路巡检次数", "次", "期内巡检的次数", REASON))
    first = evaluations.list_promises(filled)[0]
    GoalIndicator.objects.filter(pk=first.pk).update(measured_by=KEY)
    return reload(filled, office.officer)


def test_no_figure_score_or_document_is_taken_and_nothing_is_handed_in(
    waiting: Evaluation, office: Office, now: datetime
) -> None:
    first, person = evaluations.list_promises(waiting)[0], office.officer
    content = type_in(waiting)
    same, changes = evaluations.save_evaluation(waiting.pk, content, waiting.version, actor=person, now=now)
    assert (same.version, changes) == (waiting.version, ())
    for change in ({"actual": "9次"}, {"actual": "", "score": 20}):
        typed = replace(content, rows=(replace(content.rows[0], **change), *content.rows[1:]))
        with pytest.raises(ResultInvalid, match=REASON):
            evaluations.save_evaluation(waiting.pk, typed, waiting.version, actor=person, now=now)
    proof = Proof("台账.pdf", io.BytesIO(b"%PDF-1.7"), "第 1 页")
    with pytest.raises(ResultInvalid, match=REASON):
        evaluations.attach_document(waiting.pk, first.pk, proof, waiting.version, actor=person, now=now)
    with pytest.raises(IndicatorAwaited, match=REASON):
        evaluations.measure_indicator(waiting.pk, first.pk, waiting.version, actor=person, now=now)
    _same, count, failed = evaluations.measure_missing(waiting.pk, waiting.version, actor=person, now=now)
    assert (count, failed) == (0, ())
    assessed = evaluations.assess_content(waiting, evaluations.content_of_evaluation(waiting))
    assert [(gap.field, gap.kind) for gap in assessed.gaps] == [("/indicators/0/actual", GapKind.WAITING)]
    assert (assessed.form.indicators[0].actual, assessed.settled.total) == (None, None)
    assert not [found for found in assessed.checked.findings if found.field.startswith("/indicators/0/")]
    asked = StepAsked(SheetKind.EVALUATION, waiting.pk, "submit", waiting.version)
    with pytest.raises(SheetIncomplete):
        goals.take_step(asked, actor=person, now=now)


def test_pages_and_papers_say_that_it_waits_and_for_what(waiting: Evaluation, office: Office, now: datetime) -> None:
    client = Client()
    client.force_login(office.officer)
    first = evaluations.list_promises(waiting)[0]
    for name, args in (
        ("evaluation", [waiting.pk]),
        ("evaluation-edit", [waiting.pk]),
        ("evaluation-evidence", [waiting.pk, first.pk]),
    ):
        page = client.get(reverse(f"performance:{name}", args=args)).content.decode()
        assert "待具备条件" in page
        assert REASON in page
        assert f'name="actual-{first.pk}"' not in page
    printed = evaluations.print_evaluation(waiting, "xlsx", font_dir=None)
    cells = [
        str(cell.value)
        for row in openpyxl.load_workbook(io.BytesIO(printed)).worksheets[0]
        for cell in row
        if cell.value
    ]
    assert "待具备条件" in cells
    assert any(REASON in cell for cell in cells)
    assert "4次" not in cells
    annex = evaluations.print_annex(waiting, "json", made_at=now, language="zh", font_dir=None)
    figure = json.loads(annex)["figures"][0]
    assert (figure["evidence"], figure["actual"], figure["waiting"]) == ("waiting", "待具备条件", REASON)


def test_it_is_measured_as_soon_as_an_indicator_is_registered_under_the_key(
    waiting: Evaluation, office: Office, now: datetime
) -> None:
    promised = evaluations.list_promises(waiting)[0]
    later = "test.awaited_until_registered"
    indicators.register_awaited(AwaitedSpec(later, "线路巡检次数", "次", "期内巡检的次数", REASON))
    GoalIndicator.objects.filter(pk=promised.pk).update(measured_by=later)
    assert indicators.find_awaited(later) is not None
    assert later in {spec.key for spec in indicators.list_offered()}
    indicators.register_indicator(replace(ACCOUNTS, key=later))
    assert indicators.find_awaited(later) is None
    sheet = reload(waiting, office.officer)
    measured, count, _failed = evaluations.measure_missing(sheet.pk, sheet.version, actor=office.officer, now=now)
    assert count == 1
    row = evaluations.content_of_evaluation(evaluations.get_evaluation(measured.pk, viewer=office.officer, on=TODAY))
    assert row.rows[0].measurement_id is not None
