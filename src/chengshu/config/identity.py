"""How people prove who they are: sessions, second factors."""

from datetime import timedelta

from chengshu.config import env

SESSION_IDLE = timedelta(minutes=env.read(env.SESSION_IDLE_MINUTES))
SESSION_LIFETIME = timedelta(hours=env.read(env.SESSION_HOURS))
#: What open pages ask by themselves; it keeps no session alive.
POLLED_VIEWS = frozenset({"job-status"})
#: For so long after proving who he is may somebody change what proves it.
CONFIRMATION_LASTS = timedelta(minutes=10)
#: Within so long after the password the second factor has to follow.
SECOND_STEP_LASTS = timedelta(minutes=5)

SECOND_FACTOR_ROLES = frozenset([*env.read(env.SECOND_FACTOR_ROLES)])
#: What is open to somebody who has yet to set up the second factor that his role demands.
FACTOR_SETUP_VIEWS = frozenset(
    {"identity:own", "identity:totp", "identity:passkey", "identity:recovery", "identity:confirm", "logout"}
)

# The library keeps the factors and knows their forms; its pages, and its own log-in, are not used.
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login_name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "chengshu.kernel.identity.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "城枢"
