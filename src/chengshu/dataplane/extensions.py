"""DuckDB's extensions from their installed wheels, loaded where they lie: no copy, no home directory, no network."""

import importlib.util
from pathlib import Path

import duckdb


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
