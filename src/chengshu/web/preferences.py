"""How a person wants pages to look: kept in cookies, so that it holds before logging in and needs no script."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

THEMES = ("auto", "light", "dark")
TYPE_SIZES = ("normal", "large")
_YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Preferences:
    """The theme and the size of type."""

    theme: str
    type_size: str


def read_preferences(request: HttpRequest) -> Preferences:
    """Return what the cookies say; what they do not say is the default."""
    return Preferences(
        theme=_known(request.COOKIES.get("theme"), THEMES),
        type_size=_known(request.COOKIES.get("type_size"), TYPE_SIZES),
    )


def keep_preference(response: HttpResponse, *, name: str, value: str, is_secure: bool) -> None:
    """Keep one preference for a year."""
    response.set_cookie(name, value, max_age=_YEAR_SECONDS, samesite="Lax", httponly=True, secure=is_secure)


def _known(value: str | None, choices: tuple[str, ...]) -> str:
    return value if value in choices else choices[0]
