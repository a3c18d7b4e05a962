"""What every address answers to whom. A new address is declared here, or the matrix fails.

`may` are the people for whom the page works on things of their own unit, `may_foreign` those for whom it works on
things of the other unit; everybody else is answered `refused`, on the other unit's things 404 (that they exist is not
told). `forbidden` are those among them who see the thing but may not do this to it. Pages without ids have one side only.
"""

from collections.abc import Callable
from uuid import UUID

from web.expected import EVERYBODY, Body, Expected
from web.matrix_resources import RESOURCES
from web.world import (
    ADMIN,
    AUDITOR,
    CITY_ADMIN,
    CITY_AUDITOR,
    DEPARTMENT_REVIEWER,
    FINANCE_REVIEWER,
    MEASURED,
    OFFICER,
    TICKET_HANDLER,
    Side,
    World,
)

from chengshu.performance.facade.evaluations import Evaluation
from chengshu.performance.facade.publications import Publication
from chengshu.performance.facade.reviews import Review, SpotCheck

_CITY = frozenset({CITY_ADMIN, CITY_AUDITOR})
_SEE_GRANTS = frozenset({ADMIN, AUDITOR}) | _CITY
_GIVE_GRANTS = frozenset({ADMIN, CITY_ADMIN})
_SEE_TICKETS = frozenset({TICKET_HANDLER, DEPARTMENT_REVIEWER, AUDITOR, ADMIN}) | _CITY
_SEE_INDICATORS = frozenset({OFFICER, DEPARTMENT_REVIEWER, FINANCE_REVIEWER, AUDITOR, ADMIN}) | _CITY
_MEASURE = frozenset({OFFICER, DEPARTMENT_REVIEWER, FINANCE_REVIEWER, ADMIN, CITY_ADMIN})
_READERS = frozenset({AUDITOR, CITY_AUDITOR})
_OPEN_TICKETS = frozenset({TICKET_HANDLER, OFFICER, DEPARTMENT_REVIEWER, ADMIN, CITY_ADMIN})
_SEE_GOALS = frozenset({OFFICER, DEPARTMENT_REVIEWER, FINANCE_REVIEWER, AUDITOR, ADMIN}) | _CITY
_EDIT_PROJECTS = frozenset({OFFICER, DEPARTMENT_REVIEWER, ADMIN, CITY_ADMIN})
_EDIT_MONEY = frozenset({OFFICER, FINANCE_REVIEWER, ADMIN, CITY_ADMIN})
_ONLY_SEE_GOALS = _SEE_GOALS - {OFFICER, ADMIN, CITY_ADMIN}
_SEE_FORMS = _SEE_GOALS
_SEE_REVIEWS = frozenset({FINANCE_REVIEWER, AUDITOR, ADMIN}) | _CITY
_FINANCE = frozenset({FINANCE_REVIEWER, ADMIN, CITY_ADMIN})
_ONLY_SEE_FORMS = frozenset({DEPARTMENT_REVIEWER, AUDITOR, CITY_AUDITOR})
_IMPORT_FORMS = frozenset({OFFICER, DEPARTMENT_REVIEWER, FINANCE_REVIEWER, ADMIN, CITY_ADMIN})


def _owned(args: Callable[[Side], list[object]], **more: object) -> Expected:
    """Expect what the officer of each unit imported: his, and open to those who see the unit's forms."""
    fields = {"may": _SEE_FORMS, "may_foreign": _CITY, "args": args} | more
    return Expected(**fields)  # type: ignore[arg-type]  # the fields of Expected


def _batch(side: Side) -> list[object]:
    return [side.batch_id]


def _year(side: Side) -> list[object]:
    return [side.year_id]


def _form(side: Side) -> list[object]:
    return [side.form_id]


def _ticket(**more: object) -> Expected:
    """Expect a ticket of each unit: there for who sees tickets of the unit, and not there for everybody else."""
    fields = {
        "may": _SEE_TICKETS,
        "may_foreign": _CITY,
        "args": lambda side: [side.ticket_id],
        "posts": True,
        "works": frozenset({403, 404, 409, 422}),  # the step itself is none that could be taken
    } | more
    return Expected(**fields)  # type: ignore[arg-type]  # the fields of Expected


def _goal(**more: object) -> Expected:
    """Expect goals of each unit: there for who sees projects of the unit, written by those who may write them."""
    fields = {
        "may": _SEE_GOALS,
        "may_foreign": _CITY,
        "args": lambda side: [side.goal_id],
        "posts": True,
    } | more
    return Expected(**fields)  # type: ignore[arg-type]  # the fields of Expected


def _report(**more: object) -> Expected:
    """Expect a monitoring report of each unit, as goals are."""
    return _goal(**({"args": lambda side: [side.monitoring_id]} | more))


def _point(**more: object) -> Expected:
    """Expect what finance alone does with points of the year."""
    return _library(**({"args": lambda side: [side.point_id]} | more))


def _project(**more: object) -> Expected:
    """Expect a project of each unit, or a year of it: there for who sees projects of the unit."""
    return _goal(**({"args": lambda side: [side.project_id], "works": frozenset({422}), "body": _half_a_form} | more))


def _half_a_form(_side: Side) -> Body:
    return {"reason": ""}  # enough to be told what is missing, too little to change anything


def _receipt(**more: object) -> Expected:
    """Expect a table that was handed in: there for who handed it in."""
    fields = {"may": frozenset({OFFICER}), "args": lambda side: [side.receipt_id]} | more
    return Expected(**fields)  # type: ignore[arg-type]  # the fields of Expected


def _evaluation(**more: object) -> Expected:
    """Expect a self-evaluation of each unit: there for who sees projects of the unit, written by those who may."""
    fields = {"may": _SEE_GOALS, "may_foreign": _CITY, "args": lambda side: [side.evaluation_id]} | more
    return Expected(**fields)  # type: ignore[arg-type]  # the fields of Expected


def _change_evaluation(**more: object) -> Expected:
    """Expect a change of it; the version is the one that stands."""
    return _evaluation(**{"posts": True, "body": lambda _: {"version": "1"}, "forbidden": _ONLY_SEE_GOALS} | more)


def _result(side: Side) -> list[object]:
    return [side.evaluation_id, side.promise_id]


def _review(**more: object) -> Expected:
    """Expect an open review of each unit's paper: there for who sees reviewing, written by finance."""
    fields = {"may": _SEE_REVIEWS, "may_foreign": _CITY, "args": _review_id, "body": lambda _: {"version": "1"}} | more
    return Expected(**fields)  # type: ignore[arg-type]  # the fields of Expected


def _paper(**more: object) -> Expected:
    """Expect an approved paper of each unit, which is under review and public: led on by finance alone."""
    fields = {
        "may": _SEE_GOALS,
        "may_foreign": _CITY,
        "args": lambda side: [side.paper_id],
        "posts": True,
        "forbidden": _SEE_GOALS - _FINANCE,
        "body": lambda _: {"version": "1", "reason": "内容有误"},
    } | more
    return Expected(**fields)  # type: ignore[arg-type]  # the fields of Expected


def _review_id(side: Side) -> list[object]:
    return [Review.objects.get(evaluation=side.paper_id).pk]


def _publication_id(side: Side) -> list[object]:
    return [side.paper_id, Publication.objects.get(evaluation=side.paper_id).pk]


def _slug(side: Side) -> list[object]:
    return [Publication.objects.get(evaluation=side.paper_id).slug]


def _library(**more: object) -> Expected:
    """Expect what finance alone does with the indicator library."""
    fields = {
        "may": frozenset({FINANCE_REVIEWER, ADMIN, CITY_ADMIN}),
        "refused": 403,
        "args": lambda side: [side.library_id],
        "posts": True,
    } | more
    return Expected(**fields)  # type: ignore[arg-type]  # the fields of Expected


def _only_a_reason(_side: Side) -> Body:
    return {"reason": "分工"}


def _organisation_change(**more: object) -> Expected:
    """Expect a change of the tree: only above the unit is it allowed, elsewhere the page is refused; nothing is typed."""
    fields = {
        "may": EVERYBODY,
        "may_foreign": _CITY,
        "args": lambda side: [side.unit.pk],
        "forbidden": EVERYBODY - {CITY_ADMIN},
        "posts": True,
        "body": _only_a_reason,
        "works": frozenset({422}),
    } | more
    return Expected(**fields)  # type: ignore[arg-type]  # the fields of Expected


def _measurement(**more: object) -> Expected:
    """Expect a measurement of each unit: there for who sees the unit's, and not there for everybody else."""
    fields = {"may": _SEE_INDICATORS, "may_foreign": _CITY, "args": lambda side: [side.measurement_id]} | more
    return Expected(**fields)  # type: ignore[arg-type]  # the fields of Expected


_OF_ONE_JOB = {
    "may": frozenset({OFFICER}),
    "args": lambda side: [side.job],
}
_ONE_JOB = Expected(**_OF_ONE_JOB)  # type: ignore[arg-type]  # the fields of Expected
_CHANGE_JOB = Expected(posts=True, **_OF_ONE_JOB)  # type: ignore[arg-type]  # the same
_OF_ANY_JOB = {
    "may": frozenset({CITY_ADMIN}),
    "may_foreign": frozenset({CITY_ADMIN}),
    "refused": 403,
    "args": lambda side: [side.job],
}


def _unknown(_side: Side) -> list[object]:
    return [UUID(int=0)]


_KEEPS_JOB = Expected(**_OF_ANY_JOB)  # type: ignore[arg-type]  # the fields of Expected
_KEEPS_HOUSE = Expected(may=frozenset({CITY_ADMIN}), refused=403)
_GRANT_FORM: Callable[[Side], Body] = lambda side: {  # noqa: E731 - a body among others
    "role": "ticket_handler",
    "organisation": side.unit.code,
    "since": "2100-01-01",
    "reason": "分工",
}


def _secured(**more: object) -> Expected:
    """Expect the log-in of a person of each unit, helped with by who administers that unit."""
    fields = {
        "may": _GIVE_GRANTS,
        "may_foreign": frozenset({CITY_ADMIN}),
        "refused": 403,
        "args": lambda side: [side.person.pk],
        "posts": True,
        "body": lambda _: {"reason": "当面核实"},
    } | more
    return Expected(**fields)  # type: ignore[arg-type]  # the fields of Expected


def _application(**more: object) -> Expected:
    """Expect an application, of which there is none: told to those alone who register them."""
    fields = {"may": frozenset({CITY_ADMIN}), "refused": 403, "args": lambda _: [1]} | more
    return Expected(**fields)  # type: ignore[arg-type]  # the fields of Expected


MATRIX: dict[str, Expected] = {
    "home": Expected(),
    "interface": Expected(),
    "logout": Expected(posts=True),
    "password": Expected(),
    "jobs": Expected(),
    "job": _ONE_JOB,
    "job-status": _ONE_JOB,
    "job-cancel": _CHANGE_JOB,
    "job-retry": _CHANGE_JOB,
    "jobs:all": _KEEPS_HOUSE,
    "jobs:dead": _KEEPS_HOUSE,
    "jobs:record": _KEEPS_JOB,
    "jobs:retry-dead": Expected(posts=True, works=frozenset({409}), **_OF_ANY_JOB),  # type: ignore[arg-type]  # it did not fail
    "jobs:dismiss": Expected(posts=True, works=frozenset({422}), **_OF_ANY_JOB),  # type: ignore[arg-type]  # no reason
    "jobs:schedules": _KEEPS_HOUSE,
    "jobs:schedule": Expected(may=frozenset({CITY_ADMIN}), refused=403, args=lambda _: ["files.sweep"]),
    **{
        f"jobs:{name}-schedule": Expected(
            may=frozenset({CITY_ADMIN}), refused=403, args=lambda _: ["none"], posts=True, works=frozenset({404})
        )
        for name in ("run", "pause", "resume")
    },
    "files:download": Expected(args=_unknown, works=frozenset({404})),  # tests/kernel/files has those of others
    "notifications:list": Expected(),
    "notifications:open": Expected(args=lambda _: [0], posts=True, works=frozenset({404})),  # none is his
    "notifications:read": Expected(posts=True),
    "notifications:read-all": Expected(posts=True),
    "notifications:undo": Expected(posts=True),
    "notifications:preferences": Expected(),
    "outbox:list": _KEEPS_HOUSE,
    "outbox:dead": _KEEPS_HOUSE,
    "outbox:endpoints": _KEEPS_HOUSE,
    "outbox:register": Expected(may=frozenset({CITY_ADMIN}), refused=403, posts=True, works=frozenset({422})),
    **{
        f"outbox:{name}": Expected(
            may=frozenset({CITY_ADMIN}), refused=403, args=_unknown, posts=posts, works=frozenset({404})
        )
        for name, posts in (
            ("message", False),
            ("retry", True),
            ("dismiss", True),
            ("endpoint", False),
            ("rotate", True),
            ("switch", True),
            ("test", True),
        )
    },
    "organisations:list": Expected(),
    "organisations:organisation": Expected(args=lambda side: [side.unit.pk], may_foreign=_CITY),
    "organisations:found": Expected(
        may=_GIVE_GRANTS, refused=403, posts=True, body=_only_a_reason, works=frozenset({422})
    ),
    "organisations:import": Expected(
        may=frozenset({CITY_ADMIN}), refused=403, posts=True, body=_only_a_reason, works=frozenset({422})
    ),
    "organisations:rename": _organisation_change(forbidden=EVERYBODY - _GIVE_GRANTS),
    "organisations:move": _organisation_change(),
    "organisations:merge": _organisation_change(),
    "organisations:split": _organisation_change(),
    "organisations:end": _organisation_change(),
    "grants:list": Expected(may=_SEE_GRANTS, refused=403),
    "grants:accounts": Expected(may=_SEE_GRANTS, refused=403),
    "grants:account": Expected(may=_SEE_GRANTS, may_foreign=_CITY, refused=403, args=lambda side: [side.person.pk]),
    "grants:give": Expected(
        may=_GIVE_GRANTS,
        may_foreign=frozenset({CITY_ADMIN}),
        refused=403,
        args=lambda side: [side.person.pk],
        posts=True,
        body=_GRANT_FORM,
    ),
    "grants:end": Expected(
        may=_GIVE_GRANTS,
        may_foreign=frozenset({CITY_ADMIN}),
        refused=403,
        args=lambda side: [side.grant.pk],
        posts=True,
        body=lambda _: {"reason": "分工"},
    ),
    "identity:own": Expected(),
    "identity:confirm": Expected(),
    "identity:totp": Expected(),
    "identity:recovery": Expected(),
    "identity:city-link": Expected(works=frozenset({503})),  # the city's provider is not set up
    "identity:city-unlink": Expected(posts=True),
    "identity:passkey": Expected(),
    "identity:withdraw": Expected(args=lambda _: [1], posts=True),  # of oneself: nothing was authorised
    "identity:account": _secured(posts=False),
    "identity:unlock": _secured(),
    "identity:reset": _secured(),
    "identity:account-sessions-end": _secured(),
    "identity:applications": _KEEPS_HOUSE,
    "identity:application-new": _KEEPS_HOUSE,
    "identity:application": _application(works=frozenset({404})),
    "identity:application-secret": _application(posts=True, works=frozenset({404})),
    "identity:application-retire": _application(posts=True, works=frozenset({404})),
    "oauth2_provider:authorize": Expected(works=frozenset({400})),  # no application asks
    "identity:factor-remove": Expected(args=lambda _: [1], posts=True),  # there is none of one's own: says so
    "identity:sessions-end": Expected(posts=True),
    "identity:session-end": Expected(args=lambda _: [1], posts=True),
    "calendars:years": Expected(),
    "indicators:list": Expected(may=_SEE_INDICATORS, refused=403),
    "indicators:indicator": Expected(may=_SEE_INDICATORS, refused=403, args=lambda _: [MEASURED.key]),
    "indicators:measure-many": Expected(may=_MEASURE, refused=403, posts=True, works=frozenset({422})),  # none chosen
    "indicators:measure": Expected(
        may=_MEASURE, refused=403, args=lambda _: [MEASURED.key], posts=True, works=frozenset({422})
    ),  # no window
    "indicators:measurement": _measurement(),
    "indicators:rows": _measurement(),
    "indicators:verify": _measurement(posts=True),
    "indicators:again": _measurement(posts=True, forbidden=_READERS),
    "tickets:list": Expected(),
    "tickets:inbox": Expected(),
    "tickets:open": Expected(may=_OPEN_TICKETS, refused=403),
    "tickets:batch": Expected(posts=True, works=frozenset({422})),  # nothing is selected
    "tickets:record": _ticket(posts=False, works=frozenset({200})),
    "tickets:act": _ticket(body=lambda _: {"action": "none", "version": "1"}),
    "tickets:undo": _ticket(),
    "tickets:assign": _ticket(),
    "tickets:reclassify": _ticket(),
    "tickets:remark": _ticket(body=lambda _: {"note": "看过"}, works=frozenset({302}), forbidden=_READERS),
    "tickets:attachment": _ticket(args=lambda side: [side.ticket_id, 1], posts=False),
    "performance:dashboard": Expected(),
    "performance:chart": Expected(args=lambda _: ["codes"]),
    "performance:upload": Expected(may=_IMPORT_FORMS, refused=403),
    "performance:batches": Expected(),
    "performance:batch": _owned(_batch),
    "performance:batch-resume": _owned(_batch, posts=True, forbidden=_ONLY_SEE_FORMS),
    "performance:batch-recheck": _owned(_batch, posts=True, forbidden=_ONLY_SEE_FORMS),
    "performance:batch-rename": _owned(_batch, posts=True, body=lambda _: {"name": "新名"}, forbidden=_ONLY_SEE_FORMS),
    "performance:batch-delete": _owned(_batch, posts=True, forbidden=_ONLY_SEE_FORMS),
    "performance:batch-restore": Expected(may=frozenset(), args=_batch, posts=True),  # there is nothing to restore
    "performance:batch-report": _owned(lambda side: [side.batch_id, "html"]),
    "performance:batch-report-make": _owned(_batch, posts=True, body=lambda _: {"kind": "html"}),
    "performance:report": Expected(may=frozenset(), args=lambda side: [side.job]),  # the job is no report
    "performance:file-original": _owned(lambda side: [side.file_id]),
    "performance:forms": Expected(),
    "performance:form": _owned(_form),
    "performance:form-correct": _owned(
        _form,
        posts=True,
        body=lambda _: {"cell": "/total/score", "value": "91", "seen": "90"},
        forbidden=_ONLY_SEE_FORMS,
    ),
    "performance:correction-undo": _owned(
        lambda side: [side.form_id, side.correction_id], posts=True, forbidden=_ONLY_SEE_FORMS
    ),
    "performance:form-compare": _owned(_form),
    "performance:form-download": _owned(lambda side: [side.form_id, "json"]),
    "performance:form-report": _owned(lambda side: [side.form_id, "html"]),
    "performance:compare": _owned(lambda _: [], query=lambda side: f"?form={side.form_id}"),
    "performance:findings": Expected(),
    "performance:rules": Expected(),
    "performance:rule-set": Expected(args=lambda _: ["shanghai-2020"]),
    "performance:projects": Expected(),
    "performance:project": _project(posts=False, works=frozenset({200})),
    "performance:project-new": Expected(
        may=_EDIT_PROJECTS, refused=403, posts=True, body=_half_a_form, works=frozenset({422})
    ),
    "performance:project-edit": _project(forbidden=_SEE_GOALS - _EDIT_PROJECTS),
    "performance:project-end": _project(forbidden=_SEE_GOALS - _EDIT_PROJECTS),
    "performance:project-open-year": _project(forbidden=_SEE_GOALS - _EDIT_PROJECTS),
    "performance:project-years": Expected(),
    "performance:project-year": _project(args=_year, posts=False, works=frozenset({200})),
    "performance:execution": _project(args=_year, posts=False, works=frozenset({200})),
    "performance:budget": _project(args=_year, forbidden=_SEE_GOALS - _EDIT_MONEY),
    "performance:budget-adjust": _project(args=_year, forbidden=_SEE_GOALS - _EDIT_MONEY),
    "performance:adjustment-undo": _project(args=lambda side: [side.adjustment_id], forbidden=_SEE_GOALS - _EDIT_MONEY),
    "performance:adjustment-document": _project(  # it came without one
        args=lambda side: [side.adjustment_id], posts=False, works=frozenset({404})
    ),
    "performance:receipts": Expected(),
    "performance:table-new": Expected(
        may=_EDIT_MONEY, refused=403, posts=True, body=_half_a_form, works=frozenset({422})
    ),
    "performance:receipt": _receipt(),
    "performance:receipt-original": _receipt(),
    "performance:receipt-rejected": _receipt(),
    "performance:receipt-resume": _receipt(posts=True),
    "performance:goals": Expected(),
    "performance:goal-open": _goal(args=lambda side: [side.year_id], forbidden=_ONLY_SEE_GOALS),
    "performance:goal": _goal(posts=False),
    "performance:goal-versions": _goal(posts=False),
    "performance:goal-check": _goal(),
    "performance:goal-edit": _goal(body=lambda _: {"version": "1", "expected": "办好"}, forbidden=_ONLY_SEE_GOALS),
    "performance:goal-copy": _goal(body=lambda _: {"version": "1"}, forbidden=_ONLY_SEE_GOALS),
    "performance:goal-restore": _goal(body=lambda _: {"version": "1", "target": "1"}, forbidden=_ONLY_SEE_GOALS),
    "performance:goal-step": _goal(
        body=lambda _: {"version": "1", "action": "submit"},
        forbidden=_ONLY_SEE_GOALS,
        works=frozenset({422}),  # there is nothing on it yet
    ),
    "performance:evaluations": Expected(),
    "performance:evaluation-open": _change_evaluation(
        args=lambda side: [Evaluation.objects.get(pk=side.evaluation_id).project_year_id]
    ),
    "performance:evaluation": _evaluation(),
    "performance:evaluation-versions": _evaluation(),
    "performance:evaluation-check": _evaluation(posts=True),
    "performance:evaluation-edit": _change_evaluation(body=lambda _: {"version": "1", "result": "办好了"}),
    "performance:evaluation-restore": _change_evaluation(body=lambda _: {"version": "1", "target": "1"}),
    "performance:evaluation-step": _change_evaluation(
        body=lambda _: {"version": "1", "action": "submit"},
        works=frozenset({422}),  # there is nothing on it yet
    ),
    "performance:evaluation-evidence": _evaluation(args=_result),
    "performance:evaluation-measure": _change_evaluation(args=_result),
    "performance:evaluation-unmeasure": _change_evaluation(args=_result),
    "performance:evaluation-document": _evaluation(args=_result, posts=True, works=frozenset({422})),  # no file
    "performance:evaluation-file": _evaluation(args=_result, works=frozenset({404})),  # none was handed in
    "performance:evaluation-rows": _evaluation(args=_result, works=frozenset({404})),  # nothing was measured
    "performance:evaluation-form": _evaluation(args=lambda side: [side.evaluation_id, "xlsx"]),
    "performance:evaluation-annex": _evaluation(args=lambda side: [side.evaluation_id, "json"]),
    "performance:library": Expected(),
    "performance:library-entry": Expected(args=lambda side: [side.library_id]),
    "performance:library-add": _library(args=None, works=frozenset({422})),
    "performance:library-load": _library(args=None),
    "performance:library-edit": _library(works=frozenset({422})),
    "performance:library-retire": _library(body=lambda _: {"reason": "不再适用"}),
    "performance:library-offer": _library(),
    "performance:start": Expected(),
    "performance:overview": Expected(),
    "performance:year-chart": Expected(may=_SEE_GOALS, args=lambda _: ["money"]),  # others have no year to draw
    "performance:inbox": Expected(),
    "performance:duty-approve": Expected(posts=True, works=frozenset({302})),  # there is nothing named to approve
    "performance:calendar": Expected(),
    "performance:calendar-file": Expected(),
    "performance:monitoring": Expected(),
    "performance:monitoring-warnings": Expected(),
    "performance:monitoring-points": Expected(),
    "performance:monitoring-due": _point(body=lambda _: {"due_on": "2024-09-10"}),
    "performance:monitoring-open": _point(),
    "performance:monitoring-sheet": _report(posts=False),
    "performance:monitoring-edit": _report(body=lambda _: {"version": "1"}, forbidden=_ONLY_SEE_GOALS),
    "performance:monitoring-measure": _report(body=lambda _: {"version": "1"}, forbidden=_ONLY_SEE_GOALS),
    "performance:monitoring-step": _report(
        body=lambda _: {"version": "1", "action": "submit"}, forbidden=_ONLY_SEE_GOALS
    ),
    "performance:reviews": Expected(),
    "performance:review-differences": Expected(),
    "performance:spot-checks": Expected(may=_SEE_REVIEWS, refused=403),
    "performance:spot-check": Expected(
        may=_SEE_REVIEWS, refused=403, args=lambda _: [SpotCheck.objects.order_by("pk")[0].pk]
    ),
    "performance:spot-check-new": Expected(may=_FINANCE, refused=403, posts=True, works=frozenset({422})),
    "performance:review-open": _paper(),
    "performance:review": _review(),
    "performance:review-save": _review(posts=True, forbidden=_READERS),
    "performance:review-check": _review(posts=True),
    "performance:review-step": _review(
        posts=True, forbidden=_READERS, body=lambda _: {"version": "1", "action": "issue"}
    ),
    "performance:rectifications": Expected(),
    "performance:rectification-new": _paper(body=lambda _: {"problem": "佐证不足"}, forbidden=_READERS | {OFFICER}),
    "performance:publications": Expected(),
    "performance:publish-many": Expected(
        may=_FINANCE, refused=403, posts=True, body=lambda side: {"selected": str(side.paper_id)}
    ),
    "performance:publishing": Expected(may=frozenset(), args=lambda side: [side.job]),  # the job is another one
    "performance:publication": _paper(posts=False, forbidden=frozenset()),
    "performance:publish": _paper(works=frozenset({422})),  # it is public already
    "performance:withdraw": _paper(args=_publication_id),
    **RESOURCES,
    "audit:list": Expected(may=_CITY, refused=403),
    "audit:entry": Expected(may=_CITY, refused=403, args=lambda side: [side.entry_id]),
    "audit:verify": Expected(may=_CITY, refused=403, posts=True),
    # The job is no check of the chain, and is not found.
    "audit:verification": Expected(may=_CITY, refused=403, args=lambda side: [side.job], works=frozenset({404})),
}

ONE_SIDED = frozenset(
    {
        "resources:element",
        "resources:element-edit",
        "resources:domain",
        "resources:domain-edit",
        "performance:chart",
        "performance:rule-set",
        "performance:spot-check",
        "performance:library-entry",
        "performance:library-edit",
        "performance:library-retire",
        "performance:library-offer",
        "performance:monitoring-due",
        "performance:monitoring-open",
        "audit:entry",
        "audit:verification",
    }
)
"""Their ids belong to no unit."""


OPEN_ARGUMENTS: dict[str, Callable[[Side], list[object]]] = {
    "performance:public-record": _slug,
    "performance:public-file": lambda side: [*_slug(side), "json"],
    "performance:public-annex": _slug,
}
"""What the addresses of open pages need; those of the others have no arguments."""


def _take_foreign_ticket(world: World) -> Body:
    return {"selected": str(world.sides["foreign"].ticket_id), "action": "accept"}


# Another unit's ids in the body of a page that is open: address, body, and what is answered.
FOREIGN_BODIES: tuple[tuple[str, str, Callable[[World], Body], int], ...] = (
    (ADMIN, "grants:give", lambda world: _GRANT_FORM(world.sides["foreign"]), 422),
    (TICKET_HANDLER, "tickets:batch", _take_foreign_ticket, 200),  # the page tells that it was not done
)
