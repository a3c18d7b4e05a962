"""Published forms as history."""

from conftest import NOW
from performance.fakes import a_record, as_bytes

from chengshu.kernel.accounts.facade import User
from chengshu.performance import facade as performance
from chengshu.performance.models import FormRecord


def import_form(owner: User, project: str, year: int) -> FormRecord:
    """Import the form of a project and a year."""
    files = [("表.jsonl", as_bytes(a_record(project)))]
    batch = performance.create_batch(files, name=f"{project}{year}", owner=owner, now=NOW)
    performance.run_import(batch.pk, reader=performance.intake, clock=lambda: NOW, report=lambda _: None)
    FormRecord.objects.filter(batch=batch).update(year=year)
    return FormRecord.objects.get(batch=batch)
