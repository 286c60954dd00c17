"""Waves: leased, claimed, recorded, put back, and what ends a campaign.

What runs for every wave must cost the same however many contacts and earlier campaigns there are, and its plan is kept while tables grow:
`= ANY (ARRAY(...))`, a LATERAL with LIMIT 1 and compared rows leave the planner nothing but the index (tests/test_wave_costs.py).
Parameters are named; JSON recordsets carry batches, so that a batch is one parameter whatever its size.
"""

from campaigns.statements.audience import REFUSAL_OF_FEW
from campaigns.statements.counting import CHANGES

# Until the end of the transaction nobody else asks whether a campaign is at work on this number.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.pump'), %(connection)s::int)"

# Takes the pump's lease of a line, for one worker at a time. Returns a row when it is ours.
LEASE_PUMP = """
UPDATE campaigns_line l
SET pump_lease = %(lease)s::text, pump_leased_until = now() + %(lease_seconds)s * interval '1 second', has_new_rules = false
FROM campaigns_campaign c
WHERE l.campaign_id = %(campaign)s::bigint AND l.connection_id = %(connection)s::bigint AND c.id = l.campaign_id AND c.status = 'running'
AND (l.pump_leased_until IS NULL OR l.pump_leased_until < now())
RETURNING l.id
"""

RELEASE_PUMP = """
UPDATE campaigns_line SET pump_lease = '', pump_leased_until = NULL
WHERE campaign_id = %(campaign)s::bigint AND connection_id = %(connection)s::bigint AND pump_lease = %(lease)s::text
"""

# One wave: claimed, leased and stamped in one commit, just before its first byte leaves. Only while the campaign runs, the pump is
# ours and its number's rules are those we know, so a pause, a lost lease or a new rule stops the very next wave. Who opted out
# since the start is excluded here. Rows are compared as in the index of those who wait, so that no other index will do: by the primary
# key a wave would read past everybody of earlier campaigns.
CLAIM_WAVE = f"""
WITH ours AS (
    SELECT 1 FROM campaigns_campaign c JOIN campaigns_line l ON l.campaign_id = c.id
    WHERE c.id = %(campaign)s::bigint AND c.status = 'running'
    AND l.connection_id = %(connection)s::bigint AND l.pump_lease = %(lease)s::text AND NOT l.has_new_rules
),
picked AS (
    SELECT r.id, r.contact_id FROM campaigns_recipient r
    WHERE (r.campaign_id, r.connection_id, r.id) > (%(campaign)s::bigint, %(connection)s::bigint, %(after)s::bigint)
    AND (r.campaign_id, r.connection_id, r.id) <= (%(campaign)s::bigint, %(connection)s::bigint, 9223372036854775807)
    AND r.state = 'pending' AND (r.retry_at IS NULL OR r.retry_at <= now())
    AND EXISTS (SELECT 1 FROM ours)
    ORDER BY r.campaign_id, r.connection_id, r.id LIMIT %(count)s::bigint FOR UPDATE OF r SKIP LOCKED
),
judged AS MATERIALIZED (
    SELECT picked.id, c.name, c.phone, c.email, c.custom, CASE {REFUSAL_OF_FEW} ELSE '' END AS reason
    FROM picked CROSS JOIN LATERAL (SELECT * FROM contacts_contact WHERE id = picked.contact_id LIMIT 1) c
),
claimed AS (
    UPDATE campaigns_recipient r
    SET state = CASE WHEN judged.reason = '' THEN 'claimed' ELSE 'excluded' END, exclusion = judged.reason,
        lease = %(lease)s::text, leased_until = now() + %(lease_seconds)s * interval '1 second',
        attempted_at = clock_timestamp(), attempts = r.attempts + 1
    FROM judged WHERE r.id = judged.id AND r.id = ANY (ARRAY(SELECT id FROM picked))
    RETURNING r.id, r.contact_id, r.address_kind, r.address, r.variables, r.attempts,
        judged.name, judged.phone, judged.email, judged.custom, r.variant, r.forgiven, judged.reason
),
counted AS (
    INSERT INTO campaigns_campaigncount (campaign_id, name, variant, connection_id, detail, delta)
    SELECT %(campaign)s::bigint, counter.name, gone.variant, %(connection)s::bigint,
        CASE WHEN counter.name = 'excluded' THEN gone.reason ELSE '' END, counter.sign * gone.amount
    FROM (SELECT variant, reason, count(*) AS amount FROM claimed WHERE reason <> '' GROUP BY variant, reason) gone,
        (VALUES ('queued', -1), ('excluded', 1)) AS counter(name, sign)
)
SELECT id, contact_id, address_kind, address, variables, attempts, name, phone, email, custom, variant, forgiven, reason
FROM claimed ORDER BY id
"""

# What a worker that died had stamped: taken over under a new lease, to be settled as unknown (or sent again with the same id).
CLAIM_LOST = """
WITH picked AS (
    SELECT id FROM campaigns_recipient
    WHERE campaign_id = %(campaign)s::bigint AND connection_id = %(connection)s::bigint AND state = 'claimed' AND leased_until < now()
    ORDER BY id LIMIT %(count)s::bigint FOR UPDATE SKIP LOCKED
),
claimed AS (
    UPDATE campaigns_recipient r SET lease = %(lease)s::text, leased_until = now() + %(lease_seconds)s * interval '1 second'
    WHERE r.id = ANY (ARRAY(SELECT id FROM picked))
    RETURNING r.id, r.contact_id, r.address_kind, r.address, r.variables, r.attempts, r.variant, r.forgiven
)
SELECT claimed.id, claimed.contact_id, address_kind, address, variables, attempts, c.name, c.phone, c.email, c.custom, variant,
    forgiven, '' AS reason
FROM claimed CROSS JOIN LATERAL (SELECT * FROM contacts_contact WHERE id = claimed.contact_id LIMIT 1) c ORDER BY claimed.id
"""

# Only those we were told of, and what is claimed under our lease. `|| ''` keeps the planner from the index of all that is claimed,
# whoever claimed it.
_IS_OURS = "r.id = ANY (ARRAY(SELECT id FROM told)) AND r.state || '' = 'claimed' AND r.lease = %(lease)s::text"

# Whose message it is (types.Receiver.key): joining what was told once more would compare each row with each.
_RECIPIENT_OF_KEY = "split_part(substr(m.key, 2), '.', 1)::bigint"

# What came of a wave: messages, recipients, counters, the receipts that were quicker than us, and the flight recorder's lines,
# all or nothing.
# Only rows that are still ours move; returns their ids.
RECORD = f"""
WITH told AS (
    SELECT * FROM json_to_recordset(%(outcomes)s::json) AS t(
        id bigint, key text, attempt smallint, body text, external_id text, status smallint,
        error_code text, error_text text, variant smallint)
),
matched AS (
    SELECT p.id, told.key FROM told JOIN tickets_parkedreceipt p ON p.external_id = told.external_id
    WHERE p.connection_id = %(connection)s::bigint AND told.external_id <> ''
    UNION SELECT p.id, told.key FROM told JOIN tickets_parkedreceipt p ON p.key = told.key
    WHERE p.connection_id = %(connection)s::bigint
),
parked AS (
    DELETE FROM tickets_parkedreceipt p USING matched WHERE p.id = matched.id
    RETURNING matched.key, p.external_id, p.status, p.at, p.error_code, p.error_text
),
raised AS (
    SELECT key, max(status) AS status, max(external_id) AS external_id,
        min(at) FILTER (WHERE status = 20) AS sent_at, min(at) FILTER (WHERE status = 30) AS delivered_at,
        min(at) FILTER (WHERE status >= 40) AS read_at,
        max(error_code) FILTER (WHERE status = 25) AS error_code, max(error_text) FILTER (WHERE status = 25) AS error_text
    FROM parked GROUP BY key
),
settled AS (
    SELECT told.id, r.contact_id, told.key, told.attempt, told.body,
        (%(kinds)s::text[])[told.variant + 1] AS kind, (%(media)s::bigint[])[told.variant + 1] AS media_id,
        CASE WHEN told.external_id = '' THEN coalesce(raised.external_id, '') ELSE told.external_id END AS external_id,
        greatest(told.status, raised.status) AS status,
        CASE WHEN raised.status > told.status THEN coalesce(raised.error_code, '') ELSE told.error_code END AS error_code,
        CASE WHEN raised.status > told.status THEN coalesce(raised.error_text, '') ELSE told.error_text END AS error_text,
        raised.sent_at, raised.delivered_at, raised.read_at
    -- whose message it is by now: contacts may have been merged while it was in flight
    FROM told JOIN campaigns_recipient r ON r.id = told.id LEFT JOIN raised ON raised.key = told.key
),
said AS (
    INSERT INTO tickets_message AS m (contact_id, connection_id, direction, origin, origin_id, kind, body, payload, media_id,
        external_id, key, status, error_code, error_text, attempts, attempted_at, occurred_at, sent_at, delivered_at, read_at)
    SELECT contact_id, %(connection)s::bigint, 'out', 'campaign', %(campaign)s::bigint, kind, body, %(payload)s::jsonb,
        media_id, external_id, key, status, error_code, error_text, attempt, now(), now(), sent_at, delivered_at, read_at
    FROM settled
    ON CONFLICT (key) WHERE NOT (key = '') DO UPDATE
    SET status = greatest(m.status, EXCLUDED.status), external_id = coalesce(nullif(m.external_id, ''), EXCLUDED.external_id),
        error_code = CASE WHEN EXCLUDED.status > m.status THEN EXCLUDED.error_code ELSE m.error_code END,
        error_text = CASE WHEN EXCLUDED.status > m.status THEN EXCLUDED.error_text ELSE m.error_text END
    RETURNING {_RECIPIENT_OF_KEY} AS recipient_id, m.id, m.key, m.kind, m.external_id, m.status, m.error_code, m.error_text
),
moved AS (
    UPDATE campaigns_recipient r
    SET state = CASE WHEN said.status = 5 THEN 'unknown' WHEN said.status = 25 AND said.external_id = '' THEN 'failed' ELSE 'sent' END,
        status = said.status, message_id = said.id, external_id = said.external_id,
        error_code = said.error_code, error_text = said.error_text, retry_at = NULL, lease = '', leased_until = NULL,
        sent_at = CASE WHEN said.status >= 10 THEN now() END
    FROM said WHERE r.id = said.recipient_id AND {_IS_OURS}
    RETURNING r.campaign_id, r.id, r.variant, r.connection_id, 0 AS old, r.status AS new, '' AS old_error, r.error_code AS new_error,
        r.attempted_at, r.external_id, r.error_text, said.kind, said.key
),
{CHANGES},
flown AS (
    INSERT INTO public.tenants_flight (company_id, connection_id, direction, kind, external_id, our_id, error, sent_at, answered_at)
    SELECT %(company)s::bigint, %(connection)s::bigint, 'out', kind, external_id, key,
        CASE WHEN new_error = '' THEN '' ELSE new_error || ': ' || error_text END, attempted_at, clock_timestamp()
    FROM moved
)
SELECT id FROM moved
"""

# Back to the waiting ones: nothing was sent, or the gateway takes our id and the same one goes again.
RETURN = f"""
WITH told AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(returns)s::json) AS t(
        id bigint, attempts smallint, seconds double precision, error_code text, error_text text)
)
UPDATE campaigns_recipient r
SET state = 'pending', attempts = told.attempts,
    retry_at = CASE WHEN told.seconds > 0 THEN now() + make_interval(secs => told.seconds) END,
    lease = '', leased_until = NULL, error_code = told.error_code, error_text = told.error_text
FROM told WHERE r.id = told.id AND {_IS_OURS}
RETURNING r.id
"""

# A person sends again to those who failed (or of whom nobody knows): they wait once more, and what was tried is forgiven. The next
# attempt has a key of its own, so a late receipt of the old one moves the old message and nothing else.
SEND_AGAIN = f"""
WITH moved AS (
    UPDATE campaigns_recipient r
    SET state = 'pending', status = 0, forgiven = r.attempts, retry_at = NULL, sent_at = NULL, message_id = NULL, external_id = '',
        error_code = '', error_text = ''
    FROM (
        SELECT id, status AS old, error_code AS old_error FROM campaigns_recipient
        WHERE campaign_id = %(campaign)s::bigint AND state IN ('sent', 'failed', 'unknown') AND status = %(status)s::smallint
        AND (%(error)s::text IS NULL OR error_code = %(error)s::text) AND (%(ids)s::bigint[] IS NULL OR id = ANY(%(ids)s::bigint[]))
        ORDER BY id FOR UPDATE
    ) was WHERE r.id = was.id
    RETURNING r.campaign_id, r.variant, r.connection_id, was.old, r.status AS new, was.old_error, '' AS new_error
),
{CHANGES}
SELECT count(*) FROM moved
"""

CANCEL_REST = """
WITH gone AS (
    UPDATE campaigns_recipient SET state = 'cancelled' WHERE campaign_id = %(campaign)s::bigint AND state = 'pending'
    RETURNING variant, connection_id
)
INSERT INTO campaigns_campaigncount (campaign_id, name, variant, connection_id, delta)
SELECT %(campaign)s::bigint, counter.name, gone.variant, gone.connection_id, counter.sign * gone.amount
FROM (SELECT variant, connection_id, count(*) AS amount FROM gone GROUP BY variant, connection_id) gone,
    (VALUES ('queued', -1), ('cancelled', 1)) AS counter(name, sign)
"""

# Running campaigns whose last row is settled.
FINISH = """
UPDATE campaigns_campaign SET status = 'finished', finished_at = now()
WHERE id = %(campaign)s::bigint AND status = 'running'
AND NOT EXISTS (SELECT 1 FROM campaigns_recipient WHERE campaign_id = %(campaign)s::bigint AND state IN ('pending', 'claimed'))
RETURNING id
"""
