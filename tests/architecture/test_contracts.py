"""The import contracts hold, and they speak of the rooms that exist."""

import subprocess
import sys
import tomllib
from pathlib import Path

MANDATORY = ("facade", "contracts", "errors")


def test_import_contracts_hold(root: Path) -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([lint_imports, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_every_domain_has_the_mandatory_rooms(root: Path) -> None:
    domain = root / "src" / "chengshu" / "performance"
    assert [room for room in MANDATORY if not (domain / room).exists() and not (domain / f"{room}.py").exists()] == []


def test_inner_rooms_of_the_domain_are_closed_to_entrances(root: Path) -> None:
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(
        c for c in settings["tool"]["importlinter"]["contracts"] if c["name"].startswith("Entrances make one call")
    )
    domain = root / "src" / "chengshu" / "performance"
    inner = {"models", "operations", "queries", "pipelines", "reading", "papers", "rules"}
    existing = {room for room in inner if (domain / room).exists() or (domain / f"{room}.py").exists()}
    assert existing <= {name.rsplit(".", 1)[-1] for name in contract["forbidden_modules"]}
