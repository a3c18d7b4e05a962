"""Static files: ours, and the few of the front-end packages that pages need, under names that carry their hash."""

from chengshu.config import env

STATIC_URL = "/static/"
STATIC_ROOT = env.read(env.VAR_DIR) / "static"
_FRONTEND = env.read(env.FRONTEND_DIR)
STATICFILES_DIRS = [("vendor", str(_FRONTEND))] if _FRONTEND.is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if env.read(env.DEBUG)
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = env.read(env.DEBUG)
