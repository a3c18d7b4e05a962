"""The templates, filled by domains in their `apps.py` while Django starts."""

from chengshu.kernel.notifications.contracts import Template
from chengshu.kernel.notifications.errors import TemplateUnknown, TemplateWrong
from chengshu.kernel.notifications.rules.words import check_template

_templates: dict[str, Template] = {}


def register_template(template: Template) -> None:
    """Offer a kind of notification.

    Raises:
        TemplateWrong: it speaks of fields that it does not have, or another has its key.
    """
    if _templates.get(template.key, template) != template:
        raise TemplateWrong(f"通知模板 {template.key} 登记了两次", key=template.key)
    check_template(template)
    _templates[template.key] = template


def get_template(key: str) -> Template:
    """Return the template with this key.

    Raises:
        TemplateUnknown: nobody registered it.
    """
    try:
        return _templates[key]
    except KeyError as error:
        raise TemplateUnknown(f"没有名为 {key} 的通知模板", key=key) from error


def list_templates() -> list[Template]:
    """Return the templates in the order of their keys."""
    return [_templates[key] for key in sorted(_templates)]
