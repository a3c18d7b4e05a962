"""Every text of the pages has English, and every translation keeps its variables."""

import re
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = sorted((ROOT / "src" / "chengshu").rglob("locale/*/LC_MESSAGES/*.po"))


def test_no_text_is_without_english() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "collect_messages.py"), "--check"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-5])
def test_translations_keep_their_variables(path: Path) -> None:
    variables = re.compile(r"%\(\w+\)[sd]|%s|\{\w*\}")
    faults = [
        entry.msgid
        for entry in polib.pofile(str(path))
        for text in [entry.msgstr, *entry.msgstr_plural.values()]
        if text and sorted(variables.findall(text)) != sorted(variables.findall(entry.msgid))
    ]
    assert faults == []
