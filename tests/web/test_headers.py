"""What browsers are told: content policy, no sniffing, no frames, no referrer; and what pages hold to."""

import re
from pathlib import Path

import pytest
from django.test import Client

from chengshu.kernel.accounts.facade import User

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "src" / "chengshu").rglob("templates/**/*.html"))
PAGES = [path for path in TEMPLATES if "papers" not in path.parts]


@pytest.mark.django_db
class TestHeaders:
    def test_content_policy_allows_only_the_site_itself(self, client: Client) -> None:
        policy = client.get("/login/")["Content-Security-Policy"]
        sources = {part.split()[0]: part.split()[1:] for part in policy.split("; ")}
        assert sources["default-src"] == ["'none'"]
        assert sources["script-src"] == sources["style-src"] == ["'self'"]
        assert "unsafe" not in policy

    def test_other_protections_are_on(self, client: Client) -> None:
        headers = client.get("/login/").headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"

    def test_pages_behind_the_login_are_kept_by_no_browser(self, client: Client, officer: User) -> None:
        client.force_login(officer)
        assert "no-store" in client.get("/performance/")["Cache-Control"]

    def test_cookies_cannot_be_read_by_scripts(self, client: Client) -> None:
        response = client.post("/preferences/", {"theme": "dark", "language": "en"})
        assert {name for name, cookie in response.cookies.items() if cookie["httponly"]} >= {"theme", "django_language"}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: "/".join(path.parts[-3:]))
def test_templates_hold_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert (
        re.findall(r"<style\b|\sstyle=|<script(?![^>]*\bsrc=)(?![^>]*application/json)|\son\w+=|javascript:", text)
        == []
    )


@pytest.mark.parametrize("path", PAGES, ids=lambda path: "/".join(path.parts[-3:]))
def test_templates_name_no_other_host(path: Path) -> None:
    assert re.findall(r"(?:src|href|action)=[\"'](?:https?:)?//", path.read_text(encoding="utf-8")) == []
