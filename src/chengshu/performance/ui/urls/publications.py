"""Addresses of what is made public: the house's own pages, and below `public/` those that need no login."""

from django.urls import path

from chengshu.performance.ui.views import public, publications

_ONE = "publications/<int:evaluation_id>/"

urlpatterns = [
    path("publications/", publications.list_publications, name="publications"),
    path("publications/batch/", publications.publish_many, name="publish-many"),
    path("publications/jobs/<uuid:job>/", publications.show_publishing, name="publishing"),
    path(_ONE, publications.show_publication, name="publication"),
    path(f"{_ONE}publish/", publications.publish, name="publish"),
    path(f"{_ONE}withdraw/<int:publication_id>/", publications.withdraw, name="withdraw"),
    path("public/", public.list_public, name="public"),
    path("public/sitemap.xml", public.give_sitemap, name="public-sitemap"),
    path("public/<slug:slug>/", public.show_record, name="public-record"),
    path("public/<slug:slug>/annex.csv", public.give_annex, name="public-annex"),
    path("public/<slug:slug>/evaluation.<slug:kind>", public.give_file, name="public-file"),
]
