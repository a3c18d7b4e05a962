"""Addresses of the performance pages: those of forms at the root, those of each noun of the year below its name."""

from django.urls import URLPattern, URLResolver, include, path

from chengshu.performance.ui.urls import evaluations, forms, goals, publications, reviews

app_name = "performance"

urlpatterns: list[URLPattern | URLResolver] = [
    *forms.urlpatterns,
    *evaluations.urlpatterns,
    *goals.urlpatterns,
    *publications.urlpatterns,
    *reviews.urlpatterns,
    path("duties/", include("chengshu.performance.ui.urls.duties")),
    path("monitoring/", include("chengshu.performance.ui.urls.monitoring")),
    path("projects/", include("chengshu.performance.ui.urls.projects")),
    path("years/", include("chengshu.performance.ui.urls.years")),
]
