"""The parts of a source's address as people read and type them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from chengshu.resources.facade.collection import ADDRESS_FIELDS, SourceKind

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

PREFIX = "address_"
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an address: its name to people, and what is written there."""

    label: "_StrPromise"
    help: "_StrPromise"


PARTS: Mapping[str, Part] = {
    "folder": Part(_("文件夹名"), _("收件目录下的文件夹；字母、数字、汉字、横线和下划线")),
    "sheet": Part(_("工作表"), _("工作簿有多张表时写名称；留空取第一张")),
    "url": Part(
        _("访问地址"),
        _(
            "数据库如 postgresql://只读用户:口令@主机:5432/库名，也可以是 mysql、sqlite；接口如 https://主机/路径。"
            "口令封存后只显示 ******，不改就照原样留着"
        ),
    ),
    "schema": Part(_("模式"), _("PostgreSQL 的表不在 public 时填写")),
    "table": Part(_("来源表"), _("从哪张表或视图采集")),
    "by": Part(_("增量列"), _("只采新增和改动的行时，写更新时间或递增编号所在的列；留空每次采整表")),
    "key": Part(_("来源主键列"), _("增量列的值会重复时填写，同一时刻的行才不会漏采或重采")),
    "rows_at": Part(_("记录所在位置"), _("接口答复中数组的位置，如 data.rows；答复本身是数组时留空")),
    "next_at": Part(_("下一页所在位置"), _("接口答复中下一页地址的位置，如 paging.next")),
    "page_field": Part(_("页码参数"), _("用页码翻页的接口写参数名，如 page")),
    "header": Part(_("令牌请求头"), _("接口要令牌时写请求头的名称，如 Authorization")),
    "secret": Part(_("令牌"), _("封存后只显示 ******，不改就照原样留着")),
}


def address_fields() -> dict[str, forms.CharField]:
    """Give a field for each part, named after it with `PREFIX`."""
    return {
        f"{PREFIX}{name}": forms.CharField(label=part.label, help_text=part.help, max_length=_LONGEST, required=False)
        for name, part in PARTS.items()
    }


def kinds_with(name: str) -> str:
    """Give the kinds of source that have a part, apart by blanks: what the page's script shows it for."""
    return " ".join(kind.value for kind in SourceKind if name in ADDRESS_FIELDS[kind])


def named_parts(address: Mapping[str, str]) -> list[tuple["_StrPromise", str]]:
    """Give an address part by part, as people name them; in the order of the form."""
    return [(PARTS[name].label, address[name]) for name in PARTS if address.get(name)]
