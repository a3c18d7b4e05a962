"""Sources and deliveries for the tests, with as little said as the database takes."""

from itertools import count

from conftest import NOW

from chengshu.kernel.organisations.facade import Organisation
from chengshu.resources.models import DataSource, Delivery

_numbers = count(1)


def add_source(unit: Organisation) -> DataSource:
    """Keep a source of files of a unit."""
    number = next(_numbers)
    return DataSource.objects.create(
        name=f"{unit.code}的数据源{number}",
        department=unit,
        kind="file",
        table=f"表{number}",
        columns=[{"name": "编号", "type": "integer", "is_nullable": False, "scale": 2}],
        mode="append",
        created_at=NOW,
    )


def add_delivery(source: DataSource) -> Delivery:
    """Keep a delivery that waits."""
    digest = f"{next(_numbers):064d}"
    return Delivery.objects.create(
        source=source,
        department=source.department,
        name="登记.csv",
        channel="upload",
        digest=digest,
        received_at=NOW,
    )
