"""Django over WSGI: REST, admin and the SPA's shell (3-4 times faster than Django's ASGI handler)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
application = get_wsgi_application()
