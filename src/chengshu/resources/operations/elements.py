"""Data elements and value domains: kept by the centre, one transaction and one audit entry each."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls, tidy
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.grants import facade as grants
from chengshu.resources.contracts.catalogue import HIGHEST_GRADE, LOWEST_GRADE
from chengshu.resources.contracts.elements import CHECKS, DomainContent, ElementContent
from chengshu.resources.errors import ElementInvalid
from chengshu.resources.models import KEEP_ELEMENTS, DataElement, DataResource, DomainCode, IndexedResource, ValueDomain
from chengshu.resources.operations.indexing import index_resources
from chengshu.resources.operations.keeping import AT_ONCE, recheck_entries
from chengshu.resources.rules.ranges import tidy_range

MOST_CODES = 5000
_ELEMENT_LENGTHS = {"code": 64, "name": 120, "format": 64, "unit": 32}
_DOMAIN_LENGTHS = {"code": 64, "name": 120, "source": 200}


@transaction.atomic
def keep_element(content: ElementContent, *, actor: User, now: datetime) -> DataElement:
    """Keep a data element under its code, new or changed; a new name is found by searches at once.

    Raises:
        PermissionRefused: the actor does not keep data elements.
        ElementInvalid: names the place.
    """
    grants.require_in_city(actor, KEEP_ELEMENTS, on=localdate(now))
    told = _tidied(asdict(content), _ELEMENT_LENGTHS)
    if content.check and content.check not in CHECKS:
        raise ElementInvalid(_("没有名为“%(check)s”的校验。") % {"check": content.check}, field="check")
    if not LOWEST_GRADE <= content.grade <= HIGHEST_GRADE:
        raise ElementInvalid(_("分级是 1 至 5。"), field="grade")
    domain = ValueDomain.objects.filter(code=content.domain).first() if content.domain else None
    if content.domain and domain is None:
        raise ElementInvalid(_("没有代码为“%(code)s”的值域。") % {"code": content.domain}, field="domain")
    before = DataElement.objects.filter(code=told["code"]).first()
    told["least"], told["most"] = tidy_range(content.least, content.most, content.type)
    values = {name: told[name] for name in ("name", "definition", "format", "length", "unit", "grade", "least", "most")}
    values |= {"type": content.type.value, "domain": domain, "check_name": content.check}
    element, _is_new = DataElement.objects.update_or_create(code=told["code"], defaults=values)
    record(actor, "resources.keep_element", f"element:{element.pk}", now=now, after=told | {"type": content.type.value})
    if before is not None:
        _follow(element, is_renamed=before.name != element.name, now=now)
    return element


def _follow(element: DataElement, *, is_renamed: bool, now: datetime) -> None:
    """Bring the entries that use a changed element in step; where they are many the worker does."""
    users = DataResource.objects.filter(pk__in=element.fields.values("resource"))
    if users.count() <= AT_ONCE:
        recheck_entries(users.select_related("department"), now=now)
        if is_renamed:
            index_resources(users, now=now)
    elif is_renamed:
        IndexedResource.objects.filter(resource__in=users).update(rules="")


@transaction.atomic
def keep_domain(content: DomainContent, *, actor: User, now: datetime) -> ValueDomain:
    """Keep a value domain with its codes under its code, new or changed.

    Raises:
        PermissionRefused: the actor does not keep value domains.
        ElementInvalid: names the place.
    """
    grants.require_in_city(actor, KEEP_ELEMENTS, on=localdate(now))
    told = _tidied({"code": content.code, "name": content.name, "source": content.source}, _DOMAIN_LENGTHS)
    codes = [(tidy(drop_controls(code)), tidy(drop_controls(label))) for code, label in content.codes]
    if len(codes) > MOST_CODES:
        raise ElementInvalid(_("一个值域最多 %(most)s 个代码。") % {"most": MOST_CODES}, field="codes")
    if any(not 0 < len(code) <= 64 or not 0 < len(label) <= 200 for code, label in codes):
        raise ElementInvalid(_("每个代码都要有代码和名称，代码最多 64 个字，名称最多 200 个字。"), field="codes")
    if len({code for code, _label in codes}) < len(codes):
        raise ElementInvalid(_("同一个代码写了两次。"), field="codes")
    values = {"name": told["name"], "source": told["source"], "description": drop_controls(content.description).strip()}
    domain, _is_new = ValueDomain.objects.update_or_create(code=told["code"], defaults=values)
    DomainCode.objects.filter(domain=domain).delete()
    DomainCode.objects.bulk_create(
        DomainCode(domain=domain, code=code, label=label, number=number) for number, (code, label) in enumerate(codes)
    )
    record(actor, "resources.keep_domain", f"domain:{domain.pk}", now=now, after=told | {"codes": len(codes)})
    return domain


def _tidied(told: dict[str, Any], lengths: dict[str, int]) -> dict[str, Any]:
    """Return the values with the texts of limited length tidied; code and name must say something."""
    tidied = told | {name: tidy(drop_controls(told[name])) for name in lengths}
    for name, most in lengths.items():
        if len(tidied[name]) > most:
            raise ElementInvalid(_("最多 %(most)s 个字。") % {"most": most}, field=name)
    for name in ("code", "name"):
        if not tidied[name]:
            raise ElementInvalid(_("这一项必须填写。"), field=name)
    return tidied
