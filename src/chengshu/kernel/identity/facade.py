"""The door of identity."""

from chengshu.kernel.identity.city import city_log_out_address
from chengshu.kernel.identity.city import is_set_up as is_city_set_up
from chengshu.kernel.identity.contracts import FACTOR_LABELS, METHOD_LABELS, Entrance, Factor, FactorKind, Method
from chengshu.kernel.identity.errors import (
    ApplicationInvalid,
    CityLoginRefused,
    FactorNotFound,
    FactorRequired,
    FactorTwice,
    FactorWrong,
    IdentityError,
    KeyUnreadable,
    StepLost,
)
from chengshu.kernel.identity.models import Session
from chengshu.kernel.identity.operations.applications import NewApplication, register_application
from chengshu.kernel.identity.operations.clearing import clear_run_out
from chengshu.kernel.identity.operations.entering import Pending, complete, enter, read_pending
from chengshu.kernel.identity.operations.factors import (
    NewSecret,
    add_totp,
    draw_secret,
    remove_factor,
    renew_recovery_codes,
    reset_factors,
    verify_code,
)
from chengshu.kernel.identity.operations.keys import rotate_keys
from chengshu.kernel.identity.operations.sessions import (
    begin_session,
    confirm_session,
    end_own_session,
    end_sessions,
    renew_session,
    watch_session,
)
from chengshu.kernel.identity.queries.applications import list_authorisations
from chengshu.kernel.identity.queries.bearers import find_bearer
from chengshu.kernel.identity.queries.factors import has_factors, is_factor_required, list_factors
from chengshu.kernel.identity.queries.sessions import is_fresh, list_sessions, read_entrance

__all__ = [
    "FACTOR_LABELS",
    "METHOD_LABELS",
    "ApplicationInvalid",
    "CityLoginRefused",
    "Entrance",
    "Factor",
    "FactorKind",
    "FactorNotFound",
    "FactorRequired",
    "FactorTwice",
    "FactorWrong",
    "IdentityError",
    "KeyUnreadable",
    "Method",
    "NewApplication",
    "NewSecret",
    "Pending",
    "Session",
    "StepLost",
    "add_totp",
    "begin_session",
    "city_log_out_address",
    "clear_run_out",
    "complete",
    "confirm_session",
    "draw_secret",
    "end_own_session",
    "end_sessions",
    "enter",
    "find_bearer",
    "has_factors",
    "is_city_set_up",
    "is_factor_required",
    "is_fresh",
    "list_authorisations",
    "list_factors",
    "list_sessions",
    "read_entrance",
    "read_pending",
    "register_application",
    "remove_factor",
    "renew_recovery_codes",
    "renew_session",
    "reset_factors",
    "rotate_keys",
    "verify_code",
    "watch_session",
]
