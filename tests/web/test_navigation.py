"""The navigation shows each place that a person may see, with its icon, and marks where the page is."""

import re
from pathlib import Path

import pytest
from django.test import Client

from chengshu.config import env
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.navigation.facade import list_entries


def test_every_icon_is_laid_out() -> None:
    symbols = (Path(env.read(env.FRONTEND_DIR)) / "icons.svg").read_text(encoding="utf-8")
    wanted = {entry.icon for entry in list_entries() if entry.icon}
    assert wanted <= set(re.findall(r'<symbol id="([\w-]+)"', symbols))


class TestNavigation:
    def test_marks_the_place_of_the_page_alone(self, client: Client, officer: User) -> None:
        client.force_login(officer)
        html = client.get("/jobs/").content.decode()
        marked = re.findall(r'<a class="place" href="([^"]+)" aria-current="page">', html)
        assert marked == ["/jobs/"]

    @pytest.mark.django_db
    def test_shows_no_place_before_the_login(self, client: Client) -> None:
        assert 'class="place"' not in client.get("/login/").content.decode()
