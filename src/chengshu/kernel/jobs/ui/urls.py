"""Addresses of the administrators' pages about jobs."""

from django.urls import path

from chengshu.kernel.jobs.ui import lists, views

app_name = "jobs"

urlpatterns = [
    path("all/", lists.show_all, name="all"),
    path("failed/", lists.show_dead, name="dead"),
    path("failed/<uuid:uuid>/", views.show_record, name="record"),
    path("failed/<uuid:uuid>/retry/", views.retry, name="retry-dead"),
    path("failed/<uuid:uuid>/dismiss/", views.dismiss, name="dismiss"),
    path("schedules/", views.show_schedules, name="schedules"),
    path("schedules/<str:key>/", views.show_schedule, name="schedule"),
    path("schedules/<str:key>/pause/", views.pause_schedule, name="pause-schedule"),
    path("schedules/<str:key>/resume/", views.resume_schedule, name="resume-schedule"),
    path("schedules/<str:key>/run/", views.run_schedule, name="run-schedule"),
]
