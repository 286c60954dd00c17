"""RECADO_ENV=production: what it demands, what it refuses, and that Django's own list of advice is empty."""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from config.ground.testing import ROOT

THE_SPA_IS_NOT_BUILT = "django_vite.W001"
PRODUCTION = {
    "RECADO_ENV": "production",
    "DJANGO_SETTINGS_MODULE": "config.settings.base",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "BASE_DOMAIN": "recado.example",
    "PUBLIC_URL": "https://recado.example",
}


def manage(*arguments: str, home: Path, **env: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | PRODUCTION | {"RECADO_HOME": str(home)} | env
    return subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_djangos_advice_for_deployments_is_followed(tmp_path):
    checked = manage("check", "--deploy", home=tmp_path)

    advice = set(re.findall(r"\((\w+\.[A-Z]\d+)\)", checked.stdout + checked.stderr))
    assert (checked.returncode, advice - {THE_SPA_IS_NOT_BUILT}) == (0, set())


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEYS", "DATABASE_URL", "REDIS_URL"])
def test_a_secret_that_is_missing_stops_the_start(tmp_path, name):
    refused = manage("check", home=tmp_path, **{name: ""})

    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1] == (
        "django.core.exceptions.ImproperlyConfigured: "
        f"{name} is not set. RECADO_ENV=production needs it: set {name} in the environment or in .env."
    )


def test_demo_data_are_refused(settings):
    settings.IS_PRODUCTION = True

    with pytest.raises(CommandError, match="Demo data is refused with RECADO_ENV=production: its passwords are public."):
        call_command("create_demo")
