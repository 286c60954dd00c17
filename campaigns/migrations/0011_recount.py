"""Counters of campaigns that began before their counters were told apart by variant, number and error: counted anew."""

from django.db import migrations

FORWARD = """
DELETE FROM campaigns_campaigncount;
INSERT INTO campaigns_campaigncount (campaign_id, name, variant, connection_id, detail, delta)
SELECT r.campaign_id, counter.name, r.variant, r.connection_id, counter.detail, count(*)
FROM campaigns_recipient r JOIN campaigns_campaign c ON c.id = r.campaign_id AND c.status NOT IN ('draft', 'scheduled'),
LATERAL (VALUES
    ('queued', '', r.state IN ('pending', 'claimed')),
    ('excluded', r.exclusion, r.state = 'excluded'),
    ('cancelled', '', r.state = 'cancelled'),
    ('unknown', r.error_code, r.status = 5),
    ('failed', r.error_code, r.status = 25),
    ('sent', '', r.status >= 10 AND r.status <> 25),
    ('delivered', '', r.status >= 30),
    ('read', '', r.status >= 40)
) AS counter(name, detail, counts)
WHERE counter.counts
GROUP BY r.campaign_id, counter.name, r.variant, r.connection_id, counter.detail;
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0010_counters_by_kind")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
