"""Templates in words. Fields are put in as they are: a text in braces within a field stays what it is."""

import re
from collections.abc import Mapping

from chengshu.kernel.notifications.contracts import Template, Told, Words
from chengshu.kernel.notifications.errors import FieldsWrong, TemplateWrong

_FIELD = re.compile(r"\{(\w+)\}")


def check_template(template: Template) -> None:
    """Pass if both languages speak of the template's fields only, and of the same ones.

    Raises:
        TemplateWrong: they do not.
    """
    for words in (template.title, template.body):
        zh, en = (set(_FIELD.findall(text)) for text in (words.zh, words.en))
        if zh != en or not zh <= template.fields:
            raise TemplateWrong(f"通知模板 {template.key} 的字段不一致", key=template.key)


def check_fields(template: Template, fields: Mapping[str, str]) -> None:
    """Pass if the fields are those of the template.

    Raises:
        FieldsWrong: one lacks or is too many.
    """
    if set(fields) != template.fields:
        raise FieldsWrong(f"通知 {template.key} 的字段不对", key=template.key, given=", ".join(sorted(fields)))


def put_in_words(template: Template, fields: Mapping[str, str], *, language: str) -> Told:
    """Return title and body in the language; a field that is not there any more is a dash."""

    def fill(words: Words) -> str:
        return _FIELD.sub(lambda found: str(fields.get(found[1], "—")), words.in_language(language))

    return Told(" ".join(fill(template.title).split()), fill(template.body))
