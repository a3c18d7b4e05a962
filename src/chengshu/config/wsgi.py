"""The door for the web server."""

from django.core.wsgi import get_wsgi_application

from chengshu.config.env import name_settings_module

name_settings_module()
application = get_wsgi_application()
