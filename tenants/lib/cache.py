"""Every company has its own corner of the cache."""

from tenants.lib.tenancy import schemas


def company_key(key: str, key_prefix: str, version: int) -> str:
    """Django's KEY_FUNCTION: the same key means another entry in another company."""
    return f"{key_prefix}:{schemas.schema_name}:{version}:{key}"
