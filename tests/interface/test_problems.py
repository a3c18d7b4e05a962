"""Every fault leaves as problem+json, says nothing that is hidden, and leaves its trace."""

import json

import pytest
from django.test import Client, override_settings
from interface.programs import Program
from web.world import ADMIN, OFFICER, World

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.models import Entry

pytestmark = pytest.mark.django_db


def test_nobody_is_told_to_log_in_and_led_nowhere(world: World) -> None:
    answer = Program(world).get("/organisations")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "UNAUTHORIZED"


@pytest.mark.parametrize("path", ["/", "/nothing", "/organisations/1/nothing", "/openapi.yaml"])
def test_an_address_that_nobody_serves_is_a_problem_too(path: str, world: World) -> None:
    assert Program(world).get(path).status_code == 401
    answer = Program(world, OFFICER).get(path)
    assert answer.status_code == 404
    assert answer.json()["status"] == 404


def test_names_each_field_that_was_not_taken(world: World) -> None:
    answer = Program(world, OFFICER).get("/organisations", page=0, size=9999, q="x" * 201)
    assert answer.status_code == 422
    told = {fault["field"]: fault["message"] for fault in answer.json()["faults"]}
    assert told == {
        "/query/page": "不能小于 1。",
        "/query/size": "不能大于 200。",
        "/query/q": "最多 200 个字。",
    }


@pytest.mark.parametrize("text", ["\x00", "a\x1bb", "\x7f"])
def test_control_characters_are_refused_and_not_searched_for(text: str, world: World) -> None:
    answer = Program(world, OFFICER).get("/organisations", q=text)
    assert answer.status_code == 422
    assert "不能保存" in answer.json()["faults"][0]["message"]


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30, "1e3", "abc", "1.5"])
def test_an_id_that_no_row_can_have_is_refused(number: str, world: World) -> None:
    assert Program(world, OFFICER).get(f"/organisations/{number}").status_code == 422


def test_what_is_hidden_is_answered_like_what_is_not_there_and_kept_in_the_audit(world: World) -> None:
    hidden = Program(world, OFFICER).get(f"/organisations/{world.sides['foreign'].unit.pk}")
    absent = Program(world, OFFICER).get("/organisations/999999")
    assert hidden.status_code == absent.status_code == 404
    told = [{**answer.json(), "instance": "", "request": ""} for answer in (hidden, absent)]
    assert told[0] == told[1]
    refused = Entry.objects.filter(action="grants.refuse", actor=world.people[OFFICER])
    assert refused.filter(subject=f"organisation:{world.sides['foreign'].unit.pk}").exists()


def test_carries_the_number_that_log_and_audit_know_the_request_by(world: World) -> None:
    answer = Program(world, OFFICER).get("/organisations/999999")
    assert answer.json()["request"] == answer["X-Request-ID"]


def test_an_answer_is_kept_out_of_caches(world: World) -> None:
    assert "no-store" in Program(world, OFFICER).get("/organisations")["Cache-Control"]


def test_a_write_without_the_key_against_forgery_is_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people[ADMIN])
    answer = client.post("/api/v1/nothing", {}, content_type="application/json")
    assert answer.status_code == 403
    assert answer.json()["code"] == "CSRF"


def test_nobody_without_the_key_is_still_asked_to_log_in(world: World) -> None:
    answer = Client(enforce_csrf_checks=True).post("/api/v1/nothing", {}, content_type="application/json")
    assert answer.status_code == 401


def test_a_retired_account_is_nobody(world: World) -> None:
    program = Program(world, OFFICER)
    User.objects.filter(pk=world.people[OFFICER].pk).update(is_active=False)
    assert program.get("/organisations").status_code == 401


def test_the_description_is_for_known_people_and_describes_every_problem(world: World) -> None:
    assert Program(world).get("/openapi.json").status_code == 401
    described = json.loads(Program(world, OFFICER).get("/openapi.json").content)
    refusals = described["paths"]["/api/v1/organisations/{organisation_id}"]["get"]["responses"]
    assert set(refusals) == {"200", "401", "403", "404", "422"}
    assert "application/problem+json" in refusals["404"]["content"]


def test_answers_in_the_language_that_was_chosen(world: World) -> None:
    program = Program(world, OFFICER)
    program.client.cookies["django_language"] = "en"
    assert program.get("/organisations/999999").json()["detail"] == "There is no such thing, or it is not for you."


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000)
def test_a_body_beyond_all_measure_is_not_read(world: World) -> None:
    answer = Program(world, ADMIN).post("/nothing", {"note": "x" * 2000})
    assert answer.status_code in {404, 413}
