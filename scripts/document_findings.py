"""Write docs/findings.md: every finding's code with its names, levels and wordings, from the data that the rules use."""

import tomllib
from itertools import groupby
from pathlib import Path

from chengshu.performance.rules.notices import Notice, notices

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "findings.md"
WORDS = ROOT / "src/chengshu/performance/papers/reports/words"
HEAD = """# Findings

The codes of `chengshu performance check`, as published in [check.schema.json](schemas/check.schema.json). `error` is
arithmetic certainty, `breach` a broken rule, `hint` something for a person to judge. On a cell that was read with doubt
every finding is a `hint` and says so. Words in braces are filled in from the form. This page is written by
`make messages`; the wording lives in `performance/rules/lexicons/notices.toml`.
"""


def draw_page() -> str:
    """Give the page: a section a code, in the order of the rules' data, with one line a wording."""
    names = {language: _names(language) for language in ("zh", "en")}
    parts = [HEAD]
    for code, group in groupby(notices().values(), key=lambda notice: notice.code):
        parts.append(f"\n## {code}\n\n{names['zh'][code]} · {names['en'][code]}\n\n")
        parts.extend(_draw_line(notice) for notice in group)
    return "".join(parts)


def _draw_line(notice: Notice) -> str:
    return f"- `{notice.level.value}` {notice.zh}\n  {notice.en}\n"


def _names(language: str) -> dict[str, str]:
    words = tomllib.loads((WORDS / f"{language}.toml").read_text("utf-8"))
    names: dict[str, str] = words["codes"]
    return names


if __name__ == "__main__":
    PAGE.write_text(draw_page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len({notice.code for notice in notices().values()})} codes")
