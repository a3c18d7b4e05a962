"""Typesets a report as PDF."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from chengshu.performance.papers.reports.contents import Block
from chengshu.performance.papers.reports.words import Words
from chengshu.performance.papers.writers.pdf import typeset


def print_report(title: str, blocks: Sequence[Block], words: Words, *, font_dir: Path | None) -> bytes:
    """Typeset the blocks on A4 upright with page numbers and an outline."""
    data = {
        "title": title,
        "language": words.language,
        "page": words["page"],
        "blocks": [_block_data(block) for block in blocks],
    }
    return typeset("report", data, font_dir=font_dir)


def _block_data(block: Block) -> dict[str, Any]:
    return {"kind": type(block).__name__, **asdict(block)}
