"""What the settings make of the environment; each case starts Django anew in a process of its own."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

_PRINT = """
import json
from chengshu.config import settings
names = {names!r}
print(json.dumps({{name: getattr(settings, name) for name in names}}, default=str))
"""


def _settings(tmp_path: Path, *names: str, **environment: str) -> dict[str, object]:
    variables = {"PATH": os.defpath, "CHENGSHU_VAR_DIR": str(tmp_path), **environment}
    script = _PRINT.format(names=names)
    result = subprocess.run([sys.executable, "-c", script], env=variables, capture_output=True, text=True, check=True)
    values: dict[str, object] = json.loads(result.stdout)
    return values


class TestSecretKey:
    def test_is_generated_once_and_kept_for_this_user_alone(self, tmp_path: Path) -> None:
        first = _settings(tmp_path, "SECRET_KEY")
        assert first == _settings(tmp_path, "SECRET_KEY")
        assert len(str(first["SECRET_KEY"])) >= 50
        assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600

    def test_of_the_environment_wins_and_is_not_kept(self, tmp_path: Path) -> None:
        given = {"CHENGSHU_SECRET_KEY": "from-outside"}
        assert _settings(tmp_path, "SECRET_KEY", **given) == {"SECRET_KEY": "from-outside"}
        assert not (tmp_path / "secret_key").exists()


class TestDatabase:
    def test_is_sqlite_in_the_data_folder_by_default(self, tmp_path: Path) -> None:
        database = _settings(tmp_path, "DATABASES")["DATABASES"]["default"]  # type: ignore[index]  # plain JSON
        assert database["NAME"] == str(tmp_path / "chengshu.sqlite3")
        assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"

    def test_is_postgresql_by_its_address(self, tmp_path: Path) -> None:
        url = "postgresql://clerk:secret@db.example/house"
        database = _settings(tmp_path, "DATABASES", DATABASE_URL=url)["DATABASES"]["default"]  # type: ignore[index]  # plain JSON
        assert (database["ENGINE"], database["HOST"], database["NAME"]) == (
            "django.db.backends.postgresql",
            "db.example",
            "house",
        )


@pytest.mark.parametrize("is_https", ["true", "false"])
def test_cookies_are_secure_exactly_when_users_come_by_https(tmp_path: Path, is_https: str) -> None:
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT")
    values = _settings(tmp_path, *names, CHENGSHU_HTTPS=is_https)
    assert set(values.values()) == {is_https == "true"}
