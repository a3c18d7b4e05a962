"""The dashboard's figures follow what is visible, whatever was put away and brought back in between."""

from datetime import datetime

import pytest
from conftest import NOW
from django.test import Client
from hostile.conftest import Import
from performance.fakes import a_record, as_bytes

from chengshu.kernel.accounts.facade import User
from chengshu.performance import facade

pytestmark = pytest.mark.django_db


def test_one_batch_put_away_for_another(import_files: Import, officer: User, now: datetime) -> None:
    sizes = (1, 2, 4)
    batches = [
        import_files((f"{size}.jsonl", as_bytes(*(a_record(f"项目{size}{n}") for n in range(size))))) for size in sizes
    ]
    seen = []
    for put_away in batches[:2]:
        facade.delete_batch(put_away.pk, actor=officer, now=now)
        seen.append(facade.count_figures(officer, on=NOW.date()).forms)
        facade.restore_batch(put_away.pk, actor=officer, now=now)
    assert seen == [6, 5]


def test_charts_of_a_batch_out_of_sight_do_not_exist(import_files: Import, stranger: User, client: Client) -> None:
    batch = import_files(("甲.jsonl", as_bytes(a_record())))
    client.force_login(stranger)
    for chart in ("codes", "scores", "years", "units"):
        assert client.get(f"/performance/charts/{chart}/", {"batch": batch.pk}).status_code == 404
