"""Addresses in the network that the data centre lets the house connect to."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class AllowedAddress(models.Model):
    """许可的来源地址: a host, with a port or with every port, that source databases may be read from."""

    host = models.CharField(max_length=253, help_text="Name or address, in small letters")
    port = models.PositiveIntegerField(default=0, help_text="0 = every port")
    note = models.CharField(max_length=200, help_text="Whose it is, and on what ground it was allowed")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Who")
    allowed_at = models.DateTimeField(help_text="When")

    class Meta:
        """Constraints."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["host", "port"], name="allowed_address_once"),
            models.CheckConstraint(condition=~Q(host="") & ~Q(note=""), name="allowed_address_named"),
            models.CheckConstraint(condition=Q(port__lte=65535), name="allowed_port_known"),
        ]

    def __str__(self) -> str:
        return f"{self.host}:{self.port}" if self.port else self.host
