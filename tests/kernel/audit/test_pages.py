"""Auditors see who did what; others do not; and everything says from where it was done."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.audit.middleware import Origins
from chengshu.kernel.audit.models import Entry
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations

Reader = Callable[[str], Client]


@pytest.fixture
def reader(client: Client, officer: User, corrected: Entry) -> Reader:
    """Log in a person who is auditor of an organisation of this kind."""

    def _reader(kind: str) -> Client:
        day, now = timezone.localdate(), timezone.now()
        city = organisations.create_organisation(
            organisations.NewOrganisation("C", organisations.Kind.CITY, "示范市", day), actor=None, now=now
        )
        unit = city
        if kind == "unit":
            unit = organisations.create_organisation(
                organisations.NewOrganisation("U", organisations.Kind.UNIT, "示范单位", day, parent_id=city.pk),
                actor=None,
                now=now,
            )
        grants.Grant.objects.create(
            account=officer, role="auditor", organisation=unit, since=day, granted_at=now, reason="年度审计"
        )
        client.force_login(officer)
        return client

    return _reader


@pytest.fixture
def corrected(db: None, officer: User, now: datetime) -> Entry:
    return audit.record(
        officer,
        "tests.correct",
        "form:7",
        now=now,
        reason="对照原文",
        details={"cell": "/score"},
        before={"score": "<b>8.5</b>", "same": "1"},
        after={"score": "9", "same": "1"},
    )


class TestRights:
    @pytest.mark.parametrize("name", ["audit:list", "audit:entry"])
    def test_of_others_end_in_a_recorded_refusal(
        self, client: Client, corrected: Entry, officer: User, name: str
    ) -> None:
        client.force_login(officer)
        arguments = [corrected.pk] if name == "audit:entry" else []
        assert client.get(reverse(name, args=arguments)).status_code == 403
        refusal = Entry.objects.latest("pk")
        assert (refusal.action, refusal.actor, refusal.details["permission"]) == (
            "grants.refuse",
            officer,
            "audit.read",
        )
        assert refusal.address == "127.0.0.1"

    def test_of_an_auditor_of_the_city_open_the_list(self, reader: Reader) -> None:
        response = reader("city").get(reverse("audit:list"))
        assert response.status_code == 200
        assert "tests.correct" in response.content.decode()

    def test_of_an_auditor_of_one_unit_do_not(self, reader: Reader) -> None:
        assert reader("unit").get(reverse("audit:list")).status_code == 403


class TestPages:
    @pytest.fixture
    def as_admin(self, client: Client, admin: User) -> Client:
        client.force_login(admin)
        return client

    @pytest.mark.parametrize(
        ("query", "is_found"),
        [
            ("q=officer", True),
            ("q=form:7", True),
            ("q=form:8", False),
            ("action=tests.correct", True),
            ("by=people", True),
            ("by=system", False),
            ("days=today", False),
        ],
    )
    def test_list_filters_by_person_action_subject_and_time(
        self,
        as_admin: Client,
        corrected: Entry,
        query: str,
        is_found: bool,  # noqa: FBT001 - a table of answers
    ) -> None:
        content = as_admin.get(f"{reverse('audit:list')}?{query}").content.decode()
        assert (reverse("audit:entry", args=[corrected.pk]) in content) is is_found

    def test_entry_shows_what_changed_and_escapes_it(self, as_admin: Client, corrected: Entry) -> None:
        content = as_admin.get(reverse("audit:entry", args=[corrected.pk])).content.decode()
        assert "&lt;b&gt;8.5&lt;/b&gt;" in content
        assert content.count('class="audit-changed"') == 1
        assert "对照原文" in content

    def test_views_are_recorded(self, as_admin: Client, corrected: Entry, admin: User) -> None:
        as_admin.get(reverse("audit:entry", args=[corrected.pk]))
        view = Entry.objects.latest("pk")
        assert (view.action, view.actor, view.subject) == ("audit.view_personal_data", admin, f"audit:{corrected.pk}")

    def test_unknown_entry_is_not_found(self, as_admin: Client) -> None:
        assert as_admin.get(reverse("audit:entry", args=[9_999])).status_code == 404

    def test_in_english(self, as_admin: Client, corrected: Entry) -> None:
        as_admin.cookies["django_language"] = "en"
        content = as_admin.get(reverse("audit:entry", args=[corrected.pk])).content.decode()
        assert "Before and after" in content

    def test_list_asks_the_database_as_often_for_many_as_for_few(
        self, as_admin: Client, officer: User, now: datetime, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(60):
            audit.record(officer, "tests.correct", f"form:{number}", now=now)
        with django_assert_max_num_queries(26):
            as_admin.get(reverse("audit:list"))


@pytest.mark.django_db(transaction=True)
class TestVerification:
    def test_runs_as_a_job_and_tells_what_it_found(self, reader: Reader, corrected: Entry) -> None:
        client, entry = reader("city"), corrected
        page = client.post(reverse("audit:verify"), follow=True).content.decode()
        assert "审计链完好" in page
        _rewrite(entry.pk)
        page = client.post(reverse("audit:verify"), follow=True).content.decode()
        assert "内容被改过" in page
        assert reverse("audit:entry", args=[entry.pk]) in page


class TestOrigin:
    @pytest.mark.parametrize(
        ("behind_proxy", "forwarded", "address"),
        [
            (False, "198.51.100.9", "192.0.2.1"),
            (True, "198.51.100.9", "198.51.100.9"),
            (True, "10.6.6.6, 198.51.100.9", "198.51.100.9"),
            (True, "2001:db8::1", "2001:db8::1"),
            (True, "<script>", ""),
            (True, "", ""),
        ],
    )
    def test_address_believes_only_the_proxy_in_front(
        self,
        settings: Settings,
        behind_proxy: bool,  # noqa: FBT001 - a setting
        forwarded: str,
        address: str,
    ) -> None:
        settings.BEHIND_PROXY = behind_proxy
        request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": forwarded})
        assert _origin_in(request) == address

    def test_session_goes_by_a_digest(self, client: Client, officer: User) -> None:
        client.force_login(officer)
        client.get(reverse("audit:list"), headers={"X-Request-ID": "request-12345"})
        refusal = Entry.objects.latest("pk")
        assert refusal.request == "request-12345"
        assert len(refusal.session) == 16
        assert refusal.session not in str(client.session.session_key)

    def test_ends_with_the_request(self) -> None:
        _origin_in(RequestFactory().get("/", REMOTE_ADDR="192.0.2.1"))
        assert audit.current_origin() == audit.Origin()

    def test_refusal_by_django_is_recorded(self, officer: User) -> None:
        request = RequestFactory().post("/forms/7/?q=personal")
        request.user = officer
        Origins(lambda _: HttpResponse()).process_exception(request, PermissionDenied())
        refusal = Entry.objects.get()
        assert (refusal.action, refusal.actor) == ("audit.refuse_access", officer)
        assert refusal.details == {"method": "POST", "path": "/forms/7/"}


def _origin_in(request: HttpRequest) -> str:
    seen = []

    def view(_: HttpRequest) -> HttpResponse:
        seen.append(audit.current_origin().address)
        return HttpResponse()

    Origins(view)(request)
    return seen[0]


def _rewrite(entry: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET reason = 'x' WHERE id = %s", [entry])
