"""Addresses of lineage: questions, the graph, and who told it."""

from django.urls import path

from chengshu.resources.ui.views import lineage, lineage_graph, lineage_tellers

urlpatterns = [
    path("lineage/", lineage.search, name="lineage"),
    path("lineage/impact/", lineage.show_impact, name="lineage-impact"),
    path("lineage/origins/", lineage.show_origins, name="lineage-origins"),
    path("lineage/graph/", lineage_graph.show_graph, name="lineage-graph"),
    path("lineage/tellers/", lineage_tellers.list_tellers, name="lineage-tellers"),
    path("lineage/tellers/new/", lineage_tellers.hand_in, name="lineage-hand-in"),
    path("lineage/tellers/<int:teller_id>/", lineage_tellers.show_teller, name="lineage-teller"),
    path("lineage/tellers/<int:teller_id>/<int:number>/", lineage_tellers.show_edition, name="lineage-edition"),
]
