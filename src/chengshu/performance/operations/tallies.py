"""Keep what the dashboards add up, so that the first look after a change costs as little as the next."""

from django.db import transaction

from chengshu.performance.models import Axis, BatchCode, BatchFigures, BatchMoney
from chengshu.performance.queries.tallies import count_codes, count_figures, sum_money


@transaction.atomic
def store_tallies(batch_id: int) -> None:
    """Count a batch anew and replace what was counted before."""
    for kept in (BatchFigures, BatchCode, BatchMoney):
        kept.objects.filter(batch_id=batch_id).delete()
    count_figures(batch_id).save()
    BatchCode.objects.bulk_create(count_codes(batch_id))
    for axis in Axis:
        BatchMoney.objects.bulk_create(sum_money(batch_id, axis))
