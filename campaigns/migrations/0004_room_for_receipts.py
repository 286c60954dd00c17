"""Each receipt changes a recipient's row: room is left in its page, so that the indexes need not be written anew. New pages only."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0003_variants_and_conditions"),
    ]

    operations = [
        migrations.RunSQL("ALTER TABLE campaigns_recipient SET (fillfactor = 70)", "ALTER TABLE campaigns_recipient RESET (fillfactor)"),
    ]
