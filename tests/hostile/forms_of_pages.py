"""Reads a page as a browser would: what it would run, and the forms that it offers with their fields."""

from html.parser import HTMLParser

from django.test import Client

_FIELDS = {"input", "textarea", "select", "button"}


class Page(HTMLParser):
    """Notes what a browser would run, and the forms with their fields; the option of a select counts as its value."""

    def __init__(self) -> None:
        super().__init__()
        self.running: list[str] = []
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._inside = False
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if (tag == "script" and not named.get("src") and named.get("type") != "application/json") or tag == "style":
            self.running.append(f"<{tag}>")
        self.running += [f"{tag} {name}" for name in named if name.startswith("on") or name == "style"]
        self.running += [f"{tag} {named[n]}" for n in ("href", "src") if named.get(n, "").startswith("javascript:")]
        if tag == "img" and named.get("src") == "x":
            self.running.append("<img src=x>")
        self._note_form(tag, named)

    def _note_form(self, tag: str, named: dict[str, str]) -> None:
        if tag == "form":
            self._inside = named.get("method", "").lower() == "post"
            if self._inside:
                self.forms.append((named.get("action", ""), {}))
        elif self._inside and tag in _FIELDS and named.get("type") != "file":
            name = named.get("name", "csrfmiddlewaretoken")
            self._select = name if tag == "select" else ""
            if name != "csrfmiddlewaretoken":
                self.forms[-1][1].setdefault(name, named.get("value", ""))
        elif self._inside and tag == "option" and self._select and named.get("value"):
            chosen = self.forms[-1][1]
            chosen[self._select] = chosen.get(self._select) or named["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


def read_page(client: Client, address: str) -> Page | None:
    """Read a page; None for what is none."""
    answer = client.get(address)
    if answer.streaming:
        b"".join(answer)  # a file is closed once it has been read to its end
        return None
    assert answer.status_code != 500, address
    is_download = answer.headers.get("Content-Disposition", "").startswith("attachment")
    if is_download or answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return None
    page = Page()
    page.feed(answer.content.decode())
    return page
