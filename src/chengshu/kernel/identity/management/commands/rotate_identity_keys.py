"""`chengshu manage rotate_identity_keys`: sign with a new key what applications are told about people."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from chengshu.kernel.identity.operations.keys import rotate_keys


class Command(BaseCommand):
    """Makes a new signing key; the running server takes it with its next answer."""

    help = "换一个统一身份的签名密钥；旧公钥再公布一天，已发出的令牌照样能核对。"

    def handle(self, *_args: str, **_options: str) -> None:
        """Make the key and name it."""
        self.stdout.write(f"新的签名密钥：{rotate_keys(actor=None, now=timezone.now())}")
