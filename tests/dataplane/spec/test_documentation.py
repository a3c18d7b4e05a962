import runpy
from pathlib import Path


def test_the_page_of_pipelines_says_what_the_specs_say() -> None:
    root = Path(__file__).resolve().parents[3]
    draw_page = runpy.run_path(str(root / "scripts" / "document_pipelines.py"))["draw_page"]
    assert (root / "docs" / "pipelines.md").read_text(encoding="utf-8") == draw_page(), "run `make messages`"
