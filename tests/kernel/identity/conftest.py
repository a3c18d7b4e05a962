"""An application that lets people in by us, and a person's browser, both over the network of this machine."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from kernel.identity.party import Browser, Party
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.identity import facade as identity

CALLBACK = "http://127.0.0.1:9/callback"
AFTER = "http://127.0.0.1:9/bye"


@pytest.fixture(scope="session")
def signing_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose key is made once: making one takes a second."""
    return tmp_path_factory.mktemp("oidc_keys")


@pytest.fixture
def site(live_server: LiveServer, transactional_db: None, settings: Settings, signing_keys: Path) -> str:
    settings.OIDC_KEYS_DIR = signing_keys
    return str(live_server.url)


@pytest.fixture
def register(site: str, admin: User) -> Callable[..., Party]:
    def make(**more: Any) -> Party:
        new = identity.NewApplication("预算系统", (CALLBACK,), (AFTER,), **more)
        row, secret = identity.register_application(new, actor=admin, now=timezone.now())
        return Party(site, row.client_id, secret, CALLBACK)

    return make


@pytest.fixture
def party(register: Callable[..., Party]) -> Party:
    return register()


@pytest.fixture
def browser(site: str, officer: User) -> Browser:
    """The officer's browser, logged in."""
    return open_browser(site, officer)


def open_browser(site: str, user: User) -> Browser:
    client = Client()
    client.force_login(user)
    name = django_settings.SESSION_COOKIE_NAME
    session = requests.Session()
    session.cookies.set(name, client.cookies[name].value)
    return Browser(site, session)
