"""Take the secrets out of the addresses of sources, and keep them sealed."""

from typing import Any

from django.conf import settings
from django.db import migrations
from django.utils.encoding import force_str

from chengshu.resources.rules.secrets import mask_address, seal, take_secrets, unseal


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *map(force_str, settings.SECRET_KEY_FALLBACKS)]


def seal_addresses(apps: Any, _editor: Any) -> None:
    """Seal what lies open; what is sealed already is left as it is."""
    for source in apps.get_model("resources", "DataSource").objects.iterator():
        secrets = take_secrets(source.address)
        if secrets and not source.secret_box:
            source.secret_box = seal(secrets, house_keys=_keys())
            source.address = mask_address(source.address)
            source.save(update_fields=["secret_box", "address"])


def open_addresses(apps: Any, _editor: Any) -> None:
    """Put the secrets back, for the release before this one."""
    for source in apps.get_model("resources", "DataSource").objects.exclude(secret_box="").iterator():
        source.address = {**source.address, **unseal(source.secret_box, house_keys=_keys())}
        source.secret_box = ""
        source.save(update_fields=["secret_box", "address"])


class Migration(migrations.Migration):
    dependencies = [("resources", "0011_pushes")]

    operations = [migrations.RunPython(seal_addresses, open_addresses)]
