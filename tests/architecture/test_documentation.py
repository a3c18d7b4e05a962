"""Documents are complete: decisions have the three parts, the glossary is in force, links lead somewhere."""

import re
import runpy
from pathlib import Path


def test_every_decision_has_context_decision_and_consequences(root: Path) -> None:
    decisions = sorted((root / "docs" / "decisions").glob("[0-9]*.md"))
    lacking = [
        path.name
        for path in decisions
        if not all(f"## {part}" in path.read_text(encoding="utf-8") for part in ("Context", "Decision", "Consequences"))
    ]
    assert decisions
    assert lacking == []


def test_decisions_fit_a_page(root: Path) -> None:
    long = [p.name for p in (root / "docs" / "decisions").glob("*.md") if len(p.read_text("utf-8").splitlines()) > 60]
    assert long == []


def test_links_between_documents_lead_somewhere(root: Path) -> None:
    pages = [*root.glob("*.md"), *(root / "docs").rglob("*.md"), *(root / "examples").rglob("*.md")]
    broken = [
        f"{page.name} -> {target}"
        for page in pages
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_make_target_is_explained(root: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    explained = set(re.findall(r"^([a-z]+):.*## \S", makefile, re.MULTILINE))
    assert targets == explained


def test_every_finding_is_documented_as_it_is_worded(root: Path) -> None:
    draw_page = runpy.run_path(str(root / "scripts" / "document_findings.py"))["draw_page"]
    assert (root / "docs" / "findings.md").read_text(encoding="utf-8") == draw_page(), "run `make messages`"
