"""Where contents lie: on the local disk, or in an S3 store."""

from pathlib import Path

from django.conf import settings

from chengshu.kernel.files.contracts import ContentStore
from chengshu.kernel.files.stores.local import LocalStore


def open_store() -> ContentStore:
    """Return the store that the settings name."""
    local = LocalStore(Path(settings.FILES_ROOT))
    if not settings.FILES_S3:
        return local
    from chengshu.kernel.files.stores.s3 import S3ContentStore  # noqa: PLC0415 - a large library, only where it is used

    return S3ContentStore.from_address(settings.FILES_S3, cache=local)
