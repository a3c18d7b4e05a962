"""Import of a table of organisations: what is new is founded, what differs is renamed or moved, the rest stays.

The same table again changes nothing. A row that cannot be taken is kept in the receipt with its line and reason, and
hinders no other.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from chengshu.documents.errors import FormulaUncomputed
from chengshu.documents.reading import read_document
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.organisations.contracts import (
    ImportedRow,
    ImportReceipt,
    NewOrganisation,
    Rejection,
)
from chengshu.kernel.organisations.errors import OrganisationError
from chengshu.kernel.organisations.models import Organisation
from chengshu.kernel.organisations.operations import rows
from chengshu.kernel.organisations.operations.tree import changing_tree
from chengshu.kernel.organisations.queries import name_on, parent_on
from chengshu.kernel.organisations.rules.tables import read_table

Table = Sequence[Sequence[str]]


@dataclass(slots=True)
class _Outcome:
    """What became of each code so far, and what one import shares between its rows."""

    on: date
    now: datetime
    changed: set[int]
    codes: dict[str, list[str]] = field(
        default_factory=lambda: {"created": [], "renamed": [], "moved": [], "unchanged": []}
    )
    rejected: list[Rejection] = field(default_factory=list)


def read_organisation_table(name: str, data: bytes) -> list[list[str]]:
    """Return the lines of an XLSX or CSV file (or another with a table) as texts.

    Raises:
        DocumentError: the file cannot be read, or holds formulas without a result; names the cure.
    """
    document = read_document(name, data)
    if document.uncomputed:
        raise FormulaUncomputed(document.name, [f"{place.sheet}!{place.ref}" for place in document.uncomputed])
    return [[cell.text for cell in row.cells] for row in document.rows]


def import_organisations(
    table: Table, *, on: date, actor: User | None, now: datetime, reason: str = ""
) -> ImportReceipt:
    """Take a table with the columns 代码, 名称, 类别, 上级代码, 设立日期 (the last two may be missing).

    `on` is the day from which differences hold, and the founding day of new rows that name none. Rows may stand in any
    order. A row whose name and parent both differ is renamed and moved; its code is then in `moved`.

    Raises:
        TableUnreadable: no line names the columns.
        ChangeInFuture: `on` has not come.
    """
    parsed, rejected = read_table(table)
    rows.refuse_future(on, now=now)
    with changing_tree() as changed:
        outcome = _Outcome(on, now, changed, rejected=rejected)
        _take_all(parsed, outcome)
        receipt = ImportReceipt(
            created=tuple(outcome.codes["created"]),
            renamed=tuple(outcome.codes["renamed"]),
            moved=tuple(outcome.codes["moved"]),
            unchanged=tuple(outcome.codes["unchanged"]),
            rejected=tuple(sorted(outcome.rejected, key=lambda fault: fault.line)),
        )
        if changed or receipt.renamed:
            details = asdict(receipt) | {"on": on.isoformat(), "unchanged": len(receipt.unchanged)}
            audit.record(actor, "organisations.import", "organisation:import", now=now, reason=reason, details=details)
    return receipt


def preview_organisations(table: Table, *, on: date, now: datetime) -> ImportReceipt:
    """Tell what `import_organisations` would do with the table now, and leave nothing of it.

    Raises:
        TableUnreadable: no line names the columns.
        ChangeInFuture: `on` has not come.
    """
    with transaction.atomic():
        receipt = import_organisations(table, on=on, actor=None, now=now)
        transaction.set_rollback(True)
    return receipt


def _take_all(parsed: Sequence[ImportedRow], outcome: _Outcome) -> None:
    """Take parents before children, whatever the order of the lines."""
    waiting = {row.code: row for row in parsed}
    while waiting:
        ready = [row for row in waiting.values() if row.parent_code not in waiting]
        if not ready:
            outcome.rejected += [Rejection(r.line, r.code, _("上级代码互相指向，成了环。")) for r in waiting.values()]
            return
        for row in ready:
            del waiting[row.code]
            _take(row, outcome)


def _take(row: ImportedRow, outcome: _Outcome) -> None:
    """Take one row, or leave nothing of it and keep the reason."""
    try:
        with transaction.atomic():
            outcome.codes[_apply(row, outcome)].append(row.code)
    except OrganisationError as fault:
        outcome.rejected.append(Rejection(row.line, row.code, fault.message))


def _apply(row: ImportedRow, outcome: _Outcome) -> str:
    """Bring one organisation to what the row says; tell which of the outcomes it was."""
    parent_id = _parent_id(row)
    existing = Organisation.objects.filter(code=row.code).first()
    if existing is None:
        new = NewOrganisation(row.code, row.kind, row.name, row.founded_on or outcome.on, parent_id)
        outcome.changed.add(rows.found(new, now=outcome.now).pk)
        return "created"
    organisation = rows.get_living(existing.pk)
    if organisation.kind != row.kind.value:
        raise OrganisationError(_("类别和已登记的不同；类别不能更改，请撤销后另设。"))
    result = "unchanged"
    if name_on(organisation.pk, outcome.on) != row.name:
        rows.give_name(organisation, row.name, on=outcome.on)
        result = "renamed"
    if parent_on(organisation.pk, outcome.on) != parent_id:
        rows.give_parent(organisation, parent_id, on=outcome.on)
        outcome.changed.add(organisation.pk)
        result = "moved"
    return result


def _parent_id(row: ImportedRow) -> int | None:
    if not row.parent_code:
        return None
    parent = Organisation.objects.filter(code=row.parent_code).first()
    if parent is None:
        raise OrganisationError(_("没有代码为 %(code)s 的上级。") % {"code": row.parent_code})
    return parent.pk
