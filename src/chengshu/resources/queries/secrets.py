"""The keys that secrets of sources are sealed with, and addresses with their secrets, for who reads the sources."""

from django.conf import settings
from django.utils.encoding import force_str

from chengshu.resources.models import DataSource
from chengshu.resources.rules.secrets import unseal


def house_keys() -> list[str]:
    """Return the signing key, with which is sealed, and those before it, which still open."""
    return [settings.SECRET_KEY, *map(force_str, settings.SECRET_KEY_FALLBACKS)]


def full_address(source: DataSource) -> dict[str, str]:
    """Return a source's address with its secrets: for reading the source, never for people.

    Raises:
        SecretUnreadable: they were sealed with a key that is not known here any more.
    """
    return {**source.address, **unseal(source.secret_box, house_keys=house_keys())}
