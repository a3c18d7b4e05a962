"""Grants. They are never deleted: the one that ends keeps its days, and who ended it and why."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from chengshu.kernel.grants.rules.scopes import join_scope

REASON_LENGTH = 256


class GrantQuerySet(models.QuerySet["Grant"]):
    """Composable conditions on grants."""

    def in_force_on(self, day: date) -> "GrantQuerySet":
        """Leave the grants that held that day."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)


class Grant(models.Model):
    """A role for an account on an organisation and all below it, from `since` until before `until`."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="账号",
        help_text="得到授权的人",
    )
    role = models.CharField("角色", max_length=32, help_text="登记的角色，如 officer")
    organisation = models.ForeignKey(
        "organisations.Organisation",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="组织",
        help_text="在这个组织及其全部下级有效",
    )
    scope_kind = models.CharField("范围种类", max_length=32, blank=True, help_text="限定的对象种类；不限定的为空")
    scope_id = models.BigIntegerField("范围编号", null=True, blank=True, help_text="限定的对象编号；不限定的为空")
    since = models.DateField("起", help_text="有效的第一天")
    until = models.DateField("止", null=True, blank=True, help_text="不再有效的第一天；没有期限的为空")
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="授权人",
        help_text="授权的人；由命令行授权的为空",
    )
    granted_at = models.DateTimeField("授权时间", help_text="授权的时刻")
    reason = models.CharField("授权事由", max_length=REASON_LENGTH, help_text="为什么授权")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="收回人",
        help_text="提前收回的人；到期或未收回的为空",
    )
    ended_at = models.DateTimeField("收回时间", null=True, blank=True, help_text="提前收回的时刻")
    end_reason = models.CharField("收回事由", max_length=REASON_LENGTH, blank=True, help_text="为什么收回")

    objects = GrantQuerySet.as_manager()

    organisation_name: str  # only on rows of `queries.list_grants`

    class Meta:
        verbose_name = "授权"
        verbose_name_plural = "授权"
        constraints: ClassVar = [
            # An empty span is one that was ended before or on its first day.
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="grants_grant_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(scope_kind="", scope_id__isnull=True) | (~Q(scope_kind="") & Q(scope_id__isnull=False)),
                name="grants_grant_scope_whole",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="grants_grant_has_reason"),
            models.UniqueConstraint(
                fields=["account", "role", "organisation"],
                condition=Q(until__isnull=True, scope_kind=""),
                name="grants_grant_open_once",
            ),
            models.UniqueConstraint(
                fields=["account", "role", "organisation", "scope_kind", "scope_id"],
                condition=Q(until__isnull=True) & ~Q(scope_kind=""),
                name="grants_grant_open_once_in_scope",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["account", "role"], name="grants_grant_account_role")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role} {self.organisation_id} {self.scope}".strip()

    @property
    def scope(self) -> str:
        """The scope as text; empty for everything."""
        return join_scope(self.scope_kind, self.scope_id)
