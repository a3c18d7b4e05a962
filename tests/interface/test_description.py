"""The committed description is the code's, complete, and readable as a page."""

import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from interface.programs import Program
from ninja.openapi.schema import OpenAPISchema
from web.world import OFFICER, World

from chengshu.web.http import interface

ROOT = Path(__file__).resolve().parents[2]


def _operations() -> Iterator[dict[str, Any]]:
    for operations in interface.get_openapi_schema()["paths"].values():
        yield from operations.values()


def test_the_committed_description_is_that_of_the_code() -> None:
    draw_page = runpy.run_path(str(ROOT / "scripts" / "document_interface.py"))["draw_page"]
    assert (ROOT / "docs" / "openapi.json").read_text(encoding="utf-8") == draw_page(), "run `make messages`"


def test_every_operation_has_a_name_of_its_own_a_subject_and_words() -> None:
    operations = list(_operations())
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert [op["operationId"] for op in operations if not (op["summary"] and op["description"] and op["tags"])] == []


class _OneShapeEach(OpenAPISchema):
    """Draws the description and refuses two shapes under one name."""

    def add_schema_definitions(self, definitions: dict[str, Any]) -> None:
        # What is asked for in addresses is written out there, and stands among the shapes for nobody.
        named = {name: shape for name, shape in definitions.items() if not name.endswith("Asked")}
        assert {name for name, shape in named.items() if self.schemas.get(name, shape) != shape} == set()
        super().add_schema_definitions(definitions)


def test_no_two_shapes_have_one_name() -> None:
    assert _OneShapeEach(api=interface, path_prefix="/api/v1/")["paths"]


def test_every_operation_asks_who_comes() -> None:
    assert [op["operationId"] for op in _operations() if not op.get("security") or 401 not in op["responses"]] == []


def test_every_text_that_is_sent_has_a_limit() -> None:
    schemas = interface.get_openapi_schema()["components"]["schemas"]
    endless = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        if name.endswith("Asked")
        for field, described in schema["properties"].items()
        if described.get("type") == "string" and not {"maxLength", "format", "enum"} & set(described)
    ]
    assert endless == []


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "word"), [("zh-hans", "办理一步"), ("en", "Take a step")])
def test_the_page_lists_every_operation(language: str, word: str, world: World) -> None:
    program = Program(world, OFFICER)
    program.client.cookies["django_language"] = language
    answer = program.client.get("/developers/")
    told = answer.content.decode()
    assert word in told
    assert [op["operationId"] for op in _operations() if f'id="{op["operationId"]}"' not in told] == []
    assert "http://" not in told.replace("http://www.w3.org", "").replace("http://testserver", "")
