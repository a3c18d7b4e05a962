"""The audit's long work: checking the chain. And its chore: keeping it linked and sealed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.audit.facade import keep_chain, read_public_keys, verify
from chengshu.kernel.jobs.facade import JobKind, Progress

VERIFY = "audit.verify_chain"


class Keeper:
    """Looks at all entries when the worker starts, and at the last ones from then on."""

    def __init__(self) -> None:
        self._is_swept = False

    def __call__(self, now: datetime) -> None:
        """Link and seal what is due."""
        keep_chain(now=now, deep=not self._is_swept)
        self._is_swept = True


def verify_chain(progress: Progress) -> Mapping[str, Any]:
    """Check the whole chain and return what was found."""
    found = verify(
        read_public_keys(settings.AUDIT_KEYS_DIR),
        on_progress=lambda done, total: progress.report("核对审计链", done=done, total=total),
    )
    broken = found.broken
    return {
        "job": str(progress.uuid),
        "entries": found.entries,
        "heads": found.heads,
        "sealed": found.sealed,
        "pending": found.pending,
        "broken": {"entry": broken.entry, "reason": broken.reason, "sequence": broken.sequence} if broken else None,
    }


KIND = JobKind(
    VERIFY, _("核对审计链"), verify_chain, lambda result: reverse("audit:verification", args=[result["job"]])
)
KEEPER = Keeper()
