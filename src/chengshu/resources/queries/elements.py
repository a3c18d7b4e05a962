"""Data elements and value domains: everybody who is signed in reads them."""

from datetime import date

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from chengshu.kernel.grants import facade as grants
from chengshu.resources.errors import ElementNotFound
from chengshu.resources.models import DataElement, DataResource, DomainCode, Field, ValueDomain


def list_elements() -> QuerySet[DataElement]:
    """List the data elements with their domains, unordered, each with `use_count`: how many fields are it."""
    counted = Field.objects.filter(element=OuterRef("pk")).order_by().values("element").annotate(n=Count("pk"))
    uses = Coalesce(Subquery(counted.values("n")), 0, output_field=IntegerField())
    return DataElement.objects.select_related("domain").annotate(use_count=uses)


def list_domains() -> QuerySet[ValueDomain]:
    """List the value domains, unordered, each with `code_count`."""
    counted = DomainCode.objects.filter(domain=OuterRef("pk")).order_by().values("domain").annotate(n=Count("pk"))
    codes = Coalesce(Subquery(counted.values("n")), 0, output_field=IntegerField())
    return ValueDomain.objects.annotate(code_count=codes)


def get_element(element_id: int) -> DataElement:
    """Give one data element.

    Raises:
        ElementNotFound: there is none.
    """
    found = list_elements().filter(pk=element_id).first()
    if found is None:
        raise ElementNotFound(_("没有这个数据元。"), element=element_id)
    return found


def get_domain(domain_id: int) -> ValueDomain:
    """Give one value domain.

    Raises:
        ElementNotFound: there is none.
    """
    found = list_domains().filter(pk=domain_id).first()
    if found is None:
        raise ElementNotFound(_("没有这个值域。"), domain=domain_id)
    return found


def list_uses(element: DataElement, *, viewer: grants.Viewer, on: date, most: int = 50) -> list[DataResource]:
    """List the first resources in sight that have a field of this element, by name."""
    seen = DataResource.objects.visible_to(viewer, on=on).filter(pk__in=element.fields.values("resource"))
    return list(seen.order_by("name")[:most])
