"""Roles and permissions, filled by the kernel and the domains in their `apps.py` while Django starts."""

from collections.abc import Iterable

from chengshu.kernel.grants.contracts import ALL_READING, EVERYTHING, Permission, RoleSpec
from chengshu.kernel.grants.errors import RegistrationWrong

_permissions: dict[str, Permission] = {}
_roles: dict[str, RoleSpec] = {}
_added: dict[str, set[str]] = {}


def register_permission(permission: Permission, *, roles: Iterable[str] = ()) -> None:
    """Add a permission, and give it to these roles of the house beside those that name it themselves.

    Raises:
        RegistrationWrong: another permission has the key.
    """
    if _permissions.get(permission.key, permission) != permission:
        raise RegistrationWrong(f"权限 {permission.key} 登记了两次", key=permission.key)
    _permissions[permission.key] = permission
    for role in roles:
        _added.setdefault(role, set()).add(permission.key)


def register_role(role: RoleSpec) -> None:
    """Add a role.

    Raises:
        RegistrationWrong: another role has the key.
    """
    if _roles.get(role.key, role) != role:
        raise RegistrationWrong(f"角色 {role.key} 登记了两次", key=role.key)
    _roles[role.key] = role


def list_roles() -> list[RoleSpec]:
    """Return the roles in the order of their registration."""
    return list(_roles.values())


def find_role(key: str) -> RoleSpec | None:
    """Return the role, or None."""
    return _roles.get(key)


def name_role(key: str) -> str:
    """Return what people call the role; its key when it is not registered any more."""
    role = _roles.get(key)
    return str(role.label) if role else key


def list_permissions() -> list[Permission]:
    """Return the permissions by key."""
    return [_permissions[key] for key in sorted(_permissions)]


def permissions_of(role_key: str) -> frozenset[str]:
    """Return what a role permits; nothing for a role that is not registered any more."""
    role = _roles.get(role_key)
    if role is None:
        return frozenset()
    held = {*role.permissions, *_added.get(role_key, ())}
    if EVERYTHING in held:
        held |= set(_permissions)
    if ALL_READING in held:
        held |= {key for key, permission in _permissions.items() if permission.is_reading}
    return frozenset(held - {EVERYTHING, ALL_READING})


def roles_holding(permission_key: str) -> list[str]:
    """Return the keys of the roles that permit this.

    Raises:
        RegistrationWrong: there is no such permission; a misspelt one must not pass as one that nobody holds.
    """
    if permission_key not in _permissions:
        raise RegistrationWrong(f"没有登记权限 {permission_key}", key=permission_key)
    return [key for key in _roles if permission_key in permissions_of(key)]
