"""The stored picture of the template schema, from which companies are made."""

import hashlib

from django.db import connection, transaction

from tenants.models import SchemaImage
from tenants.rendering import render_schema

TEMPLATE = "_template"


def store_image() -> SchemaImage:
    """Render the migrated template anew and forget older pictures."""
    fingerprint = _fingerprint()
    text = render_schema(TEMPLATE)
    with transaction.atomic():
        image, _created = SchemaImage.objects.update_or_create(fingerprint=fingerprint, defaults={"sql": text})
        SchemaImage.objects.exclude(pk=image.pk).delete()
    return image


def current_image() -> SchemaImage:
    """The picture of the template as it is migrated now; rendered if nobody did."""
    image = SchemaImage.objects.filter(fingerprint=_fingerprint()).first()
    return image or store_image()


def _fingerprint() -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT app || '.' || name FROM \"{TEMPLATE}\".django_migrations ORDER BY app, name")
        return hashlib.sha256("\n".join(name for (name,) in cursor.fetchall()).encode()).hexdigest()
