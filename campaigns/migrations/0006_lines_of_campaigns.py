"""Campaigns that began before they could have several connections: each gets its line, and its recipients go through it."""

from django.db import migrations

FORWARD = """
INSERT INTO campaigns_line (campaign_id, connection_id)
SELECT id, connection_id FROM campaigns_campaign WHERE status NOT IN ('draft', 'scheduled') ON CONFLICT DO NOTHING;
UPDATE campaigns_recipient r SET connection_id = c.connection_id FROM campaigns_campaign c
WHERE c.id = r.campaign_id AND c.status NOT IN ('draft', 'scheduled') AND r.connection_id IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0005_lines")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
