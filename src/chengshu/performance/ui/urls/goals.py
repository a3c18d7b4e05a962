"""Addresses of goals and of the indicator library."""

from django.urls import path

from chengshu.performance.ui.views import goal_editing, goals, library

urlpatterns = [
    path("goals/", goals.list_goals, name="goals"),
    path("goals/years/<int:year_id>/open/", goals.open_year, name="goal-open"),
    path("goals/<int:sheet_id>/", goals.show_goals, name="goal"),
    path("goals/<int:sheet_id>/edit/", goal_editing.edit_goals, name="goal-edit"),
    path("goals/<int:sheet_id>/check/", goal_editing.check_typed, name="goal-check"),
    path("goals/<int:sheet_id>/copy/", goals.copy_goals, name="goal-copy"),
    path("goals/<int:sheet_id>/restore/", goals.restore_version, name="goal-restore"),
    path("goals/<int:sheet_id>/step/", goals.take_step, name="goal-step"),
    path("goals/<int:sheet_id>/versions/", goals.show_versions, name="goal-versions"),
    path("library/", library.list_library, name="library"),
    path("library/add/", library.add_entry, name="library-add"),
    path("library/load/", library.load_delivered, name="library-load"),
    path("library/<int:entry_id>/", library.show_entry, name="library-entry"),
    path("library/<int:entry_id>/edit/", library.change_entry, name="library-edit"),
    path("library/<int:entry_id>/retire/", library.retire_entry, name="library-retire"),
    path("library/<int:entry_id>/offer/", library.offer_entry, name="library-offer"),
]
