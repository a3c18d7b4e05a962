"""Addresses of indicators. Keys have a dot, so that no other address is taken for one."""

from django.urls import path

from chengshu.kernel.indicators.views import lists, measurements

app_name = "indicators"

urlpatterns = [
    path("", lists.show_indicators, name="list"),
    path("measure/", lists.measure_many, name="measure-many"),
    path("measurements/<int:measurement_id>/", measurements.show_measurement, name="measurement"),
    path("measurements/<int:measurement_id>/rows/", measurements.download_rows, name="rows"),
    path("measurements/<int:measurement_id>/verify/", measurements.verify_measurement, name="verify"),
    path("measurements/<int:measurement_id>/again/", measurements.measure_again, name="again"),
    path("<str:key>/", measurements.show_indicator, name="indicator"),
    path("<str:key>/measure/", measurements.measure_now, name="measure"),
]
