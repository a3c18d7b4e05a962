"""What crosses the boundary of notifications."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

TOPIC = "notifications.sent"


@dataclass(frozen=True, slots=True)
class Words:
    """The same text in both languages; `{name}` stands for a field."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the text in `zh-hans` or `en`."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of notification, as data.

    Args:
        key: stable, `domain.happening`.
        label: what people call it among their preferences.
        title: one line.
        body: some sentences.
        fields: the names that title and body may speak of; a notification gives each of them.
        permission: what a person must be allowed to do at the subject's organisation to be told, and to see it later;
            empty when it is about the person himself.
        is_urgent: it neither waits for the end of the quiet hours nor for the digest.
    """

    key: str
    label: Words
    title: Words
    body: Words
    fields: frozenset[str]
    permission: str = ""
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """One happening to tell of.

    Args:
        template: key of a registered template.
        fields: a text for each field of the template.
        key: names the happening, such as `ticket:12:assigned:4`; nobody is told of it twice.
        url: the page that it is about, an address within the site.
        organisation_id: whose rights decide who may be told; None for templates without a permission.
        project_id: the one project that it is about, for people whose grants are limited to it.
    """

    template: str
    fields: Mapping[str, str]
    key: str
    url: str = ""
    organisation_id: int | None = None
    project_id: int | None = None


class Digest(StrEnum):
    """How mails come."""

    AT_ONCE = "at_once"
    DAILY = "daily"


DIGEST_LABELS = {Digest.AT_ONCE: _("逐条发送"), Digest.DAILY: _("每天早上八点汇总一封")}


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a person wants to be told. `no_email` and `webhook` hold keys of templates; equal hours mean no quiet time."""

    email: str = ""
    language: str = "zh-hans"
    quiet_from: time = time(22)
    quiet_until: time = time(7)
    digest: Digest = Digest.AT_ONCE
    no_email: frozenset[str] = field(default_factory=frozenset)
    webhook: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Told:
    """A notification in words, in the reader's language."""

    title: str
    body: str
