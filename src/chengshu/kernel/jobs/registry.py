"""The kinds of jobs and the chores of the worker, filled by domains in their `apps.py` while Django starts."""

from chengshu.kernel.jobs.contracts import Chore, JobKind
from chengshu.kernel.jobs.errors import JobKindTwice, JobKindUnknown

_kinds: dict[str, JobKind] = {}
_chores: dict[str, Chore] = {}


def register_kind(kind: JobKind) -> None:
    """Offer a kind of job.

    Raises:
        JobKindTwice: another kind has the same key.
    """
    if _kinds.get(kind.key, kind) != kind:
        raise JobKindTwice(f"任务种类 {kind.key} 登记了两次", key=kind.key)
    _kinds[kind.key] = kind


def get_kind(key: str) -> JobKind:
    """Return the kind with this key.

    Raises:
        JobKindUnknown: nobody registered it.
    """
    try:
        return _kinds[key]
    except KeyError as error:
        raise JobKindUnknown(f"没有名为 {key} 的任务种类", key=key) from error


def find_kind(key: str) -> JobKind | None:
    """Return the kind with this key, or None: old jobs may outlive their kind."""
    return _kinds.get(key)


def register_chore(key: str, chore: Chore) -> None:
    """Let every worker do this when it starts and then every ten seconds or so, beside the jobs.

    Raises:
        JobKindTwice: another chore has the same key.
    """
    if _chores.get(key, chore) != chore:
        raise JobKindTwice(f"例行工作 {key} 登记了两次", key=key)
    _chores[key] = chore


def list_chores() -> list[tuple[str, Chore]]:
    """Return the chores with their keys, in the order of the keys."""
    return sorted(_chores.items())
