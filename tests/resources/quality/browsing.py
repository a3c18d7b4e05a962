"""What a browser sends when a page's form is saved as it was opened."""

from html.parser import HTMLParser
from typing import Any


def typed_in(html: str) -> dict[str, Any]:
    """Give what the form of a rule would post: one line in inputs, lines ended by CR LF, boxes that are ticked."""
    reader = _Reader()
    reader.feed(html.split('class="rule-form"', 1)[1].split("</form>", 1)[0])
    return {name: values if name == "more" else values[-1] for name, values in reader.posted.items()}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.posted: dict[str, list[str]] = {}
        self._area = self._select = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        is_box = told.get("type") == "checkbox"
        if tag == "input" and ("checked" in told or not is_box):
            self._post(told["name"], told.get("value", "on" if is_box else "").replace("\r", "").replace("\n", ""))
        elif tag == "textarea":
            self._area, self._text = told["name"], []
        elif tag == "select":
            self._select = told["name"]
        elif tag == "option" and self._select and ("selected" in told or self._select not in self.posted):
            self._post(self._select, told["value"])

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            text = "".join(self._text).replace("\r\n", "\n").replace("\r", "\n").removeprefix("\n")
            self._post(self._area, text.replace("\n", "\r\n"))
            self._area = ""
        elif tag == "select":
            self._select = ""

    def _post(self, name: str, value: str) -> None:
        self.posted.setdefault(name, []).append(value)
