"""Every address of the site: the shell's own, then each domain's."""

from importlib.util import find_spec

from django.contrib.auth import views as auth_views
from django.urls import URLPattern, URLResolver, include, path

from chengshu.web.views.pages import about, home
from chengshu.web.views.preferences import set_preferences

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("login/", auth_views.LoginView.as_view(template_name="web/login.html"), name="login"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("preferences/", set_preferences, name="preferences"),
    path("about/", about, name="about"),
]
if find_spec("chengshu.performance.ui") is not None and find_spec("chengshu.performance.ui.urls") is not None:
    urlpatterns.append(path("performance/", include("chengshu.performance.ui.urls")))
