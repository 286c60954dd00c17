"""Secrets at rest."""

import base64
import hashlib
import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


@lru_cache(maxsize=8)
def _cipher_of(keys: tuple[str, ...]) -> MultiFernet:
    assert keys, "FIELD_KEYS is empty: secrets cannot be stored."
    return MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in keys])


def cipher() -> MultiFernet:
    """Encrypts with the newest of FIELD_KEYS, decrypts with any of them. A key is any long random string."""
    return _cipher_of(tuple(settings.FIELD_KEYS))


class EncryptedJSONField(models.TextField):
    """A JSON value that only holders of FIELD_KEYS can read. It cannot be searched."""

    # For the type checker: stored as text, but what is set and read is any JSON value.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> str | None:
        if value is None:
            return None
        return cipher().encrypt(json.dumps(value, cls=DjangoJSONEncoder).encode()).decode()

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return None if value is None else json.loads(cipher().decrypt(value.encode()))

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj)) or ""
