"""Every address of the site: the shell's own, then each domain's."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from chengshu.web.http import interface
from chengshu.web.views.health import live, ready
from chengshu.web.views.interface import show_interface
from chengshu.web.views.jobs import cancel_job, list_jobs, retry_job, show_job, show_status
from chengshu.web.views.pages import about, home, robots
from chengshu.web.views.password import change_password
from chengshu.web.views.preferences import set_preferences
from chengshu.web.views.session import log_in, log_out

handler400 = "chengshu.web.views.errors.bad_request"
handler403 = "chengshu.web.views.errors.forbidden"
handler404 = "chengshu.web.views.errors.not_found"
handler500 = "chengshu.web.views.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("login/", log_in, name="login"),
    path("logout/", log_out, name="logout"),
    path("password/", change_password, name="password"),
    path("jobs/", list_jobs, name="jobs"),
    path("jobs/<uuid:uuid>/", show_job, name="job"),
    path("jobs/<uuid:uuid>/status/", show_status, name="job-status"),
    path("jobs/<uuid:uuid>/cancel/", cancel_job, name="job-cancel"),
    path("jobs/<uuid:uuid>/retry/", retry_job, name="job-retry"),
    path("jobs/", include("chengshu.kernel.jobs.ui.urls")),
    path("health/live", live, name="health-live"),
    path("health/ready", ready, name="health-ready"),
    path("preferences/", set_preferences, name="preferences"),
    path("about/", about, name="about"),
    path("robots.txt", robots, name="robots"),
    path("developers/", show_interface, name="interface"),
    path("api/v1/", interface.urls),
    path("", include("chengshu.kernel.grants.urls")),
    path("", include("chengshu.kernel.identity.urls")),
    path("audit/", include("chengshu.kernel.audit.ui.urls")),
    path("calendars/", include("chengshu.kernel.calendars.urls")),
    path("files/", include("chengshu.kernel.files.ui.urls")),
    path("indicators/", include("chengshu.kernel.indicators.urls")),
    path("notifications/", include("chengshu.kernel.notifications.ui.urls")),
    path("outbox/", include("chengshu.kernel.outbox.ui.urls")),
    path("tickets/", include("chengshu.kernel.tickets.urls")),
]
if find_spec("chengshu.performance.ui") is not None and find_spec("chengshu.performance.ui.urls") is not None:
    urlpatterns.append(path("performance/", include("chengshu.performance.ui.urls")))
if find_spec("chengshu.resources.ui") is not None and find_spec("chengshu.resources.ui.urls") is not None:
    urlpatterns.append(path("resources/", include("chengshu.resources.ui.urls")))
