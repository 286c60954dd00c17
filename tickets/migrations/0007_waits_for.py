"""Receipts change `status` only, and write no index any more (heap-only updates): no index knows the column, and pages keep room.

Rewrites the table, once, while the company's conversations wait: minutes where there are millions. Processes of the version before go on
working with it; they only look longer for what is to be sent.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0006_protocol_search"),
    ]

    operations = [
        migrations.RunSQL("ALTER TABLE tickets_message SET (fillfactor = 70)", "ALTER TABLE tickets_message RESET (fillfactor)"),
        migrations.RemoveIndex(model_name="message", name="message_waiting"),
        migrations.AddField(
            model_name="message",
            name="waits_for",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(models.When(direction="out", status__lt=10, then=models.F("connection_id"))),
                output_field=models.BigIntegerField(null=True, verbose_name="waits for the connection"),
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(condition=models.Q(("waits_for__isnull", False)), fields=["waits_for", "id"], name="message_waits"),
        ),
    ]
