"""Sealing the secrets of sources anew, after the signing key was changed."""

from datetime import datetime

from django.db import transaction

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.resources.models import DataSource
from chengshu.resources.queries.secrets import house_keys
from chengshu.resources.rules.secrets import reseal


@transaction.atomic
def reseal_secrets(*, now: datetime, actor: User | None = None) -> int:
    """Seal the secrets of all sources with the signing key of now; return of how many sources.

    Afterwards the key before is needed no longer (`SECRET_KEY_FALLBACKS`).

    Raises:
        SecretUnreadable: one was sealed with a key that is not known; none is changed.
    """
    keys, count = house_keys(), 0
    for source in DataSource.objects.select_for_update().exclude(secret_box="").order_by("pk"):
        source.secret_box = reseal(source.secret_box, house_keys=keys)
        source.save(update_fields=["secret_box"])
        count += 1
    record(actor, "resources.reseal_secrets", "sources", now=now, details={"sources": count})
    return count
