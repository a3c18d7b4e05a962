"""Django's settings, put together from one file per concern."""

from chengshu.config.accounts import *  # noqa: F403 - Django reads upper-case names of this module; each file owns its own
from chengshu.config.apps import *  # noqa: F403 - as above
from chengshu.config.audit import *  # noqa: F403 - as above
from chengshu.config.database import *  # noqa: F403 - as above
from chengshu.config.files import *  # noqa: F403 - as above
from chengshu.config.i18n import *  # noqa: F403 - as above
from chengshu.config.identity import *  # noqa: F403 - as above
from chengshu.config.logging import *  # noqa: F403 - as above
from chengshu.config.outbox import *  # noqa: F403 - as above
from chengshu.config.security import *  # noqa: F403 - as above
from chengshu.config.static import *  # noqa: F403 - as above
from chengshu.config.tasks import *  # noqa: F403 - as above
