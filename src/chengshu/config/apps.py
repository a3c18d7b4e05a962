"""Which Django apps run, and in which order a request passes through them."""

from importlib.util import find_spec

_DJANGO = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
_LIBRARIES = [
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "oauth2_provider",
]
_KERNEL = [
    "chengshu.kernel.accounts",
    "chengshu.kernel.audit",
    "chengshu.kernel.calendars",
    "chengshu.kernel.files",
    "chengshu.kernel.jobs",
    "chengshu.kernel.listing",
    "chengshu.kernel.notifications",
    "chengshu.kernel.organisations",
    "chengshu.kernel.outbox",
    "chengshu.kernel.grants",
    "chengshu.kernel.identity",
    "chengshu.kernel.indicators",
    "chengshu.kernel.tickets",
]
_DOMAINS = [name for name in ("chengshu.performance", "chengshu.resources") if find_spec(f"{name}.apps") is not None]

# The shell comes first so that its templates win over those of libraries.
INSTALLED_APPS = ["chengshu.web", *_DOMAINS, *_KERNEL, *_LIBRARIES, *_DJANGO]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "chengshu.web.middleware.RequestLog",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "chengshu.web.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "chengshu.kernel.audit.middleware.Origins",
    "chengshu.kernel.identity.middleware.WatchedSessions",
    "chengshu.kernel.accounts.middleware.DenyByDefault",
    "chengshu.kernel.identity.middleware.SecondFactorDue",
    "chengshu.kernel.grants.middleware.HoldingsReadOnce",
    "chengshu.kernel.grants.middleware.RefusalPages",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # tells the library of second factors which request it serves
]

ROOT_URLCONF = "chengshu.web.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "chengshu.web.context.shell",
            ],
        },
    },
]
