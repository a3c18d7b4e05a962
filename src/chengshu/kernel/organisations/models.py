"""Organisations, their dated names and places, who follows whom, and the closure of today's tree."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from chengshu.kernel.organisations.contracts import KIND_LABELS, SUCCESSION_LABELS, Kind, SuccessionKind

CODE_LENGTH = 32
NAME_LENGTH = 128
_KINDS = [(kind.value, KIND_LABELS[kind]) for kind in Kind]
_SUCCESSIONS = [(kind.value, SUCCESSION_LABELS[kind]) for kind in SuccessionKind]


def name_expression(day: date, *, of: str) -> Coalesce:
    """Give the expression for what an organisation was called that day, for lists of whatever belongs to one.

    `of` is the path from a row to the organisation's id. Before its first name the first counts, after its end the last.
    """
    names = OrganisationName.objects.filter(organisation=OuterRef(of)).values("name")
    then = Subquery(names.filter(since__lte=day).order_by("-since")[:1])
    return Coalesce(then, Subquery(names.order_by("since")[:1]))


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Composable conditions on organisations."""

    def named_on(self, day: date) -> "OrganisationQuerySet":
        """Add `name`: what each was called that day; before its first name the first, after its end the last."""
        added: dict[str, Any] = {"name": name_expression(day, of="pk")}
        return self.annotate(**added)

    def placed_on(self, day: date) -> "OrganisationQuerySet":
        """Add `parent_pk`: what each belonged to that day; None for roots and for those not there that day."""
        places = Placement.objects.filter(organisation=OuterRef("pk")).in_force_on(day)
        added: dict[str, Any] = {"parent_pk": Subquery(places.values("parent_id")[:1])}
        return self.annotate(**added)

    def with_parent_names(self, day: date) -> "OrganisationQuerySet":
        """Add `parent_name` to rows of `placed_on`: what the parent was called that day; None for roots."""
        added: dict[str, Any] = {"parent_name": name_expression(day, of="parent_pk")}
        return self.annotate(**added)

    def existing_on(self, day: date) -> "OrganisationQuerySet":
        """Leave those that were there that day."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), founded_on__lte=day)


class Organisation(models.Model):
    """A city, district, department or unit. It ends by date and is never deleted: records speak of it."""

    code = models.CharField("代码", max_length=CODE_LENGTH, unique=True, help_text="组织代码，全库唯一")
    kind = models.CharField("类别", max_length=16, choices=_KINDS, help_text="市、区、部门或单位")
    founded_on = models.DateField("设立日期", help_text="存在的第一天")
    ended_on = models.DateField("撤销日期", null=True, blank=True, help_text="不再存在的第一天；仍存在的为空")

    objects = OrganisationQuerySet.as_manager()

    name: str  # only on rows of `named_on`
    parent_pk: int | None  # only on rows of `placed_on`
    parent_name: str | None  # only on rows of `with_parent_names`

    class Meta:
        verbose_name = "组织"
        verbose_name_plural = "组织"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(code=""), name="organisations_organisation_has_code"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind]), name="organisations_organisation_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gt=F("founded_on")),
                name="organisations_organisation_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class DatedQuerySet(models.QuerySet[Any]):
    """Rows that hold from `since` until before `until`."""

    def in_force_on(self, day: date) -> "DatedQuerySet":
        """Leave the rows that held that day."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)


def _dated_constraints(name: str) -> list[models.BaseConstraint]:
    """Give what both databases can check of "one at a time"; the rest is checked under the tree's lock."""
    return [
        models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gt=F("since")), name=f"{name}_has_days"),
        models.UniqueConstraint(fields=["organisation", "since"], name=f"{name}_starts_once"),
        models.UniqueConstraint(fields=["organisation"], condition=Q(until__isnull=True), name=f"{name}_open_once"),
    ]


class OrganisationName(models.Model):
    """What an organisation is called, from `since` until before `until`; the last name stays open after its end."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="组织", help_text="叫这个名称的组织"
    )
    name = models.CharField("名称", max_length=NAME_LENGTH, help_text="全称")
    since = models.DateField("起", help_text="使用的第一天")
    until = models.DateField("止", null=True, blank=True, help_text="不再使用的第一天；仍在使用的为空")

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "组织名称"
        verbose_name_plural = "组织名称"
        constraints: ClassVar = [
            *_dated_constraints("organisations_name"),
            models.CheckConstraint(condition=~Q(name=""), name="organisations_name_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name


class Placement(models.Model):
    """What an organisation belongs to, from `since` until before `until`; closed when the organisation ends."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="组织", help_text="下级"
    )
    parent = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="上级",
        help_text="上级组织；没有上级的为空",
    )
    since = models.DateField("起", help_text="隶属的第一天")
    until = models.DateField("止", null=True, blank=True, help_text="不再隶属的第一天；仍隶属的为空")

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "隶属"
        verbose_name_plural = "隶属"
        constraints: ClassVar = [
            *_dated_constraints("organisations_placement"),
            models.CheckConstraint(
                condition=~Q(parent=F("organisation")), name="organisations_placement_not_in_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} ∈ {self.parent_id}"


class Succession(models.Model):
    """One organisation follows another that ended: by merger, split or a change of code."""

    predecessor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="前身", help_text="已撤销的组织"
    )
    successor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="承接", help_text="承接其记录的组织"
    )
    on = models.DateField("日期", help_text="承接的第一天")
    kind = models.CharField("方式", max_length=16, choices=_SUCCESSIONS, help_text="合并、分立或更换代码")

    class Meta:
        verbose_name = "承接关系"
        verbose_name_plural = "承接关系"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="organisations_succession_once"),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="organisations_succession_not_of_itself"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in SuccessionKind]),
                name="organisations_succession_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"


class Ancestry(models.Model):
    """The closure of today's tree: who is above whom, at which depth; everybody is above himself at depth 0.

    A predecessor counts below its successors, and one that ended without a successor stays below its last parent, so
    that old records stay in sight of whoever answers for them now. Where two ways lead down, the shorter one counts.
    """

    ancestor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="上级", help_text="上级，含自身"
    )
    descendant = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="下级", help_text="下级，含自身"
    )
    depth = models.PositiveIntegerField("层数", help_text="相隔几层；自身为 0")

    class Meta:
        verbose_name = "层级"
        verbose_name_plural = "层级"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ancestor", "descendant"], name="organisations_ancestry_once"),
            models.CheckConstraint(
                condition=Q(depth=0, ancestor=F("descendant")) | (Q(depth__gt=0) & ~Q(ancestor=F("descendant"))),
                name="organisations_ancestry_self_at_0",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ancestor_id} ⊇ {self.descendant_id}"


class TreeVersion(models.Model):
    """One row that every change of the tree locks and counts up, so that changes come one after the other."""

    number = models.PositiveBigIntegerField("版本", default=0, help_text="组织树变更的次数")

    class Meta:
        verbose_name = "组织树版本"
        verbose_name_plural = "组织树版本"

    def __str__(self) -> str:
        return str(self.number)
