import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0005_days"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper("protocol"), name="gin_trgm_ops"),
                name="ticket_protocol_trgm",
            ),
        ),
    ]
