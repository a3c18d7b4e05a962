"""Django's question "may this user": answered from grants, so that the navigation and templates can ask it."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.utils.timezone import localdate

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants.queries import held_permissions

_KEPT = "_granted_permissions"


class GrantBackend(BaseBackend):
    """Tells whether a permission is held anywhere; where it is held, lists and `require` ask."""

    def has_perm(self, user_obj: Any, perm: str, obj: object = None) -> bool:
        """Answer from the grants in force today; they are read once a request."""
        if obj is not None or not isinstance(user_obj, User) or not user_obj.is_active:
            return False
        held: frozenset[str] | None = user_obj.__dict__.get(_KEPT)
        if held is None:
            held = held_permissions(user_obj, on=localdate())
            user_obj.__dict__[_KEPT] = held
        return perm in held
