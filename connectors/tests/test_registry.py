import pytest
from django.conf import settings

from connectors.registry import provider_named


@pytest.mark.parametrize("name", sorted(settings.PROVIDERS))
def test_every_provider_of_the_settings_is_one(name):
    provider = provider_named(name)

    assert (provider.name, provider is provider_named(name)) == (name, True)
    assert set(provider.secret_fields) <= set(provider.credential_fields)
    assert provider.capabilities.kinds and provider.capabilities.parallel_sends > 0


def test_a_provider_that_no_setting_names_does_not_exist():
    with pytest.raises(KeyError):
        provider_named("telegraph")
