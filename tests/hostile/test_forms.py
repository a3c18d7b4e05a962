"""No form breaks on what is sent to it, whoever sends it: it takes it, or says by its own page what is wrong."""

import random
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import resolve
from hostile.evil_world import ATTACK, build_evil_world
from hostile.forms_of_pages import Page
from web.matrix import MATRIX
from web.world import (
    AUDITOR,
    CITY_ADMIN,
    DEPARTMENT_REVIEWER,
    FINANCE_REVIEWER,
    NOBODY,
    OFFICER,
    TICKET_HANDLER,
    World,
)

pytestmark = pytest.mark.django_db
Body = dict[str, Any]

ANSWERS = frozenset({200, 302, 400, 403, 404, 409, 410, 422, 429})
NASTY = {
    "endless": "长" * 100_000,
    "controls": "a\x00\x01\x0b\x1b[31m\x7f\ufffe",
    "directions": "\u200f\u202eabc\u2066\u00ad\u200b",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈" * 40,
    "attack": ATTACK,
    "script": "</textarea><script>alert(1)</script>",
    "formula": "=cmd|' /C calc'!A0",
    "path": "../../../../etc/passwd",
    "digits": "9" * 40,
    "bigint": "9223372036854775808",
    "below bigint": "-9223372036854775809",
    "integer": "2147483648",
    "negative": "-1",
    "zero": "0",
    "exponent": "1e400",
    "tiny": "1e-400",
    "not a number": "NaN",
    "infinity": "-Infinity",
    "superscript": "²",
    "arabic digits": "٣٤",
    "underscored": "1_0",
    "13th month": "2024-13-01",
    "year 0": "0000-00-00",
    "last year": "9999-12-31",
    "colons": "add:up::down:/x",
    "json": '{"a": [null]}',
    "blank": " \t\r\n",
    "empty": "",
}
#: Fields that say what a page is to do: with a nasty value alone most pages would answer before they read the rest.
_KEPT = {"version", "seen", "base", "action", "do"}
_NEVER = {"logout"}
_ALL_AT_ONCE = 4
_WITHOUT_LOGIN = ("/login/", "/performance/public/", "/performance/public/?settings=1")


class _Asking(Page):
    """Notes the forms that only ask, such as filters, instead of those that change something."""

    def _note_form(self, tag: str, named: dict[str, str]) -> None:
        if tag == "form":
            asks = named.get("method", "get").lower() != "post"
            named = {**named, "method": "post" if asks else "get"}
        super()._note_form(tag, named)


@dataclass(frozen=True, slots=True)
class Form:
    """A form as a role finds it: where it goes, whether it changes something, its fields as the page gave them."""

    target: str
    changes: bool
    fields: tuple[tuple[str, str], ...]

    @property
    def shape(self) -> tuple[str, bool, tuple[str, ...]]:
        """What makes two forms the same but for the ids in them."""
        path = self.target.partition("?")[0]
        names = tuple(sorted({"".join(c for c in name if not c.isdigit()) for name, _value in self.fields}))
        return resolve(path).route, self.changes, names


@pytest.fixture
def world() -> World:
    cache.clear()
    return build_evil_world()


def _client(world: World, who: str) -> Client:
    client = Client(raise_request_exception=False)
    if who != NOBODY:
        client.force_login(world.people[who])
    return client


def _forms(client: Client, world: World) -> Iterator[Form]:
    """Walk the pages of the house, and give each form once."""
    side, seen = world.sides["own"], set()
    within = [expected.address(name, side) for name, expected in MATRIX.items() if name not in _NEVER]
    for address in (*_WITHOUT_LOGIN, *within):
        text = _read(client, address)
        for kind, changes in ((Page, True), (_Asking, False)) if text else ():
            page = kind()
            page.feed(text)
            for action, fields in page.forms:
                form = Form(_join(address, action), changes, tuple(fields.items()))
                if "logout" not in form.target and form.target.startswith("/") and form.shape not in seen:
                    seen.add(form.shape)
                    yield form


def _join(address: str, action: str) -> str:
    return f"{address.partition('?')[0]}{action}" if action.startswith("?") else action or address


def _read(client: Client, address: str) -> str:
    """Give the text of a page; nothing for what is none."""
    answer = client.get(address)
    if answer.streaming:
        b"".join(answer)  # a file is closed once it has been read to its end
        return ""
    is_page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
    return answer.content.decode() if is_page and "Content-Disposition" not in answer.headers else ""


def _bodies(form: Form, foreign: int, *, share: int) -> Iterator[tuple[str, Body]]:
    """Fill a form: all fields with one value, fields alone, missing, doubled, with somebody else's id.

    Of all these every `share`-th is given, another one for every form, the same in every run.
    """
    fields = dict(form.fields)
    draw = random.Random(f"{form.shape}")  # noqa: S311 - the same examples in every run
    bodies: list[tuple[str, Body]] = [("nothing", {}), ("unknown", {**fields, "surprise": ATTACK})]
    for label, text in NASTY.items():
        bodies.append((label, {name: value if name in _KEPT else text for name, value in fields.items()}))
    for name, value in fields.items():
        label = draw.choice(sorted(NASTY))
        bodies += [
            (f"{name} {label}", {**fields, name: NASTY[label]}),
            (f"{name} missing", {key: kept for key, kept in fields.items() if key != name}),
            (f"{name} doubled", {**fields, name: [value, ATTACK]}),
            (f"{name} of others", {**fields, name: str(foreign)}),
        ]
    for label in draw.sample(sorted(NASTY), _ALL_AT_ONCE):
        bodies.append((f"everything {label}", dict.fromkeys(fields, NASTY[label])))
    draw.shuffle(bodies)
    return iter(bodies[::share])


@pytest.mark.parametrize(
    ("who", "share"),
    [
        (CITY_ADMIN, 12),
        (OFFICER, 16),
        (DEPARTMENT_REVIEWER, 24),
        (FINANCE_REVIEWER, 16),
        (AUDITOR, 24),
        (TICKET_HANDLER, 16),
        (NOBODY, 1),
    ],
)
def test_no_form_breaks_on_what_is_sent(who: str, share: int, world: World) -> None:
    client, faults, sent = _client(world, who), [], 0
    for form in _forms(client, world):
        for label, body in _bodies(form, world.sides["foreign"].unit.pk, share=share):
            sent += 1
            fault = _send(client, form, body)
            faults += [f"{'POST' if form.changes else 'GET'} {form.target} ({label}): {fault}"] if fault else []
    assert faults == []
    assert sent > 40


def _send(client: Client, form: Form, body: Body) -> str:
    """Send a form and tell what is wrong with the answer; what it changes is undone."""
    with transaction.atomic():
        answer = client.post(form.target, body) if form.changes else client.get(form.target, _fitting(body))
        text = b"".join(answer) if answer.streaming else answer.content
        transaction.set_rollback(True)
    if answer.status_code not in ANSWERS:
        return f"{answer.status_code} {_blame(answer)}"
    is_page = answer["Content-Type"].startswith("text/html") and answer.status_code not in {200, 302}
    return f"{answer.status_code} without a page" if is_page and b"<h1" not in text else ""


def _fitting(body: Body) -> Body:
    """Shorten what no browser and no server lets stand in an address."""
    return {name: value[:2000] if isinstance(value, str) else value for name, value in body.items()}


def _blame(answer: Any) -> str:
    error = getattr(answer, "exc_info", None)
    if not error:
        return ""
    place = traceback.extract_tb(error[2])
    own = [frame for frame in place if "/chengshu/" in frame.filename] or list(place)
    return (
        f"{error[0].__name__}: {str(error[1])[:120]} at {own[-1].filename.rpartition('/chengshu/')[2]}:{own[-1].lineno}"
    )
