"""The HTTP interface for those who write programs: every operation, drawn from its description."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chengshu.web.http import interface


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value in the address, or a field of the body."""

    name: str
    place: str
    kind: str
    is_required: bool
    about: str


@dataclass(frozen=True, slots=True)
class Described:
    """One operation with what it asks for and how it answers."""

    id: str
    method: str
    path: str
    summary: str
    parameters: tuple[Parameter, ...]
    answers: tuple[tuple[str, str], ...]


@require_safe
def show_interface(request: HttpRequest) -> HttpResponse:
    """Show the operations by subject."""
    description = interface.get_openapi_schema()
    subjects: dict[str, list[Described]] = {}
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            subjects.setdefault(operation["tags"][0], []).append(_describe(method, path, operation, description))
    context = {"subjects": subjects.items(), "description_url": f"{reverse('api:api-root')}openapi.json"}
    return render(request, "web/interface.html", context)


def _describe(method: str, path: str, operation: dict[str, Any], description: dict[str, Any]) -> Described:
    found = [
        _parameter(named["name"], named["in"], named["schema"], is_required=named.get("required", False))
        for named in operation["parameters"]
    ]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body:
        schema = _follow(body, description)
        needed = set(schema.get("required", ()))
        found += [
            _parameter(name, "body", _follow(field, description), is_required=name in needed)
            for name, field in schema.get("properties", {_("整个请求体"): schema}).items()
        ]
    return Described(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=_(operation["summary"]),
        parameters=tuple(found),
        answers=tuple(
            (str(status), _word(status, answer)) for status, answer in sorted(operation["responses"].items())
        ),
    )


def _follow(schema: dict[str, Any], description: dict[str, Any]) -> dict[str, Any]:
    """Return what a reference leads to; another schema as it is."""
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = description["components"]["schemas"][name] if name else schema
    return found


def _parameter(name: str, place: str, schema: dict[str, Any], *, is_required: bool) -> Parameter:
    return Parameter(name, place, _kind(schema), is_required, schema.get("description", ""))


def _kind(schema: dict[str, Any]) -> str:
    """Write a type briefly: its name, the values there are, or what a list holds."""
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items', {}))}]"
    if "anyOf" in schema:
        return " | ".join(_kind(part) for part in schema["anyOf"])
    return str(schema.get("format") or schema.get("type") or schema.get("$ref", "").rpartition("/")[2])


def _word(status: Any, answer: dict[str, Any]) -> str:
    """Say what a status means; of an answer that is no refusal, the name of its shape."""
    shapes: list[dict[str, Any]] = [content["schema"] for content in answer.get("content", {}).values()]
    return _(answer["description"]) if int(status) >= 400 else "".join(_kind(shape) for shape in shapes)
