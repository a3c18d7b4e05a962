"""Another unit's ids in the body of every form that a page offers: nothing of that unit changes, and nothing is told."""

from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import models, transaction
from django.test import Client
from hostile.forms_of_pages import read_page
from web.matrix import MATRIX
from web.world import ADMIN, OFFICER, Side, World, build_world

pytestmark = pytest.mark.django_db
_KEPT = {"version", "seen", "page", "size"}
_SECRETS = ("U2名", "U2断网", "U2的项目", "U2-P1")


@pytest.fixture
def world() -> World:
    cache.clear()
    return build_world()


def _foreign_ids(side: Side) -> dict[str, int]:
    names = ("project_id", "year_id", "ticket_id", "goal_id", "form_id", "batch_id", "measurement_id", "evaluation_id")
    return {"unit": side.unit.pk, "person": side.person.pk, **{name: getattr(side, name) for name in names}}


def _snapshot(side: Side) -> dict[str, list[Any]]:
    """Give every row that points at the other unit, its project, year or ticket, and those themselves."""
    owned = {
        "Organisation": side.unit.pk,
        "Project": side.project_id,
        "ProjectYear": side.year_id,
        "Ticket": side.ticket_id,
        "GoalSheet": side.goal_id,
        "Evaluation": side.evaluation_id,
        "FormRecord": side.form_id,
        "Batch": side.batch_id,
    }
    rows = {}
    for model in apps.get_models():
        if not model.__module__.startswith("chengshu.") or not model._meta.managed:  # noqa: SLF001 - Django's documented API
            continue
        if model.__name__ in {"Entry", "Link"}:
            continue
        condition = models.Q(pk=owned[model.__name__]) if model.__name__ in owned else models.Q()
        for field in model._meta.local_concrete_fields:  # noqa: SLF001 - Django's documented API
            target = getattr(field.related_model, "__name__", "") if field.is_relation else ""
            if target in owned:
                condition |= models.Q(**{field.name: owned[target]})
        if condition:
            found = model._base_manager.filter(condition).order_by("pk")  # noqa: SLF001 - the same
            rows[model.__name__] = list(found.values_list())
    return rows


def _bodies(fields: dict[str, str], ids: dict[str, int]) -> list[dict[str, str]]:
    """Put foreign ids into every field that holds a number or names an id: what fits its name, and the unit's."""
    named = [name for name, value in fields.items() if name not in _KEPT and (value.isdecimal() or name.endswith("id"))]
    fitting = {name: next((pk for key, pk in ids.items() if name in key), ids["person"]) for name in named}
    chosen = [fitting, dict.fromkeys(named, ids["unit"])]
    return [{**fields, **{name: str(pk) for name, pk in body.items()}} for body in chosen] if named else []


@pytest.mark.parametrize("who", [OFFICER, ADMIN])
def test_no_form_reaches_another_unit(who: str, world: World) -> None:
    own, foreign = world.sides["own"], world.sides["foreign"]
    client = Client()
    client.force_login(world.people[who])
    before, faults, seen = _snapshot(foreign), [], set()
    for name, expected in MATRIX.items():
        address = expected.address(name, own)
        page = read_page(client, address) if name != "logout" else None
        for action, fields in page.forms if page else ():
            target = action or address
            if "logout" in target or (target, *fields) in seen:
                continue
            seen.add((target, *fields))
            for body in _bodies(fields, _foreign_ids(foreign)):
                faults += _try(client, target, body, foreign, before)
    assert faults == []
    assert seen


def _try(client: Client, address: str, body: dict[str, str], foreign: Side, before: Any) -> list[str]:
    """Send a form; tell what of the other unit changed or was told. What it changes is undone."""
    with transaction.atomic():
        answer = client.post(address, body)
        told = "" if answer.streaming else answer.content.decode(errors="replace")
        after = _snapshot(foreign) if answer.status_code < 400 else before
        transaction.set_rollback(True)
    changed = [name for name, rows in after.items() if rows != before[name]]
    faults = [f"{address} {body} changed {changed}"] if changed else []
    return faults + [f"{address} {body} told {text}" for text in _SECRETS if text in told]
