"""Writes of lists: the views that people keep."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from chengshu.kernel.accounts.models import User
from chengshu.kernel.listing.errors import TooManyViews, ViewNameInvalid, ViewNameTaken, ViewNotFound, ViewTooLong
from chengshu.kernel.listing.models import NAME_LENGTH, QUERY_LENGTH, SavedView
from chengshu.kernel.listing.queries import list_saved_views

MAX_VIEWS = 30
"""Views that one person may keep of one list."""


def save_view(owner: User, list_key: str, name: str, query: str, *, now: datetime) -> SavedView:
    """Keep a state of a list under a name; runs of blanks in the name count as one.

    Args:
        owner: who keeps it and alone sees it.
        list_key: the list's key.
        name: the owner's name for it.
        query: of a `ListState`, as it writes itself; without `?`.
        now: the moment, aware.

    Raises:
        ViewNameInvalid: the name is empty, too long or has signs that nobody sees.
        ViewTooLong: the query is longer than can be kept.
        TooManyViews: the owner keeps `MAX_VIEWS` of this list.
        ViewNameTaken: the owner has a view of this name for this list.
    """
    name = _clean_name(name)
    if len(query) > QUERY_LENGTH:
        raise ViewTooLong(gettext("搜索和筛选的条件太多，保存不了。请减少一些再保存。"), length=len(query))
    try:
        with transaction.atomic():
            # The owner's row is the lock: of two savings at once, the later one counts the earlier one's view.
            User.objects.select_for_update().get(pk=owner.pk)
            _refuse_beyond_limit(owner, list_key)
            return SavedView.objects.create(owner=owner, list_key=list_key, name=name, query=query, created_at=now)
    except IntegrityError as error:
        message = gettext("您已经有名为“%(name)s”的视图。请换一个名称，或者先删除原来的。") % {"name": name}
        raise ViewNameTaken(message, name=name) from error


def delete_view(view_id: int, list_key: str, *, actor: User) -> SavedView:
    """Remove one of the actor's own views of a list, and return what was removed.

    Raises:
        ViewNotFound: there is none, or it is somebody else's.
    """
    view = list_saved_views(actor, list_key).filter(pk=view_id).first()
    if view is None:
        raise ViewNotFound(gettext("没有这个视图，它可能已经删除。"), view_id=view_id)
    view.delete()
    return view


def _clean_name(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned:
        raise ViewNameInvalid(gettext("请填写视图的名称。"))
    if len(cleaned) > NAME_LENGTH or not cleaned.isprintable():
        message = gettext("视图的名称最多 %(limit)s 个字，不能含看不见的字符。") % {"limit": NAME_LENGTH}
        raise ViewNameInvalid(message, length=len(cleaned))
    return cleaned


def _refuse_beyond_limit(owner: User, list_key: str) -> None:
    if list_saved_views(owner, list_key).count() >= MAX_VIEWS:
        message = gettext("每个列表最多保存 %(limit)s 个视图。请先删除不用的。") % {"limit": MAX_VIEWS}
        raise TooManyViews(message, limit=MAX_VIEWS)
