"""A process that dies in the middle of a measurement, a save or a submission leaves nothing half-written."""

import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from performance.evaluations.conftest import Office, reload

from chengshu.kernel.audit.models import Entry
from chengshu.kernel.indicators.facade import Measurement, verify_measurement
from chengshu.performance.contracts.year import SheetKind, SheetState, StepAsked
from chengshu.performance.facade import evaluations
from chengshu.performance.facade.evaluations import Evaluation
from chengshu.performance.models import Decision, Edition

pytestmark = pytest.mark.django_db(transaction=True)

_BEGIN = """
import os, signal, sys, django
django.setup()
from datetime import UTC, datetime
from pathlib import Path
from django.conf import settings
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.indicators import facade as indicators
from chengshu.performance.contracts.year import SheetKind, StepAsked
from chengshu.performance.facade import evaluations
from performance.evaluations.conftest import ACCOUNTS
settings.FILES_ROOT = Path(sys.argv[1])
sheet, version, goal = (int(text) for text in sys.argv[2:5])
actor = User.objects.get(login_name="chen")
now = datetime(2025, 1, 10, 2, 0, tzinfo=UTC)
indicators.register_indicator(ACCOUNTS)
def die(*_arguments, **_fields):
    os.kill(os.getpid(), signal.SIGKILL)
"""
#: Where each dies, and what it was doing.
_IN_THE_MEASUREMENT = """
from chengshu.kernel.indicators import operations
operations.record = die  # the measurement and its evidence are written, its audit entry is not
evaluations.measure_indicator(sheet, goal, version, actor=actor, now=now)
"""
_BETWEEN_MEASUREMENT_AND_RESULT = """
from chengshu.performance.operations import evaluations as operations
operations.take_measurements = die
evaluations.measure_indicator(sheet, goal, version, actor=actor, now=now)
"""
_IN_TAKING_THE_RESULT = """
from chengshu.performance.operations import evaluations as operations
operations.record = die  # rows, sums, version and edition are written, the audit entry is not
evaluations.measure_indicator(sheet, goal, version, actor=actor, now=now)
"""
_IN_THE_SUBMISSION = """
from chengshu.performance.operations import steps
steps.record = die  # state and decision are written, the audit entry is not
asked = StepAsked(SheetKind.EVALUATION, sheet, "submit", version, "")
evaluations.take_step(asked, actor=actor, now=now)
"""


def _run(program: str, sheet: Evaluation, goal_id: int, folder: Path) -> None:
    """Run the program on the database and the files of the test, until it kills itself."""
    place = connection.settings_dict
    url = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**place)
    environment = {
        "PATH": os.defpath,
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "DATABASE_URL": f"sqlite:///{place['NAME']}" if connection.vendor == "sqlite" else url,
        "CHENGSHU_VAR_DIR": str(folder / "var"),
        "CHENGSHU_SECRET_KEY": settings.SECRET_KEY,  # queries are sealed with it
        "DJANGO_SETTINGS_MODULE": "chengshu.config.settings",
    }
    values = (settings.FILES_ROOT, sheet.pk, sheet.version, goal_id)
    command = [sys.executable, "-c", _BEGIN + program, *(str(value) for value in values)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


def _state(sheet: Evaluation) -> dict[str, Any]:
    """Tell all that is kept of a self-evaluation, and how many audit entries there are."""
    fresh = Evaluation.objects.get(pk=sheet.pk)
    columns = ("goal", "actual", "score", "rule_score", "measurement_id", "document")
    return {
        "sheet": (fresh.state, fresh.version, fresh.total, fresh.grade, fresh.evidence_count, fresh.edited_at),
        "rows": list(fresh.indicators.order_by("goal").values_list(*columns)),
        "editions": list(Edition.objects.order_by("pk").values_list("kind", "version", "cause")),
        "decisions": list(Decision.objects.order_by("pk").values_list("action", "to_state")),
        "entries": Entry.objects.count(),
    }


def _measured_goal(sheet: Evaluation) -> int:
    return next(int(goal.pk) for goal in evaluations.list_promises(sheet) if goal.measured_by)


@pytest.mark.parametrize("program", [_IN_THE_MEASUREMENT, _BETWEEN_MEASUREMENT_AND_RESULT, _IN_TAKING_THE_RESULT])
def test_a_killed_measurement_is_not_half_taken_and_can_be_taken_again(
    evaluation: Evaluation, office: Office, now: datetime, program: str, tmp_path: Path
) -> None:
    goal, before = _measured_goal(evaluation), _state(evaluation)
    _run(program, evaluation, goal, tmp_path)
    after = _state(evaluation)
    # A measurement that was finished stays, with its own audit entry; what died with the process left nothing at all.
    finished = Measurement.objects.count()
    assert finished == (0 if program is _IN_THE_MEASUREMENT else 1)
    assert after.pop("entries") == before.pop("entries") + finished
    assert after == before
    assert all(verify_measurement(kept).same for kept in Measurement.objects.all())
    evaluations.measure_indicator(evaluation.pk, goal, evaluation.version, actor=office.officer, now=now)
    again = reload(evaluation, office.officer)
    assert (again.evidence_count, evaluations.results_of(again)[goal].actual) == (1, "100%")


def test_a_killed_submission_is_none_and_can_be_made_again(
    filled: Evaluation, office: Office, now: datetime, tmp_path: Path
) -> None:
    before = _state(filled)
    _run(_IN_THE_SUBMISSION, filled, _measured_goal(filled), tmp_path)
    assert _state(filled) == before
    asked = StepAsked(SheetKind.EVALUATION, filled.pk, "submit", filled.version, "")
    evaluations.take_step(asked, actor=office.officer, now=now)
    assert Evaluation.objects.get(pk=filled.pk).state == SheetState.SUBMITTED
    assert [decision.action for decision in Decision.objects.all()] == ["submit"]
