"""The registered indicators and kinds of scope, filled by domains in their `apps.py` while Django starts."""

from collections.abc import Callable, Iterable

from chengshu.kernel.indicators.contracts import AwaitedSpec, IndicatorSpec
from chengshu.kernel.indicators.errors import IndicatorAwaited, IndicatorTwice, IndicatorUnknown, ScopeUnknown
from chengshu.kernel.indicators.rules.registration import check_spec

_specs: dict[str, IndicatorSpec] = {}
_awaited: dict[str, AwaitedSpec] = {}
_sources: list[Callable[[], Iterable[IndicatorSpec]]] = []
_scopes: dict[str, Callable[[str], tuple[int, int | None]]] = {}


def register_indicator(spec: IndicatorSpec) -> None:
    """Offer an indicator.

    Raises:
        IndicatorInvalid: its data contradict themselves.
        IndicatorTwice: another one has the same key.
    """
    check_spec(spec)
    if _specs.get(spec.key, spec) != spec:
        raise IndicatorTwice(f"指标 {spec.key} 登记了两次", key=spec.key)
    _specs[spec.key] = spec


def register_source(source: Callable[[], Iterable[IndicatorSpec]]) -> None:
    """Offer indicators that follow from other registrations, such as those of every kind of ticket.

    The source is asked when somebody looks for an indicator, once every app has registered what it has.
    """
    if source not in _sources:
        _sources.append(source)


def register_awaited(spec: AwaitedSpec) -> None:
    """Offer an indicator that cannot be counted yet; one that is registered under the key takes its place.

    Raises:
        IndicatorTwice: another one is awaited under the same key.
    """
    if _awaited.get(spec.key, spec) != spec:
        raise IndicatorTwice(f"待具备条件的指标 {spec.key} 登记了两次", key=spec.key)
    _awaited[spec.key] = spec


def find_awaited(key: str) -> AwaitedSpec | None:
    """Return what is awaited under this key; None where an indicator is registered, or nothing is known of it."""
    found = _awaited.get(key)
    if found is None or key in _specs:
        return None
    _ask_sources()
    return None if key in _specs else found


def list_offered() -> list[IndicatorSpec | AwaitedSpec]:
    """Return what may be promised, by key: the registered indicators and those that are awaited."""
    specs: dict[str, IndicatorSpec | AwaitedSpec] = {spec.key: spec for spec in list_specs()}
    offered = {**_awaited, **specs}
    return [offered[key] for key in sorted(offered)]


def get_spec(key: str) -> IndicatorSpec:
    """Return the indicator of this key.

    Raises:
        IndicatorAwaited: it cannot be counted yet.
        IndicatorUnknown: nobody registered it.
    """
    if key not in _specs:
        _ask_sources()
    try:
        return _specs[key]
    except KeyError as error:
        if key in _awaited:
            raise IndicatorAwaited(f"待具备条件：{_awaited[key].reason}", key=key) from error
        raise IndicatorUnknown(f"没有登记过指标 {key}", key=key) from error


def list_specs() -> list[IndicatorSpec]:
    """Return the registered indicators by key."""
    _ask_sources()
    return [_specs[key] for key in sorted(_specs)]


def _ask_sources() -> None:
    for source in _sources:
        for spec in source():
            register_indicator(spec)


def register_scope(kind: str, resolve: Callable[[str], tuple[int, int | None]]) -> None:
    """Offer a kind of scope: `resolve` turns a code into its id and the id of the organisation that it belongs to.

    `resolve` raises KeyError when there is no such code.
    """
    _scopes[kind] = resolve


def resolve_scope(kind: str, code: str) -> tuple[int, int | None]:
    """Return the id of a scope, and the organisation whose rights count for it.

    Raises:
        ScopeUnknown: no such kind, or no such code.
    """
    try:
        return _scopes[kind](code)
    except KeyError as error:
        raise ScopeUnknown(f"没有范围 {kind}:{code}", kind=kind, scope=code) from error
