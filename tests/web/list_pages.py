"""Every list page, who looks at it, and how to give it more rows. A new list page is named here, or a test fails."""

from collections.abc import Callable
from datetime import date
from itertools import count

from conftest import NOW
from django.utils.timezone import localdate
from performance.fakes import a_record, as_bytes
from resources.catalogue.fakes import add_resource
from resources.collection.fakes import add_delivery, add_source
from resources.processing.fakes import add_left_out_rows, add_pipeline, add_pipeline_run
from resources.quality.fakes import add_issue, add_rows, add_rule, add_run
from web.world import (
    ADMIN,
    CITY_ADMIN,
    MEASURED,
    OFFICER,
    World,
    approve_paper,
    hand_in_table,
    open_evaluation,
    open_monitoring,
    open_project_year,
)

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.grants.facade import Grant
from chengshu.kernel.identity import facade as identity
from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.jobs.facade import Job
from chengshu.kernel.notifications import facade as notifications
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.outbox import facade as outbox
from chengshu.kernel.tickets import facade as tickets
from chengshu.performance import facade as performance
from chengshu.performance.facade import goals, reviews
from chengshu.performance.facade.money import FundSource, Payment, RejectedRow
from chengshu.performance.facade.monitoring import Behind
from chengshu.performance.facade.reviews import Review, SpotCheck
from chengshu.performance.models import EarlyWarning, LibraryIndicator
from chengshu.resources.facade import arrivals
from chengshu.resources.facade.catalogue import DataResource, Field
from chengshu.resources.facade.collection import DataSource, Delivery, RefusedRow
from chengshu.resources.facade.elements import DataElement, DomainCode, ValueDomain
from chengshu.resources.facade.intakes import Intake
from chengshu.resources.facade.lineage import LineageTable, LineageTeller
from chengshu.resources.facade.processing import DataPipeline
from chengshu.resources.facade.quality import CheckRun, PlannedCheck, QualityIssue, ReturnedSheet, RuleOutcome

notifications.register_template(
    notifications.Template(
        key="tests.listed",
        label=notifications.Words("列表", "Listed"),
        title=notifications.Words("{number} {title}", "{number} {title}"),
        body=notifications.Words("{by}", "{by}"),
        fields=frozenset({"number", "title", "by"}),
        permission="performance.see_project",
    )
)
Add = Callable[[World, int], None]
_numbers = count(1)


def _add_jobs(world: World, rows: int) -> None:
    owner = world.people[OFFICER]
    Job.objects.bulk_create(Job(kind="performance.import", owner=owner, created_at=NOW) for _ in range(rows))


def _add_dead_jobs(world: World, rows: int) -> None:
    owner = world.people[OFFICER]
    Job.objects.bulk_create(
        Job(kind="performance.import", owner=owner, created_at=NOW, state="failed") for _ in range(rows)
    )


def _add_notifications(world: World, rows: int) -> None:
    fields = {"number": "T-1", "title": "断网", "by": "张三"}
    unit, person = world.sides["own"].unit, world.people[OFFICER]
    for _ in range(rows):
        news = notifications.News("tests.listed", fields, f"list:{next(_numbers)}", "/tickets/", unit.pk)
        assert notifications.notify([person.pk], news, now=NOW) == 1


def _add_messages(_world: World, rows: int) -> None:
    mail = {"to": "a@example.cn", "subject": "工单", "text": ""}
    for _ in range(rows):
        outbox.enqueue("email", mail, key=f"list:{next(_numbers)}", now=NOW)
    outbox.Message.objects.update(state="dead")


def _add_endpoints(world: World, rows: int) -> None:
    outbox.Endpoint.objects.bulk_create(
        outbox.Endpoint(name=f"E{next(_numbers)}", url="https://a", created_at=NOW, created_by=world.people[OFFICER])
        for _ in range(rows)
    )


def _add_organisations(world: World, rows: int) -> None:
    table = [["代码", "名称", "类别", "上级代码"]]
    table += [[f"X{n}", f"单位{n}", "单位", "C"] for n in (next(_numbers) for _ in range(rows))]
    receipt = organisations.import_organisations(table, on=NOW.date(), actor=None, now=NOW)
    assert len(receipt.created) == rows


def _add_people(world: World, rows: int) -> None:
    """Open accounts, each with one grant on the first unit."""
    people = User.objects.bulk_create(
        User(login_name=f"p{next(_numbers)}", display_name="人员", role="officer", created_at=NOW) for _ in range(rows)
    )
    Grant.objects.bulk_create(_grant(world, person) for person in people)


def _add_grants(world: World, rows: int) -> None:
    """Give one person grants that ended at once, so that they do not stand in each other's way."""
    person = world.sides["own"].person
    Grant.objects.bulk_create(_grant(world, person, until=NOW.date()) for _ in range(rows))


def _grant(world: World, person: User, until: date | None = None) -> Grant:
    unit = world.sides["own"].unit
    return Grant(
        account=person, organisation=unit, role="auditor", since=NOW.date(), until=until, granted_at=NOW, reason="分工"
    )


def _add_entries(world: World, rows: int) -> None:
    for _ in range(rows):
        audit.record(world.people[OFFICER], "tests.look", "test:1", now=NOW)


def _add_tickets(world: World, rows: int) -> None:
    for _ in range(rows):
        new = tickets.NewTicket("repair", "断网", world.sides["own"].unit.pk)
        tickets.open_ticket(new, actor=None, now=NOW)


def _add_measurements(world: World, rows: int) -> None:
    window = indicators.Window(date(2024, 1, 1), date(2024, 12, 31))
    scope = f"organisation:{world.sides['own'].unit.code}"
    for _ in range(rows):
        indicators.measure(MEASURED.key, window, scope, actor=world.people[OFFICER], now=NOW)


def _add_batches(world: World, rows: int) -> None:
    for _ in range(rows):
        files = [("空.jsonl", b"")]
        performance.create_batch(files, name="批次", owner=world.people[OFFICER], now=NOW)


def _add_forms(world: World, rows: int) -> None:
    records = [a_record(f"项目{next(_numbers)}") for _ in range(rows)]
    files = [("表.jsonl", as_bytes(*records))]
    batch = performance.create_batch(files, name="表", owner=world.people[OFFICER], now=NOW)
    performance.run_import(batch.pk, reader=performance.intake, clock=lambda: NOW, report=lambda _: None)


def _add_projects(world: World, rows: int) -> None:
    unit = world.sides["own"].unit
    for _ in range(rows):
        open_project_year(unit, f"Y{next(_numbers)}")


def _add_payments(world: World, rows: int) -> None:
    side = world.sides["own"]
    Payment.objects.bulk_create(
        Payment(
            project_year_id=side.year_id,
            source=FundSource.FISCAL,
            voucher=f"V-{next(_numbers)}",
            amount_yuan=1,
            paid_on=date(2024, 3, 1),
            receipt_id=side.receipt_id,
        )
        for _ in range(rows)
    )


def _add_receipts(world: World, rows: int) -> None:
    for _ in range(rows):
        hand_in_table(world.people[OFFICER])


def _add_rejections(world: World, rows: int) -> None:
    RejectedRow.objects.bulk_create(
        RejectedRow(receipt_id=world.sides["own"].receipt_id, line=next(_numbers), row=[], fault="amount")
        for _ in range(rows)
    )


def _add_goals(world: World, rows: int) -> None:
    unit = world.sides["own"].unit
    for _ in range(rows):
        year = open_project_year(unit, f"G{next(_numbers)}")
        goals.open_goals(year.pk, actor=world.people[OFFICER], now=NOW)


def _add_reports(world: World, rows: int) -> None:
    unit = world.sides["own"].unit
    for _ in range(rows):
        open_monitoring(open_project_year(unit, f"M{next(_numbers)}"))


def _add_warnings(world: World, rows: int) -> None:
    unit = world.sides["own"].unit
    years = [open_project_year(unit, f"W{next(_numbers)}") for _ in range(rows)]
    EarlyWarning.objects.bulk_create(
        EarlyWarning(project_year=year, reason=Behind.OVERDUE, raised_at=NOW) for year in years
    )


def _add_evaluations(world: World, rows: int) -> None:
    unit, person = world.sides["own"].unit, world.sides["own"].person
    for _ in range(rows):
        open_evaluation(unit, f"E{next(_numbers)}", person)


def _add_papers(world: World, rows: int) -> None:
    for _ in range(rows):
        approve_paper(world.sides["own"].unit, f"R{next(_numbers)}", world.sides["own"].person)


def _add_rectifications(world: World, rows: int) -> None:
    for _ in range(rows):
        paper = world.sides["own"].paper_id
        reviews.raise_rectification(paper, "佐证不足", actor=world.people[CITY_ADMIN], now=NOW)


def _add_spot_checks(world: World, rows: int) -> None:
    finance = world.people[CITY_ADMIN]
    SpotCheck.objects.bulk_create(
        SpotCheck(year=2024, name="抽查", seed=1, size=1, frame={}, drawn_by=finance, drawn_at=NOW) for _ in range(rows)
    )


def _add_drawn(world: World, rows: int) -> None:
    """Let the one spot check have drawn more."""
    check = SpotCheck.objects.order_by("pk")[0]
    for _ in range(rows):
        paper = approve_paper(world.sides["own"].unit, f"D{next(_numbers)}", world.sides["own"].person)
        Review.objects.create(evaluation=paper, spot_check=check, edited_at=NOW)


def _add_library(_world: World, rows: int) -> None:
    LibraryIndicator.objects.bulk_create(
        LibraryIndicator(code=f"L{number}", level1="产出指标", level2="数量指标", name=f"指标{number}")
        for number in (next(_numbers) for _ in range(rows))
    )


def _add_applications(world: World, rows: int) -> None:
    for _ in range(rows):
        new = identity.NewApplication(f"应用{next(_numbers)}", ("https://app.example/",))
        identity.register_application(new, actor=world.people[CITY_ADMIN], now=NOW)


def _add_nothing(_world: World, _rows: int) -> None:
    """The rows of one batch's files come with the batch."""


def _add_fields(world: World, rows: int) -> None:
    resource = world.sides["own"].resource_id
    named = ((number, f"n{number}") for number in (1000 + next(_numbers) for _ in range(rows)))
    Field.objects.bulk_create(
        Field(resource_id=resource, number=number, code=code, name="信息项", type="text") for number, code in named
    )


def _add_elements(_world: World, rows: int) -> None:
    codes = [f"E{next(_numbers)}" for _ in range(rows)]
    DataElement.objects.bulk_create(DataElement(code=code, name="数据元", type="text") for code in codes)


def _add_domains(_world: World, rows: int) -> None:
    codes = [f"V{next(_numbers)}" for _ in range(rows)]
    ValueDomain.objects.bulk_create(ValueDomain(code=code, name="值域") for code in codes)


def _add_codes(world: World, rows: int) -> None:
    domain = world.sides["own"].domain_id
    numbers = [next(_numbers) for _ in range(rows)]
    DomainCode.objects.bulk_create(DomainCode(domain_id=domain, code=str(n), label="甲", number=n) for n in numbers)


def _add_intakes(world: World, rows: int) -> None:
    author = world.people[OFFICER]
    Intake.objects.bulk_create(Intake(name="表.xlsx", digest="0", author=author, taken_at=NOW) for _ in range(rows))


def _add_waiting(world: World, rows: int) -> None:
    for _ in range(rows):
        add_resource(world.sides["own"].unit, state="submitted")


def _add_lacking(world: World, rows: int) -> None:
    for _ in range(rows):
        add_resource(world.sides["own"].unit, fault_count=2, fields=1)


def _add_sources(world: World, rows: int) -> None:
    for _ in range(rows):
        add_source(world.sides["own"].unit)


def _add_deliveries(world: World, rows: int) -> None:
    source = DataSource.objects.get(pk=world.sides["own"].source_id)
    for _ in range(rows):
        add_delivery(source)


def _add_refused(world: World, rows: int) -> None:
    delivery = world.sides["own"].delivery_id
    numbers = [next(_numbers) for _ in range(rows)]
    RefusedRow.objects.bulk_create(
        RefusedRow(delivery_id=delivery, row=number, column="编号", raw="{}", reason="不是整数") for number in numbers
    )


def _add_arrivals(world: World, rows: int) -> None:
    sender = arrivals.Sender(world.people[ADMIN], arrivals.COLLECT, NOW)
    for _ in range(rows):
        content = str(next(_numbers)).encode()
        came = arrivals.Arrival(arrivals.ArrivalKind.PUSH, "a.csv", content, world.sides["own"].unit.pk)
        assert arrivals.keep_refused(came, "内容没有收全", sender) is not None


def _add_resources(world: World, rows: int) -> None:
    for _ in range(rows):
        add_resource(world.sides["own"].unit)


def _own_resource(world: World) -> DataResource:
    return DataResource.objects.get(pk=world.sides["own"].resource_id)


def _add_issues(world: World, rows: int) -> None:
    for _ in range(rows):
        add_issue(_own_resource(world))


def _add_issue_rows(world: World, rows: int) -> None:
    add_rows(QualityIssue.objects.get(pk=world.sides["own"].issue_id), rows)


def _add_checks(world: World, rows: int) -> None:
    for _ in range(rows):
        add_run(_own_resource(world))


def _add_planned(world: World, rows: int) -> None:
    for _ in range(rows):
        resource = add_resource(world.sides["own"].unit)
        for month in (date(2024, 3, 1), localdate().replace(day=1)):
            PlannedCheck.objects.create(resource=resource, month_on=month, month_at=NOW, planned_at=NOW)


def _add_outcomes(world: World, rows: int) -> None:
    run = CheckRun.objects.get(pk=world.sides["own"].run_id)
    for _ in range(rows):
        rule = add_rule(_own_resource(world), f"r{next(_numbers)}")
        RuleOutcome.objects.create(run=run, rule=rule, revision=1, is_passed=True)


def _add_rules(world: World, rows: int) -> None:
    for _ in range(rows):
        add_rule(_own_resource(world), f"r{next(_numbers)}")


def _add_tellers(_world: World, rows: int) -> None:
    LineageTeller.objects.bulk_create(
        LineageTeller(title=f"脚本{next(_numbers)}", kind="scripts", told_at=NOW) for _ in range(rows)
    )


def _add_told_tables(_world: World, rows: int) -> None:
    numbers = [next(_numbers) for _ in range(rows)]
    LineageTable.objects.bulk_create(LineageTable(name=f"表{n}", node=f"表{n}", kind="table") for n in numbers)


def _add_refusals(world: World, rows: int) -> None:
    sheet = ReturnedSheet.objects.get(pk=world.sides["own"].sheet_id)
    for _ in range(rows):
        sheet.refusals.create(row=next(_numbers), cells=[], reason="没有填写“更正为”。")


def _add_pipelines(world: World, rows: int) -> None:
    for _ in range(rows):
        add_pipeline_run(add_pipeline(add_resource(world.sides["own"].unit)))


def _add_left_out_rows(world: World, rows: int) -> None:
    add_left_out_rows(DataPipeline.objects.get(pk=world.sides["own"].pipeline_id), rows)


def _add_pipeline_runs(world: World, rows: int) -> None:
    pipeline = DataPipeline.objects.get(pk=world.sides["own"].pipeline_id)
    for _ in range(rows):
        add_pipeline_run(pipeline)


def _add_standardisable(world: World, rows: int) -> None:
    for _ in range(rows):
        resource = add_resource(world.sides["own"].unit, state="published", version=1, published_at=NOW)
        source = add_source(world.sides["own"].unit)
        DataSource.objects.filter(pk=source.pk).update(resource=resource)
        Delivery.objects.filter(pk=add_delivery(source).pk).update(state="taken", ended_at=NOW)


LIST_PAGES: dict[str, tuple[str, Add]] = {
    "jobs": (OFFICER, _add_jobs),
    "identity:applications": (CITY_ADMIN, _add_applications),
    "jobs:all": (CITY_ADMIN, _add_jobs),
    "jobs:dead": (CITY_ADMIN, _add_dead_jobs),
    "notifications:list": (OFFICER, _add_notifications),
    "outbox:list": (CITY_ADMIN, _add_messages),
    "outbox:dead": (CITY_ADMIN, _add_messages),
    "outbox:endpoints": (CITY_ADMIN, _add_endpoints),
    "organisations:list": (CITY_ADMIN, _add_organisations),
    "grants:list": (CITY_ADMIN, _add_people),
    "grants:accounts": (CITY_ADMIN, _add_people),
    "grants:account": (CITY_ADMIN, _add_grants),
    "audit:list": (CITY_ADMIN, _add_entries),
    "indicators:indicator": (CITY_ADMIN, _add_measurements),
    "tickets:list": (CITY_ADMIN, _add_tickets),
    "resources:catalogue": (CITY_ADMIN, _add_resources),
    "resources:fields": (CITY_ADMIN, _add_fields),
    "resources:sources": (CITY_ADMIN, _add_sources),
    "resources:source": (CITY_ADMIN, _add_deliveries),
    "resources:deliveries": (CITY_ADMIN, _add_deliveries),
    "resources:delivery": (CITY_ADMIN, _add_refused),
    "resources:processing": (CITY_ADMIN, _add_pipelines),
    "resources:processing-new": (CITY_ADMIN, _add_standardisable),
    "resources:processing-runs": (CITY_ADMIN, _add_pipeline_runs),
    "resources:pipeline": (CITY_ADMIN, _add_pipeline_runs),
    "resources:pipeline-left-out": (CITY_ADMIN, _add_left_out_rows),
    "resources:arrivals": (CITY_ADMIN, _add_arrivals),
    "resources:work": (CITY_ADMIN, _add_issues),
    "resources:quality": (CITY_ADMIN, _add_issues),
    "resources:quality-issues": (CITY_ADMIN, _add_issues),
    "resources:quality-issue": (CITY_ADMIN, _add_issue_rows),
    "resources:quality-return": (CITY_ADMIN, _add_refusals),
    "resources:quality-checks": (CITY_ADMIN, _add_checks),
    "resources:quality-check": (CITY_ADMIN, _add_outcomes),
    "resources:quality-plan": (CITY_ADMIN, _add_planned),
    "resources:quality-month": (CITY_ADMIN, _add_planned),
    "resources:quality-rules": (CITY_ADMIN, _add_rules),
    "resources:lineage": (OFFICER, _add_told_tables),
    "resources:lineage-tellers": (OFFICER, _add_tellers),
    "resources:elements": (OFFICER, _add_elements),
    "resources:domains": (OFFICER, _add_domains),
    "resources:domain": (OFFICER, _add_codes),
    "resources:intakes": (OFFICER, _add_intakes),
    "resources:waiting": (CITY_ADMIN, _add_waiting),
    "resources:lacking": (CITY_ADMIN, _add_lacking),
    "performance:batches": (OFFICER, _add_batches),
    "performance:batch": (OFFICER, _add_nothing),
    "performance:forms": (OFFICER, _add_forms),
    "performance:findings": (OFFICER, _add_forms),
    "performance:projects": (OFFICER, _add_projects),
    "performance:project-years": (OFFICER, _add_projects),
    "performance:project-year": (OFFICER, _add_payments),
    "performance:receipts": (OFFICER, _add_receipts),
    "performance:receipt": (OFFICER, _add_rejections),
    "performance:goals": (OFFICER, _add_goals),
    "performance:monitoring": (OFFICER, _add_reports),
    "performance:monitoring-warnings": (OFFICER, _add_warnings),
    "performance:evaluations": (OFFICER, _add_evaluations),
    "performance:library": (OFFICER, _add_library),
    "performance:reviews": (CITY_ADMIN, _add_drawn),
    "performance:spot-checks": (CITY_ADMIN, _add_spot_checks),
    "performance:spot-check": (CITY_ADMIN, _add_drawn),
    "performance:rectifications": (OFFICER, _add_rectifications),
    "performance:publications": (CITY_ADMIN, _add_papers),
}
