"""What the people of the demonstration do about faults: begin, correct a sheet, dispute, rule on a dispute."""

import io
from dataclasses import dataclass
from datetime import datetime, timedelta

import openpyxl

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.tickets import facade as tickets
from chengshu.resources.facade import quality
from chengshu.resources.facade.catalogue import DataResource
from chengshu.resources.facade.quality import IssueState, QualityIssue, RuleDraft, Ruling

_ACCEPTED = 2
"""So many issues of a check are begun with."""
_CORRECTED = "更正为"
#: The names of firms that the rule knew at first; shops and cooperatives were called cut names until somebody objected.
NARROW_FIRMS = ".{2,60}(公司|中心)"


@dataclass(frozen=True, slots=True)
class Desk:
    """The data officer of the district, the clerk of its civil affairs department, the centre that checks."""

    operator: User
    clerk: User
    steward: User


def rectify(resource: DataResource, month: int, desk: Desk, now: datetime, *, is_newest: bool) -> None:
    """Do what a department does in the days after a check."""
    opened = list(
        QualityIssue.objects.filter(resource=resource, state=IssueState.OPEN, opened_at__gte=now)
        .select_related("rule", "ticket")
        .order_by("pk")
    )
    for issue in opened[:_ACCEPTED]:
        if issue.ticket is not None:
            moment = now + timedelta(hours=1)
            tickets.act(issue.ticket.pk, "accept", actor=_handler(resource, desk), now=moment, expected_version=None)
    if resource.name == "政府采购供应商名录" and month == 0:
        _object_rightly(opened, desk, now)
    if resource.name == "政府采购合同信息" and month == 1:
        _object(opened, desk, now)
    if resource.name == "婚姻登记信息" and is_newest:
        _correct(opened, desk, now + timedelta(hours=2))


def _handler(resource: DataResource, desk: Desk) -> User:
    return desk.clerk if resource.department.code.endswith("B03") else desk.operator


def _object_rightly(opened: list[QualityIssue], desk: Desk, now: datetime) -> None:
    """Have a rule that asks too much changed: what it calls wrong no longer is void."""
    for issue in opened:
        if issue.rule.definition.get("pattern") == NARROW_FIRMS:
            reason = "商行、合作社也是全称，规则没有包括。"
            quality.dispute_issue(issue.pk, reason, actor=desk.operator, now=now + timedelta(days=3))
            before = quality.draft_of(issue.rule)
            wider = {**before.definition, "pattern": ".{2,60}(公司|中心|商行|合作社)"}
            ruling = Ruling(
                upheld=True, reason="异议成立，规则已放宽。", draft=RuleDraft(before.key, before.name, wider)
            )
            quality.settle_dispute(issue.pk, ruling, actor=desk.steward, now=now + timedelta(days=6))


def _object(opened: list[QualityIssue], desk: Desk, now: datetime) -> None:
    """Leave a dispute to be ruled on."""
    for issue in opened:
        if issue.rule.definition["kind"] == "references":
            reason = "这些供应商在市级名录中，区级名录没有收录。"
            quality.dispute_issue(issue.pk, reason, actor=desk.operator, now=now + timedelta(days=2))


def _correct(opened: list[QualityIssue], desk: Desk, now: datetime) -> None:
    """Take the sheet of one issue, correct what can be corrected, and hand it in."""
    issue = next((one for one in opened if one.rule.definition["kind"] == "matches"), None)
    if issue is None:
        return
    with quality.export_sheet(issue.pk, actor=desk.clerk, now=now) as file:
        book = openpyxl.load_workbook(io.BytesIO(file.read()))
    sheet = book.worksheets[0]
    headers = [str(cell.value) for cell in sheet[1]]
    corrected = next(at for at, header in enumerate(headers, start=1) if header.startswith(_CORRECTED))
    for number in range(2, sheet.max_row + 1):
        sheet.cell(number, corrected, "19900001234" if "lxdh" in headers[corrected - 1] else "王秀英")
    out = io.BytesIO()
    book.save(out)
    later = now + timedelta(hours=1)
    quality.return_sheet(issue.pk, out.getvalue(), name="更正表.xlsx", actor=desk.clerk, now=later)
    quality.recheck_resource(issue.resource_id, actor=None, now=later + timedelta(minutes=1))
