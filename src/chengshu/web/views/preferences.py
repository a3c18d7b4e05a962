"""Changing how pages look."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from chengshu.web.addresses import own_page_or
from chengshu.web.preferences import THEMES, TYPE_SIZES, keep_preference

_CHOICES = {"theme": THEMES, "type_size": TYPE_SIZES}


@require_POST
def set_preferences(request: HttpRequest) -> HttpResponse:
    """Keep the posted theme, type size and language, and go back to the page; unknown values change nothing."""
    response = redirect(own_page_or("home", request, request.POST.get("next", "")))
    for name, choices in _CHOICES.items():
        value = request.POST.get(name, "")
        if value in choices:
            keep_preference(response, name=name, value=value, is_secure=settings.SESSION_COOKIE_SECURE)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES) and check_for_language(language):
        keep_preference(
            response, name=settings.LANGUAGE_COOKIE_NAME, value=language, is_secure=settings.SESSION_COOKIE_SECURE
        )
    return response
