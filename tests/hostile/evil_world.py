"""The world of the matrix with an attack in every name and text that people write."""

from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from web.world import World, build_world

ATTACK = "=1+1|<img src=x onerror=a()>\"'{{7*7}}"
"""A formula, a tag with a handler, quotes that end an attribute, and a template of some engines."""

_WRITTEN = frozenset(
    {
        "actual",
        "answer",
        "basis",
        "department",
        "description",
        "deviation",
        "display_name",
        "document_note",
        "end_reason",
        "expected",
        "file_name",
        "forecast",
        "fault",
        "level2",
        "measure",
        "member",
        "message",
        "message_en",
        "name",
        "note",
        "opinion",
        "organisation_name",
        "payee",
        "printed",
        "problem",
        "project",
        "purpose",
        "reason",
        "score_reason",
        "stratum",
        "subject_line",
        "target",
        "text",
        "title",
        "unit",
        "value",
        "voucher",
        "withdrawal_reason",
    }
)
"""Columns that hold what people wrote, by name."""


def build_evil_world() -> World:
    """Build the world, then let everything that people wrote be an attack."""
    world = build_world()
    for model in apps.get_models():
        if model.__module__.startswith("chengshu.") and model._meta.managed:  # noqa: SLF001 - Django's documented API
            _spoil(model)
    return world


def _spoil(model: type[models.Model]) -> None:
    fields = [
        field.name
        for field in model._meta.local_concrete_fields  # noqa: SLF001 - Django's documented API
        if isinstance(field, models.CharField | models.TextField)
        and field.name in _WRITTEN
        and not field.choices
        and (field.max_length or 1000) > len(ATTACK) + 6
    ]
    rows: Any = model._base_manager  # noqa: SLF001 - Django's documented API; past the guards of rows that only grow
    for pk in list(rows.values_list("pk", flat=True)) if fields else []:
        for field in fields:
            try:
                with transaction.atomic():
                    rows.filter(pk=pk).update(**{field: f"{ATTACK}{pk}"})
            except IntegrityError:
                continue  # a constraint allows only certain texts there
