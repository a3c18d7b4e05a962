"""Languages and times: Chinese first, English by the catalogue."""

from pathlib import Path

from chengshu.config import env

LANGUAGE_CODE = env.read(env.LANGUAGE)
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
TIME_ZONE = env.read(env.TIME_ZONE)
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False  # figures are formatted where they are shown, with their unit
LOCALE_PATHS = [str(Path(__file__).resolve().parents[1] / "locale")]
