"""Who is meant, who is left out and why, and through which number the others go."""

_OPT_OUT = "SELECT 1 FROM contacts_optout o WHERE o.contact_id = c.id AND o.purpose IN ('marketing', 'all')"


# Which recipients may be sent to is said once, for the freeze at the start, the preview, and again when a worker claims them. Marketing
# messages of the last days are counted among a contact's newest: the index gives these, and nobody gets more. Two campaigns that claim
# one contact within the same milliseconds do not see each other yet: that much the cap can be overrun.
def _refusal(said_no: str) -> str:
    return f"""
    WHEN c.is_blocked THEN 'blocked'
    WHEN {said_no} THEN 'opted_out'
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


_REFUSAL = _refusal(f"EXISTS ({_OPT_OUT})")
# Of a wave: for an EXISTS PostgreSQL may read all opt-outs, which pays for an audience and not for a few.
REFUSAL_OF_FEW = _refusal(f"({_OPT_OUT} LIMIT 1) = 1")

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
# depends on the contact and the campaign alone, so that it is the same whoever else is meant. Nobody is meant twice: a number has one
# contact (address_kind_value_unique).
_VERDICTS = f"""
judged AS (
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
    OFFSET 0  -- judged once, however often the reason is asked for
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


# Freezes the audience: what was given with the campaign is judged like the rest. Returns (reason, variant, count). A million rows are
# sorted once, and looked for once: hence `turn` as a running count, and no ON CONFLICT where nothing was given.
def _freeze(meeting_given: str) -> str:
    return f"""
WITH {_JUDGED},
dealt AS (
    SELECT judged.*, greatest(1, count(*) FILTER (WHERE reason = '') OVER (ORDER BY contact_id ROWS UNBOUNDED PRECEDING)) AS turn
    FROM judged
),
frozen AS (
    INSERT INTO campaigns_recipient (campaign_id, contact_id, connection_id, address_kind, address, variant, state, exclusion)
    SELECT %(campaign)s::bigint, contact_id, coalesce(
        CASE WHEN %(is_sticky)s::boolean THEN (
            SELECT k.connection_id FROM tickets_ticket k
            WHERE k.contact_id = dealt.contact_id AND k.connection_id = ANY(%(lines)s::bigint[]) AND k.last_inbound_at IS NOT NULL
            ORDER BY k.last_inbound_at DESC LIMIT 1) END,
        {_DEAL}), kind, value, variant, CASE WHEN reason = '' THEN 'pending' ELSE 'excluded' END, reason
    FROM dealt ORDER BY contact_id
    {meeting_given}
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


FREEZE_AUDIENCE = _freeze("")
FREEZE_WITH_GIVEN = _freeze("""ON CONFLICT (campaign_id, contact_id) DO UPDATE
    SET connection_id = EXCLUDED.connection_id, address_kind = EXCLUDED.address_kind, address = EXCLUDED.address,
        variant = EXCLUDED.variant, state = EXCLUDED.state, exclusion = EXCLUDED.exclusion""")

# The next of the audience after a contact, those alone who have this reason (NULL: whoever). Always a row, which tells how many were
# looked at, and up to which contact.
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
