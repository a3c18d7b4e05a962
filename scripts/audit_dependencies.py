"""Look up the locked Python packages among the known vulnerabilities.

A known vulnerability fails. When the advisory service cannot be reached, this says so and does not fail: an office
without a way out still has to be able to run the checks.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parents[1] / "requirements" / "dev.lock"
COMMAND = [
    "-m",
    "pip_audit",
    "--requirement",
    str(LOCK),
    "--disable-pip",
    "--progress-spinner",
    "off",
    "--format",
    "json",
]
TIMEOUT_SECONDS = 120


def main() -> int:
    """Return 1 when a locked package is known to be vulnerable, else 0."""
    dependencies = ask()
    looked_up = [dependency for dependency in dependencies if "skip_reason" not in dependency]
    if not looked_up:
        print("dependency audit: NOT DONE, the advisory service does not answer from this machine")
        return 0
    lines = [line for dependency in looked_up for line in describe(dependency)]
    skipped = len(dependencies) - len(looked_up)
    print(f"dependency audit: {len(looked_up)} locked packages looked up, {skipped} unknown to the service")
    print("\n".join(lines) or "dependency audit: none known to be vulnerable")
    return 1 if lines else 0


def ask() -> list[dict[str, Any]]:
    """Return what the service says of each package, with `skip_reason` where it says nothing; empty on silence."""
    try:
        result = subprocess.run(
            [sys.executable, *COMMAND], capture_output=True, text=True, check=False, timeout=TIMEOUT_SECONDS
        )
        dependencies: list[dict[str, Any]] = json.loads(result.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, json.JSONDecodeError, KeyError):
        return []
    return dependencies


def describe(dependency: dict[str, Any]) -> list[str]:
    """Return a line for each known vulnerability of one package."""
    return [
        f"{dependency['name']} {dependency['version']}: {found['id']}, mended in {', '.join(found['fix_versions']) or '-'}"
        for found in dependency.get("vulns", [])
    ]


if __name__ == "__main__":
    sys.exit(main())
