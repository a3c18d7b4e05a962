"""Extensions are loaded from their wheels: by a service without a home, and nothing is copied."""

from pathlib import Path

import duckdb
import pytest

from chengshu.dataplane.extensions import load_extension


def test_an_extension_is_loaded_without_a_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HOME", raising=False)
    with duckdb.connect() as connection:
        load_extension(connection, "sqlite_scanner")
        connection.execute(f"ATTACH '{tmp_path / 'a.db'}' AS src (TYPE sqlite)")
        connection.execute("CREATE TABLE src.t AS SELECT 1 AS n")
        assert connection.execute("SELECT n FROM src.t").fetchall() == [(1,)]


def test_one_that_is_not_installed_says_which() -> None:
    with duckdb.connect() as connection, pytest.raises(duckdb.IOException, match="duckdb-extension-no-such-thing"):
        load_extension(connection, "no_such_thing")
