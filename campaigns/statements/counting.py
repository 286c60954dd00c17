"""How far campaigns' messages got: receipts, replies, counters, and a number's health."""

# How far a message got, as counters (types.counters_of says the same in Python; a test holds the two together).
_COUNTERS = {
    "queued": "{0} < 5",
    "unknown": "{0} = 5",
    "failed": "{0} = 25",
    "sent": "{0} >= 10 AND {0} <> 25",
    "delivered": "{0} >= 30",
    "read": "{0} >= 40",
}

# Whose rows are told apart by their error, and whose growth is kept by the minute.
_WITH_ERRORS = ("unknown", "failed")

_OVER_TIME = "('sent', 'delivered', 'read', 'failed', 'replied')"

_PLAIN = ", ".join(
    f"('{name}', '', ({test.format('new')})::int - ({test.format('old')})::int)"
    for name, test in _COUNTERS.items()
    if name not in _WITH_ERRORS
)

_ERRORS = ", ".join(
    f"('{name}', new_error, ({_COUNTERS[name].format('new')})::int), ('{name}', old_error, -({_COUNTERS[name].format('old')})::int)"
    for name in _WITH_ERRORS
)

# What grew or shrank, from `moved` (campaign_id, variant, connection_id, old, new, old_error, new_error): grouped first, since most of
# a batch moved alike. Then its rows for campaigns_campaigncount: by variant, number and error, and over time.
CHANGES = f"""
changes AS (
    SELECT campaign_id, change.name, variant, connection_id, change.detail, sum(change.delta * amount) AS delta
    FROM (
        SELECT campaign_id, variant, connection_id, old, new, old_error, new_error, count(*) AS amount
        FROM moved GROUP BY campaign_id, variant, connection_id, old, new, old_error, new_error
    ) alike, LATERAL (VALUES {_PLAIN}, {_ERRORS}) AS change(name, detail, delta)
    WHERE change.delta <> 0 GROUP BY campaign_id, change.name, variant, connection_id, change.detail
),
counted AS (
    INSERT INTO campaigns_campaigncount (campaign_id, name, variant, connection_id, detail, minute, delta)
    SELECT campaign_id, name, variant, connection_id, detail, NULL, delta FROM changes
    UNION ALL SELECT campaign_id, name, 0, NULL, '', date_trunc('minute', now()), sum(delta)
    FROM changes WHERE name IN {_OVER_TIME} GROUP BY campaign_id, name
)
"""

# Messages moved (receipts): their recipients follow, and the counters. Rows are locked in id order. What the gateway tells of, it had:
# also where nobody knew, or where it answered that it refused.
MOVE = f"""
WITH told AS (
    SELECT * FROM json_to_recordset(%(moves)s::json) AS t(message_id bigint, new smallint, error_code text, error_text text)
),
moved AS (
    SELECT r.id, r.campaign_id, r.variant, r.connection_id, r.status AS old, told.new, r.error_code AS old_error,
        coalesce(told.error_code, '') AS new_error, coalesce(told.error_text, '') AS new_text
    FROM campaigns_recipient r JOIN told ON told.message_id = r.message_id
    WHERE r.status < told.new AND r.message_id = ANY (ARRAY(SELECT message_id FROM told))
    ORDER BY r.id FOR UPDATE OF r
),
followed AS (
    UPDATE campaigns_recipient r
    SET status = moved.new, error_code = moved.new_error, error_text = moved.new_text,
        state = CASE WHEN r.state IN ('unknown', 'failed') THEN 'sent' ELSE r.state END, sent_at = coalesce(r.sent_at, now())
    FROM moved WHERE r.id = moved.id
),
{CHANGES}
SELECT DISTINCT campaign_id FROM moved
"""

# Messages that say more than their recipients do (their lease ended before the answer came): for MOVE.
BEHIND = """
SELECT m.id, m.status, m.error_code, m.error_text FROM tickets_message m JOIN campaigns_recipient r ON r.message_id = m.id
WHERE m.key = ANY(%(keys)s::text[]) AND r.status < m.status
"""

# Contacts who wrote: the newest campaign message that they got through this number within some days is what they replied to, or the one
# that they quoted. Counted once for each recipient; rows are locked in id order, as receipts do it.
COUNT_REPLIES = """
WITH told AS (
    SELECT * FROM json_to_recordset(%(replies)s::json) AS t(contact_id bigint, quoted text, at timestamptz)
),
found AS (
    SELECT DISTINCT ON (m.origin_id, told.contact_id) m.origin_id AS campaign_id, told.contact_id, told.at FROM told
    CROSS JOIN LATERAL (
        SELECT newest.origin_id FROM (
            SELECT id, origin, origin_id, connection_id, external_id, occurred_at FROM tickets_message
            WHERE contact_id = told.contact_id ORDER BY id DESC LIMIT 200
        ) newest
        WHERE newest.origin = 'campaign' AND newest.connection_id = %(connection)s::bigint
        AND newest.occurred_at > told.at - make_interval(days => %(days)s::int)
        ORDER BY (told.quoted <> '' AND newest.external_id = told.quoted) DESC, newest.id DESC LIMIT 1
    ) m
),
locked AS (
    SELECT r.id, found.at FROM campaigns_recipient r
    JOIN found ON found.campaign_id = r.campaign_id AND found.contact_id = r.contact_id
    WHERE r.replied_at IS NULL ORDER BY r.id FOR UPDATE OF r
),
moved AS (
    UPDATE campaigns_recipient r SET replied_at = locked.at FROM locked WHERE r.id = locked.id AND r.replied_at IS NULL
    RETURNING r.campaign_id, r.variant, r.connection_id
),
changes AS (
    SELECT campaign_id, 'replied' AS name, variant, connection_id, '' AS detail, count(*) AS delta
    FROM moved GROUP BY campaign_id, variant, connection_id
),
counted AS (
    INSERT INTO campaigns_campaigncount (campaign_id, name, variant, connection_id, detail, minute, delta)
    SELECT campaign_id, name, variant, connection_id, detail, NULL, delta FROM changes
    UNION ALL SELECT campaign_id, name, 0, NULL, '', date_trunc('minute', now()), sum(delta) FROM changes GROUP BY campaign_id, name
)
SELECT DISTINCT campaign_id FROM moved
"""

# How the newest messages of this number's campaigns of late went: (attempted, failed, old enough to have been answered, of these not
# answered). Of each campaign the newest that were sent, and what failed among them; what its content alone made fail is not the number's.
HEALTH = """
WITH recent AS (
    SELECT c.id FROM campaigns_line l JOIN campaigns_campaign c ON c.id = l.campaign_id
    WHERE l.connection_id = %(connection)s::bigint AND c.started_at > now() - make_interval(days => %(days)s::int)
    ORDER BY c.started_at DESC LIMIT 20
),
sent AS (
    SELECT newest.* FROM recent CROSS JOIN LATERAL (
        SELECT campaign_id, id, connection_id, status, attempted_at, replied_at FROM campaigns_recipient
        WHERE campaign_id = recent.id AND state = 'sent' ORDER BY id DESC LIMIT %(most)s::int
    ) newest
),
failed AS (
    SELECT newest.* FROM recent
    LEFT JOIN (SELECT campaign_id, min(id) AS id, count(*) AS amount FROM sent GROUP BY campaign_id) oldest
        ON oldest.campaign_id = recent.id
    CROSS JOIN LATERAL (
        SELECT campaign_id, id, connection_id, status, attempted_at, replied_at FROM campaigns_recipient
        WHERE campaign_id = recent.id AND state = 'failed' AND error_code <> 'missing_value'
        AND (oldest.id IS NULL OR oldest.amount < %(most)s::int OR campaigns_recipient.id >= oldest.id)
        ORDER BY id DESC LIMIT %(most)s::int
    ) newest
)
SELECT count(*), count(*) FILTER (WHERE status = 25),
    count(*) FILTER (WHERE status <> 25 AND attempted_at < now() - make_interval(hours => %(hours)s::int)),
    count(*) FILTER (WHERE status <> 25 AND attempted_at < now() - make_interval(hours => %(hours)s::int) AND replied_at IS NULL)
FROM (SELECT * FROM sent UNION ALL SELECT * FROM failed) went
WHERE connection_id = %(connection)s::bigint AND attempted_at > coalesce(%(since)s::timestamptz, '-infinity')
"""

# One row for each counter instead of thousands; what grew by the minute is kept by the hour after two days.
SQUASH = """
WITH gone AS (
    DELETE FROM campaigns_campaigncount WHERE id IN (
        SELECT id FROM campaigns_campaigncount WHERE campaign_id = %(campaign)s::bigint ORDER BY id FOR UPDATE SKIP LOCKED)
    RETURNING name, variant, connection_id, detail, minute, delta
)
INSERT INTO campaigns_campaigncount (campaign_id, name, variant, connection_id, detail, minute, delta)
SELECT %(campaign)s::bigint, name, variant, connection_id, detail, at, sum(delta) FROM (
    SELECT gone.*, CASE WHEN minute < now() - interval '2 days' THEN date_trunc('hour', minute) ELSE minute END AS at FROM gone
) kept GROUP BY name, variant, connection_id, detail, at HAVING sum(delta) <> 0
"""

# Campaigns with so many rows more than they have counters. What grew over time is left out: it is written beside these.
CROWDED = """
SELECT campaign_id FROM campaigns_campaigncount WHERE minute IS NULL GROUP BY campaign_id
HAVING count(*) - count(DISTINCT (name, variant, connection_id, detail)) > %(rows)s::int ORDER BY campaign_id
"""
