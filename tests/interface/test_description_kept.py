"""The interface answers nothing but what its description says, whoever asks and whatever is sent (schemathesis)."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.middleware.csrf import _get_new_csrf_string
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from web.world import ADMIN, AUDITOR, DEPARTMENT_REVIEWER, FINANCE_REVIEWER, MEASURED, OFFICER, World

from chengshu.performance.models import Review
from chengshu.web.http import interface

pytestmark = pytest.mark.django_db
_EXAMPLES = 5
_CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
_SETTINGS = settings(
    max_examples=_EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Keep the connection over requests, as Django's own test client does: each is undone."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def described() -> Any:
    schema = schemathesis.openapi.from_dict(interface.get_openapi_schema())
    schema.app = get_wsgi_application()
    schema.config.update(base_url="http://localhost")
    return schema


def _operations(schema: Any) -> Iterator[Any]:
    for found in schema.get_all_operations():
        yield found.ok()


def _credentials(world: World, who: str) -> dict[str, Any]:
    """Give the cookies of a session with the key against forgery, as a browser has them."""
    client = Client()
    client.force_login(world.people[who])
    key = _get_new_csrf_string()
    session = client.cookies["sessionid"].value
    return {"cookies": {"sessionid": session, "csrftoken": key}, "headers": {"X-CSRFToken": key}}


def _own_ids(world: World, operation: Any) -> dict[str, Any]:
    """Give the ids of the first unit for the address of an operation, so that requests find something."""
    side = world.sides["own"]
    of_sheet = side.monitoring_id if "/monitoring/" in operation.path else side.goal_id
    known = {
        "organisation_id": side.unit.pk,
        "key": MEASURED.key,
        "number": 1,
        "sheet_id": of_sheet,
        "review_id": Review.objects.get(evaluation=side.paper_id).pk,
    }
    wanted = [parameter.name for parameter in operation.path_parameters]
    return {name: known[name] if name in known else getattr(side, name) for name in wanted}


def _try(operation: Any, credentials: dict[str, Any], ids: dict[str, Any]) -> int:
    """Ask with sound and with broken requests; what they change is undone. Return how many were answered with success."""
    done = 0
    strategies = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]
    found = operation.as_strategy(path_parameters=ids) if ids else strategies[0]

    @_SETTINGS
    @given(st.one_of(found, *strategies))
    def ask(case: Any) -> None:
        nonlocal done
        with transaction.atomic():
            answer = case.call(**credentials)
            transaction.set_rollback(True)
        done += answer.status_code < 300
        case.validate_response(answer, checks=_CHECKS)

    ask()
    return done


@pytest.mark.parametrize("who", [OFFICER, DEPARTMENT_REVIEWER, FINANCE_REVIEWER, AUDITOR, ADMIN])
def test_answers_as_described(who: str, world: World, described: Any) -> None:
    credentials = _credentials(world, who)
    done = {op.label: _try(op, credentials, _own_ids(world, op)) for op in _operations(described)}
    reads = {label: count for label, count in done.items() if label.startswith("GET ") and count}
    assert len(reads) > 10, "too few requests found anything for the answers to be worth the name"


def test_answers_nobody_as_described(world: World, described: Any) -> None:
    assert [op.label for op in _operations(described) if _try(op, {}, _own_ids(world, op))] == []
