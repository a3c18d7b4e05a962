"""Only the outbox posts to other machines, only collection reads from them, only the file store and the lake talk to S3."""

import ast
from pathlib import Path

import pytest

import chengshu

SOURCE = Path(chengshu.__file__).parent
ALLOWED = {
    "urllib3": {"dataplane/sources/pulls.py", "kernel/outbox/transports/web.py"},
    "smtplib": {"kernel/outbox/transports/mail.py"},
    "obstore": {
        "dataplane/engines/copies.py",
        "dataplane/engines/stores.py",
        "dataplane/lake/copying.py",
        "dataplane/lake/places.py",
        "dataplane/lake/staging.py",
        "dataplane/runs/journal.py",
        "kernel/files/stores/s3.py",
    },
}


def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("library", ALLOWED)
def test_libraries_that_reach_out_are_used_in_one_place(library: str) -> None:
    users = {str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*.py") if library in _imports(path)}
    assert users == ALLOWED[library]
