"""Settings of the tests: the same, but for what would only cost time. The services' addresses come from the environment (root conftest)."""

from config.settings.base import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
API_RATES = dict.fromkeys(API_RATES, 0)  # noqa: F405  (generated tests knock at every door as one person)
SEND_BACKOFF_SECONDS = 0.2
META_APP_ID, META_APP_SECRET, META_CONFIG_ID, META_VERIFY_TOKEN = "4815162342", "the platform's", "108", "the platform's token"
SHARED_WEBHOOKS = {"cloud": {"provider": "cloud_api", "secrets": {"app_secret": META_APP_SECRET, "verify_token": META_VERIFY_TOKEN}}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  (WhiteNoise warns about a missing one)
