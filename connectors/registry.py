"""Which providers exist: settings.PROVIDERS, read once."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from connectors.types import Provider


@cache
def provider_named(name: str) -> Provider:
    """The provider's one instance. KeyError for a name that no settings line knows."""
    return import_string(settings.PROVIDERS[name])()
