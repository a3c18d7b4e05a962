"""Measurements: append-only, each with everything that is needed to measure it once more."""

from typing import Any, ClassVar, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class MeasurementQuerySet(models.QuerySet["Measurement"]):
    """Measurements are added and read, nothing else."""

    def within(self, organisations: "models.QuerySet[Any]", *, sees_all: bool) -> Self:
        """Leave the measurements of these organisations; those of the whole city only to who sees all."""
        own = Q(organisation_id__in=organisations)
        return self.filter(own | Q(organisation__isnull=True)) if sees_all else self.filter(own)

    def update(self, **_kwargs: Any) -> NoReturn:
        """Refuse: raise TypeError."""
        raise TypeError("measurements are append-only")

    def delete(self) -> NoReturn:
        """Refuse: raise TypeError."""
        raise TypeError("measurements are append-only")


class Measurement(models.Model):
    """One value of one indicator over one window and scope, with its evidence."""

    key = models.CharField("指标", max_length=80, help_text="登记的指标编号")
    first_day = models.DateField("起", help_text="计量的第一天")
    last_day = models.DateField("止", help_text="计量的最后一天，含当天")
    scope_kind = models.CharField("范围种类", max_length=40, blank=True, default="", help_text="范围的种类；全市为空")
    scope_id = models.BigIntegerField("范围编号", null=True, blank=True, help_text="范围的内部编号；全市为空")
    scope_code = models.CharField("范围代码", max_length=80, blank=True, default="", help_text="范围的代码")
    organisation = models.ForeignKey(
        "organisations.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="组织",
        help_text="按哪个组织授权；全市为空",
    )
    value = models.DecimalField(
        "数值", max_digits=30, decimal_places=8, null=True, blank=True, help_text="数值；没有可除的数时为空"
    )
    digits = models.PositiveSmallIntegerField("小数位", help_text="保留的小数位数")
    unit = models.CharField("单位", max_length=20, blank=True, default="", help_text="数值的单位")
    numerator = models.DecimalField("分子", max_digits=30, decimal_places=8, help_text="分子合计")
    denominator = models.DecimalField(
        "分母", max_digits=30, decimal_places=8, null=True, blank=True, help_text="分母合计；计数类为空"
    )
    counted = models.PositiveBigIntegerField("事实数", help_text="计入的事实条数")
    query = models.TextField("查询", help_text="执行的查询原文")
    parameters = models.JSONField("参数", help_text="查询参数，时刻为世界时")
    digest = models.CharField("摘要", max_length=64, help_text="全部事实按编号排序后的默克尔根（SHA-256）")
    sample = models.JSONField("样本", help_text="部分事实的规范写法，第一行为列名")
    evidence = models.ForeignKey(
        "files.StoredFile",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="佐证文件",
        help_text="全部事实，每行一条，gzip 压缩；没有事实或超过保存上限时为空",
    )
    seal = models.CharField("封签", max_length=64, help_text="查询与参数的带密钥摘要；被改动过的查询不再执行")
    measured_at = models.DateTimeField("计量时间", help_text="计量的时刻")
    measured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="计量人",
        help_text="计量人；系统自动计量的为空",
    )

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = "计量"
        verbose_name_plural = "计量"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="measurement_window_forward"),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | Q(denominator__gte=0),
                name="measurement_denominator_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(scope_kind="", scope_id__isnull=True) | (~Q(scope_kind="") & Q(scope_id__isnull=False)),
                name="measurement_scope_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["key", "-last_day", "-measured_at"], name="measurement_key_window"),
            models.Index(fields=["organisation", "key", "-last_day"], name="measurement_organisation"),
            models.Index(fields=["-measured_at"], name="measurement_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.first_day}–{self.last_day}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; raise TypeError when it already stands."""
        if not self._state.adding:
            raise TypeError("measurements are append-only")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse: raise TypeError."""
        raise TypeError("measurements are append-only")

    @property
    def scope(self) -> str:
        """The scope as it is asked for: `organisation:310000`; empty for the whole city."""
        return f"{self.scope_kind}:{self.scope_code}" if self.scope_kind else ""
