"""Control characters in what is posted: left out, on every database alike."""

from datetime import datetime

import pytest
from django.test import Client

from chengshu.kernel.accounts.facade import User
from chengshu.performance.models import Batch, Correction, FormRecord
from chengshu.performance.operations.imports import create_batch, run_import
from chengshu.performance.queries import intake

pytestmark = pytest.mark.django_db

RECORD = b'{"source": {"file": "a.txt", "form": 1}, "template": "shanghai-2024", "project": "\xe7\x94\xb2"}'


@pytest.fixture
def batch(officer: User, now: datetime) -> Batch:
    batch = create_batch([("a.json", RECORD)], name="三\0月", owner=officer, now=now)
    run_import(batch.pk, reader=intake, clock=lambda: now, report=lambda _: None)
    return batch


def test_a_batch_name_loses_them(batch: Batch, client: Client, officer: User) -> None:
    client.force_login(officer)
    assert batch.name == "三月"
    assert client.post(f"/performance/batches/{batch.pk}/rename/", {"name": "四\0月"}).status_code == 302
    batch.refresh_from_db()
    assert batch.name == "四月"


def test_a_correction_loses_them(batch: Batch, client: Client, officer: User) -> None:
    client.force_login(officer)
    pk = FormRecord.objects.get(batch=batch).pk
    posted = {"cell": "/project", "value": "乙\0项目", "reason": "看\0错", "seen": "甲"}
    assert client.post(f"/performance/forms/{pk}/correct/", posted).status_code in {200, 302}
    kept = Correction.objects.get(form_id=pk)
    assert (kept.new_value, kept.reason) == ("乙项目", "看错")
