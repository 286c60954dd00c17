"""Hand-written SQL for batches. Every statement has a test on the migrated schema (tests/test_statements.py).

Parameters are named; JSON recordsets carry batches, so that a batch is one parameter whatever its size. What runs for every wave must
cost the same however many contacts and earlier campaigns there are, and its plan is kept while tables grow: `= ANY (ARRAY(...))` and a
LATERAL with LIMIT 1 leave the planner nothing but the index.
"""

# Which recipients may be sent to is said once, for the freeze at the start, the preview, and again when a worker claims them. Marketing
# messages of the last days are counted among a contact's newest: the index gives these, and nobody gets more. Two campaigns that claim
# one contact within the same milliseconds do not see each other yet: that much the cap can be overrun.
_OPT_OUT = "SELECT 1 FROM contacts_optout o WHERE o.contact_id = c.id AND o.purpose IN ('marketing', 'all')"
_REFUSAL = f"""
    WHEN c.is_blocked THEN 'blocked'
    WHEN EXISTS ({_OPT_OUT}) THEN 'opted_out'
    WHEN %(most_marketing)s::int IS NOT NULL AND (
        SELECT count(*) FROM (
            SELECT m.origin, m.origin_id, m.direction, m.status, m.occurred_at FROM tickets_message m
            WHERE m.contact_id = c.id ORDER BY m.id DESC LIMIT 300
        ) newest
        WHERE newest.direction = 'out' AND newest.status <> 25
        AND newest.occurred_at > now() - make_interval(days => %(marketing_days)s::int)
        AND (newest.origin = 'campaign' OR newest.origin = 'schedule' AND EXISTS (
            SELECT 1 FROM tickets_schedule s WHERE s.id = newest.origin_id AND s.is_marketing))
    ) >= %(most_marketing)s::int THEN 'frequency_cap'
"""
# The same for a few contacts: PostgreSQL may read all opt-outs for an EXISTS, which pays for an audience and not for a wave.
_REFUSAL_OF_FEW = _REFUSAL.replace(f"EXISTS ({_OPT_OUT})", f"({_OPT_OUT} LIMIT 1) = 1")
assert _REFUSAL_OF_FEW != _REFUSAL

# Where a condition on who was chosen by list or tag goes into a statement about an audience (services/audience.py).
CONDITIONS = "/* conditions */"

# What was given with the campaign: its stored recipients, and numbers that are still being written down.
_GIVEN = """
given AS (
    SELECT DISTINCT ON (contact_id) contact_id, variables FROM (
        SELECT contact_id, variables FROM campaigns_recipient WHERE campaign_id = %(campaign)s::bigint
        UNION ALL SELECT a.contact_id, t.variables FROM json_to_recordset(%(given)s::json) AS t(number text, variables jsonb)
        JOIN contacts_address a ON a.kind = 'phone' AND a.value = t.number
    ) said
)
"""

# Everybody who is meant.
_AUDIENCE = f"""
audience AS (
    SELECT contact_id FROM (
        SELECT contact_id FROM contacts_contact_lists WHERE contactlist_id = ANY(%(lists)s::bigint[])
        UNION SELECT contact_id FROM contacts_contact_tags WHERE tag_id = ANY(%(tags)s::bigint[])
        GROUP BY contact_id HAVING count(*) >= %(tags_needed)s::int
        UNION SELECT id FROM contacts_contact WHERE %(is_for_everybody)s::boolean
    ) chosen {CONDITIONS}
    UNION SELECT contact_id FROM given
)
"""

# The same for the next of them after a contact, in the order of ids: `passed` are those who were looked at, however few are left of them
# by conditions and by the words that are searched for.
_AUDIENCE_AFTER = f"""
passed AS MATERIALIZED (
    SELECT contact_id, bool_or(is_given) AS is_given FROM (
        (SELECT DISTINCT contact_id, false AS is_given FROM contacts_contact_lists
            WHERE contactlist_id = ANY(%(lists)s::bigint[]) AND contact_id > %(after)s::bigint ORDER BY contact_id LIMIT %(most)s::int)
        UNION ALL (SELECT contact_id, false FROM contacts_contact_tags
            WHERE tag_id = ANY(%(tags)s::bigint[]) AND contact_id > %(after)s::bigint
            GROUP BY contact_id HAVING count(*) >= %(tags_needed)s::int ORDER BY contact_id LIMIT %(most)s::int)
        UNION ALL (SELECT id, false FROM contacts_contact
            WHERE %(is_for_everybody)s::boolean AND id > %(after)s::bigint ORDER BY id LIMIT %(most)s::int)
        UNION ALL (SELECT contact_id, true FROM given WHERE contact_id > %(after)s::bigint ORDER BY contact_id LIMIT %(most)s::int)
    ) next GROUP BY contact_id ORDER BY contact_id LIMIT %(most)s::int
),
audience AS (
    SELECT meant.contact_id FROM (
        SELECT contact_id FROM (SELECT contact_id FROM passed WHERE NOT is_given) chosen {CONDITIONS}
        UNION ALL SELECT contact_id FROM passed WHERE is_given
    ) meant JOIN contacts_contact c ON c.id = meant.contact_id
    WHERE %(words)s::text IS NULL OR upper(c.name) LIKE upper(%(words)s::text) OR EXISTS (
        SELECT 1 FROM contacts_address a WHERE a.contact_id = c.id AND a.kind || '' = 'phone' AND a.value LIKE %(digits)s::text)
)
"""

# One row for each contact of the audience, with the variant that it gets and the reason against it ('' when there is none). The variant
# depends on the contact and the campaign alone, so that it is the same whoever else is meant.
_VERDICTS = f"""
single AS MATERIALIZED (
    SELECT c.id AS contact_id, coalesce(a.kind, 'phone') AS kind, coalesce(a.value, '') AS value, part.variant,
    coalesce(given.variables, '{{}}'::jsonb) AS variables, CASE
    WHEN EXISTS (SELECT 1 FROM contacts_contact_tags t WHERE t.contact_id = c.id AND t.tag_id = ANY(%(excluded_tags)s::bigint[]))
        THEN 'excluded_tag'
    {_REFUSAL}
    WHEN a.value IS NULL THEN 'no_address'
    WHEN a.is_invalid THEN 'invalid_address'
    WHEN %(needs_open_window)s::boolean AND NOT EXISTS (
        SELECT 1 FROM tickets_ticket k WHERE k.contact_id = c.id AND k.connection_id = ANY(%(lines)s::bigint[])
        AND k.last_inbound_at > now() - interval '24 hours') THEN 'outside_window'
    WHEN EXISTS (
        SELECT 1 FROM unnest(%(required)s::text[], %(required_by)s::int[]) AS wanted(name, variant)
        WHERE wanted.variant = part.variant AND '' = coalesce(given.variables ->> wanted.name, '')
        AND '' = CASE
            WHEN wanted.name = 'name' THEN c.name
            WHEN wanted.name = 'first_name' THEN CASE WHEN c.name ~ '\\S' THEN c.name ELSE '' END
            WHEN wanted.name = 'email' THEN c.email
            WHEN wanted.name = 'phone' THEN 'has one'
            WHEN starts_with(wanted.name, 'custom.') THEN coalesce(c.custom ->> substr(wanted.name, 8), '')
            ELSE '' END) THEN 'missing_value'
    ELSE '' END AS reason
    FROM audience
    JOIN contacts_contact c ON c.id = audience.contact_id
    LEFT JOIN given ON given.contact_id = c.id
    CROSS JOIN LATERAL (SELECT width_bucket(
        mod(hashint8extended(c.id, coalesce(%(campaign)s::bigint, 0)) & 9223372036854775807, %(weight)s::bigint), %(parts)s::bigint[]
    ) AS variant) part
    LEFT JOIN LATERAL (
        -- `|| ''` keeps the planner from the index of all phones, once for each contact, which it takes while statistics are missing
        SELECT kind, value, is_invalid FROM contacts_address WHERE contact_id = c.id AND kind || '' = 'phone'
        ORDER BY is_invalid, id LIMIT 1
    ) a ON true
),
judged AS MATERIALIZED (
    SELECT contact_id, kind, value, variant, variables,
    CASE WHEN reason = '' AND row_number() OVER (PARTITION BY reason, kind, value ORDER BY contact_id) > 1 THEN 'duplicate' ELSE reason END
    AS reason
    FROM single
)
"""
_JUDGED = f"{_GIVEN}, {_AUDIENCE}, {_VERDICTS}"

# How many by reason and variant, and a few of each: [{{contact_id, value, variables}}].
COUNT_AUDIENCE = f"""
WITH {_JUDGED}
SELECT reason, variant, amount, (
    SELECT json_agg(few) FROM (
        SELECT contact_id, value, variables FROM judged
        WHERE judged.reason = totals.reason AND judged.variant = totals.variant LIMIT %(samples)s::int
    ) few)
FROM (SELECT reason, variant, count(*) AS amount FROM judged GROUP BY reason, variant) totals ORDER BY reason, variant
"""

# Which line the n-th recipient (from 1) is dealt to: `dealt` is a query's row with `turn`; lines and their parts as in the freeze.
_DEAL = """
(%(lines)s::bigint[])[1 + width_bucket(mod(dealt.turn - 1, %(line_weight)s::bigint), %(line_parts)s::bigint[])]
"""

# Freezes the audience: what was given with the campaign is judged like the rest. Returns (reason, variant, count).
FREEZE_AUDIENCE = f"""
WITH {_JUDGED},
dealt AS (SELECT judged.*, row_number() OVER (PARTITION BY reason = '' ORDER BY contact_id) AS turn FROM judged),
frozen AS (
    INSERT INTO campaigns_recipient (campaign_id, contact_id, connection_id, address_kind, address, variant, state, exclusion)
    SELECT %(campaign)s::bigint, contact_id, coalesce(
        CASE WHEN %(is_sticky)s::boolean THEN (
            SELECT k.connection_id FROM tickets_ticket k
            WHERE k.contact_id = dealt.contact_id AND k.connection_id = ANY(%(lines)s::bigint[]) AND k.last_inbound_at IS NOT NULL
            ORDER BY k.last_inbound_at DESC LIMIT 1) END,
        {_DEAL}), kind, value, variant, CASE WHEN reason = '' THEN 'pending' ELSE 'excluded' END, reason
    FROM dealt ORDER BY contact_id
    ON CONFLICT (campaign_id, contact_id) DO UPDATE
    SET connection_id = EXCLUDED.connection_id, address_kind = EXCLUDED.address_kind, address = EXCLUDED.address,
        variant = EXCLUDED.variant, state = EXCLUDED.state, exclusion = EXCLUDED.exclusion
    RETURNING exclusion, variant, connection_id
),
reasons AS (SELECT exclusion, variant, connection_id, count(*) AS amount FROM frozen GROUP BY exclusion, variant, connection_id),
counted AS (
    INSERT INTO campaigns_campaigncount (campaign_id, name, variant, connection_id, detail, delta)
    SELECT %(campaign)s::bigint, CASE WHEN exclusion = '' THEN 'queued' ELSE 'excluded' END, variant, connection_id, exclusion, amount
    FROM reasons
)
SELECT exclusion, variant, sum(amount)::bigint, NULL FROM reasons GROUP BY exclusion, variant
"""

# The next of the audience after a contact, those alone who have this reason (NULL: whoever). Nobody is a duplicate of somebody on another
# page: a number has one contact. Always a row, which tells how many were looked at, and up to which contact.
NEXT_OF_AUDIENCE = f"""
WITH {_GIVEN}, {_AUDIENCE_AFTER}, {_VERDICTS}
SELECT looked.amount, looked.last, found.contact_id, found.value, found.variant, found.reason, found.variables
FROM (SELECT count(*) AS amount, coalesce(max(contact_id), 0) AS last FROM passed) looked
LEFT JOIN (
    SELECT * FROM judged WHERE %(reason)s::text IS NULL OR reason = %(reason)s::text ORDER BY contact_id LIMIT %(rows)s::int
) found ON true ORDER BY found.contact_id
"""

# One contact as the campaign would judge it, whether it is meant or not.
JUDGE_ONE = f"""
WITH {_GIVEN}, audience AS (SELECT %(contact)s::bigint AS contact_id), {_VERDICTS}
SELECT contact_id, value, variant, reason, variables FROM judged
"""

# Those who wait for a line that cannot send are dealt to the others.
DEAL_AGAIN = f"""
WITH dealt AS (
    SELECT id, row_number() OVER (ORDER BY id) AS turn FROM (
        SELECT id FROM campaigns_recipient
        WHERE campaign_id = %(campaign)s::bigint AND connection_id = %(connection)s::bigint AND state = 'pending'
        ORDER BY id FOR UPDATE SKIP LOCKED
    ) waiting
),
moved AS (
    UPDATE campaigns_recipient r SET connection_id = {_DEAL} FROM dealt WHERE r.id = dealt.id RETURNING r.variant, r.connection_id
)
INSERT INTO campaigns_campaigncount (campaign_id, name, variant, connection_id, delta)
SELECT %(campaign)s::bigint, 'queued', variant, connection_id, count(*) FROM moved GROUP BY variant, connection_id
UNION ALL SELECT %(campaign)s::bigint, 'queued', variant, %(connection)s::bigint, -count(*) FROM moved GROUP BY variant
"""

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
    SELECT picked.id, c.name, c.phone, c.email, c.custom, CASE {_REFUSAL_OF_FEW} ELSE '' END AS reason
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
_CHANGES = f"""
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
        id bigint, contact_id bigint, key text, attempt smallint, body text, external_id text, status smallint,
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
    SELECT told.id, told.contact_id, told.key, told.attempt, told.body,
        (%(kinds)s::text[])[told.variant + 1] AS kind, (%(media)s::bigint[])[told.variant + 1] AS media_id,
        CASE WHEN told.external_id = '' THEN coalesce(raised.external_id, '') ELSE told.external_id END AS external_id,
        greatest(told.status, raised.status) AS status,
        CASE WHEN raised.status > told.status THEN coalesce(raised.error_code, '') ELSE told.error_code END AS error_code,
        CASE WHEN raised.status > told.status THEN coalesce(raised.error_text, '') ELSE told.error_text END AS error_text,
        raised.sent_at, raised.delivered_at, raised.read_at
    FROM told LEFT JOIN raised ON raised.key = told.key
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
{_CHANGES},
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
{_CHANGES}
SELECT count(*) FROM moved
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
{_CHANGES}
SELECT DISTINCT campaign_id FROM moved
"""

# Messages that say more than their recipients do (their lease ended before the answer came): for MOVE.
BEHIND = """
SELECT m.id, m.status, m.error_code, m.error_text FROM tickets_message m JOIN campaigns_recipient r ON r.message_id = m.id
WHERE m.key = ANY(%(keys)s::text[]) AND r.status < m.status
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

# Running campaigns whose last row is settled.
FINISH = """
UPDATE campaigns_campaign SET status = 'finished', finished_at = now()
WHERE id = %(campaign)s::bigint AND status = 'running'
AND NOT EXISTS (SELECT 1 FROM campaigns_recipient WHERE campaign_id = %(campaign)s::bigint AND state IN ('pending', 'claimed'))
RETURNING id
"""

# Contacts for numbers that nobody has yet; returns every number's contact.
FIND_OR_ADD_NUMBERS = """
WITH given AS (SELECT * FROM json_to_recordset(%(numbers)s::json) AS t(number text, name text)),
known AS (SELECT a.value AS number, a.contact_id FROM given JOIN contacts_address a ON a.kind = 'phone' AND a.value = given.number),
fresh AS (
    INSERT INTO contacts_contact (name, phone)
    SELECT given.name, given.number FROM given WHERE NOT EXISTS (SELECT 1 FROM known WHERE known.number = given.number)
    RETURNING id, phone
),
reachable AS (INSERT INTO contacts_address (contact_id, kind, value) SELECT id, 'phone', phone FROM fresh)
SELECT number, contact_id FROM known UNION ALL SELECT phone, id FROM fresh
"""

ADD_GIVEN = """
INSERT INTO campaigns_recipient (campaign_id, contact_id, address_kind, address, variables, is_given)
SELECT %(campaign)s::bigint, t.contact_id, 'phone', t.number, t.variables, true
FROM json_to_recordset(%(recipients)s::json) AS t(contact_id bigint, number text, variables jsonb)
ON CONFLICT (campaign_id, contact_id) DO NOTHING
"""

# A draft gets the numbers that were given with another campaign.
COPY_GIVEN = """
INSERT INTO campaigns_recipient (campaign_id, contact_id, address_kind, address, variables, is_given)
SELECT %(campaign)s::bigint, contact_id, address_kind, address, variables, true
FROM campaigns_recipient WHERE campaign_id = %(source)s::bigint AND is_given ORDER BY id
"""
