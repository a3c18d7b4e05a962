"""The kinds of jobs, filled by domains in their `apps.py` while Django starts."""

from chengshu.kernel.jobs.contracts import JobKind
from chengshu.kernel.jobs.errors import JobKindTwice, JobKindUnknown

_kinds: dict[str, JobKind] = {}


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
