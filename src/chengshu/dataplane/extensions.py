"""DuckDB's extensions from their installed wheels, loaded where they lie: no copy, no home directory, no network."""

import importlib.util
from pathlib import Path

import duckdb

_MEANT = {
    "mysql_scanner": (
        "SET mysql_tinyint1_as_boolean = false",  # codes 2, 3, … would all be true
        "SET mysql_session_time_zone = '+08:00'",  # what holds moments gives them in the zone of the house
    ),
}
"""Settings under which a scanner gives what its source means."""


def load_extension(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load an extension of this DuckDB's version, such as `sqlite_scanner`.

    Raises:
        duckdb.Error: there is none that fits.
    """
    found = importlib.util.find_spec(f"duckdb_extension_{name}")
    if found is None or found.origin is None:
        raise duckdb.IOException(f"the extension {name} is not installed: duckdb-extension-{name.replace('_', '-')}")
    folder = Path(found.origin).parent / "extensions" / f"v{duckdb.__version__}"
    connection.load_extension(str(folder / f"{name}.duckdb_extension"))
    for statement in _MEANT.get(name, ()):
        connection.execute(statement)
