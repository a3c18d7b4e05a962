"""What is written from the specs is what they say now."""

import runpy
from pathlib import Path

import pytest

from chengshu.dataplane.pipelines.dialects import DIALECTS

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "document_pipelines.py"))


def test_the_page_of_pipelines_says_what_the_specs_say() -> None:
    assert (ROOT / "docs" / "pipelines.md").read_text(encoding="utf-8") == SCRIPT["draw_page"](), "run `make messages`"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_engines_are_told_what_was_reviewed(dialect: str) -> None:
    """A new version of sqlglot, or a change of ours, shows here as a difference to be read before it is taken."""
    reviewed = Path(__file__).with_name("statements") / f"{dialect}.sql"
    message = "read the difference; if it is meant, run `make messages`"
    assert SCRIPT["draw_statements"](dialect) == reviewed.read_text(encoding="utf-8"), message
