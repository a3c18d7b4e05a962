"""Write docs/openapi.json: the description of the HTTP interface, from the code that serves it."""

import json
from pathlib import Path

import django
from django.utils import translation

from chengshu.config import env

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "openapi.json"


def draw_page() -> str:
    """Give the description in the house's language, in the order of the code."""
    from chengshu.web.http import interface  # noqa: PLC0415 - models can be imported only when Django is set up

    with translation.override("zh-hans"):
        described = interface.get_openapi_schema()
    return json.dumps(described, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    env.name_settings_module()
    django.setup()
    PAGE.write_text(draw_page(), encoding="utf-8")
