"""What is known of how entries and sources stood before standings were kept: editions, decisions and the audit tell it.

An entry is handed in without faults only, so its editions had none when they were approved. How many a draft had is not
known; it stands as null, and figures of that time leave it out.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import migrations
from django.utils import timezone

CHUNK = 500
SWITCHED = "resources.switch_source"
#: What a step makes of an entry that is not published; of a published one these steps lead its change, not itself.
STATES = {"submit": "submitted", "take_back": "draft", "return": "draft", "restore": "draft"}


def keep_entries(apps: Any, schema_editor: Any) -> None:
    Resource, Standing = apps.get_model("resources", "DataResource"), apps.get_model("resources", "ResourceStanding")
    alias, now = schema_editor.connection.alias, timezone.now()
    places = dict(apps.get_model("organisations", "Organisation").objects.using(alias).values_list("code", "pk"))
    last = 0
    while chunk := list(Resource.objects.using(alias).filter(pk__gt=last, standings=None).order_by("pk")[:CHUNK]):
        moments = _moments(apps, alias, [resource.pk for resource in chunk])
        found = []
        for resource in chunk:
            rows = list(_stand(resource, sorted(moments.get(resource.pk, ()), key=lambda one: one[:2]), places, now))
            found += [
                Standing(resource_id=resource.pk, number=number, is_backfilled=True, **row)
                for number, row in enumerate(rows, start=1)
            ]
        Standing.objects.using(alias).bulk_create(found, batch_size=CHUNK)
        last = chunk[-1].pk


def _moments(apps: Any, alias: str, keys: list[int]) -> dict[int, list[tuple[datetime, int, str, Any]]]:
    """Give what happened to each entry: the moment, a number in its order, the step and what an edition says."""
    found: dict[int, list[tuple[datetime, int, str, Any]]] = {}
    decisions = apps.get_model("resources", "Decision").objects.using(alias).filter(resource__in=keys)
    for decision in decisions.exclude(step="approve").order_by("pk").iterator(CHUNK):
        found.setdefault(decision.resource_id, []).append((decision.decided_at, decision.pk, decision.step, None))
    approved = {
        (one.resource_id, one.version): one.pk for one in decisions.filter(step="approve").order_by("pk").iterator(CHUNK)
    }
    editions = apps.get_model("resources", "Edition").objects.using(alias).filter(resource__in=keys)
    for edition in editions.order_by("pk").iterator(CHUNK):
        place = approved.get((edition.resource_id, edition.number), 0)
        told = (edition.published_at, place, "approve", edition.content)
        found.setdefault(edition.resource_id, []).append(told)
    return found


def _stand(
    resource: Any, moments: list[tuple[datetime, int, str, Any]], places: dict[str, int], now: datetime
) -> Iterator[dict[str, Any]]:
    """Give the standings of an entry in their order, up to that of today."""
    today = {name: getattr(resource, name) for name in ("department_id", "code", "name", "field_count")}
    first = next((content for *_rest, content in moments if content is not None), None)
    row = (_said(first, places, today) if first else today) | {"state": "draft", "fault_count": None}
    last = {"since_at": resource.created_at, **row}
    yield last
    for moment, _number, step, content in moments:
        row = dict(row)
        if step == "approve":
            row |= _said(content, places, today) | {"state": "published", "fault_count": 0}
        elif step == "withdraw":
            row["state"] = "withdrawn"
        elif step in STATES and row["state"] != "published":
            row |= {"state": STATES[step], "fault_count": 0 if step == "submit" else None}
        if row != {name: last[name] for name in row}:
            last = {"since_at": max(moment, last["since_at"]), **row}
            yield last
    row = today | {"state": resource.state, "fault_count": resource.fault_count}
    if row != {name: last[name] for name in row}:
        since = now if resource.state == "published" == last["state"] else max(resource.edited_at, last["since_at"])
        yield {"since_at": since, **row}


def _said(content: dict[str, Any], places: dict[str, int], today: dict[str, Any]) -> dict[str, Any]:
    return {
        "department_id": places.get(content.get("department", ""), today["department_id"]),
        "code": content.get("code") or today["code"],
        "name": content.get("name") or today["name"],
        "field_count": len(content.get("fields", ())),
    }


def keep_sources(apps: Any, schema_editor: Any) -> None:
    Source, Standing = apps.get_model("resources", "DataSource"), apps.get_model("resources", "SourceStanding")
    alias = schema_editor.connection.alias
    entries = apps.get_model("audit", "Entry").objects.using(alias).filter(action=SWITCHED).order_by("at", "pk")
    switched: dict[str, list[tuple[datetime, bool]]] = {}
    for entry in entries.iterator(CHUNK):
        if isinstance(entry.after, dict) and "is_active" in entry.after:
            switched.setdefault(entry.subject, []).append((entry.at, bool(entry.after["is_active"])))
    found = []
    for source in Source.objects.using(alias).filter(standings=None).order_by("pk").iterator(CHUNK):
        moments = switched.get(f"source:{source.pk}", [])
        began = (not moments[0][1]) if moments else source.is_active
        for number, (since, is_active) in enumerate([(source.created_at, began), *moments], start=1):
            told = {"name": source.name, "table": source.table, "is_active": is_active, "is_backfilled": True}
            found.append(Standing(source_id=source.pk, number=number, since_at=since, **told))
    Standing.objects.using(alias).bulk_create(found, batch_size=CHUNK)


class Migration(migrations.Migration):

    dependencies = [
        ("audit", "0004_guards"),
        ("organisations", "0001_initial"),
        ("resources", "0015_standings"),
    ]

    operations = [
        migrations.RunPython(keep_entries, migrations.RunPython.noop),
        migrations.RunPython(keep_sources, migrations.RunPython.noop),
    ]
