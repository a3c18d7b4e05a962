"""Entries from before the chain get their digest and their place in it, in the order of their ids."""

from typing import Any

from django.db import migrations

from chengshu.kernel.audit.contracts import NOTHING_BEFORE, EntryRecord, LinkRecord
from chengshu.kernel.audit.rules.encoding import digest_entry, hash_link, plain

CHUNK = 1_000


def chain_old_entries(apps: Any, schema_editor: Any) -> None:
    Entry, Link = apps.get_model("audit", "Entry"), apps.get_model("audit", "Link")
    database = schema_editor.connection.alias
    last, sequence, previous = 0, 0, NOTHING_BEFORE
    while True:
        entries = list(Entry.objects.using(database).filter(pk__gt=last).order_by("pk").select_related("actor")[:CHUNK])
        if not entries:
            return
        links = []
        for entry in entries:
            _complete(entry)
            sequence += 1
            hashed = hash_link(LinkRecord(sequence, entry.pk, previous, ""), entry.digest)
            links.append(Link(sequence=sequence, entry=entry, previous=previous, hash=hashed))
            previous = hashed
        Entry.objects.using(database).bulk_update(entries, ["actor_name", "details", "digest"], batch_size=100)
        Link.objects.using(database).bulk_create(links)
        last = entries[-1].pk


def _complete(entry: Any) -> None:
    entry.actor_name = entry.actor.login_name if entry.actor else ""
    entry.details = plain(entry.details)
    entry.digest = digest_entry(
        EntryRecord(
            id=entry.pk,
            at=entry.at,
            actor=entry.actor_id,
            actor_name=entry.actor_name,
            action=entry.action,
            subject=entry.subject,
            reason=entry.reason,
            details=entry.details,
            before=None,
            after=None,
            address="",
            session="",
            request="",
            digest="",
        )
    )


class Migration(migrations.Migration):

    dependencies = [
        ("audit", "0002_chain"),
    ]

    operations = [
        migrations.RunPython(chain_old_entries, migrations.RunPython.noop),
    ]
