"""Rows that are added and never changed."""

from typing import Any, NoReturn

from django.db import models

from chengshu.kernel.tickets.errors import TicketError


class AppendingQuerySet(models.QuerySet[Any]):
    """Rows are read and added, nothing else."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse.

        Raises:
            TicketError: always.
        """
        raise TicketError(f"工单的经过不能修改（{', '.join(kwargs)}）")

    def delete(self) -> NoReturn:
        """Refuse.

        Raises:
            TicketError: always.
        """
        raise TicketError("工单的经过不能删除")


class AppendingManager(models.Manager[Any]):
    """Gives rows that are read and added, nothing else."""

    def get_queryset(self) -> AppendingQuerySet:
        """Return all rows."""
        return AppendingQuerySet(self.model, using=self._db)


class AppendingModel(models.Model):
    """One row that stays as it was written; its class has `objects = AppendingManager()`."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row.

        Raises:
            TicketError: the row has been kept before.
        """
        if self.pk:
            raise TicketError("工单的经过不能修改")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse.

        Raises:
            TicketError: always.
        """
        raise TicketError("工单的经过不能删除")
