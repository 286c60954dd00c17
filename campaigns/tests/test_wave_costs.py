"""A wave reads the rows of its own people, however many contacts and earlier campaigns the company has, and also by a plan that was
made while its tables were still small."""

from collections.abc import Iterator
from contextlib import contextmanager

import orjson
import psycopg
import pytest
from django.db import connection as database

from campaigns.models import Campaign, Recipient
from campaigns.sending.database import SMALL_BATCHES
from campaigns.statements.sending import CLAIM_LOST, CLAIM_WAVE, RECORD, RETURN
from campaigns.tests.factories import CampaignFactory
from contacts.models import OptOut

WAVE = 20
EVERYBODY = 10_000
MOST_READ = 4 * WAVE  # of one table: found, locked, looked up again to be changed
TABLES = ("campaigns_recipient", "contacts_contact", "contacts_optout", "tickets_message")

Rows = list[tuple]


def run(statement: str, **parameters: object) -> Rows:
    """As the pump does it: prepared, in a plan that is kept."""
    return psycopg.Cursor(database.connection).execute(statement, parameters, prepare=True).fetchall()


def people(campaign: Campaign, count: int, *, state: str = "pending") -> None:
    made = """
    WITH contacts AS (INSERT INTO contacts_contact (name) SELECT 'Contact ' || n FROM generate_series(1, %(count)s) n RETURNING id)
    INSERT INTO campaigns_recipient (campaign_id, contact_id, connection_id, address_kind, address, state)
    SELECT %(campaign)s, id, %(connection)s, 'phone', id::text, %(state)s FROM contacts
    """
    with database.cursor() as cursor:
        cursor.execute(made, {"count": count, "campaign": campaign.pk, "connection": campaign.connection_id, "state": state})


@contextmanager
def nothing_but_its_own_is_read() -> Iterator[None]:
    before = read_so_far()
    yield
    read = {table: rows - before[table] for table, rows in read_so_far().items()}
    assert {table: rows for table, rows in read.items() if rows > MOST_READ} == {}


def let_leases_end() -> None:
    Recipient.objects.filter(state="claimed").update(leased_until="2020-01-01T00:00:00Z")


def read_so_far() -> dict[str, int]:
    rows = run(
        "SELECT relname, (seq_tup_read + idx_tup_fetch)::bigint FROM pg_stat_xact_user_tables"
        " WHERE schemaname = current_schema() AND relname = ANY (%(tables)s)",
        tables=list(TABLES),
    )
    return dict(rows)


@pytest.mark.parametrize("has_statistics", [False, True])
def test_a_wave_s_cost_does_not_grow_with_the_company(acme, has_statistics):
    with database.cursor() as cursor:
        cursor.execute(SMALL_BATCHES)
    campaign = CampaignFactory(status=Campaign.Status.RUNNING)
    campaign.lines.update(pump_lease="mine")
    known = {"company": acme.pk, "campaign": campaign.pk, "connection": campaign.connection_id, "lease": "mine", "lease_seconds": 30}
    consent = {"most_marketing": 3, "marketing_days": 7}
    contents = {"kinds": ["text"], "media": [None], "payload": "{}"}

    def claim() -> Rows:
        return run(CLAIM_WAVE, **known, **consent, after=0, count=WAVE)

    def take_over() -> Rows:
        return run(CLAIM_LOST, **known, count=WAVE)

    def put_back(rows: Rows) -> Rows:
        returns = [{"id": row[0], "attempts": 0, "seconds": 0, "error_code": "", "error_text": ""} for row in rows]
        return run(RETURN, lease="mine", returns=orjson.dumps(returns).decode())

    def record(rows: Rows) -> Rows:
        outcomes = [
            {
                "id": row[0], "contact_id": row[1], "key": f"r{row[0]}.{row[5]}", "attempt": row[5], "body": "Hello", "status": 10,
                "external_id": f"sim.{row[0]}", "error_code": "", "error_text": "", "variant": 0,
            }
            for row in rows
        ]  # fmt: skip
        return run(RECORD, **known, **contents, outcomes=orjson.dumps(outcomes).decode())

    people(campaign, 2 * WAVE)  # plans are made now
    put_back(claim())
    claim()
    let_leases_end()
    record(take_over())

    earlier = CampaignFactory(connection=campaign.connection, status=Campaign.Status.FINISHED)
    people(earlier, EVERYBODY, state="sent")
    said_no = earlier.recipients.values_list("contact_id", flat=True)
    OptOut.objects.bulk_create(OptOut(contact_id=contact, purpose="marketing", source="agent") for contact in said_no)
    people(CampaignFactory(connection=campaign.connection, status=Campaign.Status.RUNNING), EVERYBODY, state="claimed")
    people(campaign, EVERYBODY)
    if has_statistics:
        with database.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(TABLES)}")

    with nothing_but_its_own_is_read():
        rows = claim()
    assert len(rows) == WAVE
    with nothing_but_its_own_is_read():
        assert len(put_back(rows)) == WAVE
    claim()
    let_leases_end()
    with nothing_but_its_own_is_read():
        rows = take_over()
    assert len(rows) == WAVE
    with nothing_but_its_own_is_read():
        assert len(record(rows)) == WAVE
