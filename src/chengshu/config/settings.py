"""Django settings."""

SECRET_KEY = "replaced by the settings of config"  # noqa: S105 - the shell's settings replace this file
INSTALLED_APPS: list[str] = ["django.contrib.contenttypes", "django.contrib.auth"]
USE_TZ = True
