"""Addresses of reviews, spot checks and what is to be mended."""

from django.urls import path

from chengshu.performance.ui.views import rectifications, reviews, spot_checks

urlpatterns = [
    path("reviews/", reviews.list_reviews, name="reviews"),
    path("reviews/differences/", reviews.show_differences, name="review-differences"),
    path("reviews/spot-checks/", spot_checks.list_spot_checks, name="spot-checks"),
    path("reviews/spot-checks/new/", spot_checks.set_up, name="spot-check-new"),
    path("reviews/spot-checks/<int:spot_check_id>/", spot_checks.show_spot_check, name="spot-check"),
    path("reviews/open/<int:evaluation_id>/", reviews.open_review, name="review-open"),
    path("reviews/<int:review_id>/", reviews.show_review, name="review"),
    path("reviews/<int:review_id>/save/", reviews.save_review, name="review-save"),
    path("reviews/<int:review_id>/check/", reviews.check_typed, name="review-check"),
    path("reviews/<int:review_id>/step/", reviews.take_step, name="review-step"),
    path("rectifications/", rectifications.list_rectifications, name="rectifications"),
    path("rectifications/new/<int:evaluation_id>/", rectifications.raise_rectification, name="rectification-new"),
]
