"""Hand-written SQL for batches of an import. Every statement has a test on the migrated schema (tests/test_importing.py).

Parameters are named; JSON recordsets carry batches, so that a batch is one parameter whatever its size.
"""

# Who has these numbers already.
KNOWN = """
SELECT a.value, c.id, c.name, c.email, c.notes, c.custom
FROM contacts_address a JOIN contacts_contact c ON c.id = a.contact_id
WHERE a.kind = 'phone' AND a.value = ANY(%(phones)s::text[])
ORDER BY c.id
"""

# The same, theirs until the batch is written; locked in the order of ids.
KNOWN_AND_LOCKED = f"{KNOWN} FOR UPDATE OF c"

# Rows of the same file that took these numbers, or these contacts, before.
TAKEN = """
SELECT phone, contact_id, number FROM contacts_contactimportrow
WHERE contact_import_id = %(import)s::bigint AND phone <> '' AND phone = ANY(%(phones)s::text[])
UNION ALL
SELECT '', contact_id, number FROM contacts_contactimportrow
WHERE contact_import_id = %(import)s::bigint AND contact_id = ANY(%(contacts)s::bigint[])
"""

# New contacts with their numbers, in the order of numbers: two files with the same people would else wait for each other. A number
# that somebody else was given a moment ago violates its constraint, and the batch is judged again.
CREATE = """
WITH given AS (
    SELECT * FROM json_to_recordset(%(contacts)s::json) AS t(phone text, name text, email text, notes text, custom jsonb)
),
fresh AS (
    INSERT INTO contacts_contact (phone, name, email, notes, custom) SELECT phone, name, email, notes, custom FROM given ORDER BY phone
    RETURNING id, phone, updated_at
),
reachable AS (INSERT INTO contacts_address (contact_id, kind, value) SELECT id, 'phone', phone FROM fresh ORDER BY phone)
SELECT phone, id, updated_at FROM fresh
"""

UPDATE = """
UPDATE contacts_contact c
SET name = t.name, email = t.email, notes = t.notes, custom = t.custom, updated_at = statement_timestamp()
FROM json_to_recordset(%(contacts)s::json) AS t(id bigint, name text, email text, notes text, custom jsonb)
WHERE c.id = t.id
"""

# Which of the tags (lists) each contact has.
HAVE_TAGS = """
SELECT contact_id, tag_id FROM contacts_contact_tags WHERE contact_id = ANY(%(contacts)s::bigint[]) AND tag_id = ANY(%(words)s::bigint[])
"""
HAVE_LISTS = """
SELECT contact_id, contactlist_id FROM contacts_contact_lists
WHERE contact_id = ANY(%(contacts)s::bigint[]) AND contactlist_id = ANY(%(words)s::bigint[])
"""

# Who wants no campaigns already.
HAVE_SAID_NO = "SELECT DISTINCT contact_id FROM contacts_optout WHERE contact_id = ANY(%(contacts)s::bigint[])"

# Names that nobody used yet; whatever their case, a name is there once.
CREATE_TAGS = "INSERT INTO contacts_tag (name, color) SELECT unnest(%(names)s::text[]), %(color)s ON CONFLICT (lower(name)) DO NOTHING"
CREATE_LISTS = "INSERT INTO contacts_contactlist (name) SELECT unnest(%(names)s::text[]) ON CONFLICT (lower(name)) DO NOTHING"

_NAMED = "SELECT given.name, word.id FROM unnest(%(names)s::text[]) given(name) JOIN {table} word ON lower(word.name) = lower(given.name)"
TAGS_NAMED = _NAMED.replace("{table}", "contacts_tag")
LISTS_NAMED = _NAMED.replace("{table}", "contacts_contactlist")

# Where a row is written or goes, the ledger says so.
_ENTERED = "INSERT INTO contacts_consententry (contact_id, deed, purpose, source) SELECT contact_id, '{}', 'marketing', 'import' FROM said"
OPT_OUT = f"""
WITH said AS (
    INSERT INTO contacts_optout (contact_id, purpose, source) SELECT unnest(%(contacts)s::bigint[]), 'marketing', 'import'
    ON CONFLICT (contact_id, purpose, source) DO NOTHING RETURNING contact_id
)
{_ENTERED.format("stop")}
"""
# Takes back what OPT_OUT wrote; what the customer said since is theirs.
OPT_IN = f"""
WITH said AS (
    DELETE FROM contacts_optout WHERE contact_id = ANY(%(contacts)s::bigint[]) AND purpose = 'marketing' AND source = 'import'
    RETURNING contact_id
)
{_ENTERED.format("resume")}
"""

_PAIRS = "json_to_recordset(%(pairs)s::json) AS t(contact_id bigint, word_id bigint)"
ADD_TAGS = f"""
INSERT INTO contacts_contact_tags (contact_id, tag_id) SELECT t.contact_id, t.word_id FROM {_PAIRS}
ON CONFLICT (contact_id, tag_id) DO NOTHING
"""
ADD_LISTS = f"""
INSERT INTO contacts_contact_lists (contact_id, contactlist_id) SELECT t.contact_id, t.word_id FROM {_PAIRS}
ON CONFLICT (contact_id, contactlist_id) DO NOTHING
"""
REMOVE_TAGS = f"DELETE FROM contacts_contact_tags m USING {_PAIRS} WHERE m.contact_id = t.contact_id AND m.tag_id = t.word_id"
REMOVE_LISTS = f"DELETE FROM contacts_contact_lists m USING {_PAIRS} WHERE m.contact_id = t.contact_id AND m.contactlist_id = t.word_id"

RECORD = """
INSERT INTO contacts_contactimportrow (contact_import_id, number, phone, outcome, reason, contact_id, change)
SELECT %(import)s::bigint, t.number, t.phone, t.outcome, t.reason, t.contact_id, t.change
FROM json_to_recordset(%(rows)s::json)
    AS t(number int, phone text, outcome text, reason text, contact_id bigint, change jsonb)
ON CONFLICT (contact_import_id, number) DO NOTHING
"""

# “letters” and row #7 differ from row to row; the reason around them is one. What does not differ is said as it is.
REASONS = """
SELECT outcome, CASE WHEN min(reason) = max(reason) THEN min(reason) ELSE spoken END, count(*), (array_agg(number ORDER BY number))[1:3]
FROM (
    SELECT outcome, number, reason, regexp_replace(regexp_replace(reason, '“[^”]*”', '“…”', 'g'), '#[0-9]+', '#…', 'g') AS spoken
    FROM contacts_contactimportrow WHERE contact_import_id = %(import)s::bigint AND outcome IN ('skipped', 'invalid')
) told
GROUP BY outcome, spoken ORDER BY count(*) DESC, spoken LIMIT 50
"""

# Takes an import that nobody works on. Returns a row when it is ours.
CLAIM = """
UPDATE contacts_contactimport SET lease = %(lease)s::text, leased_until = now() + %(seconds)s * interval '1 second'
WHERE id = %(import)s::bigint AND state IN ('running', 'undoing') AND (leased_until IS NULL OR leased_until < clock_timestamp())
RETURNING id
"""

# The batch's last line, in its transaction: 0 rows mean that somebody else took over, and nothing of the batch may stay.
ADVANCE = """
UPDATE contacts_contactimport
SET position = %(position)s::int, row_count = row_count + %(rows)s::int,
    created_count = created_count + %(created)s::int, updated_count = updated_count + %(updated)s::int,
    skipped_count = skipped_count + %(skipped)s::int, invalid_count = invalid_count + %(invalid)s::int,
    removed_count = removed_count + %(removed)s::int, restored_count = restored_count + %(restored)s::int,
    kept_count = kept_count + %(kept)s::int,
    leased_until = clock_timestamp() + %(seconds)s * interval '1 second'
WHERE id = %(import)s::bigint AND lease = %(lease)s::text AND state IN ('running', 'undoing')
"""
