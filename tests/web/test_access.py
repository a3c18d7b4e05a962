"""Nobody sees a page without logging in, except those that are listed as open."""

from collections.abc import Iterator

import pytest
from conftest import PASSWORD
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from chengshu.kernel.accounts.facade import User

SAMPLES = {"int": "1", "uuid": "00000000-0000-4000-8000-000000000000", "slug": "x", "str": "x", "path": "x"}


def _views(resolver: URLResolver, prefix: str = "", namespace: str = "") -> Iterator[tuple[str, str]]:
    """Give the name and a sample address of every view."""
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _views(pattern, route, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", _sample(pattern, route)


def _sample(pattern: URLPattern, route: str) -> str:
    for name, converter in pattern.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower()
        kind = {"string": "str"}.get(kind, kind)
        route = route.replace(f"<{kind}:{name}>", SAMPLES[kind]).replace(f"<{name}>", SAMPLES[kind])
    return f"/{route}"


VIEWS = dict(_views(get_resolver()))
# Programs have no page to be led to: the HTTP interface answers them with a status.
PROGRAMS = {name for name in VIEWS if name.split(":")[0] in settings.SELF_GUARDED_NAMESPACES}


@pytest.mark.django_db
class TestDenyByDefault:
    @pytest.mark.parametrize("name", sorted(set(VIEWS) - settings.OPEN_VIEWS - PROGRAMS))
    def test_closed_views_lead_to_the_login(self, client: Client, name: str) -> None:
        response = client.get(VIEWS[name])
        assert response.status_code == 302, VIEWS[name]
        assert response["Location"].startswith("/login/?next=")

    @pytest.mark.parametrize("name", sorted(PROGRAMS - settings.OPEN_VIEWS))
    def test_programs_without_a_token_are_told_so(self, client: Client, name: str) -> None:
        response = client.get(VIEWS[name])
        if response.status_code == 405:
            response = client.post(VIEWS[name])
        assert (response.status_code, response["Content-Type"]) == (401, "application/problem+json"), VIEWS[name]

    def test_open_views_exist(self) -> None:
        assert set(VIEWS) >= settings.OPEN_VIEWS

    def test_parts_of_a_page_leave_the_page(self, client: Client) -> None:
        response = client.get("/jobs/", headers={"HX-Request": "true"})
        assert (response.status_code, response["HX-Redirect"]) == (200, "/login/")


class TestLogin:
    def test_goes_on_to_the_page_that_was_asked_for(self, client: Client, officer: User) -> None:
        response = client.post("/login/?next=/jobs/", _posted(officer, next="/jobs/"))
        assert response["Location"] == "/jobs/"

    @pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
    def test_goes_nowhere_else(self, client: Client, officer: User, page: str) -> None:
        response = client.post("/login/", _posted(officer, next=page))
        assert response["Location"] == "/"

    @pytest.mark.django_db
    def test_names_the_empty_fields(self, client: Client) -> None:
        response = client.post("/login/", {})
        assert response.status_code == 422
        assert response.content.decode().count('aria-invalid="true"') == 2

    def test_ends_with_the_log_out(self, client: Client, officer: User) -> None:
        client.force_login(officer)
        client.post("/logout/")
        assert client.get("/jobs/").status_code == 302


def _posted(user: User, **fields: str) -> dict[str, str]:
    return {"login_name": user.login_name, "password": PASSWORD, **fields}
